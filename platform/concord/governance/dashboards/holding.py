"""Who may deal with each case, derived for counting: the same people to whom the desk shows it, where they may read it.

What a holding is derived from (declarations, items, absences of the day) is part of its stamp, and one of another stamp
is derived anew before anything is counted: a right that was taken away counts at the next look.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import Connection, Engine

from concord.access.recipients import MayRead
from concord.catalog import generation, holdings, items
from concord.catalog.engine import reading, writing
from concord.catalog.holdings import Holding
from concord.governance.cases.places import Places
from concord_feedback.cases import Case, Resolution, Severity, State, SubState
from concord_feedback.causes import CONFIDENTIAL, RootCause

VERSION = 2
"""Raised when holdings are derived otherwise of the same cases."""
_AT_ONCE = 500
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Holders:
    """Derives holdings under what is in force: `digest` names the declarations, `department_of` that of a person."""

    engine: Engine
    places: Places
    digest: str
    department_of: Callable[[str], str]

    @contextmanager
    def settled(self) -> Iterator[Connection]:
        """A transaction in which every holding is derived from what holds now."""
        with reading(self.engine) as connection:
            if not holdings.waiting(connection, self._stamp(connection)):
                yield connection
                return
        with writing(self.engine, renews=False) as connection:
            self._derive(connection, self._stamp(connection))
            yield connection

    def catch_up(self) -> int:
        """Derive what waits, a few cases at a time, so that nobody who looks has to; returns how many cases it were.

        Nothing is written where nothing waits. What changes meanwhile waits for the next time, or for who looks first.
        """
        places, done = self._places(), 0
        with reading(self.engine) as connection:
            stamp = self._stamp(connection)
            waits = holdings.waiting(connection, stamp)
        while waits:
            with writing(self.engine, renews=False) as connection:
                found = self._some(connection, places, stamp)
            done, waits = done + found, found == _AT_ONCE
        return done

    def _places(self) -> Places:
        return replace(self.places, may_read=_remembered(self.places.may_read))

    def _stamp(self, connection: Connection) -> str:
        today = datetime.now(UTC).date()
        away = [(each.who, each.delegate) for each in self.places.ownership.away if each.since <= today < each.until]
        # A generation that is not known is never the same as another.
        drawn = generation.current(connection) or secrets.token_hex(16)
        return hashlib.sha256(json.dumps([VERSION, self.digest, drawn, away]).encode()).hexdigest()

    def _derive(self, connection: Connection, stamp: str) -> None:
        places = self._places()
        while self._some(connection, places, stamp):
            pass

    def _some(self, connection: Connection, places: Places, stamp: str) -> int:
        """Derive some of what waits; how many cases."""
        found = holdings.pending(connection, stamp, _AT_ONCE)
        holdings.replace(connection, {case.id: self._of(connection, places, case) for case in found}, stamp)
        return len(found)

    def _of(self, connection: Connection, places: Places, case: Case) -> list[Holding]:
        place = places.of(connection, case)
        chain = places.route(connection, case, datetime.now(UTC).date()).chain
        held = {case.owner, *chain}
        if case.about.cause not in CONFIDENTIAL:
            held.add(places.ownership.roles.triage)
        tokens = sorted(each for each in held if each and place.may_read(each))
        department = self._department(connection, case) if tokens else ""
        return [_holding(case, token, department) for token in tokens]

    def _department(self, connection: Connection, case: Case) -> str:
        """That of the item, else of whoever has the case."""
        item = items.last_known(connection, case.about.item) if case.about.item else None
        return (item.publisher if item else None) or self.department_of(case.owner or "")


def _holding(case: Case, token: str, department: str) -> Holding:
    found = case.found_at or case.opened_at
    due = case.acknowledge_by if case.state is State.NEW else case.fix_by
    proven = case.closed_at if case.sub_state is SubState.FIXED_CONFIRMED else None
    by_hand = case.closed_at if case.resolution is Resolution.FIXED else None
    return Holding(
        token=token,
        mine=token == case.owner,
        open=case.open,
        state=case.state.value,
        severity=_SEVERITIES.index(case.severity),
        due=due or case.changed_at,
        found_on=found.astimezone(UTC).date(),
        cause=case.about.cause.value,
        department=department,
        use_case=case.about.scope,
        rule=case.rule,
        gap=case.about.cause is RootCause.MISSING_CONTENT or case.about.place.startswith("asked:"),
        asked=case.reach.asked,
        people=case.reach.people,
        reopened=case.reopened > 0,
        detect=_seconds(case.asked_at, found),
        acknowledge=_seconds(found, case.acknowledged_at),
        fix=_seconds(found, proven),
        confirm=_seconds(found, by_hand),
    )


def _seconds(start: datetime | None, end: datetime | None) -> int | None:
    return max(0, round((end - start).total_seconds())) if start and end else None


def _remembered(may_read: MayRead) -> MayRead:
    @cache
    def known(holder: str, readers: tuple[str, ...]) -> bool:
        return may_read(holder, readers)

    def told(holder: str, readers: Sequence[str]) -> bool:
        return known(holder, tuple(readers))

    return told
