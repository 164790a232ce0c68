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


@dataclass(frozen=True, slots=True)
class News:
    """In what the jobs that are kept differ from those that there are to be."""

    gone: frozenset[str]
    due: Mapping[str, datetime]

    def __bool__(self) -> bool:
        return bool(self.gone or self.due)


def news(connection: Connection, wanted: Mapping[str, tuple[datetime, datetime]]) -> News:
    """Compare jobs with those that there are to be, each with when it is due first, and when at the latest.

    A job that is known stays due when it is, except where its schedule would have it earlier and it has not failed.
    """
    known = {row.name: row for row in connection.execute(select(jobs))}
    fresh = {name: first for name, (first, _) in wanted.items() if name not in known}
    late = {
        name: at
        for name, (_, at) in wanted.items()
        if name in known and known[name].run is None and not known[name].attempts and known[name].due_at > at
    }
    return News(frozenset(known.keys() - wanted.keys()), fresh | late)


def declare(connection: Connection, found: News) -> None:
    """Write what `news` found in this transaction."""
    if changed := found.gone | found.due.keys():
        connection.execute(delete(jobs).where(jobs.c.name.in_(sorted(changed))))
    if found.due:
        rows = [{"name": name, "due_at": at, "attempts": 0} for name, at in found.due.items()]
        connection.execute(insert(jobs), rows)


def any_due(connection: Connection, now: datetime) -> bool:
    """Whether something could be taken."""
    return connection.execute(select(jobs.c.name).where(_free(now)).limit(1)).first() is not None


def take(connection: Connection, worker: str, now: datetime, hold: timedelta) -> Run | None:
    """Take the job that has been due longest; None where nothing is due."""
    row = connection.execute(select(jobs).where(_free(now)).order_by(jobs.c.due_at, jobs.c.name).limit(1)).first()
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


def _free(now: datetime) -> ColumnElement[bool]:
    return (jobs.c.due_at <= now) & or_(jobs.c.run.is_(None), jobs.c.held_until <= now)


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
