"""Items: what is written when one is derived, and what a principal may read of them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Text, cast, delete, func, insert, select, type_coerce, union, update

from concord.catalog import outbox, revisions, texts
from concord.catalog.chunks import Chunk, chunk_id, keep_readings, replace_chunks
from concord.catalog.columns import String
from concord.catalog.history import Period
from concord.catalog.revisions import Wording
from concord.catalog.schema import chunks, items, replacements, tags
from concord.catalog.sql import ROWS_AT_ONCE, among, upsert
from concord_taxonomy.standard.item import ContentItem
from concord_taxonomy.standard.tokens import Principal, common_readers

POINTS_VERSION = 2
"""Raised when points are made otherwise of the same items."""


@dataclass(frozen=True, slots=True)
class TagRow:
    """A concept of an item: who gave it, how strongly (0 to 1), and the words that led to it."""

    concept: str
    origin: str
    score: float
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DerivedItem:
    """Everything derived from one record. The item's revision and `generated_at` are settled when it is stored."""

    wording: Wording
    tags: tuple[TagRow, ...]


def store_derived(connection: Connection, derived: DerivedItem, at: datetime) -> bool:
    """Write a derived item, and enqueue it where the index must follow; returns whether it must.

    The revision is raised when body or title changed; metadata alone leaves revision and passages as they are. An item
    that is derived again and comes out the same is not mined again.
    """
    wording = derived.wording
    identifier = wording.item.identifier
    held = connection.execute(select(items).where(items.c.identifier == identifier)).one_or_none()
    texts.keep(connection, [wording.body])
    data = revisions.write_current(connection, wording, at)
    revision = data["revision"]
    item = wording.item.model_copy(update={"revision": revision})
    state = _index_state(item, wording.labels, wording.chunks)
    same = held is not None and held.live and (held.item, held.index_state) == (data, state)
    row = {
        "identifier": identifier,
        "source": item.source,
        "native_id": item.was_derived_from.native_id,
        "revision": revision,
        "item": data,
        "body": texts.text_hash(wording.body),
        "live": True,
        "labels": wording.labels,
        "record_version": wording.record.version,
        "context": wording.context,
        "index_state": state,
        "mined": held.mined if held is not None and same else None,
        "owner": item.contact_point,
        "review_due": item.review_due,
    }
    upsert(connection, items, [row])
    _replace_tags(connection, identifier, derived.tags)
    _replace_links(connection, item)
    changed = held is None or not held.live or held.index_state != state
    if changed:
        replace_chunks(connection, identifier, revision, wording.chunks)
        revisions.forget_idle_chunks(connection, identifier, revision)
        outbox.enqueue(connection, [identifier])
    else:
        keep_readings(connection, identifier, revision, wording.chunks)
    return changed


def retract(connection: Connection, identifier: str, at: datetime, context: str | None = None) -> None:
    """Take an item and all its revisions out of every answer: its record was quarantined, or its source dropped.

    They stay in the catalog, and come back once the item is derived again; passages, links and index points go.
    """
    shown = revisions.hide(connection, identifier)
    if _take_out(connection, identifier, at, context) or shown:
        outbox.enqueue(connection, [identifier])


def remove(connection: Connection, identifier: str, at: datetime, *, renamed: bool = False) -> None:
    """Take an item out of every answer about the present: its source no longer has it.

    Its revisions are found for the dates on which they held; those of a `renamed` one are not, for who may read them
    is decided by what it is called now, whose own past holds them where the source gives it.
    """
    _take_out(connection, identifier, at, None)
    revisions.end(connection, identifier, at)
    if renamed:
        revisions.hide(connection, identifier)
        revisions.set_apart(connection, identifier, at)
    outbox.enqueue(connection, [identifier])


def _take_out(connection: Connection, identifier: str, at: datetime, context: str | None) -> bool:
    """Let an item be live no more; returns whether it was."""
    held = connection.execute(select(items).where(items.c.identifier == identifier)).one_or_none()
    if held is None or not held.live:
        return False
    data = {**held.item, "invalidated_at": at.isoformat()}
    values = {"live": False, "item": data, "index_state": "", "context": context or held.context, "mined": None}
    connection.execute(update(items).where(items.c.identifier == identifier).values(**values))
    connection.execute(delete(replacements).where(replacements.c.stated_by == identifier))
    return True


def _index_state(item: ContentItem, labels: str, passages: Sequence[Chunk]) -> str:
    """Hash everything that the passages and index points of the item are made of."""
    parts = [
        POINTS_VERSION,
        labels,
        item.identifier,
        item.source,
        item.publisher,
        item.status,
        item.authority_tier,
        sorted(item.readers),
        sorted(item.subject),
        [
            [chunk_id(item.identifier, item.revision, c.ordinal), c.content_hash, c.start, c.page, str(c.changed)]
            for c in passages
        ],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _replace_tags(connection: Connection, identifier: str, given: Iterable[TagRow]) -> None:
    connection.execute(delete(tags).where(tags.c.identifier == identifier))
    rows = [
        {
            "identifier": identifier,
            "concept": tag.concept,
            "origin": tag.origin,
            "score": round(tag.score * 1000),
            "matched": list(tag.matched),
        }
        for tag in given
    ]
    if rows:
        connection.execute(insert(tags), rows)


def _replace_links(connection: Connection, item: ContentItem) -> None:
    connection.execute(delete(replacements).where(replacements.c.stated_by == item.identifier))
    pairs = {(item.identifier, old) for old in item.replaces} | {(new, item.identifier) for new in item.is_replaced_by}
    rows = [{"successor": new, "predecessor": old, "stated_by": item.identifier} for new, old in sorted(pairs)]
    if rows:
        connection.execute(insert(replacements), rows)


@dataclass(frozen=True, slots=True)
class IndexedItem:
    """What the index is told of a revision: its description, whom it and today's item both let read, when it held."""

    item: ContentItem
    labels: str
    period: Period


def indexed_identifiers(connection: Connection) -> list[str]:
    """Every item that is live or has a retained past, in order; for the index and upkeep, never shown."""
    indexed = items.c.live | items.c.identifier.in_(select(chunks.c.identifier))
    return list(connection.scalars(select(items.c.identifier).where(indexed).order_by(items.c.identifier)))


_ITEMS = select(items).where(among(items.c.identifier))


def for_index(connection: Connection, identifiers: Sequence[str]) -> dict[str, list[IndexedItem]]:
    """The revisions that the index must hold of items: the current one, open-ended, and those retained.

    For the outbox alone.
    """
    known = {row.identifier: row for row in connection.execute(_ITEMS, {"keys": identifiers})}
    found: dict[str, list[IndexedItem]] = {}
    for row in revisions.retained(connection, identifiers):
        if (now := known.get(row.identifier)) is None:
            continue
        current = now.live and row.revision == now.revision
        period = Period(row.valid_from, None if current else row.valid_until)
        readers = common_readers(row.item["readers"], now.item["readers"])
        item = ContentItem.model_validate(now.item if current else {**row.item, "readers": readers})
        found.setdefault(row.identifier, []).append(IndexedItem(item, now.labels if current else row.labels, period))
    return found


_LIVE = select(cast(items.c.item, Text)).where(among(items.c.identifier), items.c.live)


def readable(connection: Connection, principal: Principal, identifiers: Iterable[str]) -> dict[str, ContentItem]:
    """Those of the items that are live and that `principal` may read now."""
    keys = list(identifiers)
    texts = connection.scalars(_LIVE, {"keys": keys}).all() if keys else ()
    return {item.identifier: item for item in map(_parsed, texts) if principal.may_read(item.readers)}


def at_addresses(connection: Connection, principal: Principal, urls: Collection[str]) -> list[ContentItem]:
    """The live items whose pages at their sources are at any of these addresses, and that `principal` may read."""
    there = items.c.live & type_coerce(items.c.item["landing_page"].as_string(), String).in_(sorted(urls))
    found = connection.scalars(select(items.c.item).where(there).order_by(items.c.identifier))
    return [item for item in map(ContentItem.model_validate, found) if principal.may_read(item.readers)]


def live(connection: Connection, identifiers: Iterable[str]) -> dict[str, ContentItem]:
    """Those of the items that are live, whoever may read them: for what is derived from them, never shown."""
    found = connection.scalars(_LIVE, {"keys": list(identifiers)}).all()
    return {item.identifier: item for item in map(_parsed, found)}


@lru_cache(maxsize=4_096)
def _parsed(text: str) -> ContentItem:
    """The item written as `text`. Items never change, so that one read again need not be validated again."""
    return ContentItem.model_validate_json(text)


def all_readable(connection: Connection, principal: Principal) -> Iterable[ContentItem]:
    """Every live item that `principal` may read, by identifier, one at a time."""
    live = select(items.c.item).where(items.c.live).order_by(items.c.identifier)
    with connection.execute(live, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        for row in rows:
            if principal.may_read(row.item["readers"]):
                yield ContentItem.model_validate(row.item)


def reads_everything(connection: Connection, principal: Principal) -> bool:
    """Whether there is no live item that `principal` may not read."""
    live = select(items.c.item).where(items.c.live)
    with connection.execute(live, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        return all(principal.may_read(row.item["readers"]) for row in rows)


@dataclass(frozen=True, slots=True)
class Page:
    """Some items of a source in order, and the last identifier that was looked at; None at the end."""

    items: tuple[ContentItem, ...]
    last: str | None


def readable_of(connection: Connection, principal: Principal, source: str, limit: int, after: str = "") -> Page:
    """Of the next `limit` live items of a source, behind `after`, those that `principal` may read."""
    mine = (items.c.source == source) & items.c.live & (items.c.identifier > after)
    rows = connection.execute(select(items.c.item).where(mine).order_by(items.c.identifier).limit(limit)).all()
    found = [ContentItem.model_validate(row.item) for row in rows if principal.may_read(row.item["readers"])]
    return Page(tuple(found), rows[-1].item["identifier"] if rows else None)


def counts(connection: Connection, principal: Principal) -> dict[str, Counter[str]]:
    """How many live items `principal` may read, by source and status; a source of which they read none is not named."""
    readers, status = items.c.item["readers"].as_string(), items.c.item["status"].as_string()
    live = select(items.c.source, readers.label("readers"), status.label("status")).where(items.c.live).subquery()
    found: dict[str, Counter[str]] = {}
    for row in connection.execute(select(*live.c, func.count().label("held")).group_by(*live.c)):
        if principal.may_read(frozenset(json.loads(row.readers))):
            found.setdefault(row.source, Counter())[row.status] += row.held
    return found


LINKS = ("replaces", "is_replaced_by")


def with_readable_links(connection: Connection, principal: Principal, item: ContentItem) -> ContentItem:
    """The item with links to what `principal` may read alone: a link tells of what stands at its other end."""
    linked = readable(connection, principal, [each for name in LINKS for each in getattr(item, name)])
    links = {name: tuple(each for each in getattr(item, name) if each in linked) for name in LINKS}
    origin = {name: given for name, given in item.field_origin.items() if links.get(name, True)}
    return item.model_copy(update={**links, "field_origin": origin})


def item_tags(connection: Connection, identifier: str) -> list[TagRow]:
    """An item's concepts, strongest first. The caller has checked that the item may be read."""
    rows = connection.execute(
        select(tags).where(tags.c.identifier == identifier).order_by(tags.c.score.desc(), tags.c.concept)
    )
    return [TagRow(row.concept, row.origin, row.score / 1000, tuple(row.matched)) for row in rows]


def item_body(connection: Connection, identifier: str) -> str:
    """An item's Markdown. The caller has checked that the item may be read."""
    key = connection.scalar(select(items.c.body).where(items.c.identifier == identifier))
    return texts.load(connection, [key])[key] if key else ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A link between items: `successor` replaces `predecessor`, as the metadata of `stated_by` says."""

    successor: str
    predecessor: str
    stated_by: str


_LINK = select(replacements.c.successor, replacements.c.predecessor, replacements.c.stated_by)
_TOUCHING = union(*(_LINK.where(among(end)) for end in (replacements.c.predecessor, replacements.c.successor)))


def links(connection: Connection, identifiers: Sequence[str]) -> list[Replacement]:
    """The links in which any of the items stands on either side."""
    found = connection.execute(_TOUCHING, {"keys": identifiers}).all() if identifiers else ()
    return [Replacement(*each) for each in sorted(map(tuple, found))]


def last_known(connection: Connection, identifier: str) -> ContentItem | None:
    """An item as it is or was before its source lost it, whoever may read it: for routing, never shown."""
    text = connection.scalar(select(cast(items.c.item, Text)).where(items.c.identifier == identifier))
    return _parsed(text) if text else None


_READERS = select(items.c.identifier, items.c.item["readers"].label("readers")).where(among(items.c.identifier))


def readers_of(connection: Connection, identifiers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Who may read items, or might when their source had them: for routing, never shown."""
    keys = list(identifiers)
    return {row.identifier: tuple(row.readers) for row in connection.execute(_READERS, {"keys": keys})} if keys else {}


def gone(connection: Connection, limit: int) -> dict[str, tuple[str, str]]:
    """Title and Markdown of items that are live no more: for diagnosis, never shown."""
    lost = select(items.c.identifier, items.c.item, items.c.body).where(~items.c.live).order_by(items.c.identifier)
    rows = connection.execute(lost.limit(limit)).all()
    bodies = texts.load(connection, [row.body for row in rows])
    return {row.identifier: (row.item["title"], bodies.get(row.body, "")) for row in rows}
