"""The vector index behind one Protocol, and its engines.

    from concord.index import SearchFilter, SearchRequest, open_index

    index = open_index(Path(".concord/index"), dimension=384)
    result = index.search(SearchRequest(SearchFilter(principal.tokens), text="parental leave"))

`concord.index.testing` holds the contract tests that every implementation of `Index` passes.
"""

from concord.index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexDiskFull,
    IndexMismatch,
    IndexUnavailable,
    InvalidPoint,
    InvalidRequest,
    VectorIndexError,
    WritesLost,
)
from concord.index.factory import open_index, open_server, replacing_index
from concord.index.protocol import (
    CURRENT,
    Index,
    LegHit,
    Payload,
    Point,
    SearchFilter,
    SearchRequest,
    SearchResult,
)

__all__ = [
    "CURRENT",
    "Index",
    "IndexBusy",
    "IndexDamaged",
    "IndexDiskFull",
    "IndexMismatch",
    "IndexUnavailable",
    "InvalidPoint",
    "InvalidRequest",
    "LegHit",
    "Payload",
    "Point",
    "SearchFilter",
    "SearchRequest",
    "SearchResult",
    "VectorIndexError",
    "WritesLost",
    "open_index",
    "open_server",
    "replacing_index",
]
