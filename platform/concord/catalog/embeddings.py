"""Vectors by model and content hash, so that no text is embedded twice and the index can be rebuilt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, delete, select

from concord.catalog.engine import reading
from concord.catalog.schema import chunks, embeddings
from concord.catalog.sql import insert_missing

Vector = NDArray[np.float32]
_LITTLE_ENDIAN = np.dtype("<f4")


class EmbeddingStore:
    """Reads vectors for `concord.embedding.CachedEncoder`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def vectors(self, model: str, hashes: Sequence[str]) -> Mapping[str, Vector]:
        """The vectors held of these hashes."""
        with reading(self._engine) as connection:
            return load_vectors(connection, model, hashes)


def load_vectors(connection: Connection, model: str, hashes: Sequence[str]) -> dict[str, Vector]:
    """The vectors held of these hashes."""
    found = {}
    for part in _parts(list(dict.fromkeys(hashes))):
        rows = connection.execute(
            select(embeddings.c.content_hash, embeddings.c.vector).where(
                embeddings.c.model == model, embeddings.c.content_hash.in_(part)
            )
        )
        found.update({row.content_hash: np.frombuffer(row.vector, _LITTLE_ENDIAN).astype(np.float32) for row in rows})
    return found


def keep_vectors(connection: Connection, model: str, vectors: Mapping[str, Vector]) -> None:
    """Store vectors that are not stored yet."""
    rows = [
        {"model": model, "content_hash": key, "vector": np.asarray(vector, _LITTLE_ENDIAN).tobytes()}
        for key, vector in vectors.items()
    ]
    insert_missing(connection, embeddings, rows)


def forget_unused(connection: Connection, model: str) -> int:
    """Delete vectors of other models and of texts that no chunk holds; returns how many."""
    unused = delete(embeddings).where(
        (embeddings.c.model != model) | embeddings.c.content_hash.not_in(select(chunks.c.content_hash))
    )
    return connection.execute(unused).rowcount


def _parts(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + 500] for start in range(0, len(keys), 500))
