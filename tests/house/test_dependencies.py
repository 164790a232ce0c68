"""Every library that the packages import is a dependency by name, not by the luck of another's dependencies."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
OWN = {"connectors/concord_connectors", "evals/concord_evals", "feedback/concord_feedback", "platform/concord"}
OWN |= {"taxonomy/concord_taxonomy"}
OWN_NAMES = {path.split("/")[1] for path in OWN}
PART_OF = {"pydantic_core": "pydantic"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def _names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


@cache
def _homes() -> Mapping[str, list[str]]:
    return packages_distributions()


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", sorted(OWN))
def test_imports_are_declared(package):
    everything = PROJECT["dependencies"] + [
        text for extra in PROJECT["optional-dependencies"].values() for text in extra
    ]
    declared, homes = _names(everything), _homes()
    undeclared = {}
    for path in (ROOT / package).rglob("*.py"):
        for module in set(_imports(path)) - sys.stdlib_module_names - OWN_NAMES:
            distributions: set[str] = {canonicalize_name(name) for name in homes.get(module, [])}
            distributions.add(PART_OF.get(module, module))
            if not distributions & declared:
                undeclared[module] = str(path.relative_to(ROOT))
    assert not undeclared


def test_dependencies_are_in_order():
    names = [canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]]
    assert names == sorted(names)
