"""Corrections of answers: kept with the trace of the answer, and read by those who made them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from concord.catalog.schema import corrections, traces
from concord.catalog.sql import parts
from concord_feedback import Correction


def store_correction(connection: Connection, correction: Correction) -> None:
    """Keep a correction; its trace stays as long."""
    row = {
        "id": correction.id,
        "at": correction.at,
        "principal": correction.principal,
        "trace": correction.trace,
        "data": correction.model_dump(mode="json"),
        "imported_by": correction.imported_by,
    }
    connection.execute(insert(corrections), [row])


def load_corrections(connection: Connection, ids: Iterable[str]) -> dict[str, Correction]:
    """Those of the corrections that there are, whoever made them, by their ids."""
    found: dict[str, Correction] = {}
    for keys in parts(ids):
        rows = connection.scalars(select(corrections.c.data).where(corrections.c.id.in_(keys)))
        found |= {each.id: each for each in map(Correction.model_validate, rows)}
    return found


def corrections_since(connection: Connection, principal_id: str, moment: datetime) -> int:
    """How many corrections a principal has made since a moment; not what others brought in their name."""
    mine = (corrections.c.principal == principal_id) & corrections.c.imported_by.is_(None)
    made = select(func.count()).select_from(corrections).where(mine & (corrections.c.at >= moment))
    return connection.scalar(made) or 0


def imported_since(connection: Connection, principal_id: str, moment: datetime) -> int:
    """How many corrections a principal has brought in files since a moment, in whosever name."""
    brought = (corrections.c.imported_by == principal_id) & (corrections.c.at >= moment)
    return connection.scalar(select(func.count()).select_from(corrections).where(brought)) or 0


def corrections_of(connection: Connection, trace_id: str, principal_id: str) -> Sequence[Correction]:
    """A principal's own corrections of an answer, oldest first, with those that were brought in their name."""
    mine = (corrections.c.trace == trace_id) & (corrections.c.principal == principal_id)
    found = connection.scalars(select(corrections.c.data).where(mine).order_by(corrections.c.at, corrections.c.id))
    return [Correction.model_validate(data) for data in found]


def said_since(connection: Connection, principal_id: str, moment: datetime, limit: int) -> list[tuple[str, Correction]]:
    """What a principal has said of answers after a moment, newest first, each with the question that was answered.

    Not what others brought in their name.
    """
    mine = (corrections.c.principal == principal_id) & corrections.c.imported_by.is_(None)
    question = traces.c.data["question"].as_string().label("question")
    rows = connection.execute(
        select(question, corrections.c.data.label("said"))
        .join(traces, traces.c.id == corrections.c.trace)
        .where(mine & (corrections.c.at > moment))
        .order_by(corrections.c.at.desc(), corrections.c.id)
        .limit(limit)
    )
    return [(row.question, Correction.model_validate(row.said)) for row in rows]
