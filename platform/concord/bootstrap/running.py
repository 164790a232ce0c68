"""What the worker has to do and when, and what it did, as far as a person answers for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from concord.catalog.errors import CatalogError
from concord.catalog.runs import DIGESTS, KNOWN, SYNC, Run
from concord.doctor.model import Check, Level, fine
from concord.workspace.schedule import Every, Schedule
from concord_taxonomy.standard import Principal

if TYPE_CHECKING:
    from concord.bootstrap.concord import Concord

FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=6)
LATE = timedelta(hours=1)
"""How long after it was due something is late."""


@dataclass(frozen=True, slots=True)
class Timer:
    """When a job is due. What has failed is tried again later each time, and within `last_retry`."""

    schedule: Schedule
    last_retry: timedelta = LAST_RETRY

    def due(self, last: Run) -> datetime:
        """When it is due after its last run: the same whoever asks, and however often a worker was started between."""
        if last.ended_at is None:
            return last.started_at
        if last.state == KNOWN and isinstance(self.schedule, Every):  # what has no time of day is due at once
            return last.started_at
        if last.more:
            return last.ended_at
        if last.state in ("failed", "lost"):
            # Sooner or later than by the schedule: a source that is away is not asked for at each of its times.
            return last.ended_at + self._retry(last.attempts)
        if last.state == "skipped":
            return last.ended_at + FIRST_RETRY
        return max(self.schedule.after(last.started_at), last.ended_at)

    def _retry(self, attempts: int) -> timedelta:
        factor: int = 2 ** min(attempts, 20)
        return min(FIRST_RETRY * factor, self.last_retry)


@dataclass(frozen=True, slots=True)
class Job:
    """A job, when it is due next, and its last runs, newest first; their `detail` may name what few may read."""

    name: str
    due: datetime
    runs: Sequence[Run]


def timers(concord: Concord) -> dict[str, Timer]:
    """Everything that is done by itself in a workspace, by name."""
    return dict(_timers(concord))


def _timers(concord: Concord) -> Iterator[tuple[str, Timer]]:
    yield "cases/deadlines", Timer(Every(timedelta(minutes=1)))
    yield "cases/proofs", Timer(Every(timedelta(minutes=10)))
    yield "cases/detection", Timer(Every(timedelta(hours=1)))
    for source in concord.foundation.sources.values():
        if source.schedule is not None:
            yield f"{SYNC}{source.id}", Timer(source.schedule)
    # Each server by itself, and never later than by the schedule: one that is away keeps nobody waiting at the others,
    # nor does one person who cannot be written to.
    settings = concord.settings.notifications
    term = timedelta(minutes=settings.digest_minutes)
    for server in settings.servers:
        yield f"{DIGESTS}{server}", Timer(Every(term), last_retry=term)


def job_of(concord: Concord, name: str, limit: int) -> Job | None:
    """A job with its last runs; None where it has no timer, or no worker knew of it yet."""
    timer, last = timers(concord).get(name), concord.runs.newest(name)
    return Job(name, timer.due(last), concord.runs.last(name, limit)) if timer and last else None


def jobs_of(concord: Concord, who: Principal, limit: int, part: slice = slice(None)) -> list[Job]:
    """The jobs that `who` answers for: syncs of their sources, and for leads what is done for all; by name.

    `limit` is how many runs of each, `part` which of the jobs.
    """
    leads = concord.ledger.open_to(who)
    mine = [name for name in sorted(timers(concord)) if _theirs(concord, who, name, leads)]
    return [job for job in (job_of(concord, name, limit) for name in mine[part]) if job]


def worked(concord: Concord, now: datetime) -> Check:
    """Whether what the worker did last went well, and is done when it is due."""
    try:
        known = [job for name in sorted(timers(concord)) if (job := job_of(concord, name, 1))]
    except (CatalogError, SQLAlchemyError):
        return Check("worker", Level.SKIPPED, "the catalog cannot be read, or nothing is applied")
    if not known:
        return fine("worker", "no worker ran yet")
    failed = [job.name for job in known if any(run.state in ("failed", "lost") for run in job.runs)]
    late = [job.name for job in known if job.due < now - LATE]
    if not failed and not late:
        return fine("worker", f"{len(known)} jobs, each done when it was due")
    found = [f"{what}: {', '.join(names)}" for what, names in (("failed", failed), ("late", late)) if names]
    return Check("worker", Level.WARNING, "; ".join(found), "see that `concord worker` runs, and what its log says")


def _theirs(concord: Concord, who: Principal, name: str, leads: bool) -> bool:
    return concord.foundation.answers_for(who, name.removeprefix(SYNC)) if name.startswith(SYNC) else leads
