"""A point in the engine's own type."""

from __future__ import annotations

import qdrant_edge

from concord.index import sparse
from concord.index.errors import InvalidPoint
from concord.index.points import payload_to_engine
from concord.index.protocol import Point
from concord.index.schema import DENSE


def to_engine(point: Point) -> qdrant_edge.Point:
    """Return the engine's point for one that was checked; raise `InvalidPoint` for a payload that it cannot hold."""
    vectors: dict[str, qdrant_edge.NamedVector] = {
        DENSE: list(point.dense),
        sparse.TEXT: sparse.document(sparse.TEXT, point.text),
        sparse.LABEL: sparse.document(sparse.LABEL, point.label_text),
    }
    try:
        return qdrant_edge.Point(point.id, vectors, payload_to_engine(point.payload))
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidPoint(point.id, f"its payload cannot be stored: {error}") from None
