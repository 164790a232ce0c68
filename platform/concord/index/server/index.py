"""`ServerIndex`: the Protocol over a Qdrant server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from qdrant_client import QdrantClient, models

from concord.index import sparse
from concord.index.conditions import conditions
from concord.index.digest import Digest
from concord.index.errors import InvalidRequest
from concord.index.points import check, kept_ids, payload_from_engine
from concord.index.protocol import LegHit, Payload, Point, SearchRequest, SearchResult
from concord.index.queries import Queries, queries
from concord.index.schema import DENSE
from concord.index.server import filters
from concord.index.server.collection import Collections
from concord.index.server.connection import Connection
from concord.index.server.points import batches, to_point, to_sparse

_T = TypeVar("_T")
_PAGE = 1_000
_VALUES = 100_000
_TOKENS_SECONDS = 2.0


class ServerIndex:
    """An index in a collection of a Qdrant server, which many machines may share.

    Nothing is sent before the first call, which makes the collection where there is none. Writes return when the
    server has applied them (`wait=true`), so `flush` has nothing left to do. Calls may come from many threads.

    Reader tokens are counted again after each write of this object, and at most two seconds after another's; until
    then documents under a token that is new to the index are not found, and nothing else changes.

    Raises `IndexMismatch` for a server before 1.19 and for a collection of another dimension or format.
    """

    def __init__(
        self,
        open_client: Callable[[], QdrantClient],
        place: str,
        collection: str,
        dimension: int,
        *,
        beside: bool = False,
    ) -> None:
        if dimension < 1:
            raise InvalidRequest(f"the dimension is {dimension}: give the embedding model's")
        self.dimension = dimension
        self._connection = Connection(place, open_client)
        self._collections = Collections(self._connection, collection, dimension)
        self._beside = beside
        self._lock = threading.Lock()
        self._collection: str | None = None
        self._tokens: tuple[float, frozenset[str]] | None = None

    def upsert(self, points: Sequence[Point]) -> None:
        """Write points, replacing those of the same id; with one broken point, none is written."""
        ready = [to_point(check(point, self.dimension)) for point in points]
        for batch in batches(ready):
            self._write(partial(QdrantClient.upsert, points=batch, wait=True))

    def delete_item(self, identifier: str, keep: Sequence[str] = ()) -> None:
        """Delete an item's points except those whose ids are in `keep`."""
        gone = models.FilterSelector(filter=filters.of_item(identifier, sorted(kept_ids(keep))))
        self._write(lambda client, name: client.delete(name, points_selector=gone, wait=True))

    def flush(self) -> None:
        """Return: every write was acknowledged by the server, which keeps it from then on."""
        self._use(lambda client, name: None)

    def search(self, request: SearchRequest) -> SearchResult:
        """Run the legs under the filter in one request; a dense leg that comes back short is run again exactly."""
        vectors = queries(request, self.dimension)
        wanted = conditions(request.filter, self.tokens_in_use())
        if wanted is None or not vectors:
            return SearchResult()
        allowed = filters.to_filter(wanted)
        asked = _requests(vectors, allowed, request.limit, request.exact)
        hits = self._hits(asked)
        if vectors.dense is not None and len(hits[DENSE]) < request.limit and not request.exact:
            # The graph may have lost hits; the inverted index of the sparse legs loses none.
            hits |= self._hits(_requests(Queries(vectors.dense, {}), allowed, request.limit, exact=True))
        return SearchResult(dense=hits.get(DENSE, ()), text=hits.get(sparse.TEXT, ()), label=hits.get(sparse.LABEL, ()))

    def tokens_in_use(self) -> frozenset[str]:
        """The reader tokens that any point carries."""
        held = self._tokens
        if held is None or time.monotonic() > held[0]:
            found = self._values("readers")
            self._tokens = held = (time.monotonic() + _TOKENS_SECONDS, found)
        return held[1]

    def item_points(self, identifier: str) -> frozenset[str]:
        """The ids of an item's points."""
        return frozenset(str(record.id) for record in self._scroll(filters.of_item(identifier), payload=False))

    def item_payloads(self, identifier: str) -> dict[str, Payload]:
        """The payloads of an item's points by id; for checks, never shown to a reader."""
        found = self._scroll(filters.of_item(identifier), payload=True)
        return {str(record.id): payload_from_engine(record.payload or {}) for record in found}

    def identifiers(self) -> frozenset[str]:
        """The items that have a point."""
        return self._values("identifier")

    def count(self) -> int:
        """Points in all; for operators, never shown to a reader."""
        return self._use(lambda client, name: client.count(name, exact=True).count)

    def digest(self) -> str:
        """One value for all ids and payloads: equal where two indexes hold the same."""
        digest = Digest()
        for record in self._scroll(None, payload=True):
            digest.add(str(record.id), payload_from_engine(record.payload or {}))
        return digest.value

    def where(self) -> str:
        """The server and the collection that is written to."""
        return f"{self._connection.place}/{self._ready()}"

    def switch(self) -> None:
        """Put the collection that was filled beside the one in use into its place, in one step."""
        self._collections.switch(self._ready())

    def drop(self) -> None:
        """Delete the index from the server: its alias and all of its collections."""
        self._collections.drop()
        self._collection = None

    def close(self) -> None:
        """Let go of the connection; later calls raise `IndexUnavailable`."""
        self._connection.close()

    def _hits(self, asked: dict[str, models.QueryRequest]) -> dict[str, tuple[LegHit, ...]]:
        found = self._use(lambda client, name: client.query_batch_points(name, requests=list(asked.values())))
        return {
            leg: tuple(LegHit(str(hit.id), hit.score, payload_from_engine(hit.payload or {})) for hit in answer.points)
            for leg, answer in zip(asked, found, strict=True)
        }

    def _values(self, field: str) -> frozenset[str]:
        """The values of a keyword field that some point has; none is cut off."""
        limit = _VALUES
        while True:
            found = self._use(partial(QdrantClient.facet, key=field, limit=limit, exact=True)).hits
            if len(found) < limit:
                # A value whose last point has gone may still be listed, with a count of 0.
                return frozenset(str(hit.value) for hit in found if hit.count)
            limit *= 10

    def _scroll(self, wanted: models.Filter | None, *, payload: bool) -> Iterator[models.Record]:
        offset: Any = None
        while True:
            page = partial(
                QdrantClient.scroll,
                scroll_filter=wanted,
                limit=_PAGE,
                offset=offset,
                with_payload=payload,
                with_vectors=False,
            )
            records, offset = self._use(page)
            yield from records
            if offset is None:
                return

    def _write(self, ask: Callable[[QdrantClient, str], object]) -> None:
        try:
            self._use(ask)
        finally:
            self._tokens = None

    def _use(self, ask: Callable[[QdrantClient, str], _T]) -> _T:
        collection = self._ready()
        return self._connection.call(lambda client: ask(client, collection))

    def _ready(self) -> str:
        """The collection to work on, once the server and its layout were checked."""
        with self._lock:
            if self._collection is None:
                self._collections.check_server()
                found = self._collections.ensure_next() if self._beside else None
                # Through the alias, so that a switch by another process is followed at once.
                self._collection = found or (self._collections.ensure() and self._collections.name)
            return self._collection


def _requests(vectors: Queries, allowed: models.Filter, limit: int, exact: bool) -> dict[str, models.QueryRequest]:
    """One request for each leg, each under the same filter, which is its IDF corpus too."""
    # Without the corpus, documents that the asker may not read change the scores of those that they may.
    ranked = models.SearchParams(exact=exact, idf=models.IdfCorpusParams(corpus=allowed))
    legs: Iterable[tuple[str, Any, models.SearchParams]] = [
        (field, to_sparse(vector), ranked) for field, vector in vectors.sparse.items()
    ]
    if vectors.dense is not None:
        legs = [(DENSE, vectors.dense, models.SearchParams(exact=exact)), *legs]
    return {
        name: models.QueryRequest(
            query=query, using=name, filter=allowed, params=params, limit=limit, with_payload=True
        )
        for name, query, params in legs
    }
