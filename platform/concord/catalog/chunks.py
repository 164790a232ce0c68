"""Passages of items: where each stands in its document, and the text that is embedded."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from concord.catalog.schema import chunks, embeddings, items
from concord.catalog.sql import among
from concord.embedding import Passage
from concord_taxonomy.markdown import sentences

_NAMESPACE = uuid.UUID("6a1f6f0e-6d3b-5d1c-9b5e-2f6f1c1d7a10")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: its text, the headings above it, its offset in the body, its page, and its newest line's date.

    `reading` is what authority read in it, packed, `terms` the hashes of its stems and concepts, and `read_by` the
    fingerprint of what read it.
    """

    ordinal: int
    heading_path: tuple[str, ...]
    text: str = field(repr=False)
    start: int
    content_hash: str
    page: int | None = None
    changed: date | None = None
    reading: bytes | None = field(default=None, repr=False)
    terms: bytes | None = field(default=None, repr=False)
    read_by: str | None = None

    @property
    def embedded_text(self) -> str:
        """What is embedded and matched by words: the headings and the text, and nothing of the metadata."""
        return embedded_text(self.heading_path, self.text)

    @property
    def passage(self) -> Passage:
        """The embedded text with the sentences in it."""
        before = len(self.embedded_text) - len(self.text)
        spans = tuple((before + each.start, before + each.end) for each in sentences(self.text))
        return Passage(self.embedded_text, spans)


def embedded_text(heading_path: Sequence[str], text: str) -> str:
    """The headings above a passage, then the passage."""
    return "\n".join([" > ".join(heading_path), text]) if heading_path else text


def chunk_id(identifier: str, revision: int, ordinal: int) -> str:
    """The id of a passage, in the catalog and in the index: the same at every derivation."""
    return str(uuid.uuid5(_NAMESPACE, f"{identifier}@{revision}#{ordinal}"))


def replace_chunks(connection: Connection, identifier: str, revision: int, passages: Iterable[Chunk]) -> None:
    """Write the passages of a revision in place of those it had."""
    connection.execute(delete(chunks).where(chunks.c.identifier == identifier, chunks.c.revision == revision))
    rows = [
        {
            "id": chunk_id(identifier, revision, chunk.ordinal),
            "identifier": identifier,
            "revision": revision,
            "ordinal": chunk.ordinal,
            "heading_path": list(chunk.heading_path),
            "text": chunk.text,
            "start": chunk.start,
            "page": chunk.page,
            "changed": chunk.changed.isoformat() if chunk.changed else None,
            "content_hash": chunk.content_hash,
            "reading": chunk.reading,
            "terms": chunk.terms,
            "read_by": chunk.read_by,
        }
        for chunk in passages
    ]
    if rows:
        connection.execute(insert(chunks), rows)


def keep_readings(connection: Connection, identifier: str, revision: int, passages: Iterable[Chunk]) -> None:
    """Write what was read anew in passages that are otherwise what they were."""
    for chunk in passages:
        values = {"reading": chunk.reading, "terms": chunk.terms, "read_by": chunk.read_by}
        mine = chunks.c.id == chunk_id(identifier, revision, chunk.ordinal)
        connection.execute(update(chunks).where(mine).values(**values))


_COLUMNS = (
    chunks.c.ordinal,
    chunks.c.heading_path,
    chunks.c.text,
    chunks.c.start,
    chunks.c.content_hash,
    chunks.c.page,
    chunks.c.changed,
    chunks.c.reading,
    chunks.c.terms,
    chunks.c.read_by,
)
_OF_IDS = select(chunks.c.id, *_COLUMNS).where(among(chunks.c.id))
_OF_ITEMS = (
    select(chunks.c.identifier, *_COLUMNS)
    .join(items, (items.c.identifier == chunks.c.identifier) & (items.c.revision == chunks.c.revision))
    .where(among(items.c.identifier), items.c.live)
    .order_by(chunks.c.identifier, chunks.c.ordinal)
)
_STATES = select(
    chunks.c.id,
    chunks.c.terms,
    chunks.c.read_by,
    chunks.c.content_hash,
    chunks.c.start,
    chunks.c.page,
    chunks.c.changed,
).where(among(chunks.c.id))
_OF_REVISIONS = select(chunks.c.identifier, chunks.c.revision, *_COLUMNS).where(among(chunks.c.identifier))
_UNEMBEDDED = (
    select(*_COLUMNS)
    .outerjoin(
        embeddings,
        (embeddings.c.content_hash == chunks.c.content_hash) & (embeddings.c.model == bindparam("model")),
    )
    .where(among(chunks.c.identifier), embeddings.c.content_hash.is_(None))
)
_IN_ORDER = _OF_REVISIONS.order_by(chunks.c.identifier, chunks.c.revision, chunks.c.ordinal)


def item_chunks(connection: Connection, identifier: str) -> dict[int, list[Chunk]]:
    """An item's passages in order, by revision."""
    return chunks_of(connection, [identifier]).get(identifier, {})


def chunks_of(connection: Connection, identifiers: Sequence[str]) -> dict[str, dict[int, list[Chunk]]]:
    """The passages of items in order, by identifier and revision."""
    found: dict[str, dict[int, list[Chunk]]] = {}
    for identifier, revision, *columns in connection.execute(_IN_ORDER, {"keys": identifiers}):
        found.setdefault(identifier, {}).setdefault(revision, []).append(_chunk(columns))
    return found


def unembedded(connection: Connection, model: str, identifiers: Sequence[str]) -> list[Chunk]:
    """The passages of items whose vectors by a model are not kept, one for each text."""
    rows = connection.execute(_UNEMBEDDED, {"model": model, "keys": identifiers})
    return list({chunk.content_hash: chunk for chunk in map(_chunk, rows)}.values())


def current_chunks(connection: Connection, identifiers: Sequence[str]) -> dict[str, list[Chunk]]:
    """The passages of live items as they are now, in order; whoever may read them."""
    found: dict[str, list[Chunk]] = {}
    for identifier, *columns in connection.execute(_OF_ITEMS, {"keys": identifiers}).all() if identifiers else ():
        found.setdefault(identifier, []).append(_chunk(columns))
    return found


def stating(connection: Connection, needles: Sequence[str], limit: int) -> list[tuple[str, Chunk]]:
    """Current passages of live items with any of these texts, whoever may read them: for diagnosis, never shown."""
    if not needles:
        return []
    current = (items.c.identifier == chunks.c.identifier) & (items.c.revision == chunks.c.revision) & items.c.live
    having = or_(*(chunks.c.text.icontains(each, autoescape=True) for each in needles))
    keys = select(chunks.c.id, chunks.c.identifier).join(items, current).where(having)
    rows = connection.execute(keys.order_by(chunks.c.id).limit(limit)).all()
    owners = {row.id: row.identifier for row in rows}
    return [(owners[key], each) for key, each in load_chunks(connection, list(owners)).items()]


def load_chunks(connection: Connection, ids: Sequence[str]) -> dict[str, Chunk]:
    """Passages by id. The caller has checked that their items may be read."""
    rows = connection.execute(_OF_IDS, {"keys": ids}).all() if ids else ()
    return {key: _chunk(columns) for key, *columns in rows}


def read_otherwise(connection: Connection, fingerprint: str) -> int:
    """How many passages were read by another reader than the one of this fingerprint, or by none."""
    other = chunks.c.read_by.is_distinct_from(fingerprint)
    return connection.scalar(select(func.count()).select_from(chunks).where(other)) or 0


@dataclass(frozen=True, slots=True)
class ChunkState:
    """A passage without its text: its terms, what read it, and `version`, which changes with anything of it."""

    terms: bytes | None
    read_by: str | None
    version: tuple[Any, ...]


def load_states(connection: Connection, ids: Sequence[str]) -> dict[str, ChunkState]:
    """The states of passages by id. The caller has checked that their items may be read."""
    rows = connection.execute(_STATES, {"keys": ids}).all() if ids else ()
    return {key: ChunkState(terms, read_by, (read_by, *rest)) for key, terms, read_by, *rest in rows}


def _chunk(columns: Sequence[Any]) -> Chunk:
    """The passage of `_COLUMNS`."""
    ordinal, headings, text, start, content_hash, page, changed, reading, terms, read_by = columns
    day = date.fromisoformat(changed) if changed else None
    return Chunk(ordinal, tuple(headings), text, start, content_hash, page, day, reading, terms, read_by)
