"""Letting the workspace's files follow what was put in force, where they still say what was in force before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from concord.embedding.errors import EmbeddingError
from concord.governance import Change, Outcome
from concord.governance.changes import Files
from concord.governance.operations import read_operation
from concord.governance.terms import KIND as TERMS
from concord.workspace import Declarations, FileProblem
from concord.workspace.files import STANDARD_ENTRY
from concord_taxonomy.errors import ConcordTaxonomyError

if TYPE_CHECKING:
    from concord.bootstrap.concord import Concord


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were written, and those that say something of their own and were left as they are."""

    paths: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def embed_quietly(concord: Concord) -> None:
    """Make ready what questions are compared with; where the model is not to be had, the next sync does it."""
    with suppress(EmbeddingError):
        concord.embed_labels(concord.foundation.vocabulary, lambda _done, _all: None)


def follow(concord: Concord, outcome: Outcome, embed: Callable[[Concord], None] = embed_quietly) -> Written:
    """Let the workspace's files, and the words that questions are compared with, follow what was put in force, if any.

    Files that cannot be read are left as they are: the change is in force already. `embed` gets the workspace as it is
    in force now.
    """
    change = outcome.change
    if outcome.activation is None or change is None:
        return Written()
    paths = [path for _, path in change.before.changes(change.after)]
    try:
        written = write_back(concord.folder, concord.desired().declarations, change)
    except FileProblem:
        written = Written(left=tuple(paths))
    if any(path.startswith(f"{TERMS}/") for path in paths):
        embed(concord.renewed())
    return written


def write_back(folder: Path, disk: Declarations, change: Change) -> Written:
    """Bring the files of `folder`, which say `disk`, to what `change` put in force.

    A file that was edited meanwhile is left alone, unless the change can be made of it as it is.
    """
    written, left = list[str](), list[str]()
    for _, path in change.before.changes(change.after):
        here, before, after = (each.files.get(path) for each in (disk, change.before, change.after))
        if here == after or path == STANDARD_ENTRY:
            continue
        if here == before:
            _write(folder / path, after)
            written.append(path)
        else:
            left.append(path)
    for files in _made_anew(change, disk) if left else ():
        for path, text in files.items():
            if path in left:
                _write(folder / path, text)
                written.append(path)
                left.remove(path)
    return Written(tuple(written), tuple(left))


def _made_anew(change: Change, disk: Declarations) -> Iterator[Files]:
    """What the one operation of a change makes of the files as they are; nothing where that cannot be said."""
    operations = [each.operation for each in change.proposals]
    if len(operations) == 1 and operations[0] is not None:
        try:
            yield read_operation(operations[0]).files(disk)
        except (ConcordTaxonomyError, FileProblem):
            return


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    ends = "\r\n" if path.exists() and b"\r\n" in path.read_bytes() else ""  # texts are compared without them
    beside.write_text(text, "utf-8", newline=ends)
    beside.replace(path)
