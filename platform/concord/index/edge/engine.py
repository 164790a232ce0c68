"""Opening the engine: its vectors, indexes and thresholds are those of `concord.index.schema`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
from concord.index.edge import layout
from concord.index.errors import IndexBusy, IndexDamaged, IndexDiskFull, IndexUnavailable, VectorIndexError
from concord.index.schema import DAYS, DENSE, FULL_SCAN_THRESHOLD, GRAPH_EFFORT, GRAPH_LINKS, KEYWORDS

_FULL = ("No space left", "os error 28", "Disk quota", "File too large")
_BROKEN = ("out of bounds", "not readable", "IO Error", "IO error")


def create(path: Path, dimension: int) -> EdgeShard:
    """Make a new shard in `path`, with its payload indexes."""
    with explained(path.parent):
        shard = EdgeShard.create(str(path), _config(dimension))
        for name in KEYWORDS:
            shard.update(UpdateOperation.create_field_index(name, KeywordIndexParams(enable_hnsw=False)))
        for name in DAYS:
            schema = IntegerIndexParams(lookup=False, range=True, enable_hnsw=False)
            shard.update(UpdateOperation.create_field_index(name, schema))
        shard.flush()
    return shard


def load(path: Path, dimension: int) -> EdgeShard:
    """Open the shard in `path`; raise `IndexBusy` where another process has it, `IndexDamaged` where it is broken."""
    with explained(path.parent, opening=True):
        return EdgeShard.load(str(path), _config(dimension))


@contextmanager
def explained(directory: Path, *, opening: bool = False) -> Iterator[None]:
    """Turn the engine's errors into ours: it raises bare `Exception`s that differ in their text only, and panics."""
    try:
        yield
    except VectorIndexError:
        raise
    except BaseException as error:
        # A panic is no `Exception`; the engine's locks and state are unknown from then on.
        panic = type(error).__name__ == "PanicException"
        if not panic and not isinstance(error, Exception):
            raise
        text = str(error)
        if "WouldBlock" in text:
            raise IndexBusy(str(directory)) from error
        if any(word in text for word in _FULL):
            raise IndexDiskFull(str(directory), text) from error
        if opening and (short := layout.space_short(directory)):
            raise IndexDiskFull(str(directory), short) from error
        if panic or opening or any(word in text for word in _BROKEN):
            raise IndexDamaged(str(directory), text) from error
        raise IndexUnavailable(str(directory), f"the engine says: {text}") from error


def _config(dimension: int) -> EdgeConfig:
    return EdgeConfig(
        vectors={DENSE: EdgeVectorParams(size=dimension, distance=Distance.Cosine)},
        sparse_vectors={
            sparse.TEXT: EdgeSparseVectorParams(modifier=Modifier.Idf),
            sparse.LABEL: EdgeSparseVectorParams(modifier=Modifier.Idf),
        },
        hnsw_config=HnswIndexConfig(m=GRAPH_LINKS, ef_construct=GRAPH_EFFORT, full_scan_threshold=FULL_SCAN_THRESHOLD),
    )
