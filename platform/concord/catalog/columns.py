"""The types of the catalog's columns, in place of SQLAlchemy's: each holds and orders the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, TypeDecorator
from sqlalchemy import String as SqlString
from sqlalchemy import Text as SqlText

from concord.catalog.storable import storable

Sequence = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database gives: 64 bits, which SQLite's own row number has under its name INTEGER."""


class String(TypeDecorator[str]):
    """Short text. `length` is what is expected, not a limit: SQLite has none, so PostgreSQL gets none either.

    Text is compared and ordered by code point, whatever the database's collation is.
    """

    impl = SqlString
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        """Leave SQLite's type as it is named; on PostgreSQL, text of any length under the collation C."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(SqlText(collation="C"))
        return super().load_dialect_impl(dialect)

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Make a text storable."""
        return None if value is None else storable(value)


class Text(String):
    """Text of any length."""

    impl = SqlText
    cache_ok = True


class Moment(TypeDecorator[datetime]):
    """A moment, written and read in UTC: SQLite keeps no zone, and moments are compared as they are written."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Turn a moment of any zone into UTC; raises `ValueError` for one without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone: moments need one")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give a moment its zone back."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
