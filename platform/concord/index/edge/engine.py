"""Opening the engine: the one place that fixes its vectors, indexes and thresholds."""

from __future__ import annotations

from pathlib import Path

from qdrant_edge import (
    Distance,
    EdgeConfig,
    EdgeShard,
    EdgeSparseVectorParams,
    EdgeVectorParams,
    HnswIndexConfig,
    IntegerIndexParams,
    KeywordIndexParams,
    Modifier,
    UpdateOperation,
)

from concord.index import sparse
from concord.index.edge.points import DENSE
from concord.index.errors import IndexBusy, IndexUnavailable

KEYWORDS = ("readers", "status", "source", "publisher", "tier", "concepts", "identifier")
DAYS = ("valid_from", "valid_until")

# In KB of vectors. With the engine's default a filter that passes 6 % of 200,000 points found 0.30 of what it should:
# below this size the engine scans what passes the filter instead of walking the graph.
_FULL_SCAN_THRESHOLD = 200_000


def create(path: Path, dimension: int) -> EdgeShard:
    """Make a new shard in `path`, with its payload indexes."""
    try:
        shard = EdgeShard.create(str(path), _config(dimension))
        for name in KEYWORDS:
            # A graph of their own for each payload value is what loses results under two conditions at once.
            shard.update(UpdateOperation.create_field_index(name, KeywordIndexParams(enable_hnsw=False)))
        for name in DAYS:
            schema = IntegerIndexParams(lookup=False, range=True, enable_hnsw=False)
            shard.update(UpdateOperation.create_field_index(name, schema))
        shard.flush()
    except Exception as error:
        raise failure(path.parent, error) from error
    return shard


def load(path: Path, dimension: int) -> EdgeShard:
    """Open the shard in `path`; raise `IndexBusy` where another process has it, `IndexUnavailable` otherwise."""
    try:
        return EdgeShard.load(str(path), _config(dimension))
    except Exception as error:
        raise failure(path.parent, error) from error


def failure(directory: Path, error: Exception) -> IndexBusy | IndexUnavailable:
    """Return ours for an error of the engine, which raises bare `Exception`s that differ in their text only."""
    if "WouldBlock" in str(error):
        return IndexBusy(str(directory))
    return IndexUnavailable(str(directory), f"the engine says: {error}")


def _config(dimension: int) -> EdgeConfig:
    return EdgeConfig(
        vectors={DENSE: EdgeVectorParams(size=dimension, distance=Distance.Cosine)},
        sparse_vectors={
            sparse.TEXT: EdgeSparseVectorParams(modifier=Modifier.Idf),
            sparse.LABEL: EdgeSparseVectorParams(modifier=Modifier.Idf),
        },
        hnsw_config=HnswIndexConfig(m=16, ef_construct=100, full_scan_threshold=_FULL_SCAN_THRESHOLD),
    )
