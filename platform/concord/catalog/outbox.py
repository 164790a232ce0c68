"""The outbox: items whose points the index has yet to follow, written in the transaction that changed them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select

from concord.catalog.schema import chunks, items, outbox
from concord.catalog.sql import parts


def enqueue(connection: Connection, identifiers: Iterable[str]) -> None:
    """Note that the index must follow these items."""
    rows = [{"identifier": identifier} for identifier in identifiers]
    if rows:
        connection.execute(insert(outbox), rows)


def enqueue_all(connection: Connection, beside: Iterable[str] = ()) -> int:
    """Note that the index must follow every item with passages (it is being rebuilt), and those that it has `beside`.

    Returns how many were not waiting yet.
    """
    waiting = set(connection.scalars(select(outbox.c.identifier)))
    live = set(connection.scalars(select(items.c.identifier).where(items.c.live)))
    past = set(connection.scalars(select(chunks.c.identifier).distinct()))
    idle = sorted((live | past | set(beside)) - waiting)
    enqueue(connection, idle)
    return len(idle)


def pending(connection: Connection, limit: int) -> list[tuple[int, str]]:
    """The oldest entries: sequence number and identifier."""
    rows = connection.execute(select(outbox.c.seq, outbox.c.identifier).order_by(outbox.c.seq).limit(limit))
    return [(row.seq, row.identifier) for row in rows]


def identifiers(connection: Connection) -> list[str]:
    """The items that the index has yet to follow, each once, in the order in which they began to wait."""
    first = select(outbox.c.identifier).group_by(outbox.c.identifier).order_by(func.min(outbox.c.seq))
    return list(connection.scalars(first))


def acknowledge(connection: Connection, sequence: Sequence[int]) -> None:
    """Forget entries, once the index has flushed what they asked for."""
    for part in parts(sequence):
        connection.execute(delete(outbox).where(outbox.c.seq.in_(part)))


def waiting() -> Select[Any]:
    """The items that the index has yet to follow, to be used inside another statement."""
    return select(outbox.c.identifier)


def depth(connection: Connection) -> int:
    """Entries that wait."""
    return connection.scalar(select(func.count()).select_from(outbox)) or 0


def indexed_points(connection: Connection) -> int:
    """Points that the index should hold once the outbox is empty."""
    return connection.scalar(select(func.count()).select_from(chunks)) or 0


def settled_points(connection: Connection) -> int:
    """Points that the index should hold by now: those of items that do not wait."""
    settled = chunks.c.identifier.not_in(waiting())
    return connection.scalar(select(func.count()).select_from(chunks).where(settled)) or 0
