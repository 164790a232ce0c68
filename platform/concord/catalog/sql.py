"""The few statements that SQLite and PostgreSQL share, but SQLAlchemy spells apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

KEYS_AT_ONCE = 500
"""Keys named in one statement: databases limit its parameters, PostgreSQL's protocol to 65,535."""
ROWS_AT_ONCE = 1000
"""Rows fetched at once where everything is read: a driver may otherwise hold them all."""


def parts(keys: Iterable[Any]) -> Iterator[list[Any]]:
    """The keys, each once and in order, in lists of `KEYS_AT_ONCE`."""
    unique = list(dict.fromkeys(keys))
    return (unique[start : start + KEYS_AT_ONCE] for start in range(0, len(unique), KEYS_AT_ONCE))


def _insert(connection: Connection, table: Table) -> Any:
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, or replace every given column of those that have the same primary key."""
    if not rows:
        return
    statement = _insert(connection, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows))


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), list(rows))
