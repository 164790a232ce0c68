"""Traces of questions: what was asked, by whom, and what every stage did; kept for the retention time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from concord.catalog.schema import traces
from concord_feedback.traces import Trace


def store_trace(connection: Connection, trace: Trace) -> None:
    """Keep a trace."""
    row = {
        "id": trace.id,
        "at": trace.at,
        "principal": trace.principal,
        "use_case": trace.use_case,
        "question": trace.question,
        "data": trace.model_dump(mode="json"),
    }
    connection.execute(insert(traces), [row])


def load_trace(connection: Connection, trace_id: str, principal_id: str) -> Trace | None:
    """A trace of the principal's own; None for another's as for a missing one."""
    data = connection.scalar(select(traces.c.data).where(traces.c.id == trace_id, traces.c.principal == principal_id))
    return Trace.model_validate(data) if data else None


def any_before(connection: Connection, moment: datetime) -> bool:
    """Whether there are traces older than `moment`."""
    return connection.scalar(select(traces.c.id).where(traces.c.at < moment).limit(1)) is not None


def forget_before(connection: Connection, moment: datetime) -> int:
    """Delete traces older than `moment`; returns how many."""
    return connection.execute(delete(traces).where(traces.c.at < moment)).rowcount
