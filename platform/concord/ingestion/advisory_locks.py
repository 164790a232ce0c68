"""Locks across machines that share a catalog on PostgreSQL: its advisory locks, each held by a session of its own.

The server lets go of them when the session ends: at the end of the process, at once where it dies, and within a minute
where its machine is gone.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select, text

from concord.catalog.postgresql import lock_key
from concord.ingestion.errors import SourceBusy

_HOLDER = text("""\
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 1
AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND ((classid::bigint << 32) | objid::bigint) = :key
""")


@dataclass(frozen=True, slots=True)
class AdvisoryLocks:
    """An `Exclusion` for all that use this catalog."""

    engine: Engine

    @contextmanager
    def held(self, source: str) -> Iterator[Callable[[], None]]:
        """Hold the lock of a source; raises `SourceBusy` at once where another does."""
        with self._session() as connection:
            key = connection.scalar(select(lock_key(f"source {source}")))
            if not connection.scalar(select(func.pg_try_advisory_lock(key))):
                raise SourceBusy(source, *_holder(connection, key))
            yield lambda: connection.execute(text("SELECT 1")).close()
            # Were the session lost meanwhile, another command might have begun: this raises `CatalogUnreachable`.
            connection.execute(select(func.pg_advisory_unlock(key)))

    @contextmanager
    def index(self) -> Iterator[None]:
        """Hold the right to let the index follow, waiting for it."""
        with self._session() as connection:
            connection.execute(text("SET lock_timeout = 0"))
            connection.execute(select(func.pg_advisory_lock(lock_key("index"))))
            yield

    @contextmanager
    def _session(self) -> Iterator[Connection]:
        """A connection that never goes back to the pool: closed, it lets go of whatever it holds."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()
            yield connection


def _holder(connection: Connection, key: int | None) -> tuple[int | None, str | None]:
    """Process id and machine of who holds a lock (`concord.catalog.postgresql.whoami`), where it can be told."""
    name = connection.scalar(_HOLDER, {"key": key}) or ""
    match name.split():
        case ["concord", host, process] if process.isdigit():
            return int(process), None if host == socket.gethostname()[:40] else host
        case _:
            return None, None
