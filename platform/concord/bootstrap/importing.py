"""Corrections from a file: whoever brings it answers for it, and weighs as one person whomever its lines name."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from concord.access.errors import UnknownPrincipal
from concord.bootstrap.evidenced import given
from concord.bootstrap.traced import HOUR, Brought, correct
from concord.catalog.audit import AuditEvent
from concord.catalog.corrections import imported_since, load_correction
from concord.catalog.engine import reading, writing
from concord.catalog.errors import CatalogError, NoSuchTrace
from concord.catalog.traces import load_trace
from concord.usecases import UseCaseError, choose
from concord_feedback import Correction, TooManyCorrections
from concord_feedback.errors import CorrectionsError, FileProblem
from concord_feedback.imports import MAX_LINES, CorrectionLine, parse_corrections
from concord_taxonomy.standard import Principal

if TYPE_CHECKING:
    from concord.bootstrap.concord import Concord


def import_corrections(concord: Concord, importer: Principal, content: bytes, name: str) -> list[Correction]:
    """Take the corrections of a CSV file; the audit log has who imported how many lines of which file.

    All lines are checked before the first is taken, each of them once: where an import was broken off, the same file
    goes on with the rest. Questions are asked as those whom the lines name, who are not taken for having asked them.

    Raises `CorrectionsError` naming every line that is wrong, or names what is not there for its person, and
    `TooManyCorrections` where the importer has brought `MAX_LINES` within the hour.
    """
    people = {"": importer}

    def known(who: str) -> bool:
        try:
            people[who] = concord.foundation.directory.principal(who)
        except UnknownPrincipal:
            return False
        return True

    lines = parse_corrections(content, name, known)
    with reading(concord.engine) as connection:
        found = {number: _problem(concord, connection, people[line.principal], line) for number, line in lines.items()}
    if problems := [FileProblem(f"line {number}", told) for number, told in found.items() if told]:
        raise CorrectionsError(name, problems)
    digest = hashlib.sha256(content).hexdigest()
    with writing(concord.engine, renews=False) as connection:
        if imported_since(connection, importer.id, datetime.now(UTC) - HOUR) >= MAX_LINES:
            raise TooManyCorrections(MAX_LINES)
        data = {"file": name, "sha256": digest, "rows": len(lines)}
        AuditEvent("corrections.imported", f"user:{importer.id}", f"file/{digest}", data).append(connection)
    asking = concord.evaluating(f"import/{digest[:12]}")
    return [
        _taken(asking, people[line.principal], line, Brought(importer.id, _id(digest, number)))
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
    with reading(asking.engine) as connection:
        before = load_correction(connection, brought.id)
    if before is not None:
        return before
    trace = line.trace or asking.ask(line.question, who, line.use_case or None).trace_id
    return correct(asking.engine, who, trace, line.rating(), 0, asking.desk, brought)


def _id(digest: str, number: int) -> str:
    """The id of a line's correction: the same for the same line of the same file."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"concord:import/{digest}/{number}"))
