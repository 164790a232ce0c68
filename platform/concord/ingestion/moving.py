"""Filling another index from the catalog, which is the source of truth: the engine in use need not even run.

Vectors come from the catalog too, so nothing is embedded. A journal says which items the other index has, as they were;
what was interrupted goes on there. Before the other index is called good, its ids and payloads are compared with the
catalog's as a whole, and a sample of its vectors is searched for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from concord.catalog import items, outbox
from concord.catalog.engine import reading
from concord.index import Index, Point, SearchFilter, SearchRequest, sparse
from concord.index.digest import Digest
from concord.index.queries import MAX_LIMIT, MAX_QUERY
from concord.ingestion.errors import MoveFailed
from concord.ingestion.indexing import ITEMS_AT_ONCE, points_of

SAMPLE = 50
"""Points whose vectors are searched for."""
_TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: items and points that the other index now holds, items that it had from an earlier try."""

    place: str
    items: int
    points: int
    resumed: int
    digest: str
    sampled: int
    waiting: int


@dataclass(slots=True)
class _Pass:
    """What one pass over the catalog saw and wrote."""

    items: int = 0
    points: int = 0
    resumed: int = 0
    digest: Digest = field(default_factory=Digest)
    sample: list[Point] = field(default_factory=list)


def move(
    engine: Engine,
    model: str,
    target: Index,
    place: str,
    journal: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Moved:
    """Make `target` hold exactly what the catalog says of `model`; raises `MoveFailed` where it does not come to it.

    The caller holds the lock of the index. `progress` gets items done in this step and in all. Safe to interrupt and to
    run again.
    """
    with reading(engine) as connection:
        live = items.indexed_identifiers(connection)
        waiting = outbox.depth(connection)
    done = _copy(engine, model, target, live, _Journal(journal, place), progress)
    if target.digest() != done.digest.value:
        # Left over from before, or the journal speaks of points that are gone: write everything, and delete the rest.
        journal.unlink(missing_ok=True)
        done = _copy(engine, model, target, live, _Journal(journal, place), progress)
        _tidy(engine, model, target, live)
    _verify(target, place, done)
    journal.unlink(missing_ok=True)
    return Moved(place, done.items, done.points, done.resumed, done.digest.value, len(done.sample), waiting)


def _copy(
    engine: Engine,
    model: str,
    target: Index,
    live: Sequence[str],
    journal: _Journal,
    progress: Callable[[int, int], None],
) -> _Pass:
    done = _Pass()
    step = max(1, len(live) // SAMPLE)
    for start in range(0, len(live), ITEMS_AT_ONCE):
        batch = live[start : start + ITEMS_AT_ONCE]
        fresh: list[Point] = []
        written: dict[str, str] = {}
        for number, identifier in enumerate(batch, start):
            points = points_of(engine, model, identifier)
            for point in points:
                done.digest.add(point.id, point.payload)
            done.points += len(points)
            if points and number % step == 0:
                done.sample.append(points[0])
            fingerprint = _fingerprint(points)
            if journal.has(identifier, fingerprint):
                done.resumed += 1
            else:
                fresh += points
                written[identifier] = fingerprint
        target.upsert(fresh)
        target.flush()
        journal.note(written)
        done.items += len(batch)
        progress(len(batch), len(live))
    return done


def _tidy(engine: Engine, model: str, target: Index, live: Sequence[str]) -> None:
    """Delete what the catalog does not say."""
    for identifier in sorted(target.identifiers() - set(live)):
        target.delete_item(identifier)
    for identifier in live:
        target.delete_item(identifier, keep=[point.id for point in points_of(engine, model, identifier)])
    target.flush()


def _verify(target: Index, place: str, done: _Pass) -> None:
    count = target.count()
    if count != done.points:
        raise MoveFailed(place, f"it holds {count} points, the catalog says {done.points}")
    if target.digest() != done.digest.value:
        raise MoveFailed(place, "its ids or payloads are not the catalog's")
    for point in done.sample:
        if not _found(target, point):
            raise MoveFailed(place, f"point {point.id} is not found by its own vector and words")


def _found(target: Index, point: Point) -> bool:
    """Whether a search finds a point where it should be: at the top by its vector, and by its words."""
    wanted = SearchFilter(frozenset(point.payload.readers[:1]), sources=(point.payload.source,))
    if not wanted.readers:
        return True  # nobody finds it, which the digest has shown
    text = point.text[:MAX_QUERY]
    result = target.search(SearchRequest(wanted, point.dense, text, limit=MAX_LIMIT, exact=True))
    near = {hit.id: hit.score for hit in result.dense}
    words = {hit.id for hit in result.text}
    # Where as many points as a search gives are as near, any of them will do.
    by_vector = near.get(point.id, 0.0) > 1 - _TOLERANCE or min(near.values(), default=0.0) > 1 - _TOLERANCE
    by_words = point.id in words or len(words) == MAX_LIMIT or sparse.query(sparse.TEXT, text) is None
    return by_vector and by_words


def _fingerprint(points: Sequence[Point]) -> str:
    """One value for all that is written of an item."""
    digest = hashlib.sha256()
    for point in points:
        digest.update(repr((point.id, point.payload, point.text, point.label_text, list(point.dense))).encode())
    return digest.hexdigest()


class _Journal:
    """Items that a place has, one a line; another place's journal is begun anew."""

    def __init__(self, path: Path, place: str) -> None:
        self._path = path
        first, *lines = path.read_text("utf-8").split("\n") if path.exists() else [""]
        self._held = dict(line.split("\t", 1)[::-1] for line in lines if "\t" in line) if first == place else {}
        if first != place:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_text(f"{place}\n", "utf-8")

    def has(self, identifier: str, fingerprint: str) -> bool:
        """Whether an item was written as it is."""
        return self._held.get(identifier) == fingerprint

    def note(self, written: dict[str, str]) -> None:
        """Keep what was written and flushed."""
        with self._path.open("a", encoding="utf-8") as file:
            file.writelines(f"{fingerprint}\t{identifier}\n" for identifier, fingerprint in written.items())
