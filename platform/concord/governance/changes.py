"""Changes of declarations: by kind of file, put onto what is in force, and out of date where that is not possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Protocol

from concord.catalog.proposals import Proposal
from concord.catalog.texts import text_hash
from concord.governance.errors import OutOfDate
from concord.workspace.files import SETTINGS_FILE, Declarations

Files = Mapping[str, str | None]
"""Texts by path; None: the file is to go."""

KINDS: Mapping[str, str] = {
    "taxonomy": "taxonomy/*",
    "authority": "authority.yaml",
    "source": "sources/*",
    "use case": "usecases/*",
    "ownership": "ownership.yaml",
    "principals": "principals.yaml",
    "policies": "policies/*",
    "tags": "tags.yaml",
    "standard": f"{SETTINGS_FILE}*",
}
"""Kinds of files, each decided on by itself; which files belong to it."""


class Operation(Protocol):
    """A change that says what it means, and can so be made of other files than those that it was first made of."""

    def to_json(self) -> dict[str, Any]:
        """The values that a proposal keeps."""
        ...

    def summary(self, label: Callable[[str], str], /) -> str:
        """What it does, in a line; `label` gives the words for a concept's IRI."""
        ...

    def files(self, declarations: Declarations) -> Files:
        """The files that it changes; raises `FileProblem` or a `GovernanceError` where it cannot be made."""
        ...

    def touched(self, declarations: Declarations) -> str:
        """A fingerprint of everything that it is about: equal ones make the same change of it."""
        ...


ReadOperation = Callable[[Mapping[str, Any]], Operation]
"""From the values that a proposal keeps to its operation."""


def kind_of(path: str) -> str:
    """The kind of a file of the content layer."""
    return next(kind for kind, pattern in KINDS.items() if fnmatchcase(path, pattern))


def split(before: Declarations, after: Declarations) -> dict[str, dict[str, str | None]]:
    """The files that differ, by kind, with their new texts."""
    found: dict[str, dict[str, str | None]] = {}
    for _, path in before.changes(after):
        found.setdefault(kind_of(path), {})[path] = after.files.get(path)
    return {kind: found[kind] for kind in KINDS if kind in found}


def overlaid(declarations: Declarations, files: Files) -> Declarations:
    """The declarations with other texts of some files."""
    merged = {path: text for path, text in {**declarations.files, **files}.items() if text is not None}
    return Declarations(merged)


def hashes(declarations: Declarations, paths: Mapping[str, Any]) -> dict[str, str | None]:
    """The hashes of some files of the declarations; None for those that they lack."""
    texts = {path: declarations.files.get(path) for path in paths}
    return {path: None if text is None else text_hash(text) for path, text in texts.items()}


def rebased(
    proposal: Proposal,
    files: Files,
    active: Declarations,
    made_from: Callable[[], Declarations],
    read: ReadOperation,
) -> Files:
    """What a proposal changes of what is in force now; raises `OutOfDate`.

    It is what was proposed, where its files are as they were or as it wants them; an operation is made anew where
    everything that it is about is as it was. `files` are the proposed texts, `made_from` loads what it was made from.
    """
    now = hashes(active, proposal.files)
    moved = [path for path in proposal.files if now[path] not in (proposal.base[path], proposal.files[path])]
    if not moved:
        return files
    if proposal.operation is not None:
        operation = read(proposal.operation)
        if operation.touched(active) == operation.touched(made_from()):
            return operation.files(active)
    raise OutOfDate(proposal.id, moved)
