"""The README's five minutes, run as they are written; only the folder of the content is another."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SECTION = README.partition("## Your own content in five minutes")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)
PAGE = """\
---
title: Equipment
status: Final
last_updated: 2026-02-01
---
# Equipment

A new engineer gets one laptop and two screens. Laptops are replaced every 4 years.
"""


@pytest.fixture
def concord(tmp_path):
    """Runs one of the README's commands in the workspace it makes, and returns what it prints."""
    script = Path(sys.executable).with_name("concord")
    # The stand-in encoder: what a model would add is tested elsewhere.
    environment = {
        **os.environ,
        "CONCORD_EMBEDDING__RUNTIME": "hashing",
        "CONCORD_INDEX__IDLE_SECONDS": "5",
        "CONCORD_ANSWER__MIN_CONFIDENCE": "0",
    }

    def call(*arguments: str) -> str:
        folder = tmp_path / "my-workspace"
        done = subprocess.run(
            [script, *arguments],
            cwd=folder if folder.is_dir() else tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"concord {shlex.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    return call


def _append(path: Path, text: str) -> None:
    """Add the entries of a list to the list of that name in a file, as a person would."""
    held, added = yaml.safe_load(path.read_text("utf-8")), yaml.safe_load(text)
    for name, entries in added.items():
        held[name] = held[name] + entries
    path.write_text(yaml.safe_dump(held), "utf-8")


def test_five_minutes(concord, tmp_path):
    content = tmp_path / "wiki"
    (content / "policies").mkdir(parents=True)
    (content / "policies" / "equipment.md").write_text(PAGE, "utf-8")
    files = iter(("sources/wiki.yaml", "principals.yaml", "ownership.yaml"))
    printed = []
    for language, text in BLOCKS:
        if language == "yaml":
            path = tmp_path / "my-workspace" / next(files)
            if path.exists():
                _append(path, text)
            else:
                path.write_text(text.replace("/srv/wiki", str(content)), "utf-8")
            continue
        for line in text.splitlines():
            words = shlex.split(line, comments=True)
            if words[0] == "concord":
                printed.append((words[1], concord(*words[1:])))
    assert next(files, None) is None
    asked = [output for command, output in printed if command == "ask"]
    assert len(asked) == 2
    assert "days" in asked[0]
    assert "one laptop" in asked[1]
    assert "1 of 1 records mapped" in dict(printed)["mapping"]
    assert "wiki" in dict(printed)["status"]
