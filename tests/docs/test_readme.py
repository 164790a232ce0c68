"""What README and the guide name exists: commands and their options, make's targets, folders and links."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
GROUPS = {"mapping"}


def _commands() -> list[tuple[str, ...]]:
    """Each `concord …` that README names: the command, its subcommand, and its options."""
    lines = [line for language, text in BLOCKS if language == "sh" for line in text.splitlines()]
    lines += re.findall(r"`(concord [^`]+)`", README)
    found = set()
    for line in lines:
        words = shlex.split(line, comments=True)
        if words[:1] == ["concord"] and len(words) > 1:
            size = 2 if words[1] in GROUPS else 1
            found.add((*words[1 : 1 + size], *(word for word in words if word.startswith("--"))))
    return sorted(found)


@cache
def _help(*command: str) -> str:
    script = Path(sys.executable).with_name("concord")
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    environment.pop("FORCE_COLOR", None)
    done = subprocess.run(
        [script, *command, "--help"], capture_output=True, text=True, env=environment, cwd=ROOT, check=False
    )
    assert done.returncode == 0, f"concord {' '.join(command)} --help: {done.stderr or done.stdout}"
    return done.stdout


def test_readme_names_commands():
    assert {command[0] for command in _commands()} >= {"init", "apply", "sync", "ask", "mapping", "status"}


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_every_command_exists_with_its_options(command):
    shown = _help(*(word for word in command if not word.startswith("--")))
    for option in (word for word in command if word.startswith("--")):
        assert re.search(rf"{option}\b", shown), option


def test_every_make_target_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(
        re.findall(r"\bmake ([a-z][a-z-]*)\b", "\n".join(text for language, text in BLOCKS if language == "sh"))
    )
    named |= set(re.findall(r"`make ([a-z][a-z-]*)", "\n".join(page.read_text("utf-8") for page in PAGES)))
    assert named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def _top_level_folders() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = {
        line.split("/")[0] for line in listed.stdout.splitlines() if "/" in line and not line.startswith((".", '"'))
    }
    return [ROOT / name for name in sorted(names)]


def test_every_top_level_folder_has_a_readme_and_stands_in_the_main_one():
    for folder in _top_level_folders():
        assert (folder / "README.md").is_file(), folder.name
        assert f"[{folder.name}/]({folder.name}/README.md)" in README, folder.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def test_every_page_of_the_guide_and_every_record_is_in_its_index():
    for folder in (ROOT / "docs", ROOT / "docs" / "decisions"):
        index = (folder / "README.md").read_text("utf-8")
        for page in folder.glob("*.md"):
            assert page.name == "README.md" or f"({page.name})" in index or f"[{page.name}]" in index, page.name
