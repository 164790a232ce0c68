"""Traces as they may be shown now, and what people say of the answers in them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from concord.bootstrap.evidenced import given
from concord.catalog import items
from concord.catalog.audit import AuditEvent
from concord.catalog.corrections import corrections_of, corrections_since, load_corrections, store_correction
from concord.catalog.engine import reading, writing
from concord.catalog.errors import NoSuchTrace
from concord.catalog.history import readable_history
from concord.catalog.traces import load_trace
from concord.governance.cases import CaseDesk
from concord_feedback import Correction, Rating, TooManyCorrections, Trace
from concord_taxonomy.standard import Principal

HOUR = timedelta(hours=1)
"""The time in which corrections of one person are counted."""


@dataclass(frozen=True, slots=True)
class Brought:
    """That a correction comes from a file: the id of who imports it, and the id that its line has for good."""

    by: str
    id: str


@dataclass(frozen=True, slots=True)
class ShownTrace:
    """A trace without what its reader may not read any more; `withheld` says that something was left out."""

    trace: Trace
    withheld: bool
    corrections: tuple[Correction, ...]

    def to_json(self) -> dict[str, Any]:
        """The trace as JSON values."""
        return {
            **self.trace.model_dump(mode="json"),
            "withheld": self.withheld,
            "corrections": [each.model_dump(mode="json") for each in self.corrections],
        }


def shown_trace(engine: Engine, who: Principal, trace_id: str, *, others: bool = False) -> ShownTrace:
    """A trace of the person's own, or of `others` too; raises `NoSuchTrace`, for another's as for a missing one."""
    with reading(engine) as connection:
        trace = load_trace(connection, trace_id, None if others else who.id)
        if trace is None:
            raise NoSuchTrace(trace_id)
        mine = tuple(corrections_of(connection, trace_id, trace.principal))
        return _as_readable(connection, who, trace, mine)


def _as_readable(
    connection: Connection, who: Principal, trace: Trace, corrections: tuple[Correction, ...]
) -> ShownTrace:
    """The trace whole where all of it may still be read; else without the rest, and all that was made of it."""
    named = [(each.identifier, each.revision) for each in trace.evidence]
    named += [(each.identifier, each.revision) for each in trace.citations]
    claims: list[Any] = [claim for conflict in trace.conflicts for claim in conflict.get("claims") or ()]  # type: ignore[union-attr]
    named += [(claim["identifier"], claim["revision"]) for claim in claims]
    readable = _readable(connection, who, set(named))
    if readable.issuperset(named):
        return ShownTrace(trace, False, corrections)
    kept = {
        "evidence": tuple(each for each in trace.evidence if (each.identifier, each.revision) in readable),
        "citations": tuple(each for each in trace.citations if (each.identifier, each.revision) in readable),
        "stages": tuple(each.model_copy(update={"data": {}}) for each in trace.stages),
        "conflicts": (),
        "answer": "",
    }
    named_by = [each.model_copy(update={"cited": ()}) for each in corrections]
    return ShownTrace(trace.model_copy(update=kept), True, tuple(named_by))


def _readable(connection: Connection, who: Principal, named: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of the revisions that the person may read now."""
    live = items.readable(connection, who, {identifier for identifier, _ in named})
    found = {(item.identifier, item.revision) for item in live.values()} & named
    for identifier in {identifier for identifier, _ in named - found}:
        past = readable_history(connection, who, identifier) or ()
        found |= {(identifier, each.revision) for each in past if each.item is not None} & named
    return found


def correct(
    engine: Engine,
    who: Principal,
    trace_id: str,
    rating: Rating,
    per_hour: int,
    desk: CaseDesk,
    brought: Brought | None = None,
) -> Correction:
    """Keep what a person says of an answer that they were given, with the exact revisions that they name.

    Quotes and addresses are kept as they were written, and located among what they may read.

    What is wrong opens a case, or joins the one about the same. What was `brought` in a file is its importer's act, and
    counts for nobody's hour; it is taken once.

    Raises `NoSuchTrace` for another's answer, `NoSuchItem` and `NoSuchRevision` for evidence that they may not read,
    and `TooManyCorrections` from the one after `per_hour` on.
    """
    now = datetime.now(UTC)
    with writing(engine, renews=False) as connection:
        trace = load_trace(connection, trace_id, who.id)
        if trace is None:
            raise NoSuchTrace(trace_id)
        if brought is None and corrections_since(connection, who.id, now - HOUR) >= per_hour:
            raise TooManyCorrections(per_hour)
        if brought is not None and (before := load_corrections(connection, [brought.id])):
            return before[brought.id]
        evidence = given(connection, who, rating.evidence)
        made = Correction(
            id=brought.id if brought else str(uuid.uuid4()),
            at=now,
            principal=who.id,
            trace=trace.id,
            rating=rating.model_copy(update={"evidence": evidence.references}),
            quoted=evidence.quoted,
            cited=tuple(dict.fromkeys(f"{each.identifier}@{each.revision}" for each in trace.citations)),
            imported_by=brought.by if brought else None,
        )
        store_correction(connection, made)
        reason = rating.reason.value if rating.reason else None
        data = {"id": made.id, "helpful": rating.helpful, "reason": reason}
        if brought is not None:
            data["of"] = f"user:{who.id}"
        by = brought.by if brought else who.id
        AuditEvent("correction.made", f"user:{by}", trace.id, data).append(connection)
        desk.corrected(connection, made, trace)
    return made
