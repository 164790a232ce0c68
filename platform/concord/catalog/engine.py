"""Opening the catalog by URL, and its two kinds of transaction: a view that stands still, and writing alone.

The guarantees are the same on both databases: who writes is the only one to write until the end of the transaction
(SQLite's BEGIN IMMEDIATE; an advisory lock on PostgreSQL), so that numbers are given in the order of commits, what was
read is still true when it is written over, and nothing has to be tried again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from concord.catalog import generation, postgresql, sqlite
from concord.catalog.errors import CatalogSetting

_OPENERS = {"sqlite": sqlite.open_engine, "postgresql": postgresql.open_engine}


def sqlite_url(path: Path) -> str:
    """The URL of a catalog in one file."""
    return f"sqlite:///{path}"


def create_catalog_engine(url: str) -> Engine:
    """An engine for `url`; nothing is opened before its first use.

    Raises `CatalogSetting` for a URL that cannot be used; on use that too, `CatalogUnreachable`, `CatalogBusy`,
    `CatalogDiskFull`, and `CatalogDamaged` for a broken SQLite file.
    """
    parsed = _parsed(url)
    kind = parsed.drivername.partition("+")[0]
    if kind not in _OPENERS:
        advice = "write postgresql://" if kind == "postgres" else "write sqlite:/// or postgresql://"
        raise CatalogSetting(f"no kind of database is called {kind!r}: {advice}")
    return _OPENERS[kind](parsed)


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        form = "sqlite:////folder/catalog.db or postgresql://user:password@host:5432/database"
        raise CatalogSetting(f"this is no database URL: write one like {form}") from error


@contextmanager
def writing(engine: Engine, *, renews: bool = True) -> Iterator[Connection]:
    """A short write transaction: the write lock is taken at once, and everything commits or nothing does.

    What it writes makes another generation of the catalog, except where it `renews` nothing: where no answer is made
    from it, as from traces, corrections, conversations and runs of evaluations.
    """
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        before = generation.written(connection) if renews else None
        yield connection
        if renews and generation.written(connection) != before:
            generation.draw(connection)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read transaction: one consistent view of the catalog."""
    with engine.connect() as connection, connection.begin():
        yield connection
