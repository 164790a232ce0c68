"""Traces of questions: what was asked, by whom, and what every stage did; kept for the retention time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Select, delete, exists, insert, select, true

from concord.catalog.schema import corrections, reports, told, traces
from concord.catalog.sql import ROWS_AT_ONCE
from concord.catalog.told import forget_before as forget_told
from concord.catalog.told import keep
from concord_feedback.traces import Citation, Trace


def store_trace(connection: Connection, trace: Trace) -> None:
    """Keep a trace, and what it told whoever asked; an evaluation or import is told nothing."""
    data = trace.model_dump(mode="json")
    row = {
        "id": trace.id,
        "at": trace.at,
        "principal": trace.principal,
        "use_case": trace.use_case,
        "question": trace.question,
        "data": data,
    }
    connection.execute(insert(traces), [row])
    if trace.run is None:
        keep(connection, trace.id, trace.at, data)


def load_trace(connection: Connection, trace_id: str, principal_id: str | None) -> Trace | None:
    """A trace of the principal's own (None: anybody's); None for another's as for a missing one."""
    mine = traces.c.principal == principal_id if principal_id is not None else true()
    data = connection.scalar(select(traces.c.data).where(traces.c.id == trace_id, mine))
    return Trace.model_validate(data) if data else None


class Given(NamedTuple):
    """An answer that cited an item, to whom and when it was given, and its citations of that item."""

    id: str
    at: datetime
    principal: str
    citations: tuple[Citation, ...]


def citing(connection: Connection, identifier: str, limit: int) -> list[Given]:
    """The newest answers that cite an item, whoever asked; the caller decides what may be shown."""
    mine = select(told.c.trace, told.c.at).where(told.c.identifier == identifier, told.c.cited).distinct()
    newest = mine.order_by(told.c.at.desc(), told.c.trace).limit(limit).subquery()
    named = select(traces.c.id, traces.c.at, traces.c.principal, traces.c.data["citations"].label("citations"))
    rows = connection.execute(
        named.join(newest, newest.c.trace == traces.c.id).order_by(newest.c.at.desc(), newest.c.trace)
    )
    return [
        Given(
            row.id,
            row.at,
            row.principal,
            tuple(Citation.model_validate(each) for each in row.citations if each["identifier"] == identifier),
        )
        for row in rows
    ]


def asked_since(connection: Connection, moment: datetime, limit: int) -> tuple[list[Trace], bool]:
    """The last trace of each question since `moment`, newest first, and whether there are more than `limit` of them.

    A question is its words with who asked, in which use case and as of when; what a run asked is none. For
    replays: what may be shown of it, and to whom, is the caller's to decide.
    """
    newest = select(traces.c.data).where(traces.c.at >= moment).order_by(traces.c.at.desc(), traces.c.id)
    found: dict[tuple[object, ...], Trace] = {}
    with connection.execute(newest, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        for row in rows:
            if row.data.get("run") is not None:
                continue
            trace = Trace.model_validate(row.data)
            about = (trace.question, trace.principal, trace.use_case, trace.as_of if trace.past else None)
            if about not in found and len(found) == limit:
                return list(found.values()), True
            found.setdefault(about, trace)
    return list(found.values()), False


_UNCORRECTED = ~exists().where(corrections.c.trace == traces.c.id)
_UNREPORTED = ~exists().where(reports.c.trace == traces.c.id)


def any_before(connection: Connection, moment: datetime) -> bool:
    """Whether there are traces older than `moment` to be deleted."""
    return connection.scalar(select(traces.c.id).where(traces.c.at < moment, _UNCORRECTED).limit(1)) is not None


def forget_before(connection: Connection, moment: datetime) -> int:
    """Delete traces older than `moment`, those of corrected answers left out; returns how many."""
    forget_told(connection, moment)
    return connection.execute(delete(traces).where(traces.c.at < moment, _UNCORRECTED)).rowcount


def forget(connection: Connection, principal_id: str, named: Select[tuple[str]] | Sequence[str]) -> int:
    """Delete the principal's own of the named traces, but those that a correction or a case refers to; how many."""
    mine = (traces.c.principal == principal_id) & traces.c.id.in_(named) & _UNCORRECTED & _UNREPORTED
    connection.execute(delete(told).where(told.c.trace.in_(select(traces.c.id).where(mine))))
    return connection.execute(delete(traces).where(mine)).rowcount
