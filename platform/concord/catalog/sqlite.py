"""The catalog in one SQLite file: WAL mode, with short, immediate write transactions."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import ArgumentError

from concord.catalog.errors import CatalogBusy, CatalogDamaged, CatalogDiskFull, CatalogSetting
from concord.catalog.storable import to_json

BUSY_SECONDS = 30
_CACHE_KIB = 16 * 1024
"""Memory of each connection for pages of the file: enough for the inner ones of the indexes of 100,000 passages."""
_LOG_PAGES = 1_000
"""Pages of 4 KiB in the log, after which they are moved into the file: syncs write the same ones again and again."""
_WRITING = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_LITTLE = 2**20
"""Bytes free below which a failed write is put down to a full disk, whatever SQLite calls it."""
_DAMAGE = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})


def open_engine(url: URL) -> Engine:
    """An engine for `url`; raises `CatalogSetting`; on use `CatalogBusy`, `CatalogDiskFull`, `CatalogDamaged`."""
    try:
        engine = create_engine(
            url, connect_args={"timeout": BUSY_SECONDS}, json_serializer=to_json, hide_parameters=True
        )
    except ArgumentError as error:
        raise CatalogSetting("this names no file: write it like sqlite:////folder/catalog.db") from error

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling begins too late and deferred: SQLAlchemy says BEGIN itself, below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        cursor.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    @event.listens_for(engine, "handle_error")
    def _explain(context: ExceptionContext) -> None:
        error = context.original_exception
        # The low byte is the kind of error; the others say more of it. The driver's own errors may have no code.
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF if isinstance(error, sqlite3.Error) else 0
        if kind in _DAMAGE:
            raise CatalogDamaged(engine.url.database or ":memory:", str(error)) from error
        if kind == sqlite3.SQLITE_BUSY:
            raise CatalogBusy(BUSY_SECONDS) from error
        path = engine.url.database or ":memory:"
        if kind == sqlite3.SQLITE_FULL or (kind in _WRITING and _disk_is_full(path)):
            raise CatalogDiskFull(path) from error
        if kind == sqlite3.SQLITE_CANTOPEN:
            raise CatalogSetting(
                f"no file can be opened at {path}: its folder must be there, and open to you"
            ) from error

    return engine


def _disk_is_full(path: str) -> bool:
    folder = Path(path).parent
    return folder.is_dir() and shutil.disk_usage(folder).free < _LITTLE
