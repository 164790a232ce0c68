"""The few statements that SQLite and PostgreSQL share, but SQLAlchemy spells apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Integer, Table, TypeDecorator, bindparam, text
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from concord.catalog.storable import storable

KEYS_AT_ONCE = 500
"""Keys named in one statement: databases limit its parameters, PostgreSQL's protocol to 65,535."""
ROWS_AT_ONCE = 1000
"""Rows fetched at once where everything is read: a driver may otherwise hold them all."""


def parts(keys: Iterable[Any]) -> Iterator[list[Any]]:
    """The keys, each once and in order, in lists of `KEYS_AT_ONCE`."""
    unique = list(dict.fromkeys(keys))
    return (unique[start : start + KEYS_AT_ONCE] for start in range(0, len(unique), KEYS_AT_ONCE))


class _Keys(TypeDecorator[Any]):
    """Texts, or numbers of 64 bits, as one parameter: a JSON array on SQLite, an array on PostgreSQL."""

    impl = SqlText
    cache_ok = True

    def __init__(self, numbers: bool = False) -> None:
        super().__init__()
        self.numbers = numbers

    def load_dialect_impl(self, dialect: Any) -> Any:
        """The database's own type."""
        array = postgresql.ARRAY(BigInteger if self.numbers else SqlText)
        return dialect.type_descriptor(array if dialect.name == "postgresql" else SqlText())

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Any) -> Any:
        """Each key once, as it is stored."""
        keys = list(dict.fromkeys((value or ()) if self.numbers else map(storable, value or ())))
        return keys if dialect.name == "postgresql" else json.dumps(keys, ensure_ascii=False)


class _Listed(FunctionElement[str]):
    """The keys of a parameter, one a row."""

    inherit_cache = True
    type = SqlText()


@compiles(_Listed, "sqlite")
def _listed_by_sqlite(element: _Listed, compiler: Any, **given: Any) -> str:
    parameter = compiler.process(element.clauses, **given)
    return f"(SELECT value FROM json_each({parameter}))"  # noqa: S608 - the name of a parameter, and nothing of its value


@compiles(_Listed, "postgresql")
def _listed_by_postgresql(element: _Listed, compiler: Any, **given: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **given)}))"


def among(column: Column[Any]) -> ColumnElement[bool]:
    """Whether a column holds one of the keys given as the parameter `keys`, however many these are.

    They travel as one parameter, so that such a statement is built and compiled once for any number of keys, which
    costs more than running it where every key is a parameter of its own.
    """
    keys = _Keys(isinstance(column.type, Integer))
    return column.bool_op("IN")(_Listed(bindparam("keys", type_=keys)))


_GIVEN = {
    "sqlite": {"given": "(SELECT value AS key FROM json_each(:keys))", "cross": "CROSS"},
    "postgresql": {"given": "(SELECT unnest(:keys) AS key)", "cross": ""},
}
"""On SQLite a CROSS JOIN is read in the order in which it is written: the keys given first."""


def listed(connection: Connection, sql: str, keys: Sequence[Any], **more: int) -> list[Any]:
    """The rows of a statement of ours that reads `{given} AS given`, with the column `key`, and may `{cross}` JOIN."""
    typed = text(sql.format(**_GIVEN[connection.dialect.name])).bindparams(
        bindparam("keys", type_=_Keys(isinstance(keys[0], int))), *(bindparam(name) for name in more)
    )
    return list(connection.execute(typed, {"keys": keys, **more}).all())


_COUNT = """\
SELECT given.key, (
    SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE {table}.{column} = given.key LIMIT :most) AS counted)
FROM {{given}} AS given
"""


def capped_counts(connection: Connection, column: Column[Any], keys: Sequence[Any], limit: int) -> dict[Any, int]:
    """How many rows hold each of the keys in `column`, counted up to `limit`; an index on it makes that quick."""
    if not keys:
        return {}
    count = _COUNT.format(table=column.table.name, column=column.name)  # names of ours, and no value
    return {row.key: row[1] for row in listed(connection, count, keys, most=limit)}


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, or replace every given column of those that have the same primary key."""
    if rows:
        connection.execute(_upsert(connection.dialect.name, table, tuple(rows[0])), list(rows))


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet."""
    if rows:
        connection.execute(_insert(connection.dialect.name, table).on_conflict_do_nothing(), list(rows))


def _insert(dialect: str, table: Table) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


@cache
def _upsert(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    """Built once for a table and columns, which costs more than running it."""
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)
