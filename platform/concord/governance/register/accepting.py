"""Accepting a difference, and taking that back: people's decisions about entries of the conflict register."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from sqlalchemy import Engine

from concord.authority.conflicts import sides
from concord.catalog import differences
from concord.catalog.audit import AuditEvent
from concord.catalog.differences import Difference
from concord.catalog.engine import writing
from concord.governance.errors import NotAllowed, NothingAccepted, WhyNeeded
from concord.governance.register.model import Entry
from concord_taxonomy.standard import Principal


def may_accept(who: Principal, entry: Entry) -> bool:
    """Whether `who` may decide alone: they answer for a page on every side, or are the steward of one."""
    owners = {page.claim: page.owner for page in entry.pages}
    if any(owner and owner.steward in who.tokens for owner in owners.values()):
        return True
    return all(
        any(owner and who.may_read([each for each in (owner.owner, owner.backup) if each]) for owner in held)
        for held in ([owners[claim] for claim in side] for side in sides([page.claim for page in entry.pages]))
    )


def _check(who: Principal, entry: Entry) -> None:
    if not may_accept(who, entry):
        raise NotAllowed(f"user:{who.id}", "it takes who answers for both sides, or the steward of one")


def accept(engine: Engine, who: Principal, entry: Entry, why: str, scope: str | None = None) -> Difference:
    """Let both sides stand between the pages that `who` sees; raises `NotAllowed`, and `WhyNeeded` without a reason.

    A page that says one of the two later, or a changed value, is a contradiction again.
    """
    _check(who, entry)
    if not why.strip():
        raise WhyNeeded
    by_value = entry.sides()
    pairs = frozenset(
        frozenset((one.item.identifier, other.item.identifier))
        for place, mine in enumerate(by_value)
        for theirs in by_value[place + 1 :]
        for one in mine
        for other in theirs
    )
    user = f"user:{who.id}"
    made = Difference(str(uuid.uuid4()), entry.id, pairs, why, (scope or "").strip() or None, user, datetime.now(UTC))
    data = {"id": made.id, "pairs": sorted(map(sorted, pairs)), "why": why, "scope": made.scope}
    with writing(engine) as connection:
        differences.accept(connection, made)
        AuditEvent("conflict.accepted", user, entry.id, data).append(connection)
    return made


def revoke(engine: Engine, who: Principal, entry: Entry) -> int:
    """Let a difference stand no more; returns how many decisions that were.

    Raises `NotAllowed`, and `NothingAccepted` where none stands.
    """
    _check(who, entry)
    if not entry.accepted:
        raise NothingAccepted(entry.id)
    ids = [each.id for each in entry.accepted]
    with writing(engine) as connection:
        differences.revoke(connection, ids, f"user:{who.id}", datetime.now(UTC))
        AuditEvent("conflict.acceptance_revoked", f"user:{who.id}", entry.id, {"ids": ids}).append(connection)
    return len(ids)
