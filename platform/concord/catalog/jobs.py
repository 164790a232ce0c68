"""Timers in the catalog: what is due when, who has it now, and what became of it.

Whoever takes a job holds it for a while and has to renew that; a job whose holder died is due again after it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from concord.catalog.schema import job_runs, jobs

SYNC = "sync/"
"""What the name of a job begins with that syncs a source; the source's id follows."""
DIGESTS = "digests/"
"""What the name of a job begins with that sends digests; `email`, or `webhook/` and its name, follows."""


@dataclass(frozen=True, slots=True)
class Run:
    """One time that a job was run; `state` is running, done, failed, skipped or lost (its worker died)."""

    id: str
    job: str
    worker: str
    started_at: datetime
    ended_at: datetime | None
    state: str
    detail: str
    attempts: int = 0
    """Failures in a row before this run; known only while it runs."""


def news(connection: Connection, wanted: Mapping[str, tuple[datetime, datetime]]) -> Mapping[str, datetime]:
    """When wanted jobs are due, as far as that is new; each is given with when first, and when at the latest.

    A job that is known stays due when it is, except where its schedule would have it earlier and it has not failed. One
    that is not wanted keeps its time and its failures: another worker, with newer settings, may want it.
    """
    known = {row.name: row for row in connection.execute(select(jobs))}
    fresh = {name: first for name, (first, _) in wanted.items() if name not in known}
    late = {
        name: at
        for name, (_, at) in wanted.items()
        if name in known and known[name].run is None and not known[name].attempts and known[name].due_at > at
    }
    return fresh | late


def declare(connection: Connection, found: Mapping[str, datetime]) -> None:
    """Write what `news` found in this transaction."""
    if found:
        connection.execute(delete(jobs).where(jobs.c.name.in_(sorted(found))))
        connection.execute(insert(jobs), [{"name": name, "due_at": at, "attempts": 0} for name, at in found.items()])


def any_due(connection: Connection, wanted: Collection[str], now: datetime) -> bool:
    """Whether one of these jobs could be taken."""
    return connection.execute(select(jobs.c.name).where(_free(wanted, now)).limit(1)).first() is not None


def take(connection: Connection, wanted: Collection[str], worker: str, now: datetime, hold: timedelta) -> Run | None:
    """Take the one of these jobs that has been due longest; None where none is due."""
    free = select(jobs).where(_free(wanted, now))
    row = connection.execute(free.order_by(jobs.c.due_at, jobs.c.name).limit(1)).first()
    if row is None:
        return None
    if row.run is not None:
        end = {"state": "lost", "ended_at": now, "detail": "its worker ended without a word"}
        connection.execute(update(job_runs).where(job_runs.c.id == row.run).values(end))
    made = Run(str(uuid4()), row.name, worker, now, None, "running", "", row.attempts)
    connection.execute(
        insert(job_runs),
        [{"id": made.id, "job": made.job, "worker": worker, "started_at": now, "state": made.state, "detail": ""}],
    )
    connection.execute(update(jobs).where(jobs.c.name == row.name).values(run=made.id, held_until=now + hold))
    return made


def _free(wanted: Collection[str], now: datetime) -> ColumnElement[bool]:
    mine = jobs.c.name.in_(sorted(wanted)) & (jobs.c.due_at <= now)
    return mine & or_(jobs.c.run.is_(None), jobs.c.held_until <= now)


def renew(connection: Connection, run: Run, until: datetime) -> bool:
    """Hold a job for longer; False where it was taken for dead, and another has it."""
    mine = update(jobs).where((jobs.c.name == run.job) & (jobs.c.run == run.id)).values(held_until=until)
    return connection.execute(mine).rowcount == 1


def end(connection: Connection, run: Run, now: datetime, due_at: datetime, state: str, detail: str = "") -> None:
    """Note what became of a run, and when its job is due again; a job that another has by now is left to it."""
    attempts = run.attempts + 1 if state == "failed" else 0
    released = {"run": None, "held_until": None, "due_at": due_at, "attempts": attempts}
    connection.execute(update(jobs).where((jobs.c.name == run.job) & (jobs.c.run == run.id)).values(released))
    mine = (job_runs.c.id == run.id) & (job_runs.c.state == "running")
    connection.execute(update(job_runs).where(mine).values(ended_at=now, state=state, detail=detail))


def last_runs(connection: Connection, wanted: Collection[str]) -> Mapping[str, Run]:
    """The newest run of each job."""
    return {job: found[0] for job in wanted if (found := runs(connection, [job], 1))}


def last_done(connection: Connection, job: str) -> datetime | None:
    """When the newest run of a job began that was done."""
    done = (job_runs.c.job == job) & (job_runs.c.state == "done")
    newest = select(job_runs.c.started_at).where(done).order_by(job_runs.c.started_at.desc()).limit(1)
    return connection.scalar(newest)


def runs(connection: Connection, wanted: Collection[str], limit: int) -> Sequence[Run]:
    """The runs of these jobs, newest first."""
    mine = select(job_runs).where(job_runs.c.job.in_(sorted(wanted)))
    newest = mine.order_by(job_runs.c.started_at.desc(), job_runs.c.id).limit(limit)
    return [Run(**row._mapping) for row in connection.execute(newest)]


def due(connection: Connection) -> Mapping[str, datetime]:
    """When each job is due next."""
    return {row.name: row.due_at for row in connection.execute(select(jobs.c.name, jobs.c.due_at))}


def forget_runs(connection: Connection, before: datetime) -> None:
    """Delete runs that ended before a moment."""
    connection.execute(delete(job_runs).where(job_runs.c.ended_at < before))


def forget(connection: Connection, wanted: Collection[str], before: datetime) -> None:
    """Delete jobs that are not wanted, and were due before a moment."""
    connection.execute(delete(jobs).where(jobs.c.name.not_in(sorted(wanted)) & (jobs.c.due_at < before)))
