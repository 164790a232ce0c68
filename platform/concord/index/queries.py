"""What a search asks of each leg: the vectors, checked, and how many hits."""

from __future__ import annotations

from dataclasses import dataclass

from qdrant_edge import SparseVector

from concord.index import sparse
from concord.index.errors import InvalidRequest
from concord.index.points import unit_vector
from concord.index.protocol import SearchRequest

MAX_LIMIT = 1_000
MAX_QUERY = 100_000


@dataclass(frozen=True, slots=True)
class Queries:
    """The vectors of the legs to run; a leg that is not run has none."""

    dense: list[float] | None
    sparse: dict[str, SparseVector]

    def __bool__(self) -> bool:
        return self.dense is not None or bool(self.sparse)


def queries(request: SearchRequest, dimension: int) -> Queries:
    """Return the vectors of a search; raise `InvalidRequest` for what cannot be asked."""
    if not 1 <= request.limit <= MAX_LIMIT:
        raise InvalidRequest(f"limit is {request.limit}: ask for 1 to {MAX_LIMIT} hits per leg")
    dense = None
    if request.dense is not None and len(request.dense):
        try:
            dense = unit_vector(request.dense, dimension)
        except ValueError as error:
            raise InvalidRequest(f"the query cannot be searched: {error}") from None
    words: dict[str, SparseVector] = {}
    for field, text in ((sparse.TEXT, request.text), (sparse.LABEL, request.label_text)):
        if not text:
            continue
        if len(text) > MAX_QUERY:
            raise InvalidRequest(f"the query has {len(text)} characters, at most {MAX_QUERY} are searched: shorten it")
        vector = sparse.query(field, text)
        if vector is not None:
            words[field] = vector
    return Queries(dense, words)
