"""Reading revisions: how an item stood on a date, and what is known of its past.

A revision is read by those whom both its own description and the item as it is now let: a revocation hides the past as
well, and a page that was opened after its secrets were taken out does not open those. Of an item that is gone, its last
revision stands for now, as the mapping in force describes it, and, for it may have been moved, every item that holds
the same text. One in quarantine has no readable past.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, exists, or_, select

from concord.catalog import texts
from concord.catalog.errors import NoSuchItem, NoSuchRevision
from concord.catalog.schema import chunks, items, quarantine, revisions
from concord_taxonomy.standard.item import ContentItem, modified_date
from concord_taxonomy.standard.refs import ItemRef
from concord_taxonomy.standard.tokens import Principal, common_readers


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which a revision held: from `start` until the day before `end`, which is None for a current one."""

    start: date
    end: date | None = None

    def __str__(self) -> str:
        if self.end is None:
            return f"since {self.start}"
        last = self.end - timedelta(days=1)
        return f"{self.start} to {last}" if last >= self.start else f"never ({self.start} was taken over the same day)"

    def to_json(self) -> dict[str, str | None]:
        """The period as JSON values; `until` is the first day on which it no longer held."""
        return {"from": self.start.isoformat(), "until": self.end.isoformat() if self.end else None}


@dataclass(frozen=True, slots=True)
class Stood:
    """An item as it stood on a date, and the days on which that wording held."""

    item: ContentItem
    period: Period


def readable_at(
    connection: Connection, principal: Principal, identifiers: Iterable[str], day: date
) -> dict[str, Stood]:
    """Those of the items that stood on `day`, as they stood, and that `principal` may read now."""
    wanted = list(dict.fromkeys(identifiers))
    found = {}
    for start in range(0, len(wanted), 500):
        rows = connection.execute(
            select(revisions, items.c.item.label("now"), items.c.live, items.c.body.label("last_body"))
            .join(items, items.c.identifier == revisions.c.identifier)
            .where(revisions.c.identifier.in_(wanted[start : start + 500]), revisions.c.reread.is_(False))
            .where(revisions.c.item.is_not(None), revisions.c.valid_from <= day, _passages())
            .where(or_(revisions.c.valid_until.is_(None), revisions.c.valid_until > day))
        ).all()
        closed = _closed_texts(connection, principal, {row.last_body for row in rows if not row.live})
        for row in rows:
            stood = _as_it_stood(row, day)
            if _may_read(principal, row.item, row.now) and (row.live or row.last_body not in closed):
                found[row.identifier] = Stood(stood, Period(row.valid_from, row.valid_until))
    return found


def _closed_texts(connection: Connection, principal: Principal, bodies: set[str]) -> set[str]:
    """Those of the texts that an item holds which `principal` may not read."""
    held = select(items.c.body, items.c.item).where(items.c.live, items.c.body.in_(bodies))
    rows = connection.execute(held) if bodies else ()
    return {row.body for row in rows if not principal.may_read(row.item["readers"])}


def _as_it_stood(row: Row[Any], day: date) -> ContentItem:
    """A revision's item with its life cycle on a day, and the access that it and today's item leave.

    What was done to the item after that day, such as a change of its description or a review, is not told of.
    """
    state: Mapping[str, Any] = next((fields for until, fields in row.lifecycle if day.isoformat() < until), {})
    item = {**row.item, **state, **_access(row.item, row.now), "invalidated_at": None}
    stood = ContentItem.model_validate(item)
    later: dict[str, Any] = {}
    if (modified := modified_date(stood)) and modified > day:
        later["modified"] = datetime.combine(row.valid_from, time(), UTC)
    if stood.last_reviewed and stood.last_reviewed > day:
        later["last_reviewed"] = None
    return stood.model_copy(update=later) if later else stood


def _may_read(principal: Principal, item: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return principal.may_read(item["readers"]) and principal.may_read(now["readers"])


def _access(item: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    return {"readers": common_readers(item["readers"], now["readers"]), "access_rights": now["access_rights"]}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A revision as it was recorded; `item` and `body` are None where it is no longer kept, or could not be read.

    `reread` says that the item's history was read anew since, under higher numbers.
    """

    revision: int
    period: Period
    recorded_at: datetime
    item: ContentItem | None
    body: str | None = field(repr=False)
    current: bool
    reread: bool

    @property
    def state(self) -> str:
        """`current`, `kept`, `reread` (its history was read anew since) or `not_kept` (or it could not be read)."""
        if self.item is None:
            return "not_kept"
        return "current" if self.current else "reread" if self.reread else "kept"

    def to_json(self) -> dict[str, Any]:
        """The revision as JSON values, without its text."""
        return {
            "revision": self.revision,
            "held": self.period.to_json(),
            "state": self.state,
            "recorded_at": self.recorded_at.isoformat(timespec="seconds"),
            "title": self.item.title if self.item else None,
            "status": self.item.status.value if self.item else None,
            "landing_page": self.item.landing_page if self.item else None,
        }


def history_of(
    connection: Connection, principal: Principal, identifier: str, asked: str | None = None
) -> list[Recorded]:
    """As `readable_history`; raises `NoSuchItem`, which names the item as it was `asked` for."""
    try:
        identifier.encode()
    except UnicodeEncodeError:
        raise NoSuchItem(identifier) from None
    found = readable_history(connection, principal, identifier)
    if found is None:
        raise NoSuchItem(asked or identifier)
    return found


def chosen(history: Sequence[Recorded], named: ItemRef) -> tuple[Recorded, ContentItem]:
    """The revision that a reference names, and its item; raises `NoSuchRevision`."""
    found = next((each for each in history if each.revision == named.revision), None)
    if found is None:
        known = (
            f"its revisions are {history[0].revision} to {history[-1].revision}"
            if history
            else "nothing is known of its past"
        )
        problem = f"{named.identifier} has no revision {named.revision}: {known}"
        raise NoSuchRevision(named.identifier, named.revision, problem)
    if found.item is None:
        problem = f"revision {named.revision} of {named.identifier} is no longer kept, or could not be read"
        raise NoSuchRevision(named.identifier, named.revision, problem)
    return found, found.item


def readable_history(
    connection: Connection, principal: Principal, identifier: str, *, lost: bool = False
) -> list[Recorded] | None:
    """The revisions of an item that `principal` may read now, oldest first; None for one that is not there for them.

    One that is no longer kept is told of to whoever reads the item. `lost` asks also for an item that its source has
    lost and no answer can be made of any more: the last grants that were known of it decide.
    """
    now = connection.execute(select(items).where(items.c.identifier == identifier)).one_or_none()
    if now is None or not principal.may_read(now.item["readers"]):
        return None
    if not now.live:
        kept = exists().where(chunks.c.identifier == identifier)
        there = connection.scalar(select(or_(kept, _left_by_its_source(now)) if lost else kept))
        if not there or _closed_texts(connection, principal, {now.body}):
            return None
    rows = connection.execute(
        select(revisions).where(revisions.c.identifier == identifier).order_by(revisions.c.revision)
    ).all()
    bodies = texts.load(connection, (row.body for row in rows if row.body))
    return [
        Recorded(
            revision=row.revision,
            period=Period(row.valid_from, row.valid_until),
            recorded_at=row.recorded_at,
            item=row.item and ContentItem.model_validate({**row.item, **_access(row.item, now.item)}),
            body=bodies.get(row.body),
            current=now.live and row.revision == now.revision,
            reread=row.reread,
        )
        for row in rows
        if row.item is None or _may_read(principal, row.item, now.item)
    ]


def _left_by_its_source(now: Row[Any]) -> Any:
    """Whether an item that is not live was plainly removed: neither set aside unread nor called otherwise since.

    Who may read those is not known by their last grants: a record in quarantine may have said, a new name says.
    """
    unread = exists().where(quarantine.c.source == now.source, quarantine.c.native_id == now.native_id)
    mine = (revisions.c.identifier == now.identifier) & revisions.c.reread.is_(False)
    return ~unread & exists().where(mine, revisions.c.context != "")  # none: set aside, or forgotten


def _passages() -> Any:
    return exists().where(chunks.c.identifier == revisions.c.identifier, chunks.c.revision == revisions.c.revision)


def recorded_since(connection: Connection, identifier: str, moment: datetime) -> tuple[str, datetime] | None:
    """The newest revision of an item (a reference) that was recorded after a moment, and when; for upkeep."""
    newest = (
        select(revisions.c.revision, revisions.c.recorded_at)
        .where(revisions.c.identifier == identifier, revisions.c.recorded_at > moment)
        .order_by(revisions.c.revision.desc())
        .limit(1)
    )
    row = connection.execute(newest).one_or_none()
    return (f"{identifier}@{row.revision}", row.recorded_at) if row else None
