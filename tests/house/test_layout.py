"""The five source roots hold packages and are none themselves."""

from __future__ import annotations

import platform
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOTS = {
    "connectors": "concord_connectors",
    "evals": "concord_evals",
    "feedback": "concord_feedback",
    "platform": "concord",
    "taxonomy": "concord_taxonomy",
}


@pytest.mark.parametrize("root", sorted(ROOTS))
def test_a_root_is_no_package(root):
    assert not (ROOT / root / "__init__.py").exists()
    assert [path.name for path in (ROOT / root).iterdir() if (path / "__init__.py").is_file()] == [ROOTS[root]]


@pytest.mark.parametrize("root", sorted(ROOTS))
def test_packages_say_that_they_are_typed(root):
    assert (ROOT / root / ROOTS[root] / "py.typed").is_file()


def test_platform_is_the_standard_library_s():
    assert platform.python_version()
    assert not str(platform.__file__).startswith(str(ROOT / "platform"))


def test_tools_know_every_root():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    packages = {f"{root}/{package}" for root, package in ROOTS.items()}
    assert set(tool["hatch"]["build"]["dev-mode-dirs"]) == set(ROOTS)
    assert set(tool["hatch"]["build"]["targets"]["wheel"]["packages"]) == packages
    assert set(tool["mypy"]["packages"]) == set(ROOTS.values())
    assert set(tool["pyright"]["include"]) >= set(ROOTS)
    assert set(tool["importlinter"]["root_packages"]) == set(ROOTS.values())


def test_the_contracts_name_every_room():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    rooms = next(contract for contract in contracts if contract.get("containers") == ["concord"])
    named = {room.strip() for layer in rooms["layers"] for room in layer.split("|")}
    there = {path.stem for path in (ROOT / "platform" / "concord").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert there - {"__init__", "__pycache__", "py"} <= named


def test_folders_of_tests_are_no_packages():
    assert not list((ROOT / "tests").rglob("__init__.py"))
