"""The legs of a hybrid search, each under the same filter, which is its IDF corpus too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdrant_edge import EdgeShard, Filter, IdfParams, Query, QueryRequest, ScoredPoint, SearchParams

from concord.index import sparse
from concord.index.points import payload_from_engine
from concord.index.protocol import LegHit, SearchResult
from concord.index.queries import Queries
from concord.index.schema import DENSE

if TYPE_CHECKING:
    from qdrant_edge import NamedVector


def run(shard: EdgeShard, wanted: Queries, allowed: Filter, limit: int, exact: bool) -> SearchResult:
    """Run each leg; a dense one that comes back short is run again without the graph, which may have lost hits.

    The sparse legs have no graph: their inverted index gives the same hits either way, and a rare word few of them.
    """
    hits = {}
    legs: dict[str, NamedVector] = {**wanted.sparse}
    if wanted.dense is not None:
        legs[DENSE] = wanted.dense
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
