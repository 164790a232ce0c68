"""Corrections from a file: whoever brings it answers for it, and weighs as one person whomever its lines name."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from concord.access.errors import UnknownPrincipal
from concord.bootstrap.evidenced import given
from concord.bootstrap.traced import HOUR, Brought, correct
from concord.catalog.audit import AuditEvent
from concord.catalog.corrections import imported_since, load_corrections
from concord.catalog.engine import reading, writing
from concord.catalog.errors import CatalogError, NoSuchTrace
from concord.catalog.traces import load_trace
from concord.usecases import UseCaseError, choose
from concord_feedback import Correction, TooManyCorrections
from concord_feedback.imports import MAX_LINES, CorrectionLine, parse_corrections
from concord_taxonomy.standard import Principal

if TYPE_CHECKING:
    from concord.bootstrap.concord import Concord


def import_corrections(concord: Concord, importer: Principal, content: bytes, name: str) -> list[Correction]:
    """Take the corrections of a CSV file; the audit log has who imported how many lines of which file.

    A line is known by what it says, and taken once: of a file that was broken off, extended or sorted anew, what is
    new is taken. All new lines are checked before the first is taken. Questions are asked as those whom the lines name,
    who are not taken for having asked them.

    Raises `CorrectionsError` naming every line that is wrong, or names what is not there for its person, and
    `TooManyCorrections` where the importer would have brought more than `MAX_LINES` within the hour.
    """
    people = {"": importer}

    def known(who: str) -> bool:
        try:
            people[who] = concord.foundation.directory.principal(who)
        except UnknownPrincipal:
            return False
        return True

    digest = hashlib.sha256(content).hexdigest()
    ids: dict[int, str] = {}
    before: dict[int, Correction] = {}

    def lacking(lines: Mapping[int, CorrectionLine]) -> dict[int, str]:
        ids.update(zip(lines, _ids(lines.values(), people), strict=True))
        with reading(concord.engine) as connection:
            before.update(_taken_before(connection, ids, digest))
            new = {number: line for number, line in lines.items() if number not in before}
            found = {
                number: _problem(concord, connection, people[line.principal], line) for number, line in new.items()
            }
        return {number: told for number, told in found.items() if told}

    lines = parse_corrections(content, name, known, lacking)
    fresh = {number: line for number, line in lines.items() if number not in before}
    with writing(concord.engine, renews=False) as connection:
        brought = imported_since(connection, importer.id, datetime.now(UTC) - HOUR) if fresh else 0
        if brought + len(fresh) > MAX_LINES:
            raise TooManyCorrections(MAX_LINES)
        data = {"file": name, "sha256": digest, "rows": len(lines), "new": len(fresh)}
        AuditEvent("corrections.imported", f"user:{importer.id}", f"file/{digest}", data).append(connection)
    asking = concord.evaluating(f"import/{digest[:12]}")
    return [
        before.get(number) or _taken(asking, people[line.principal], line, Brought(importer.id, ids[number]))
        for number, line in lines.items()
    ]


def _problem(concord: Concord, connection: Connection, who: Principal, line: CorrectionLine) -> str | None:
    """What of a line is not there for whom it names."""
    try:
        given(connection, who, line.rating().evidence)
        if line.trace and load_trace(connection, line.trace, who.id) is None:
            raise NoSuchTrace(line.trace)
        if line.use_case:
            choose(concord.foundation.use_cases, line.use_case, who)
    except (CatalogError, UseCaseError) as problem:
        return f"as user:{who.id}: {problem}"
    return None


def _taken(asking: Concord, who: Principal, line: CorrectionLine, brought: Brought) -> Correction:
    trace = line.trace or asking.ask(line.question, who, line.use_case or None).trace_id
    return correct(asking.engine, who, trace, line.rating(), 0, asking.desk, brought)


def _taken_before(connection: Connection, ids: Mapping[int, str], digest: str) -> dict[int, Correction]:
    """The corrections of lines that were taken before, by their numbers."""
    # Older workspaces have lines by their file and number.
    known = {number: (each, _id(f"{digest}/{number}")) for number, each in ids.items()}
    held = load_corrections(connection, [each for pair in known.values() for each in pair])
    found = {number: held.get(now) or held.get(then) for number, (now, then) in known.items()}
    return {number: each for number, each in found.items() if each is not None}


def _ids(lines: Iterable[CorrectionLine], people: Mapping[str, Principal]) -> Iterator[str]:
    """The ids of lines' corrections: the same for lines that say the same, but for those of one file."""
    seen: Counter[str] = Counter()
    for line in lines:
        meant = {"principal": people[line.principal].id, "evidence": line.rating().evidence}
        said = json.dumps({**line.model_dump(mode="json"), **meant}, sort_keys=True)
        seen[said] += 1
        yield _id(f"{said}/{seen[said]}")


def _id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"concord:import/{name}"))
