"""Which notification was sent where: noted before it is sent, so that nothing is ever sent twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from concord.catalog.cases import Told
from concord.catalog.schema import deliveries, notifications


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notification that was not sent to a target yet."""

    key: str
    told: Told


def waiting(
    connection: Connection, target: str, recipients: Collection[str], since: datetime, limit: int
) -> Sequence[Waiting]:
    """What these recipients (tokens) were told since a moment and `target` was not sent, oldest first."""
    sent = select(deliveries.c.notification).where(deliveries.c.target == target)
    mine = notifications.c.recipient.in_(sorted(recipients)) & (notifications.c.at >= since)
    rows = select(notifications).where(mine & notifications.c.key.not_in(sent)).order_by(notifications.c.at)
    return [
        Waiting(row.key, Told(row.recipient, row.case_id, row.at, row.kind, row.proposal_id))
        for row in connection.execute(rows.order_by(notifications.c.key).limit(limit))
    ]


def claim(connection: Connection, target: str, keys: Sequence[str], at: datetime) -> None:
    """Note that notifications are about to be sent; whoever dies then leaves them `sending`, and nobody repeats it."""
    rows = [{"notification": key, "target": target, "at": at, "state": "sending"} for key in keys]
    connection.execute(insert(deliveries), rows)


def settle(connection: Connection, target: str, keys: Collection[str], state: str) -> None:
    """Note what became of notifications: sent, unsure, failed, or withheld: overtaken, or no longer theirs to see."""
    mine = (deliveries.c.target == target) & deliveries.c.notification.in_(sorted(keys))
    connection.execute(update(deliveries).where(mine).values(state=state))


def release(connection: Connection, target: str, keys: Collection[str]) -> None:
    """Let notifications be sent later: the other side has certainly not taken them."""
    mine = (deliveries.c.target == target) & deliveries.c.notification.in_(sorted(keys))
    connection.execute(delete(deliveries).where(mine))
