"""Vectors by model and content hash, so that no text is embedded twice and the index can be rebuilt.

Beside them the vectors of whole items: the means of their passages' vectors.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, Connection, Engine, Select, delete, select

from concord.catalog.engine import reading
from concord.catalog.schema import chunks, embeddings, page_vectors
from concord.catalog.sql import insert_missing, parts, upsert
from concord.embedding import Embedded

Matrix = NDArray[np.float32]
_VECTOR = np.dtype("<f4")
_SENTENCES = np.dtype("<f2")  # only compared with a question, for which half precision is plenty


class EmbeddingStore:
    """Says which vectors are kept, for `concord.embedding.CachedEncoder`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def held(self, model: str, hashes: Sequence[str]) -> Collection[str]:
        """Those of the hashes whose vectors are kept."""
        found: set[str] = set()
        with reading(self._engine) as connection:
            for part in parts(hashes):
                found.update(connection.scalars(_of(model, part, embeddings.c.content_hash)))
        return found


def load_vectors(connection: Connection, model: str, hashes: Sequence[str]) -> dict[str, Matrix]:
    """The passage vectors kept of these hashes."""
    found = {}
    for part in parts(hashes):
        for row in connection.execute(_of(model, part, embeddings.c.content_hash, embeddings.c.vector)):
            found[row.content_hash] = np.frombuffer(row.vector, _VECTOR).astype(np.float32)
    return found


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a vector a passage is, and each of its sentences in order: cosines."""

    passage: float
    sentences: tuple[float, ...]


def likenesses(connection: Connection, model: str, hashes: Sequence[str], vector: Matrix) -> dict[str, Likeness]:
    """How like `vector` the passages of these hashes are; those whose vectors are not kept are left out."""
    found = {}
    columns = (embeddings.c.content_hash, embeddings.c.vector, embeddings.c.sentences)
    for part in parts(hashes):
        rows = connection.execute(_of(model, part, *columns)).all()
        # One matrix for all: a product of its own for each passage would cost more than reading them.
        passages = _stacked([row.vector for row in rows], _VECTOR, vector)
        sentences = _stacked([row.sentences for row in rows], _SENTENCES, vector)
        size, start = _SENTENCES.itemsize * len(vector), 0
        for row, passage in zip(rows, passages, strict=True):
            end = start + len(row.sentences) // size
            found[row.content_hash] = Likeness(passage, tuple(sentences[start:end]))
            start = end
    return found


def _stacked(blobs: Sequence[bytes], kind: np.dtype[Any], vector: Matrix) -> list[float]:
    rows = np.frombuffer(b"".join(blobs), kind).reshape(-1, len(vector)).astype(np.float32)
    products: list[float] = (rows @ vector).tolist()
    return products


def keep_vectors(connection: Connection, model: str, made: Mapping[str, Embedded]) -> None:
    """Store vectors that are not stored yet."""
    rows = [
        {
            "model": model,
            "content_hash": key,
            "vector": np.asarray(each.vector, _VECTOR).tobytes(),
            "sentences": np.asarray(each.sentences, _SENTENCES).tobytes(),
        }
        for key, each in made.items()
    ]
    insert_missing(connection, embeddings, rows)


def keep_pages(connection: Connection, model: str, pages: Mapping[str, Matrix | None]) -> None:
    """Store the vectors of items in place of those they had; None for an item that has none any more."""
    gone = [identifier for identifier, vector in pages.items() if vector is None]
    for part in parts(gone):
        connection.execute(delete(page_vectors).where(page_vectors.c.identifier.in_(part)))
    rows = [
        {"model": model, "identifier": identifier, "vector": np.asarray(vector, _VECTOR).tobytes()}
        for identifier, vector in pages.items()
        if vector is not None
    ]
    upsert(connection, page_vectors, rows)


def load_pages(connection: Connection, model: str, identifiers: Sequence[str]) -> dict[str, Matrix]:
    """The vectors of these items. The caller has checked that they may be read."""
    found = {}
    columns = (page_vectors.c.identifier, page_vectors.c.vector)
    for part in parts(identifiers):
        wanted = select(*columns).where(page_vectors.c.model == model, page_vectors.c.identifier.in_(part))
        for row in connection.execute(wanted):
            found[row.identifier] = np.frombuffer(row.vector, _VECTOR).astype(np.float32)
    return found


def forget_unused(connection: Connection, model: str, labels: Collection[str] = ()) -> int:
    """Delete vectors of other models, and of texts that no passage holds and no label is; returns how many.

    `labels` are the keys of the vocabulary's labels.
    """
    connection.execute(delete(page_vectors).where(page_vectors.c.model != model))
    others = connection.execute(delete(embeddings).where(embeddings.c.model != model)).rowcount
    gone = _loose(connection, labels)
    for part in parts(sorted(gone)):
        connection.execute(delete(embeddings).where(embeddings.c.content_hash.in_(part)))
    return others + len(gone)


def any_unused(connection: Connection, model: str, labels: Collection[str] = ()) -> bool:
    """Whether `forget_unused` would delete anything."""
    other = select(embeddings.c.content_hash).where(embeddings.c.model != model).limit(1)
    return connection.scalar(other) is not None or bool(_loose(connection, labels))


def _loose(connection: Connection, labels: Collection[str]) -> set[str]:
    """The keys of vectors of texts that no passage holds and no label is."""
    unheld = select(embeddings.c.content_hash).except_(select(chunks.c.content_hash))
    return set(connection.scalars(unheld)).difference(labels)


def _of(model: str, hashes: Sequence[str], *columns: Column[Any]) -> Select[Any]:
    return select(*columns).where(embeddings.c.model == model, embeddings.c.content_hash.in_(hashes))
