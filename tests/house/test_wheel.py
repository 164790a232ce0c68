"""The wheel builds without a network and holds all five packages with their data."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("concord", "concord_connectors", "concord_evals", "concord_feedback", "concord_taxonomy")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = target.glob("*.whl")
    return zipfile.ZipFile(built)


@pytest.mark.parametrize("package", PACKAGES)
def test_it_holds_the_package_with_its_types(wheel, package):
    assert {f"{package}/__init__.py", f"{package}/py.typed"} <= set(wheel.namelist())


def test_it_holds_every_file_that_git_knows_of_the_packages(wheel):
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = (line.partition("/")[2] for line in listed.stdout.splitlines())
    known = {path for path in paths if path.split("/")[0] in PACKAGES}
    there = set(wheel.namelist())
    assert {path for path in known if (next(ROOT.glob(f"*/{path}"), None))} <= there


def test_it_holds_the_migrations(wheel):
    names = wheel.namelist()
    migrations = [name for name in names if name.startswith("concord/catalog/migrations/versions/")]
    assert migrations
    assert "concord/catalog/migrations/env.py" in names
    assert "concord/catalog/migrations/script.py.mako" in names


def test_it_holds_nothing_else(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert not [name for name in wheel.namelist() if "__pycache__" in name or name.endswith(".pyc")]


def test_it_says_what_it_is(wheel):
    (metadata,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
    text = wheel.read(metadata).decode()
    assert "License-Expression: Apache-2.0" in text
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())
    (entries,) = [name for name in wheel.namelist() if name.endswith("/entry_points.txt")]
    assert "concord = concord.cli.main:run" in wheel.read(entries).decode()
