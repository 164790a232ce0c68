"""Revisions in time: which wording held when, and what of it is kept.

A revision holds from the day on which its source began to show it (UTC; the last one of a day counts for that day)
until the next one took over or the record was deleted. One that its document puts in force later, by a `valid_from` of
its own, holds from then. Numbers only ever go up: what was recorded keeps its number, and what becomes known of the
past later is numbered behind it, in the order of time, with the current wording last (docs/decisions/0015).

A retained revision is one whose passages are kept beside the current one's. `concord.catalog.history` reads what is
written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, insert, or_, select, update

from concord.catalog import texts
from concord.catalog.chunks import Chunk, replace_chunks
from concord.catalog.records import StoredRecord, from_row, to_row
from concord.catalog.schema import chunks, items, quarantine, revisions
from concord.catalog.sql import among
from concord_taxonomy.standard.item import ContentItem

LIFECYCLE = ("status", "valid_from", "valid_until", "replaces", "is_replaced_by", "authority_tier")
"""Fields that decide whether an item stands, and that change without a change of its text."""

_WITHDRAWN = {"status": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Wording:
    """A revision to be written: what was derived, and what it was derived from."""

    item: ContentItem
    body: str = field(repr=False)
    labels: str = field(repr=False)
    chunks: tuple[Chunk, ...] = field(repr=False)
    record: StoredRecord = field(repr=False)
    context: str


def write_current(connection: Connection, wording: Wording, at: datetime) -> dict[str, Any]:
    """Write what an item is now over the revision whose text it leaves as it is, or as the next one; returns its item.

    The text and the passages are the caller's to write.
    """
    identifier = wording.item.identifier
    last = _last(connection, identifier)
    begun = _begun(wording, last, at)
    if last is not None and not last.reread and _same_text(last, wording):
        return _write_over(connection, last, wording, begun, at)
    return _append(connection, last, wording, begun, at)


def write_past(connection: Connection, wording: Wording, at: datetime, *, anew: bool = False) -> None:
    """Write an earlier version as the next revision, to be followed by its successors and the item itself.

    `anew` says that the item's past begins here: what was recorded of it before is kept for references alone.
    """
    last = _last(connection, wording.item.identifier)
    before = None if anew else last
    begun = _begun(wording, before, at)
    texts.keep(connection, [wording.body])
    if before is not None and not before.reread and _same_text(before, wording):
        _write_over(connection, before, wording, begun, at)
        return
    if anew:
        set_apart(connection, wording.item.identifier, at)
    data = _append(connection, last, wording, begun, at)
    replace_chunks(connection, wording.item.identifier, data["revision"], wording.chunks)


def write_unreadable(
    connection: Connection, identifier: str, version: str, since: datetime, at: datetime, *, anew: bool = False
) -> None:
    """Note an earlier version that could not be read: it takes a number, and nothing is known from its day on."""
    last = _last(connection, identifier)
    if anew:
        set_apart(connection, identifier, at)
    begun = min(since.astimezone(UTC).date(), at.date())
    if last is not None and not anew:
        begun = max(begun, last.valid_from)
    _close(connection, identifier, begun)
    row = {"identifier": identifier, "revision": last.revision + 1 if last else 1, "recorded_at": at, "labels": ""}
    row |= {"valid_from": begun, "lifecycle": [], "versions": [version], "context": "", "reread": False}
    connection.execute(insert(revisions), [row])


def end(connection: Connection, identifier: str, at: datetime) -> None:
    """Note that the source has the item no longer: its last revision held until that day, and stays retained."""
    _close(connection, identifier, at.date())
    forget_idle_chunks(connection, identifier)


def hide(connection: Connection, identifier: str) -> bool:
    """Take every revision out of every answer, and say whether any was in one.

    They come back once the item is derived again.
    """
    connection.execute(update(revisions).where(revisions.c.identifier == identifier).values(context=""))
    return connection.execute(delete(chunks).where(chunks.c.identifier == identifier)).rowcount > 0


def forget_idle_chunks(connection: Connection, identifier: str, current: int = 0) -> None:
    """Delete passages of revisions that no date can reach: those read anew, and those replaced on their first day."""
    idle = select(revisions.c.revision).where(
        revisions.c.identifier == identifier, revisions.c.reread | (revisions.c.valid_until <= revisions.c.valid_from)
    )
    mine = (chunks.c.identifier == identifier) & (chunks.c.revision != current)
    connection.execute(delete(chunks).where(mine, chunks.c.revision.in_(idle)))


def versions_held(connection: Connection, identifiers: Sequence[str]) -> dict[str, set[str]]:
    """The versions of records that revisions of these items were derived from, those read anew left out."""
    held: dict[str, set[str]] = {}
    mine = revisions.c.identifier.in_(identifiers) & revisions.c.reread.is_(False)
    for row in connection.execute(select(revisions.c.identifier, revisions.c.versions).where(mine)):
        held.setdefault(row.identifier, set()).update(row.versions)
    return held


@dataclass(frozen=True, slots=True)
class Stale:
    """A retained revision that was derived in another context; `newest` says that the item itself is gone."""

    identifier: str
    revision: int
    record: StoredRecord
    newest: bool


def stale(
    connection: Connection, source: str, contexts: Sequence[str], limit: int, after: tuple[str, int] = ("", 0)
) -> list[Stale]:
    """Retained revisions of a source, behind `after`, whose descriptions and passages have to be derived again."""
    behind = (revisions.c.identifier > after[0]) | (
        (revisions.c.identifier == after[0]) & (revisions.c.revision > after[1])
    )
    unread = exists().where(quarantine.c.source == items.c.source, quarantine.c.native_id == items.c.native_id)
    newer = revisions.alias()
    newest = ~exists().where(newer.c.identifier == revisions.c.identifier, newer.c.revision > revisions.c.revision)
    rows = connection.execute(
        select(revisions, (newest & ~items.c.live).label("newest"))
        .join(items, items.c.identifier == revisions.c.identifier)
        .where(items.c.source == source, behind, revisions.c.context.not_in(contexts), ~unread)
        .where(
            revisions.c.record.is_not(None), _reachable(), ~(items.c.live & (items.c.revision == revisions.c.revision))
        )
        .order_by(revisions.c.identifier, revisions.c.revision)
        .limit(limit)
    ).all()
    bodies = texts.load(connection, (row.body for row in rows))
    return [
        Stale(row.identifier, row.revision, from_row(row.record, bodies[row.body]), bool(row.newest)) for row in rows
    ]


def write_again(connection: Connection, held: Stale, wording: Wording | None, context: str) -> None:
    """Write a retained revision as it is described now; None, where it cannot be any more, keeps its text alone.

    Its title is part of what its number stands for, and stays.
    """
    this = (revisions.c.identifier == held.identifier) & (revisions.c.revision == held.revision)
    if wording is None:
        connection.execute(update(revisions).where(this).values(context=context))
        replace_chunks(connection, held.identifier, held.revision, ())
        return
    was = connection.execute(select(revisions.c.item).where(this)).scalar_one()
    item = wording.item.model_dump(mode="json") | {name: was[name] for name in ("revision", "title", "generated_at")}
    connection.execute(update(revisions).where(this).values(item=item, labels=wording.labels, context=context))
    replace_chunks(connection, held.identifier, held.revision, wording.chunks)
    if held.newest:
        # The item is gone, and its last revision is all that says who may read it.
        gone = connection.execute(select(items.c.item).where(items.c.identifier == held.identifier)).scalar_one()
        access = {name: item[name] for name in ("readers", "access_rights")}
        connection.execute(update(items).where(items.c.identifier == held.identifier).values(item=gone | access))


_PASSAGES = exists().where(chunks.c.identifier == revisions.c.identifier, chunks.c.revision == revisions.c.revision)
_RETAINED = (
    select(revisions)
    .where(among(revisions.c.identifier), revisions.c.item.is_not(None), _PASSAGES)
    .order_by(revisions.c.identifier, revisions.c.revision)
)


def retained(connection: Connection, identifiers: Sequence[str]) -> Iterator[Row[Any]]:
    """The revisions of items that have passages, by identifier, oldest first."""
    yield from connection.execute(_RETAINED, {"keys": identifiers})


def _reachable() -> ColumnElement[bool]:
    """Whether a date can lead to a revision."""
    spans = or_(revisions.c.valid_until.is_(None), revisions.c.valid_until > revisions.c.valid_from)
    return revisions.c.reread.is_(False) & spans


def _last(connection: Connection, identifier: str) -> Row[Any] | None:
    mine = select(revisions).where(revisions.c.identifier == identifier)
    return connection.execute(mine.order_by(revisions.c.revision.desc()).limit(1)).one_or_none()


def _same_text(last: Row[Any], wording: Wording) -> bool:
    same_title = last.item is not None and last.item["title"] == wording.item.title
    return same_title and bool(last.body == texts.text_hash(wording.body))


def _begun(wording: Wording, last: Row[Any] | None, at: datetime) -> date:
    """The first day of a wording: its source's, or the later one that it states itself; of the first known one, that.

    A day that cannot be (before that of the revision which it follows, or to come) becomes the nearest that can: where
    the source keeps time, the day of the revision before; elsewhere, today.
    """
    today, own = at.date(), wording.item.valid_from
    day, keeps_time = _source_day(wording)
    day = min(day or today, today)
    if last is None:
        return own or day
    announced = last.item is not None and last.item["valid_from"] == last.valid_from.isoformat()
    if day < last.valid_from and not (announced and keeps_time):
        day = last.valid_from if keeps_time else today
    return max(day, own) if own else day


def _source_day(wording: Wording) -> tuple[date | None, bool]:
    """The day on which the source began to show a wording, and whether the source itself keeps that time."""
    history = wording.record.fields.get("history", {})
    if moment := history.get("since") or (history.get("modified") if history.get("revision") else None):
        return datetime.fromisoformat(moment).astimezone(UTC).date(), True
    stated = wording.item.modified or wording.item.issued
    return (stated.astimezone(UTC).date() if stated else None), False


def _append(
    connection: Connection, last: Row[Any] | None, wording: Wording, begun: date, at: datetime
) -> dict[str, Any]:
    _close(connection, wording.item.identifier, begun)
    number = last.revision + 1 if last is not None else 1
    data = _data(wording, number, at)
    row = {"identifier": wording.item.identifier, "revision": number, "recorded_at": at, "valid_from": begun}
    row |= {"lifecycle": [], "reread": False, "versions": [wording.record.version], **_columns(wording, data)}
    connection.execute(insert(revisions), [row])
    return data


def _write_over(connection: Connection, last: Row[Any], wording: Wording, begun: date, at: datetime) -> dict[str, Any]:
    """Write what is known by now of a revision whose text is the same; how it stood until then is remembered."""
    data = _data(wording, last.revision, at)
    if all(last.item.get(name) == value for name, value in data.items() if name != "generated_at"):
        data["generated_at"] = last.item["generated_at"]
    states = list(last.lifecycle)
    held = {name: last.item[name] for name in LIFECYCLE}
    if last.valid_until is not None:
        # The source did not have it for a while.
        back = max(begun, last.valid_until) if _source_day(wording)[1] else at.date()
        states += [[last.valid_until.isoformat(), held], [back.isoformat(), held | {"status": "withdrawn"}]]
    elif held != {name: data[name] for name in LIFECYCLE}:
        states.append([max(begun, last.valid_from).isoformat(), held])
    record = wording.record
    versions = dict.fromkeys([*last.versions, record.version]) if _keeps_past(record) else [record.version]
    values = {**_columns(wording, data), "lifecycle": states, "valid_until": None, "versions": list(versions)}
    mine = (revisions.c.identifier == last.identifier) & (revisions.c.revision == last.revision)
    connection.execute(update(revisions).where(mine).values(**values))
    return data


def _keeps_past(record: StoredRecord) -> bool:
    return bool(record.fields.get("history", {}).get("since"))


def _data(wording: Wording, number: int, at: datetime) -> dict[str, Any]:
    item = wording.item.model_copy(update={"revision": number, "generated_at": at})
    return item.model_dump(mode="json")


def _columns(wording: Wording, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "item": data,
        "body": texts.text_hash(wording.body),
        "labels": wording.labels,
        "record": to_row(wording.record),
        "context": wording.context,
    }


def _close(connection: Connection, identifier: str, day: date) -> None:
    """Let something else take over on a day."""
    later = or_(revisions.c.valid_until.is_(None), revisions.c.valid_until > day)
    mine = (revisions.c.identifier == identifier) & revisions.c.reread.is_(False)
    connection.execute(update(revisions).where(mine, later).values(valid_until=day))


def set_apart(connection: Connection, identifier: str, at: datetime) -> None:
    """Keep what was recorded of an item for references alone: its past is read anew, or goes on under another name."""
    _close(connection, identifier, at.date())
    connection.execute(update(revisions).where(revisions.c.identifier == identifier).values(reread=True))
