"""The vector index behind one Protocol: what is stored per chunk, what is asked, what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Payload:
    """What the index knows of a chunk beside its vectors: enough to filter on, and no text.

    It is of a revision, which the source held from `valid_from` until the day before `valid_until`; None leaves an end
    open, and a current revision has no `valid_until`.
    """

    identifier: str
    revision: int
    ordinal: int
    readers: tuple[str, ...]
    status: str
    source: str
    publisher: str | None = None
    tier: str | None = None
    concepts: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A chunk to be indexed. `id` is a UUID string; `dense` is float32, finite and not zero.

    `text` is the body with its headings (BM25); `label_text` is the title and the labels of the item's concepts,
    matched through a sparse vector of its own.
    """

    id: str
    dense: Sequence[float] = field(repr=False)
    text: str = field(repr=False)
    label_text: str = field(repr=False)
    payload: Payload


CURRENT = date.max
"""The `at` of a search in what is current: no revision that has an end reaches it."""


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Who asks, and what of it may come back; the parts are joined by AND.

    No `readers` gives nothing. `statuses`, `sources`, `publishers`, `tiers` and `concepts` restrict to any of
    theirs; None leaves them open and an empty tuple matches nothing. `at` keeps what held on that date, and `CURRENT`
    what has no end; None keeps every revision.
    """

    readers: frozenset[str]
    statuses: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    publishers: tuple[str, ...] | None = None
    tiers: tuple[str, ...] | None = None
    concepts: tuple[str, ...] | None = None
    at: date | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A hybrid search. A leg whose query is None or empty is not run; `limit` counts per leg (1 to 1,000)."""

    filter: SearchFilter
    dense: Sequence[float] | None = None
    text: str | None = None
    label_text: str | None = None
    limit: int = 100
    exact: bool = False


@dataclass(frozen=True, slots=True)
class LegHit:
    """A point found by one leg, with that leg's own score (cosine for dense, BM25 for the sparse ones)."""

    id: str
    score: float
    payload: Payload


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Each leg's hits, best first. Fusion is `concord.retrieval`'s, so that every engine ranks alike."""

    dense: tuple[LegHit, ...] = ()
    text: tuple[LegHit, ...] = ()
    label: tuple[LegHit, ...] = ()


@runtime_checkable
class Index(Protocol):
    """A vector index. Writes are idempotent and are safe only once `flush` has returned.

    Raises `InvalidPoint` for NaN, infinite, zero or wrongly sized vectors, `InvalidRequest` for a bad limit or
    vector, and `IndexUnavailable` when the engine cannot be reached.
    """

    def upsert(self, points: Sequence[Point]) -> None:
        """Write points, replacing those of the same id."""
        ...

    def delete_item(self, identifier: str, keep: Sequence[str] = ()) -> None:
        """Delete an item's points except those whose ids are in `keep`."""
        ...

    def flush(self) -> None:
        """Make every earlier write durable; raises `WritesLost` where one may be gone and is to be written again."""
        ...

    def search(self, request: SearchRequest) -> SearchResult:
        """Run the legs of a hybrid search under the filter (inside each leg and as the IDF corpus)."""
        ...

    def tokens_in_use(self) -> frozenset[str]:
        """The reader tokens that any point carries."""
        ...

    def item_points(self, identifier: str) -> frozenset[str]:
        """The ids of an item's points."""
        ...

    def identifiers(self) -> frozenset[str]:
        """The items that have a point; for upkeep, never shown to a reader."""
        ...

    def digest(self) -> str:
        """One value for all ids and payloads: equal where two indexes, of any engine, hold the same."""
        ...

    def item_payloads(self, identifier: str) -> dict[str, Payload]:
        """The payloads of an item's points by id; for checks, never shown to a reader."""
        ...

    def count(self) -> int:
        """Points in all; for operators, never shown to a reader."""
        ...

    def close(self) -> None:
        """Let go of the engine; later calls raise."""
        ...
