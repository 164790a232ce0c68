"""The worker: takes what is due, one thing at a time, until it is told to stop.

Workers of one workspace share its timers, which are rows of the catalog: whoever takes one holds it, so that nothing is
done twice at once, and what a worker that died had taken is due again when its hold is over.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from concord.bootstrap import Concord
from concord.catalog import jobs
from concord.catalog.activations import active_digest
from concord.catalog.engine import reading, writing
from concord.catalog.errors import CatalogError, NothingApplied
from concord.catalog.jobs import Run
from concord.worker.beside import beside
from concord.worker.duties import Duty, DutyBusy, DutyFailed, DutyUnfinished, duties

HOLD = timedelta(minutes=2)
"""How long a job is held without being renewed."""
FIRST_RETRY = timedelta(minutes=1)
KEEP_RUNS = timedelta(days=30)

_log = logging.getLogger("concord.worker")


def _now() -> datetime:
    return datetime.now(UTC)


def retry_after(attempts: int, last: timedelta) -> timedelta:
    """How long to wait after so many failures before: twice as long each time, and `last` at most."""
    factor: int = 2 ** min(attempts, 20)
    return min(FIRST_RETRY * factor, last)


@dataclass
class Worker:
    """Does what is due in a workspace; `now` is the clock."""

    concord: Concord
    now: Callable[[], datetime] = _now
    name: str = field(default_factory=lambda: f"{socket.gethostname()}/{os.getpid()}")
    hold: timedelta = HOLD
    stopped: threading.Event = field(default_factory=threading.Event)

    def work(self, poll_seconds: float) -> None:
        """Do what is due until `stop`; raises `NothingApplied` at the start where nothing is in force."""
        self._in_force()
        while not self.stopped.is_set():
            try:
                busy = self.step() is not None
            except CatalogError as error:
                _log.warning("the catalog could not be used: %s", error)
                busy = False
            if not busy:
                self.stopped.wait(poll_seconds)

    def stop(self) -> None:
        """Take nothing more; what is being done is done to its end."""
        self.stopped.set()

    def drain(self) -> list[Run]:
        """Do everything that is due now; returns the runs."""
        done: list[Run] = []
        while not self.stopped.is_set() and (run := self.step()) is not None:
            done.append(run)
        return done

    def step(self) -> Run | None:
        """Do the one thing that has been due longest; None where nothing is."""
        due = self._in_force()
        now = self.now()
        wanted = {each.name: (each.first(now), each.schedule.after(now)) for each in due.values()}
        with reading(self.concord.engine) as connection:
            idle = not (jobs.news(connection, wanted) or jobs.any_due(connection, wanted, now))
        if idle:
            return None
        with writing(self.concord.engine, renews=False) as connection:
            jobs.declare(connection, jobs.news(connection, wanted))
            run = jobs.take(connection, wanted, self.name, now, self.hold)
            jobs.forget(connection, wanted, now - KEEP_RUNS)
        return self._done(run, due[run.job]) if run is not None else None

    def _done(self, run: Run, duty: Duty) -> Run:
        with self._held(run):
            state, detail = self._tried(duty)
        now = self.now()
        following = duty.schedule.after(run.started_at)
        if state == "failed":
            # Sooner or later than by the schedule: a source that is away is not asked for at each of its times.
            following = now + retry_after(run.attempts, duty.last_retry)
        elif state == "skipped":
            following = now + FIRST_RETRY
        elif state == "unfinished":
            state, following = "done", now
        with writing(self.concord.engine, renews=False) as connection:
            jobs.end(connection, run, now, max(following, now), state, detail)
            jobs.forget_runs(connection, now - KEEP_RUNS)
        _log.log(logging.WARNING if state == "failed" else logging.INFO, "%s: %s: %s", duty.name, state, detail)
        return Run(run.id, run.job, run.worker, run.started_at, now, state, detail)

    def _tried(self, duty: Duty) -> tuple[str, str]:
        try:
            return "done", duty.run(self.concord)
        except DutyUnfinished as error:
            return "unfinished", str(error)
        except DutyBusy as error:
            return "skipped", str(error)
        except DutyFailed as error:
            return "failed", str(error)
        except Exception as error:
            # One duty that fails leaves the others alone; it is tried again, and shown.
            _log.exception("%s failed", duty.name)
            return "failed", f"{type(error).__name__}: {error}"

    @contextmanager
    def _held(self, run: Run) -> Iterator[None]:
        """Hold a job for as long as it takes."""

        def renew(over: threading.Event) -> None:
            while not over.wait(self.hold.total_seconds() / 4):
                try:
                    with writing(self.concord.engine, renews=False) as connection:
                        jobs.renew(connection, run, _now() + self.hold)
                except CatalogError as error:
                    _log.warning("%s could not be held for longer: %s", run.job, error)

        with beside("hold", renew):
            yield

    def _in_force(self) -> dict[str, Duty]:
        """What there is to do by what is in force now."""
        with reading(self.concord.engine) as connection:
            digest = active_digest(connection)
        if digest is None:
            raise NothingApplied
        if digest != self.concord.foundation.declarations.digest:
            self.concord = self.concord.renewed()
        return duties(self.concord)
