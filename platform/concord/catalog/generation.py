"""Whether anything was written since: one random value for what the catalog holds, drawn anew with every change.

What was read from the catalog may be kept in memory, and used as long as this value is the same. Numbers in order
would not do: a catalog put back from a copy could reach the same one with other contents.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, select, text, update

from concord.catalog.schema import generation

_CURRENT = select(generation.c.drawn)
_DRAW = update(generation)
_WRITTEN = {"sqlite": text("SELECT total_changes()"), "postgresql": text("SELECT pg_current_xact_id_if_assigned()")}


def current(connection: Connection) -> str | None:
    """The value in this transaction's view; None is never the same as another."""
    return connection.scalar(_CURRENT)


def written(connection: Connection) -> object:
    """A value that becomes another one as soon as this transaction writes anything."""
    return connection.scalar(_WRITTEN[connection.dialect.name])


def draw(connection: Connection) -> None:
    """Give what is written in this transaction a value of its own."""
    connection.execute(_DRAW, {"drawn": secrets.token_hex(16)})
