"""The legs of a hybrid search, each under the same filter, which is its IDF corpus too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdrant_edge import EdgeShard, Filter, IdfParams, Query, QueryRequest, ScoredPoint, SearchParams

from concord.index import sparse
from concord.index.edge.points import DENSE, payload_from_engine, unit_vector
from concord.index.errors import InvalidRequest
from concord.index.protocol import LegHit, SearchRequest, SearchResult

if TYPE_CHECKING:
    from qdrant_edge import NamedVector

MAX_LIMIT = 1_000
MAX_QUERY = 100_000


def queries(request: SearchRequest, dimension: int) -> dict[str, NamedVector]:
    """Return the vectors of the legs to run, by leg; raise `InvalidRequest` for what cannot be asked."""
    if not 1 <= request.limit <= MAX_LIMIT:
        raise InvalidRequest(f"limit is {request.limit}: ask for 1 to {MAX_LIMIT} hits per leg")
    legs: dict[str, NamedVector] = {}
    if request.dense is not None and len(request.dense):
        try:
            legs[DENSE] = unit_vector(request.dense, dimension)
        except ValueError as error:
            raise InvalidRequest(f"the query cannot be searched: {error}") from None
    for field, text in ((sparse.TEXT, request.text), (sparse.LABEL, request.label_text)):
        if not text:
            continue
        if len(text) > MAX_QUERY:
            raise InvalidRequest(f"the query has {len(text)} characters, at most {MAX_QUERY} are searched: shorten it")
        vector = sparse.query(field, text)
        if vector is not None:
            legs[field] = vector
    return legs


def run(shard: EdgeShard, legs: dict[str, NamedVector], allowed: Filter, limit: int, exact: bool) -> SearchResult:
    """Run each leg; a dense one that comes back short is run again without the graph, which may have lost hits.

    The sparse legs have no graph: their inverted index gives the same hits either way, and a rare word few of them.
    """
    hits = {}
    for name, vector in legs.items():
        found = _leg(shard, name, vector, allowed, limit, exact)
        if name == DENSE and len(found) < limit and not exact:
            found = _leg(shard, name, vector, allowed, limit, exact=True)
        hits[name] = tuple(LegHit(str(hit.id), hit.score, payload_from_engine(hit.payload or {})) for hit in found)
    return SearchResult(dense=hits.get(DENSE, ()), text=hits.get(sparse.TEXT, ()), label=hits.get(sparse.LABEL, ()))


def _leg(
    shard: EdgeShard, name: str, vector: NamedVector, allowed: Filter, limit: int, exact: bool
) -> list[ScoredPoint]:
    # Without the corpus, documents that the asker may not read change the scores of those that they may.
    idf = None if name == DENSE else IdfParams(corpus=allowed)
    params = SearchParams(exact=exact, idf=idf)
    query = Query.Nearest(vector, using=name)
    return shard.query(QueryRequest(limit=limit, query=query, filter=allowed, params=params, with_payload=True))
