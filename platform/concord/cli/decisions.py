"""Decisions on pairs of concepts, kept in a file of the vocabulary: in a workspace, by a proposal that changes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from concord.cli.context import principal
from concord.cli.errors import CommandError, NobodyAsked
from concord.cli.output import note, print_json

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord_taxonomy.alignment import Decisions, Relation

ALIGNMENTS = "taxonomy/alignments.ttl"
"""Where a workspace keeps them."""


def of_file(file: Path) -> Decisions:
    """The decisions of a file; none where it does not exist. Raises `VocabularyFileError`."""
    from concord_taxonomy.alignment import Decisions
    from concord_taxonomy.skos.files import read_file

    return _read(read_file(file), str(file)) if file.exists() else Decisions()


def in_force(concord: Concord) -> Decisions:
    """The decisions of a workspace that are in force; raises `NothingApplied` and `VocabularyFileError`."""
    from concord_taxonomy.alignment import Decisions

    text = concord.foundation.declarations.files.get(ALIGNMENTS)
    return Decisions() if text is None else _read(text.encode(), ALIGNMENTS)


def _read(data: bytes, name: str) -> Decisions:
    from concord_taxonomy.alignment import read_decisions

    return read_decisions(data, name)


def relation_called(name: str) -> Relation:
    """The mapping relation of that name; raises `CommandError`."""
    from concord_taxonomy.alignment import Relation

    try:
        return Relation(name)
    except ValueError:
        raise CommandError(f"no relation {name!r}: one of {', '.join(Relation)}") from None


def decider(concord: Concord | None, as_: str | None) -> str:
    """Who decides, as it is written down; raises `NobodyAsked`, `UnknownPrincipal`."""
    if concord is not None:
        return f"user:{principal(concord, as_).id}"
    if not as_:
        raise NobodyAsked
    return as_


def propose(concord: Concord, decided: Decisions, by: str, why: str, as_json: bool) -> None:
    """Propose the workspace's file of decisions anew; a development workspace puts it in force at once."""
    from concord.cli.proposals import finish
    from concord.governance.terms import KIND

    held = concord.foundation.declarations.files.get(ALIGNMENTS)
    if held is not None:
        _whole(held.encode(), ALIGNMENTS)
    outcome = concord.proposals.propose(KIND, {ALIGNMENTS: _text(decided, ALIGNMENTS)}, by, why)
    finish(concord, outcome, as_json)


def write(file: Path, decided: Decisions, as_json: bool) -> None:
    """Write a file of decisions whole or not at all."""
    if file.exists():
        _whole(file.read_bytes(), str(file))
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(_text(decided, file.name), "utf-8")
    beside.replace(file)
    if as_json:
        print_json({"written": [str(file)]})
    else:
        note(f"concord: {file} is written")


def _text(decided: Decisions, name: str) -> str:
    from concord_taxonomy.alignment import write_decisions

    return write_decisions(decided, name).decode()


def _whole(data: bytes, name: str) -> None:
    """Raise `CommandError` where a file says more than its decisions, which would be lost."""
    from concord_taxonomy.skos.rdf import parse_triples

    kept = _text(_read(data, name), name).encode()
    if set(parse_triples(data, name)[0]) != set(parse_triples(kept, name)[0]):
        raise CommandError(f"{name} holds more than decisions, which would be lost: move the rest into another file")
