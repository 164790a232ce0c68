"""The audit log: append-only events, each carrying the hash of the one before it.

`AuditEvent` lives here rather than in `concord.governance`, because ingestion appends events too and stands below it
(docs/decisions/0003-catalog-as-source-of-truth.md).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from concord.catalog.errors import AuditBroken
from concord.catalog.schema import audit_events
from concord.catalog.sql import ROWS_AT_ONCE
from concord.catalog.storable import storable, storable_value

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Something that a person or the platform did, in the terms of CloudEvents (`type`, `subject`, `data`)."""

    type: str
    actor: str
    subject: str
    data: dict[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def append(self, connection: Connection) -> None:
        """Add the event to the log, in the transaction that does what it tells of."""
        previous = head(connection) or GENESIS
        # The hash is of what is kept, or the chain would break at an event whose text cannot be kept as it is.
        kept = replace(self, actor=storable(self.actor), subject=storable(self.subject), data=storable_value(self.data))
        connection.execute(
            insert(audit_events).values(
                id=kept.id,
                at=kept.at,
                actor=kept.actor,
                type=kept.type,
                subject=kept.subject,
                data=kept.data,
                previous=previous,
                hash=kept._hash(previous),
            )
        )

    def _hash(self, previous: str) -> str:
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        content = [previous, self.id, moment, self.actor, self.type, self.subject, self.data]
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def events(connection: Connection) -> Iterator[AuditEvent]:
    """Every event, oldest first; raises `AuditBroken` where the chain does not hold."""
    previous = GENESIS
    oldest_first = select(audit_events).order_by(audit_events.c.seq)
    with connection.execute(oldest_first, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        for row in rows:
            event = _event(row)
            if row.previous != previous or row.hash != event._hash(previous):
                raise AuditBroken(row.seq)
            previous = row.hash
            yield event


def events_of(connection: Connection, subject: str) -> list[AuditEvent]:
    """What was done to one subject, oldest first; the chain is not checked."""
    mine = select(audit_events).where(audit_events.c.subject == subject).order_by(audit_events.c.seq)
    return [_event(row) for row in connection.execute(mine)]


def events_since(connection: Connection, types: Collection[str], since: datetime | None) -> Iterator[AuditEvent]:
    """What was done of these types, oldest first; the chain is not checked."""
    chosen = select(audit_events).where(audit_events.c.type.in_(sorted(types))).order_by(audit_events.c.seq)
    if since is not None:
        chosen = chosen.where(audit_events.c.at >= since)
    with connection.execute(chosen, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        yield from map(_event, rows)


def head(connection: Connection) -> str | None:
    """The hash of the last event: kept elsewhere, it tells whether the log was cut off since; None before anything."""
    last: str | None = connection.scalar(select(audit_events.c.hash).order_by(audit_events.c.seq.desc()).limit(1))
    return last


def holds(connection: Connection, digest: str) -> bool:
    """Whether an event has this hash; the chain is not checked."""
    return connection.scalar(select(audit_events.c.seq).where(audit_events.c.hash == digest)) is not None


def origin(connection: Connection) -> str | None:
    """The hash of the first event, which tells a catalog from every other one; None before anything was done."""
    first: str | None = connection.scalar(select(audit_events.c.hash).order_by(audit_events.c.seq).limit(1))
    return first


def _event(row: Row[Any]) -> AuditEvent:
    return AuditEvent(row.type, row.actor, row.subject, row.data, row.id, row.at)
