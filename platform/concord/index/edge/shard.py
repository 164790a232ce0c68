"""`EdgeIndex`: the Protocol over Qdrant Edge in this very process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from filelock import FileLock, Timeout
from qdrant_edge import (
    CountRequest,
    EdgeShard,
    FacetRequest,
    Filter,
    ScrollRequest,
    UpdateOperation,
)

from concord.index.conditions import conditions
from concord.index.digest import Digest
from concord.index.edge import engine, filters, layout, legs
from concord.index.edge.points import to_engine
from concord.index.errors import IndexBusy, IndexDiskFull, IndexMismatch, IndexUnavailable, InvalidRequest
from concord.index.points import check, kept_ids, payload_from_engine
from concord.index.protocol import Payload, Point, SearchRequest, SearchResult
from concord.index.queries import queries

if TYPE_CHECKING:
    from qdrant_edge import PointId, Record

_T = TypeVar("_T")
_BATCH = 256
_PAGE = 1_000
_MOST_VALUES = 10_000_000


class EdgeIndex:
    """An index in a directory that this process owns; others get `IndexBusy`.

    The engine holds the GIL in every call, so a program with other work to do goes through the index process
    (`concord.index.open_index`), which holds one of these. Calls may come from many threads.

        index = EdgeIndex(Path("index"), dimension=384)
        index.upsert(points)
        index.flush()
        index.search(SearchRequest(SearchFilter(principal.tokens), text="parental leave"))

    Raises `IndexBusy` where another process still owns the directory after `wait_seconds`, and `IndexMismatch` where it
    holds vectors of another dimension, `IndexDamaged` where its files cannot be opened.
    """

    def __init__(self, directory: Path, dimension: int, *, wait_seconds: float = 0.0) -> None:
        if dimension < 1:
            raise InvalidRequest(f"the dimension is {dimension}: give the embedding model's")
        self.directory = Path(directory)
        self.dimension = dimension
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Writers take both, in this order; a search takes the second only, so that copying the files (which only
        # writes would disturb) does not hold it up.
        self.writing = threading.RLock()
        self.using = threading.RLock()
        self.writes = 0
        self.touched: set[str] | None = None
        self._tokens: frozenset[str] | None = None
        self._owner = FileLock(self.directory / "owner.lock", thread_local=False)
        try:
            self._owner.acquire(timeout=wait_seconds)
        except Timeout:
            raise IndexBusy(str(self.directory)) from None
        try:
            self.current, self.shard = self._open()
        except BaseException:
            self._owner.release()
            raise
        self._open_now = True

    def _open(self) -> tuple[layout.Current, EdgeShard]:
        current = layout.read_current(self.directory)
        if current is None:
            current = layout.Current(self.dimension, "shard-000001")
            if short := layout.space_short(self.directory):
                raise IndexDiskFull(str(self.directory), short)
            # A crash between the two lines leaves a shard that nobody was told of: begin again.
            layout.remove_other_shards(self.directory, "")
            shard = engine.create(self.directory / current.shard, self.dimension)
            layout.write_current(self.directory, current)
            return current, shard
        if current.dimension != self.dimension:
            reason = f"its vectors have {current.dimension} dimensions, the embedding model gives {self.dimension}"
            raise IndexMismatch(str(self.directory), reason)
        layout.remove_other_shards(self.directory, current.shard)
        return current, engine.load(self.directory / current.shard, self.dimension)

    def upsert(self, points: Sequence[Point]) -> None:
        """Write points, replacing those of the same id; with one broken point, none is written."""
        ready = [to_engine(check(point, self.dimension)) for point in points]
        with self.writing:
            for start in range(0, len(ready), _BATCH):
                batch = ready[start : start + _BATCH]
                self._write(UpdateOperation.upsert_points(batch), {str(point.id) for point in batch})

    def delete_item(self, identifier: str, keep: Sequence[str] = ()) -> None:
        """Delete an item's points except those whose ids are in `keep`."""
        kept = kept_ids(keep)
        with self.writing:
            gone = self.item_points(identifier) - kept
            if gone:
                self._write(UpdateOperation.delete_points(cast("list[PointId]", sorted(gone))), set(gone))

    def flush(self) -> None:
        """Make every earlier write durable."""
        with self.writing:
            self._use(lambda shard: shard.flush())

    def search(self, request: SearchRequest) -> SearchResult:
        """Run the legs under the filter; a dense leg that comes back short is run again exactly."""
        vectors = queries(request, self.dimension)
        wanted = conditions(request.filter, self.tokens_in_use())
        if wanted is None or not vectors:
            return SearchResult()
        allowed = filters.to_filter(wanted)
        return self._use(lambda shard: legs.run(shard, vectors, allowed, request.limit, request.exact))

    def tokens_in_use(self) -> frozenset[str]:
        """The reader tokens that any point carries; counted again only after a write."""
        with self.using:
            if self._tokens is None:
                self._tokens = self._values("readers")
            return self._tokens

    def item_points(self, identifier: str) -> frozenset[str]:
        """The ids of an item's points."""
        return frozenset(str(record.id) for record in self._pages(filters.of_item(identifier), payload=False))

    def identifiers(self) -> frozenset[str]:
        """The items that have a point."""
        return self._values("identifier")

    def digest(self) -> str:
        """One value for all ids and payloads: equal where two indexes hold the same."""
        digest = Digest()
        for record in self._pages(None, payload=True):
            digest.add(str(record.id), payload_from_engine(record.payload or {}))
        return digest.value

    def item_payloads(self, identifier: str) -> dict[str, Payload]:
        """The payloads of an item's points by id; for checks, never shown to a reader."""
        return {
            str(record.id): payload_from_engine(record.payload or {})
            for record in self._pages(filters.of_item(identifier), payload=True)
        }

    def count(self) -> int:
        """Points in all; for operators, never shown to a reader."""
        return self._use(lambda shard: shard.count(CountRequest(exact=True)))

    def optimize(self) -> None:
        """Build the graph and merge segments now; nothing else runs meanwhile (15 s and more from 100,000 points).

        `concord.index.edge.rebuild` does the same in another process while searches go on.
        """
        with self.writing:
            self._use(lambda shard: shard.optimize())
            self.flush()
            self.writes = 0

    def close(self) -> None:
        """Flush and let go of the directory; later calls raise `IndexUnavailable`."""
        with self.writing, self.using:
            if not self._open_now:
                return
            self._open_now = False
            try:
                with engine.explained(self.directory):
                    self.shard.flush()
                    self.shard.close()
            finally:
                self._owner.release()

    def replace_shard(self, current: layout.Current, shard: EdgeShard) -> EdgeShard:
        """Serve from `shard` from now on and return the one before; call with both locks held."""
        before, self.current, self.shard, self._tokens = self.shard, current, shard, None
        return before

    def _values(self, field: str) -> frozenset[str]:
        found = self._use(lambda shard: shard.facet(FacetRequest(field, limit=_MOST_VALUES, exact=True)).hits)
        # A value whose last point has gone is still listed, with a count of 0.
        return frozenset(str(hit.value) for hit in found if hit.count)

    def _pages(self, wanted: Filter | None, *, payload: bool) -> Iterator[Record]:
        offset: PointId | None = None
        while True:
            request = ScrollRequest(offset, _PAGE, wanted, with_payload=payload, with_vector=False)
            records, offset = self._scroll(request)
            yield from records
            if offset is None:
                return

    def _scroll(self, request: ScrollRequest) -> tuple[list[Record], PointId | None]:
        return self._use(lambda shard: shard.scroll(request))

    def _write(self, operation: UpdateOperation, ids: set[str]) -> None:
        if short := layout.space_short(self.directory):
            raise IndexDiskFull(str(self.directory), short)
        with self.using:
            self._tokens = None
            self.writes += len(ids)
            if self.touched is not None:
                self.touched |= ids
            self._use(lambda shard: shard.update(operation))

    def _use(self, call: Callable[[EdgeShard], _T]) -> _T:
        with self.using:
            if not self._open_now:
                raise IndexUnavailable(str(self.directory), "it was closed: open it again")
            with engine.explained(self.directory):
                return call(self.shard)
