"""The worker: takes what is due, one thing at a time, until it is told to stop.

A run is a durable workflow of DBOS. Its id is made of the job and of when that was due, so that several workers, or one
that was started again, never run one due time twice. When a job is due follows from its last run alone. A worker holds
a lock for as long as it lives: what it had begun when that is free is done again by whoever finds it.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy.exc import DBAPIError

from concord.bootstrap import Concord
from concord.bootstrap.running import Timer, timers
from concord.catalog.activations import active_digest
from concord.catalog.engine import reading
from concord.catalog.errors import CatalogError, CatalogSetting, NothingApplied
from concord.catalog.runs import APPLICATION, KNOWN, Run
from concord.ingestion.errors import SourceBusy
from concord.worker.duties import DutyBusy, DutyFailed, DutyUnfinished, do

if TYPE_CHECKING:
    from dbos import DBOSConfig

VERSION = "1"
"""Of the workflow below: DBOS hands what a worker left to workers of the same version alone."""
KEEP_RUNS = timedelta(days=30)

_log = logging.getLogger("concord.worker")


def _now() -> datetime:
    return datetime.now(UTC)


def _name() -> str:
    return f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}"


@dataclass
class Worker:
    """Does what is due in a workspace; `now` is the clock. DBOS allows one of them to be at work in a process."""

    concord: Concord
    now: Callable[[], datetime] = _now
    name: str = field(default_factory=_name)
    stopped: threading.Event = field(default_factory=threading.Event)
    _run: Callable[[str, str, int], dict[str, Any]] = field(init=False)
    _last: dict[str, Run] = field(default_factory=dict)
    _done: list[Run] = field(default_factory=list)
    _one: threading.Lock = field(default_factory=threading.Lock)
    """What another left is done in a thread of DBOS's own, and one thing at a time all the same."""

    def work(self, poll_seconds: float) -> None:
        """Do what is due until `stop`; raises `NothingApplied` at the start where nothing is in force."""
        self._in_force()
        while not self.stopped.is_set():
            try:
                with self.launched() as held:
                    while not self.stopped.is_set():
                        held()
                        if self.step() is None:
                            self.stopped.wait(poll_seconds)
            except CatalogError as error:
                _log.warning("the catalog could not be used: %s", error)
                self.stopped.wait(poll_seconds)

    def stop(self) -> None:
        """Take nothing more; what is being done is done to its end."""
        self.stopped.set()

    def drain(self) -> list[Run]:
        """Do everything that is due now; returns the runs, those included that another worker had left."""
        self._in_force()
        self._done.clear()
        with self.launched():
            while not self.stopped.is_set():
                if self.step() is None:
                    if not self._taken_over():
                        break
                    self.stopped.wait(0.05)
        return list(self._done)

    @contextmanager
    def launched(self) -> Iterator[Callable[[], None]]:
        """Be at work; what is given raises `CatalogError` where others take this worker for dead."""
        from dbos import DBOS

        with self.concord.locks.held(_lock(self.name)) as held:
            self._launch()
            try:
                yield held
                while self.concord.runs.unfinished(self.name):
                    time.sleep(0.05)
            finally:
                DBOS.destroy(destroy_registry=True)
        self.concord.locks.forget(_lock(self.name))

    def step(self) -> Run | None:
        """Do the one thing that has been due longest; None where nothing is."""
        wanted = self._in_force()
        self._rescue()
        last = {name: self._newest(name) for name in wanted}
        now = self.now()
        due = {name: timer.due(last[name]) for name, timer in wanted.items() if last[name].ended_at}
        for name in sorted((each for each in due if due[each] <= now), key=lambda each: (due[each], each)):
            if run := self._begin(name, due[name].isoformat(), last[name]):
                return run
        return None

    def _newest(self, job: str) -> Run:
        """The last run of a job, which another worker may do; where there is none, it is known from now on."""
        known = self._last.get(job)
        if known is None or known.ended_at is None:
            known = self.concord.runs.newest(job)
        while known is None:
            self._begin(job, "")
            known = self.concord.runs.newest(job)
        self._last[job] = known
        return known

    def _begin(self, job: str, due: str, last: Run | None = None) -> Run | None:
        """Run a job that was due then, unless another has begun to; returns the run."""
        from dbos import DBOS, SetWorkflowID

        attempts = last.attempts + 1 if last is not None and last.state in ("failed", "lost") else 0
        with SetWorkflowID(f"{job}@{due}"):
            begun = DBOS.start_workflow(self._run, job, due, attempts)
        mine = begun.get_status().executor_id == self.name
        if mine:
            begun.get_result()
        newest = self.concord.runs.newest(job)
        if newest is not None:
            self._last[job] = newest
        self.concord.runs.forget(_now() - KEEP_RUNS, [each.id for each in self._last.values()])
        return newest if mine else None

    def _ran(self, job: str, due: str, attempts: int) -> dict[str, Any]:
        with self._one:
            started = self.now()
            state, detail = self._tried(job) if due else (KNOWN, "")
            more = state == "unfinished"
            made = Run(f"{job}@{due}", job, self.name, started, self.now(), "done" if more else state, detail)
            if due:
                _log.log(logging.WARNING if state == "failed" else logging.INFO, "%s: %s: %s", job, made.state, detail)
                self._done.append(made)
        moments = {"started_at": started.isoformat(), "ended_at": (made.ended_at or started).isoformat()}
        return {**moments, "state": made.state, "detail": detail, "attempts": attempts, "more": more}

    def _tried(self, job: str) -> tuple[str, str]:
        try:
            if job not in self._in_force():
                return "skipped", "the settings of this worker do not have it"
            return "done", do(self.concord, job)
        except DutyUnfinished as error:
            return "unfinished", str(error)
        except DutyBusy as error:
            return "skipped", str(error)
        except DutyFailed as error:
            return "failed", str(error)
        except Exception as error:
            # One duty that fails leaves the others alone; it is tried again, and shown.
            _log.exception("%s failed", job)
            return "failed", f"{type(error).__name__}: {error}"

    def _taken_over(self) -> bool:
        """Whether something is under way that this worker took over from one that died, or may."""
        return any(each.worker in ("", self.name) for each in self.concord.runs.unfinished())

    def _rescue(self) -> None:
        """Let what workers left that have died be done again."""
        for dead in {each.worker for each in self.concord.runs.unfinished()} - {"", self.name}:
            try:
                with self.concord.locks.held(_lock(dead)):
                    # Looked up again: only who holds the lock knows that no other has let it be done yet.
                    if left := self.concord.runs.unfinished(dead):
                        self.concord.runs.resume(left)
                self.concord.locks.forget(_lock(dead))
            except SourceBusy:
                continue

    def _in_force(self) -> dict[str, Timer]:
        """What there is to do by what is in force now."""
        with reading(self.concord.engine) as connection:
            digest = active_digest(connection)
        if digest is None:
            raise NothingApplied
        if digest != self.concord.foundation.declarations.digest:
            self.concord = self.concord.renewed()
        return timers(self.concord)

    def _launch(self) -> None:
        """Start DBOS; raises `CatalogSetting` where it cannot keep its runs."""
        from dbos import DBOS, WorkflowSerializationFormat

        log = logging.getLogger("dbos")
        if not log.handlers:
            log.addHandler(logging.NullHandler())  # or it would write to the console itself
        runs = self.concord.runs
        config: DBOSConfig = {
            "name": APPLICATION,
            "application_version": VERSION,
            "executor_id": self.name,
            "system_database_url": runs.url,
            "dbos_system_schema": runs.schema or "dbos",
            "enable_otlp": False,
            "log_level": "WARNING",
            "notification_listener_polling_interval_sec": 0.1,  # its end is waited for; nothing is ever heard
        }
        DBOS(config=config)

        # One step, which a worker that died leaves to be done again from its beginning; in JSON, not pickled.
        @DBOS.workflow(name="duty", serialization_type=WorkflowSerializationFormat.PORTABLE)
        def duty(job: str, due: str, attempts: int) -> dict[str, Any]:
            return DBOS.run_step({"name": "run"}, lambda: self._ran(job, due, attempts))

        self._run = duty
        try:
            DBOS.launch()
        except DBAPIError as error:
            DBOS.destroy(destroy_registry=True)
            raise CatalogSetting(f"the worker cannot keep its runs there: {error.orig}") from error


def _lock(worker: str) -> str:
    return f"_worker-{worker.replace('/', '-')}"
