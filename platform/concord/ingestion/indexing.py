"""Letting the index follow the catalog: the outbox is drained, whatever was interrupted before.

Points are built from the catalog alone and carry deterministic ids, so that draining an entry twice changes nothing;
an entry is forgotten only after the index has flushed.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Engine

from concord.catalog import items, outbox
from concord.catalog.chunks import Chunk, chunk_id, chunks_of, unembedded
from concord.catalog.embeddings import keep_pages, keep_vectors, load_vectors
from concord.catalog.engine import reading, writing
from concord.catalog.items import IndexedItem
from concord.embedding import CachedEncoder, Embedded, Passage, Vectors
from concord.index.errors import WritesLost
from concord.index.protocol import Index, Payload, Point

ITEMS_AT_ONCE = 64
POINTS_AT_ONCE = 64
"""Points that are written together: one request, one entry in the log of the engine.

More are written no faster, and what a request takes the index process keeps.
"""
LOSSES = 3
"""Times that a drain writes again what died with the index process."""


@dataclass(frozen=True, slots=True)
class Drained:
    """What a drain did: items that the index now follows, and texts that had to be embedded for it."""

    items: int = 0
    embedded: int = 0

    def __add__(self, other: Drained) -> Drained:
        return Drained(self.items + other.items, self.embedded + other.embedded)


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """Called as a drain goes on; the numbers are steps, not totals."""

    embedding: Callable[[int], None] = field(default=lambda texts: None)
    items: Callable[[int], None] = field(default=lambda items: None)


def drain(engine: Engine, index: Index, encoder: CachedEncoder, progress: IndexProgress | None = None) -> Drained:
    """Bring the index up to the catalog. Safe to interrupt and to run again at any moment.

    What died with the index process before its flush is written again; raises `WritesLost` after `LOSSES` of them.
    """
    progress = progress or IndexProgress()
    followed = embedded = lost = 0
    while entries := _entries(engine):
        identifiers = list(dict.fromkeys(identifier for _, identifier in entries))
        embedded += _embed_items(engine, encoder, identifiers, progress.embedding)
        pages: dict[str, Vectors | None] = {}
        kept: dict[str, list[str]] = {}
        for identifier, points in _written(index, points_of_items(engine, encoder.encoder.model, identifiers)):
            pages[identifier] = _mean(points)
            kept[identifier] = [point.id for point in points]
        for identifier, ids in kept.items():
            index.delete_item(identifier, keep=ids)
            progress.items(1)
        try:
            index.flush()
        except WritesLost:
            lost += 1
            if lost > LOSSES:
                raise
            continue  # nothing is acknowledged: the same entries come again
        with writing(engine) as connection:
            keep_pages(connection, encoder.encoder.model, pages)
            outbox.acknowledge(connection, [seq for seq, _ in entries])
        followed += len(identifiers)
    return Drained(followed, embedded)


def fill(engine: Engine, index: Index, encoder: CachedEncoder, progress: IndexProgress | None = None) -> Drained:
    """Write every item with passages into an index that is being built beside the one in use.

    Texts are embedded only where the catalog has no vectors of them by this model; those of whole items are kept again.
    """
    progress = progress or IndexProgress()
    with reading(engine) as connection:
        live = items.indexed_identifiers(connection)
    for identifier in index.identifiers():  # an attempt before may have left some
        index.delete_item(identifier)
    embedded = 0
    for start in range(0, len(live), ITEMS_AT_ONCE):
        part = live[start : start + ITEMS_AT_ONCE]
        embedded += _embed_items(engine, encoder, part, progress.embedding)
        pages: dict[str, Vectors | None] = {}
        for identifier, points in _written(index, points_of_items(engine, encoder.encoder.model, part)):
            pages[identifier] = _mean(points)
            progress.items(1)
        with writing(engine) as connection:
            keep_pages(connection, encoder.encoder.model, pages)
    index.flush()
    return Drained(len(live), embedded)


def rebuild_if_lost(engine: Engine, index: Index) -> int:
    """Enqueue every item when the index holds less than the catalog says and nothing waits that would bring it.

    So it is with another model, a deleted folder or a restored older copy; an empty index is rebuilt in any case.
    """
    with reading(engine) as connection:
        expected, waiting = outbox.indexed_points(connection), outbox.depth(connection)
    held = index.count() if expected else 0
    if held >= expected or (held and waiting):
        return 0
    with writing(engine) as connection:
        return outbox.enqueue_all(connection)


def _entries(engine: Engine) -> list[tuple[int, str]]:
    with reading(engine) as connection:
        return outbox.pending(connection, ITEMS_AT_ONCE)


def _embed_items(
    engine: Engine, encoder: CachedEncoder, identifiers: Sequence[str], progress: Callable[[int], None]
) -> int:
    with reading(engine) as connection:
        waiting = unembedded(connection, encoder.encoder.model, identifiers)
    return embed(engine, encoder, [chunk.passage for chunk in waiting], progress)


def embed(
    engine: Engine,
    encoder: CachedEncoder,
    passages: Iterable[Passage],
    progress: Callable[[int], None] | None = None,
) -> int:
    """Embed and keep what no one embedded before, outside of any transaction; returns how many texts that was."""
    return keep(engine, encoder, encoder.embed(passages, progress))


def keep(engine: Engine, encoder: CachedEncoder, made: Mapping[str, Embedded]) -> int:
    """Keep the vectors of texts by content hash; returns of how many."""
    if made:
        with writing(engine) as connection:
            keep_vectors(connection, encoder.encoder.model, made)
    return len(made)


def _written(index: Index, items_points: Iterable[tuple[str, list[Point]]]) -> Iterator[tuple[str, list[Point]]]:
    """Write the points of many items together, and give each item with its points."""
    waiting: list[Point] = []
    for identifier, points in items_points:
        waiting += points
        if len(waiting) >= POINTS_AT_ONCE:
            index.upsert(waiting)
            waiting = []
        yield identifier, points
    if waiting:
        index.upsert(waiting)


def _mean(points: Sequence[Point]) -> Vectors | None:
    """The vector of a whole item as it stands now, of length 1: what its passages have in common."""
    current = [point.dense for point in points if point.payload.valid_until is None]
    if not current:
        return None
    mean = np.mean(current, axis=0, dtype=np.float32)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def points_of(engine: Engine, model: str, identifier: str) -> list[Point]:
    """What the index should hold of an item; none where it is gone."""
    [(_, points)] = points_of_items(engine, model, [identifier])
    return points


def points_of_items(engine: Engine, model: str, identifiers: Sequence[str]) -> Iterator[tuple[str, list[Point]]]:
    """The same of several items, by identifier, from one view of the catalog."""
    with reading(engine) as connection:
        held = items.for_index(connection, identifiers)
        chunks = chunks_of(connection, identifiers)
        hashes = [chunk.content_hash for each in chunks.values() for part in each.values() for chunk in part]
        vectors = load_vectors(connection, model, hashes)
    for identifier in identifiers:
        yield identifier, _points(held.get(identifier, ()), chunks.get(identifier, {}), vectors)


def _points(
    held: Iterable[IndexedItem], chunks: Mapping[int, Sequence[Chunk]], vectors: Mapping[str, Vectors]
) -> list[Point]:
    # An item that changed since the texts were embedded has an outbox entry of its own, which brings the rest.
    return [
        Point(
            id=chunk_id(each.item.identifier, each.item.revision, chunk.ordinal),
            dense=array("f", vectors[chunk.content_hash].tobytes()),
            text=chunk.embedded_text,
            label_text=each.labels,
            payload=_payload(each, chunk),
        )
        for each in held
        for chunk in chunks.get(each.item.revision, ())
        if chunk.content_hash in vectors
    ]


def _payload(held: IndexedItem, chunk: Chunk) -> Payload:
    item = held.item
    return Payload(
        identifier=item.identifier,
        revision=item.revision,
        ordinal=chunk.ordinal,
        readers=item.readers,
        status=item.status.value,
        source=item.source,
        publisher=item.publisher,
        tier=item.authority_tier.value if item.authority_tier else None,
        concepts=item.subject,
        valid_from=held.period.start,
        valid_until=held.period.end,
    )
