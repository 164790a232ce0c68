"""Checks of the index against the catalog: numbers, ids, payloads (access among them), and whether points are found."""

from __future__ import annotations

from sqlalchemy import Engine

from concord.catalog import items, outbox
from concord.catalog.engine import reading
from concord.doctor.model import Check, Level, fine
from concord.index import Index, IndexDamaged, IndexMismatch, Point, SearchFilter, SearchRequest, VectorIndexError
from concord.ingestion.indexing import points_of

SAMPLE = 2_000
_RESTORE = "restore the catalog from a backup, or run `concord apply` and `concord sync`, which read every source anew"
_REPAIR = "run `concord doctor --repair`, which builds it anew from the catalog"


def index(engine: Engine, held: Index, model: str, sample: int = SAMPLE) -> Check:
    """Compare the index with the catalog; raises `VectorIndexError` where it cannot be opened.

    Items that wait in the outbox are left out: the index is not expected to have followed them.
    """
    with reading(engine) as connection:
        wanted, depth = outbox.indexed_points(connection), outbox.depth(connection)
        waiting = set(connection.scalars(outbox.waiting()))
        live = [each for each in items.indexed_identifiers(connection) if each not in waiting]
    count = held.count()
    if count and not wanted and not depth:
        found = f"{count} points, and the catalog knows of no passage: it was emptied, or another one is in its place"
        return Check("index", Level.PROBLEM, found, _RESTORE)
    if not depth and count != wanted:
        return Check("index", Level.PROBLEM, f"{count} points where the catalog says {wanted}", _REPAIR, rebuild=True)
    chosen = live[:: max(1, -(-len(live) // sample))]
    wrong = [each for each in chosen if not _as_expected(engine, held, model, each)]
    if wrong:
        found = f"{len(wrong)} of {len(chosen)} items differ from the catalog"
        return Check("index", Level.PROBLEM, found, _REPAIR, rebuild=True)
    return fine("index", f"opens; {count} points; {len(chosen)} of {len(live)} items compared with the catalog")


def _as_expected(engine: Engine, held: Index, model: str, identifier: str) -> bool:
    points = points_of(engine, model, identifier)
    if held.item_payloads(identifier) != {point.id: point.payload for point in points}:
        return False
    return all(_found(held, point) for point in points[:1])


def _found(held: Index, point: Point) -> bool:
    """Whether a point is found by its own vector under its own access; nobody can read one without readers."""
    readers = frozenset(point.payload.readers)
    if not readers:
        return True
    request = SearchRequest(SearchFilter(readers, sources=(point.payload.source,)), dense=point.dense, limit=1)
    hits = held.search(request).dense
    return bool(hits) and hits[0].score > _SAME


_SAME = 0.999


def unreachable(error: VectorIndexError) -> Check:
    """An index that cannot be opened."""
    if isinstance(error, IndexDamaged | IndexMismatch):
        return Check("index", Level.PROBLEM, f"{error.place}: {error.reason}", _REPAIR, rebuild=True)
    return Check("index", Level.PROBLEM, str(error), "mend that, then run `concord doctor` again")
