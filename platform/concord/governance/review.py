"""Reviewing the content layer before it is put in force: every file by itself, then what they say of each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from concord.governance.checks import Known, unknown_names
from concord.governance.problems import Problem, problems_of
from concord.workspace import Declarations, FileProblem
from concord.workspace.files import SETTINGS_FILE
from concord.workspace.yaml import read_yaml
from concord_taxonomy.standard import UpgradeError, upgrade

Reader = Callable[[Declarations], object]
"""Reads some files as what they should be; raises `FileProblem`."""


def review(
    declarations: Declarations, each: Mapping[str, Reader], whole: Iterable[Reader], known: Known
) -> list[Problem]:
    """Everything that is wrong, in the order of the files.

    `each` reads one file at a time, by the pattern of its path, and `whole` all of them together; what is wrong for
    both is told once. `known` is what the files declare.
    """
    refused = _standard(declarations)
    if refused:
        return refused  # whatever else the files say, it is in terms that are not known here
    parts = [(read, declarations.only(path)) for path in declarations.files for read in _for(path, each)]
    found = unknown_names(_data(declarations), known)
    for read, part in [*parts, *((read, declarations) for read in whole)]:
        try:
            read(part)
        except FileProblem as error:
            found += problems_of(error)
    return sorted(set(found))


def _for(path: str, readers: Mapping[str, Reader]) -> list[Reader]:
    return [read for pattern, read in readers.items() if fnmatchcase(path, pattern)]


def _standard(declarations: Declarations) -> list[Problem]:
    try:
        upgrade({}, declarations.standard)
    except UpgradeError as error:
        return [Problem(SETTINGS_FILE, "standard", str(error))]
    return []


def _data(declarations: Declarations) -> dict[str, dict[str, Any]]:
    """The YAML files that can be read; the others are reported already."""
    data = {}
    for path, text in declarations.files.items():
        if path.endswith(".yaml"):
            try:
                data[path] = read_yaml(path, text)
            except FileProblem:
                continue
    return data
