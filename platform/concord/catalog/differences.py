"""Accepted differences: contradictions that people decided to leave as they are; decisions, so never derived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from concord.catalog.schema import differences
from concord.catalog.sql import among


@dataclass(frozen=True, slots=True)
class Difference:
    """That two things said (`entry`) may both stand between these items, why, and where each holds (`scope`)."""

    id: str
    entry: str
    pairs: frozenset[frozenset[str]]
    why: str
    scope: str | None
    accepted_by: str
    accepted_at: datetime

    def covers(self, one: str, other: str) -> bool:
        """Whether it was accepted between these two items."""
        return frozenset((one, other)) in self.pairs

    def describe(self) -> str:
        """The decision in one sentence."""
        where = f" ({self.scope})" if self.scope else ""
        return f"Accepted as a difference{where} by {self.accepted_by} on {self.accepted_at:%Y-%m-%d}: {self.why}"


def accept(connection: Connection, difference: Difference) -> None:
    """Write a decision; the caller adds the audit event."""
    row = {
        "id": difference.id,
        "entry": difference.entry,
        "pairs": sorted(sorted(pair) for pair in difference.pairs),
        "why": difference.why,
        "scope": difference.scope,
        "accepted_by": difference.accepted_by,
        "accepted_at": difference.accepted_at,
    }
    connection.execute(insert(differences), [row])


def revoke(connection: Connection, ids: Iterable[str], by: str, at: datetime) -> None:
    """Let decisions stand no more; their rows stay."""
    chosen = differences.c.id.in_(list(ids)) & differences.c.revoked_at.is_(None)
    connection.execute(update(differences).where(chosen).values(revoked_by=by, revoked_at=at))


_STANDING = select(differences).where(differences.c.revoked_at.is_(None))
_OF_ENTRIES = _STANDING.where(among(differences.c.entry))


def standing(connection: Connection, entries: Sequence[str]) -> list[Difference]:
    """The decisions that stand about these entries."""
    return [_difference(row) for row in connection.execute(_OF_ENTRIES, {"keys": entries})] if entries else []


def all_standing(connection: Connection) -> list[Difference]:
    """Every decision that stands, whoever may read what it is about."""
    return [_difference(row) for row in connection.execute(_STANDING)]


def _difference(row: Any) -> Difference:
    pairs = frozenset(frozenset(pair) for pair in row.pairs)
    return Difference(row.id, row.entry, pairs, row.why, row.scope, row.accepted_by, row.accepted_at)
