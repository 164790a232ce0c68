"""Records that could not be read or mapped: kept with the reason and the owner, never dropped silently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, select

from concord.catalog.schema import quarantine
from concord.catalog.sql import upsert


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that is not indexed. `reason` is a stable word, `detail` a sentence for its owner."""

    source: str
    native_id: str
    version: str
    stage: Literal["read", "map"]
    reason: str
    detail: str
    owner: str | None
    context: str
    since: datetime


def put(connection: Connection, entry: Quarantined) -> None:
    """Quarantine a record; an entry that is there keeps the date since when."""
    held = of_record(connection, entry.source, entry.native_id)
    row = {name: getattr(entry, name) for name in Quarantined.__slots__}
    if held is not None:
        row["since"] = held.since
    upsert(connection, quarantine, [row])


def release(connection: Connection, source: str, native_id: str) -> None:
    """Take a record out of quarantine."""
    connection.execute(delete(quarantine).where(quarantine.c.source == source, quarantine.c.native_id == native_id))


def entries(connection: Connection) -> list[Quarantined]:
    """Everything in quarantine, by source and native id."""
    return [
        _entry(row)
        for row in connection.execute(select(quarantine).order_by(quarantine.c.source, quarantine.c.native_id))
    ]


def unread(connection: Connection, source: str) -> list[Quarantined]:
    """Records of a source that could not be read, so that there is nothing to derive them from again."""
    rows = connection.execute(select(quarantine).where(quarantine.c.source == source, quarantine.c.stage == "read"))
    return [_entry(row) for row in rows]


def of_record(connection: Connection, source: str, native_id: str) -> Quarantined | None:
    """What a record is in quarantine for."""
    row = connection.execute(
        select(quarantine).where(quarantine.c.source == source, quarantine.c.native_id == native_id)
    ).one_or_none()
    return _entry(row) if row else None


def _entry(row: Row[Any]) -> Quarantined:
    return Quarantined(**{name: getattr(row, name) for name in Quarantined.__slots__})
