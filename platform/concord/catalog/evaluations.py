"""Runs over golden sets and their scores, and what a run depends on.

Scores hold neither answers nor passages: questions are asked as many people, and a run is shown to others. What they
cite is named, and whoever shows it checks who reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from concord.catalog.schema import eval_judgements, eval_runs, eval_scores, items
from concord.catalog.sql import ROWS_AT_ONCE, insert_missing, upsert


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run: `inputs` is the same for runs that ask the same of the same; `finished_at` is None before its end."""

    id: str
    at: datetime
    started_by: str
    inputs: str
    data: Mapping[str, Any]
    finished_at: datetime | None = None


def add_run(connection: Connection, run: StoredRun) -> None:
    """Keep a run that begins."""
    row = {
        "id": run.id,
        "at": run.at,
        "started_by": run.started_by,
        "inputs": run.inputs,
        "data": dict(run.data),
        "finished_at": run.finished_at,
    }
    connection.execute(insert(eval_runs), [row])


def add_score(connection: Connection, run: str, place: int, question: str, data: Mapping[str, Any]) -> None:
    """Keep the score of a question; one that is there already stays."""
    insert_missing(connection, eval_scores, [{"run": run, "question": question, "place": place, "data": dict(data)}])


def replace_score(connection: Connection, run: str, question: str, data: Mapping[str, Any]) -> None:
    """Keep another score of a question: the same, with what was found out about it since."""
    mine = (eval_scores.c.run == run) & (eval_scores.c.question == question)
    connection.execute(update(eval_scores).where(mine).values(data=dict(data)))


def finish_run(connection: Connection, run: str, at: datetime) -> None:
    """Note that every question has its score."""
    connection.execute(update(eval_runs).where(eval_runs.c.id == run).values(finished_at=at))


def unfinished_run(connection: Connection, inputs: str) -> StoredRun | None:
    """The last run with these inputs that was interrupted."""
    open_ = (eval_runs.c.inputs == inputs) & eval_runs.c.finished_at.is_(None)
    row = connection.execute(select(eval_runs).where(open_).order_by(eval_runs.c.at.desc()).limit(1)).one_or_none()
    return _run(row) if row else None


def runs(connection: Connection, limit: int) -> list[StoredRun]:
    """The last runs, newest first."""
    newest = select(eval_runs).order_by(eval_runs.c.at.desc(), eval_runs.c.id).limit(limit)
    return [_run(row) for row in connection.execute(newest)]


def find_runs(connection: Connection, prefix: str) -> list[StoredRun]:
    """The runs whose id begins like this."""
    named = select(eval_runs).where(eval_runs.c.id.startswith(prefix, autoescape=True)).order_by(eval_runs.c.id)
    return [_run(row) for row in connection.execute(named.limit(10))]


def scores(connection: Connection, run: str) -> list[Mapping[str, Any]]:
    """What was kept of each question, in the order in which they were asked."""
    mine = select(eval_scores.c.data).where(eval_scores.c.run == run).order_by(eval_scores.c.place)
    return list(connection.scalars(mine))


@dataclass(frozen=True, slots=True)
class Judgement:
    """A metric of a question by a judge (empty: none was asked); `value` is None where it could not be measured.

    `replies` quote documents: they are for who asked the question.
    """

    question: str
    metric: str
    judge: str
    value: float | None
    reason: str | None
    replies: Sequence[Mapping[str, Any]]


def add_judgement(connection: Connection, run: str, given: Judgement) -> None:
    """Keep a judgement; what could not be measured before is replaced."""
    row = {
        "run": run,
        "judge": given.judge,
        "metric": given.metric,
        "question": given.question,
        "value": given.value,
        "reason": given.reason,
        "replies": [dict(each) for each in given.replies],
    }
    upsert(connection, eval_judgements, [row])


def judgements(connection: Connection, run: str) -> list[Judgement]:
    """What was judged of a run, by judge, metric and question."""
    table = eval_judgements
    mine = select(table).where(table.c.run == run).order_by(table.c.judge, table.c.metric, table.c.question)
    return [
        Judgement(row.question, row.metric, row.judge, row.value, row.reason, row.replies)
        for row in connection.execute(mine)
    ]


def content_digest(connection: Connection) -> str:
    """A hash of everything that the index is made of: live items with their revisions, passages and descriptions."""
    whole = hashlib.sha256()
    live = select(items.c.identifier, items.c.revision, items.c.index_state).where(items.c.live)
    rows: Iterable[Sequence[Any]] = connection.execute(
        live.order_by(items.c.identifier), execution_options={"yield_per": ROWS_AT_ONCE}
    )
    for row in rows:
        whole.update("\0".join(map(str, row)).encode() + b"\1")
    return whole.hexdigest()[:16]


def _run(row: Row[Any]) -> StoredRun:
    return StoredRun(row.id, row.at, row.started_by, row.inputs, row.data, row.finished_at)
