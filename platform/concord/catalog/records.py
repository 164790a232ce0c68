"""What the sources hold, as last read: enough to map and chunk again without asking them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, delete, select

from concord.catalog import texts
from concord.catalog.schema import crawls, items, quarantine, records
from concord.catalog.sql import upsert
from concord_connectors.contract import Checkpoint


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A source's record after parsing. `fields` is the nested record that a mapping reads, without its `text`."""

    source: str
    native_id: str
    version: str
    media_type: str
    url: str | None
    fields: dict[str, Any]
    readers: tuple[str, ...] | None
    body: str = field(repr=False)
    first_line: int | None = None
    page_starts: tuple[int, ...] = ()
    line_dates: tuple[date, ...] = ()
    warnings: tuple[str, ...] = ()


def known_versions(connection: Connection, source: str) -> dict[str, str]:
    """Native id to version of everything held of a source, what could not be read included."""
    held = {row.native_id: row.version for row in connection.execute(_versions(records, source))}
    unread = _versions(quarantine, source).where(quarantine.c.stage == "read")
    held.update({row.native_id: row.version for row in connection.execute(unread)})
    return held


def _versions(table: Any, source: str) -> Any:
    return select(table.c.native_id, table.c.version).where(table.c.source == source)


def store(connection: Connection, record: StoredRecord) -> None:
    """Write a record over its earlier version."""
    texts.keep(connection, [record.body])
    upsert(connection, records, [{**to_row(record), "body": texts.text_hash(record.body)}])


def to_row(record: StoredRecord) -> dict[str, Any]:
    """The record as JSON values, its text apart."""
    return {
        "source": record.source,
        "native_id": record.native_id,
        "version": record.version,
        "media_type": record.media_type,
        "url": record.url,
        "fields": record.fields,
        "readers": None if record.readers is None else list(record.readers),
        "first_line": record.first_line,
        "page_starts": list(record.page_starts),
        "line_dates": [[len(list(run)), day.isoformat()] for day, run in groupby(record.line_dates)],
        "warnings": list(record.warnings),
    }


def drop(connection: Connection, source: str, native_id: str) -> None:
    """Forget a record that its source no longer has."""
    connection.execute(delete(records).where(records.c.source == source, records.c.native_id == native_id))


def stale(
    connection: Connection,
    source: str,
    contexts: Sequence[str],
    limit: int,
    after: str = "",
    *,
    shown: bool | None = None,
) -> list[StoredRecord]:
    """Records of a source, after a native id, that have no live item or one that was derived in another context.

    `shown` leaves only the latter, its opposite only the former. What is quarantined in one of `contexts` is left out.
    """
    identifier = records.c.source + "/" + records.c.native_id
    joined = records.outerjoin(items, items.c.identifier == identifier).outerjoin(
        quarantine, (quarantine.c.source == records.c.source) & (quarantine.c.native_id == records.c.native_id)
    )
    new, other = items.c.live.is_not(True), items.c.live & items.c.context.not_in(contexts)
    query = (
        select(records)
        .select_from(joined)
        .where(records.c.source == source, records.c.native_id > after)
        .where(new | other if shown is None else other if shown else new)
        .where(quarantine.c.context.is_(None) | quarantine.c.context.not_in(contexts))
        .order_by(records.c.native_id)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    bodies = texts.load(connection, (row.body for row in rows))
    return [from_row(row._asdict(), bodies[row.body]) for row in rows]


def load(connection: Connection, source: str, native_id: str) -> StoredRecord | None:
    """One record."""
    row = connection.execute(
        select(records).where(records.c.source == source, records.c.native_id == native_id)
    ).one_or_none()
    return from_row(row._asdict(), texts.load(connection, [row.body])[row.body]) if row else None


def warnings_of(connection: Connection, source: str) -> dict[str, tuple[str, ...]]:
    """Native id to parse warnings of a source's records, those without any left out. The caller checks who may read."""
    rows = connection.execute(select(records.c.native_id, records.c.warnings).where(records.c.source == source))
    return {row.native_id: tuple(row.warnings) for row in rows if row.warnings}


def from_row(row: Mapping[str, Any], body: str) -> StoredRecord:
    """The record that `to_row` wrote, with its text."""
    return StoredRecord(
        source=row["source"],
        native_id=row["native_id"],
        version=row["version"],
        media_type=row["media_type"],
        url=row["url"],
        fields=row["fields"],
        readers=None if row["readers"] is None else tuple(row["readers"]),
        body=body,
        first_line=row["first_line"],
        page_starts=tuple(row["page_starts"]),
        line_dates=tuple(_unrolled(row["line_dates"])),
        warnings=tuple(row["warnings"]),
    )


def _unrolled(runs: list[list[Any]]) -> Iterator[date]:
    for lines, day in runs:
        yield from [date.fromisoformat(day)] * lines


def load_crawl(connection: Connection, source: str, options: str) -> Checkpoint | None:
    """Where the last crawl with these options stands."""
    row = connection.execute(select(crawls).where(crawls.c.source == source)).one_or_none()
    if row is None or row.options != options:
        return None
    return Checkpoint(row.checkpoint, row.complete)


def store_crawl(connection: Connection, source: str, options: str, checkpoint: Checkpoint) -> None:
    """Note where a crawl stands, together with what it gave."""
    row = {"source": source, "options": options, "checkpoint": checkpoint.state, "complete": checkpoint.complete}
    upsert(connection, crawls, [row])


def forget_crawl(connection: Connection, source: str) -> None:
    """Forget where the crawl of a source stands."""
    connection.execute(delete(crawls).where(crawls.c.source == source))


def crawled_sources(connection: Connection) -> set[str]:
    """Sources that were ever crawled, and not dropped since."""
    return set(connection.scalars(select(crawls.c.source)))
