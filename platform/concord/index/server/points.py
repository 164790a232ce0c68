"""Points in the client's own types, in batches that a server takes at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from qdrant_client import models

from concord.index import sparse
from concord.index.errors import InvalidPoint
from concord.index.points import payload_to_engine
from concord.index.protocol import Point
from concord.index.schema import DENSE

if TYPE_CHECKING:
    from qdrant_edge import SparseVector

# A server refuses a request of more than 32 MB; a number takes about 20 bytes of it.
_BATCH = 256
_BATCH_BYTES = 8 * 2**20
_NUMBER_BYTES = 20


def to_point(point: Point) -> models.PointStruct:
    """Return the client's point for one that was checked; raise `InvalidPoint` for a payload that cannot travel."""
    payload = payload_to_engine(point.payload)
    try:
        json.dumps(payload, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidPoint(point.id, f"its payload cannot be stored: {error}") from None
    vectors: dict[str, models.Vector] = {
        DENSE: list(point.dense),
        sparse.TEXT: to_sparse(sparse.document(sparse.TEXT, point.text)),
        sparse.LABEL: to_sparse(sparse.document(sparse.LABEL, point.label_text)),
    }
    return models.PointStruct(id=point.id, vector=vectors, payload=payload)


def to_sparse(vector: SparseVector) -> models.SparseVector:
    """Return a sparse vector in the client's type."""
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))


def batches(points: Iterable[models.PointStruct]) -> Iterator[list[models.PointStruct]]:
    """Give the points in batches of bounded number and size."""
    batch: list[models.PointStruct] = []
    size = 0
    for point in points:
        weight = _weight(point)
        if batch and (len(batch) == _BATCH or size + weight > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(point)
        size += weight
    if batch:
        yield batch


def _weight(point: models.PointStruct) -> int:
    """Bytes of a point in a request, roughly."""
    numbers = 0
    vectors = point.vector if isinstance(point.vector, dict) else {}
    for vector in vectors.values():
        numbers += 2 * len(vector.indices) if isinstance(vector, models.SparseVector) else len(vector)  # type: ignore[arg-type]
    return numbers * _NUMBER_BYTES + len(json.dumps(point.payload))
