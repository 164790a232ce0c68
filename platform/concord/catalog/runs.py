"""What `concord worker` did, as DBOS keeps it: each run is a durable workflow, in a database beside the catalog.

That is the file `runs.db` of the state folder, or a schema beside the catalog's where that is on PostgreSQL. A workflow
has the id `job@due`, so that one due time is run once, whoever starts it; `job@` says since when a job is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError

from concord.catalog.engine import reading, sqlite_url
from concord.catalog.errors import CatalogUnreachable

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus

SYNC = "sync/"
"""What the name of a job begins with that syncs a source; the source's id follows."""
DIGESTS = "digests/"
"""What the name of a job begins with that sends digests; `email`, or `webhook/` and its name, follows."""
KNOWN = "known"
"""The state of what is no run: since when a job is known."""
APPLICATION = "concord"


@dataclass(frozen=True, slots=True)
class Run:
    """One time that a job was run; `state` is running, done, failed, skipped or lost (DBOS gave it up)."""

    id: str
    job: str
    worker: str
    started_at: datetime
    ended_at: datetime | None
    state: str
    detail: str
    attempts: int = 0
    """Failures in a row before this run."""
    more: bool = False
    """A part was done, and the rest is due at once."""


@dataclass(frozen=True)
class Runs:
    """The runs beside a catalog; raises `CatalogUnreachable` where they cannot be read."""

    engine: Engine
    folder: Path

    @cached_property
    def schema(self) -> str | None:
        """The schema that they are in, beside the catalog's own; None in a file."""
        if self.engine.dialect.name != "postgresql":
            return None
        with reading(self.engine) as connection:
            return f"{connection.scalar(select(func.current_schema()))}_dbos"

    @property
    def url(self) -> str:
        """Of their database; it may hold a password."""
        if self.schema is None:
            return sqlite_url(self.folder / "runs.db")
        return self.engine.url.render_as_string(hide_password=False)

    def newest(self, job: str) -> Run | None:
        """The last run of a job, or since when it is known; None where it is not."""
        found = self._found(workflow_id_prefix=f"{job}@", sort_desc=True, limit=3)
        return _run(max(found, key=lambda each: (each.created_at or 0, each.workflow_id))) if found else None

    def last(self, job: str, limit: int) -> Sequence[Run]:
        """The runs of a job, newest first."""
        found = self._found(workflow_id_prefix=f"{job}@", sort_desc=True, limit=limit + 1)
        return [run for run in map(_run, found) if run.state != KNOWN][:limit]

    def last_done(self, job: str) -> datetime | None:
        """When the newest run of a job began that was done, of those of late."""
        return next((run.started_at for run in self.last(job, 50) if run.state == "done"), None)

    def unfinished(self, worker: str | None = None) -> Sequence[Run]:
        """What a worker, or any, has begun and not ended, and what waits for one since another died."""
        return [_run(each) for each in self._found(status=["PENDING", "ENQUEUED"], executor_id=worker)]

    def resume(self, runs: Collection[Run]) -> None:
        """Let any worker do again what another left when it died."""
        with _told():
            self._client.resume_workflows([each.id for each in runs])

    def forget(self, before: datetime, keep: Collection[str]) -> None:
        """Delete runs that were begun before a moment, a hundred at once, except those of these ids."""
        old = self._found(end_time=before.isoformat(), limit=100 + len(keep), load_output=False)
        ids = [each.workflow_id for each in old if each.workflow_id not in keep and each.completed_at]
        if ids:
            with _told():
                self._client.delete_workflows(ids[:100])

    def close(self) -> None:
        """Let go of the database."""
        if "_client" in vars(self):
            self._client.destroy()

    @cached_property
    def _client(self) -> DBOSClient:
        from dbos import DBOSClient

        return DBOSClient(
            system_database_url=self.url,
            dbos_system_schema=self.schema,
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,
        )

    def _found(self, **wanted: Any) -> list[WorkflowStatus]:
        if self.schema is None and not (self.folder / "runs.db").exists():
            return []
        with _told():
            try:
                return self._client.list_workflows(load_input=False, **wanted)
            except DBAPIError as error:
                # No worker has run here yet, or one is making its tables.
                if getattr(error.orig, "sqlstate", None) == "42P01" or "no such table" in str(error.orig):
                    return []
                raise


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise CatalogUnreachable(f"the runs of the worker cannot be read or written ({error.orig})") from error


def _run(found: WorkflowStatus) -> Run:
    job = found.workflow_id.rpartition("@")[0]
    # What waits belongs to nobody, whoever had it.
    worker = "" if found.status == "ENQUEUED" else found.executor_id or ""
    begun = _moment(found.created_at)
    if found.status in ("PENDING", "ENQUEUED"):
        return Run(found.workflow_id, job, worker, begun, None, "running", "")
    if found.status != "SUCCESS" or found.output is None:
        return Run(found.workflow_id, job, worker, begun, _moment(found.updated_at), "lost", str(found.error or ""))
    told = dict(found.output)
    started, ended = (datetime.fromisoformat(told.pop(name)) for name in ("started_at", "ended_at"))
    return Run(found.workflow_id, job, worker, started, ended, **told)


def _moment(milliseconds: int | None) -> datetime:
    return datetime.fromtimestamp((milliseconds or 0) / 1000, UTC)
