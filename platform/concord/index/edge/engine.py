"""Opening the engine: its vectors, indexes and thresholds are those of `concord.index.schema`."""

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
from concord.index.errors import IndexBusy, IndexUnavailable
from concord.index.schema import DAYS, DENSE, FULL_SCAN_THRESHOLD, GRAPH_EFFORT, GRAPH_LINKS, KEYWORDS


def create(path: Path, dimension: int) -> EdgeShard:
    """Make a new shard in `path`, with its payload indexes."""
    try:
        shard = EdgeShard.create(str(path), _config(dimension))
        for name in KEYWORDS:
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
        hnsw_config=HnswIndexConfig(m=GRAPH_LINKS, ef_construct=GRAPH_EFFORT, full_scan_threshold=FULL_SCAN_THRESHOLD),
    )
