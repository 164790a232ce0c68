"""Decisions on pairs of concepts, kept in a file of the vocabulary: in a workspace, by a proposal that changes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from concord.cli.errors import CommandError, NobodyAsked
from concord.cli.output import note, print_json

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord_taxonomy.alignment import Decisions, Relation
    from concord_taxonomy.standard import Principal


def of_file(file: Path) -> Decisions:
    """The decisions of a file; none where it does not exist. Raises `VocabularyFileError`."""
    from concord_taxonomy.alignment import Decisions
    from concord_taxonomy.skos.files import read_file

    return _read(read_file(file), str(file)) if file.exists() else Decisions()


def in_force(concord: Concord) -> Decisions:
    """The decisions of a workspace that are in force; raises `NothingApplied` and `VocabularyFileError`."""
    from concord.governance.terms import DECISIONS_FILE
    from concord_taxonomy.alignment import Decisions

    text = concord.foundation.declarations.files.get(DECISIONS_FILE)
    return Decisions() if text is None else _read(text.encode(), DECISIONS_FILE)


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


def propose(
    concord: Concord,
    pair: tuple[str, str],
    relation: Relation | None,
    who: Principal,
    why: str,
    as_json: bool,
    *,
    draft: bool = False,
) -> None:
    """Propose a decision on a pair (None: it does not match); a development workspace puts it in force at once."""
    from concord.cli.term_proposals import submit
    from concord_taxonomy.changes import AlignConcepts

    def made() -> AlignConcepts:
        return AlignConcepts(iri=pair[0], relation=relation, target=pair[1], by=f"user:{who.id}", why=why)

    submit(concord, made, who, why, draft, as_json)


def write(
    file: Path, pair: tuple[str, str], relation: Relation | None, by: str | None, why: str, as_json: bool
) -> None:
    """Write a decision on a pair into a file, whole or not at all; raises `NobodyAsked` and `VocabularyFileError`."""
    from concord_taxonomy.alignment import Decision, Relation, recorded

    if not by:
        raise NobodyAsked
    decision = Decision(*pair, relation or Relation.CLOSE, relation is not None, by, why)
    data = recorded(file.read_bytes() if file.exists() else None, str(file), decision)
    beside = file.with_name(f".{file.name}.new")
    beside.write_bytes(data)
    beside.replace(file)
    if as_json:
        print_json({"written": [str(file)]})
    else:
        note(f"concord: {file} is written")
