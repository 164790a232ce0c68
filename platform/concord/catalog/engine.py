"""Opening the catalog: SQLite in WAL mode with short, immediate write transactions; other databases by URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from concord.catalog.errors import CatalogDamaged, CatalogSetting

BUSY_SECONDS = 30
_PACKAGES = {"psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient"}
"""Packages of drivers that are not named like their module."""
_DAMAGE = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})


def sqlite_url(path: Path) -> str:
    """The URL of a catalog in one file."""
    return f"sqlite:///{path}"


def create_catalog_engine(url: str) -> Engine:
    """An engine for `url`; nothing is opened before its first use.

    Raises `CatalogSetting` for a URL that cannot be used, and on use `CatalogDamaged` for a broken SQLite file.
    """
    if not url.startswith("sqlite"):
        return _create(url, pool_pre_ping=True)
    engine = _create(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling begins too late and deferred: SQLAlchemy says BEGIN itself, below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    @event.listens_for(engine, "handle_error")
    def _explain(context: ExceptionContext) -> None:
        error = context.original_exception
        # The low byte is the kind of error; the others say more of it. The driver's own errors may have no code.
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
            raise CatalogDamaged(engine.url.database or ":memory:", str(error)) from error

    return engine


def _create(url: str, **options: Any) -> Engine:
    try:
        return create_engine(url, **options)
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        package = _PACKAGES.get(module, module)
        raise CatalogSetting(f"the database's driver is missing: `pip install '{package}'`") from error
    except NoSuchModuleError as error:
        kind = url.partition(":")[0]
        advice = "write postgresql://" if kind == "postgres" else "write sqlite:/// or postgresql://"
        raise CatalogSetting(f"no kind of database is called {kind!r}: {advice}") from error
    except (ArgumentError, ValueError) as error:
        form = "sqlite:////folder/catalog.db or postgresql://user:password@host:5432/database"
        raise CatalogSetting(f"this is no database URL: write one like {form}") from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A short write transaction: the write lock is taken at once, and everything commits or nothing does."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read transaction: one consistent view of the catalog."""
    with engine.connect() as connection, connection.begin():
        yield connection
