"""How long past revisions are kept. A number that was given is never given again: what is dropped leaves its row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from concord.catalog import outbox
from concord.catalog.schema import chunks, items, revisions


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept of the past: revisions that held within `days`, and of each item the newest `per_item`."""

    days: int
    per_item: int

    def expired(self, connection: Connection, today: date) -> list[tuple[str, int]]:
        """Past revisions that are still kept and need not be: identifier and number."""
        age = func.row_number().over(partition_by=revisions.c.identifier, order_by=revisions.c.revision.desc())
        past = (
            select(revisions.c.identifier, revisions.c.revision, revisions.c.valid_until, age.label("age"))
            .join(items, items.c.identifier == revisions.c.identifier)
            .where(revisions.c.item.is_not(None), _past())
            .subquery()
        )
        old = past.c.valid_until <= today - timedelta(days=self.days)
        expired = select(past.c.identifier, past.c.revision).where(or_(old, past.c.age > self.per_item))
        return [(row.identifier, row.revision) for row in connection.execute(expired)]


def drop(connection: Connection, expired: list[tuple[str, int]]) -> None:
    """Forget texts, descriptions and passages of revisions, and let the index follow."""
    gone: dict[str, Any] = {"item": None, "body": None, "record": None, "labels": "", "lifecycle": [], "context": ""}
    for identifier, number in expired:
        this = (revisions.c.identifier == identifier) & (revisions.c.revision == number)
        connection.execute(update(revisions).where(this).values(**gone))
        connection.execute(delete(chunks).where(chunks.c.identifier == identifier, chunks.c.revision == number))
    outbox.enqueue(connection, sorted({identifier for identifier, _ in expired}))


def _past() -> ColumnElement[bool]:
    return ~(items.c.live & (items.c.revision == revisions.c.revision))
