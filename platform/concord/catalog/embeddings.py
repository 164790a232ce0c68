"""Vectors by model and content hash, so that no text is embedded twice and the index can be rebuilt.

Beside them the vectors of whole items: the means of their passages' vectors.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, bindparam, delete, select

from concord.catalog.engine import reading
from concord.catalog.schema import chunks, embeddings, page_vectors
from concord.catalog.sql import among, insert_missing, parts, upsert
from concord.embedding import Embedded

Matrix = NDArray[np.float32]
_VECTOR = np.dtype("<f4")
_SENTENCES = np.dtype("<f2")  # only compared with a question, for which half precision is plenty


_MINE = (embeddings.c.model == bindparam("model"), among(embeddings.c.content_hash))
_HELD = select(embeddings.c.content_hash).where(*_MINE)
_VECTORS = select(embeddings.c.content_hash, embeddings.c.vector).where(*_MINE)
_ALL_VECTORS = _VECTORS.add_columns(embeddings.c.sentences)
_PAGES = select(page_vectors.c.identifier, page_vectors.c.vector).where(
    page_vectors.c.model == bindparam("model"), among(page_vectors.c.identifier)
)


class EmbeddingStore:
    """Says which vectors are kept, for `concord.embedding.CachedEncoder`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def held(self, model: str, hashes: Sequence[str]) -> Collection[str]:
        """Those of the hashes whose vectors are kept."""
        with reading(self._engine) as connection:
            return set(connection.scalars(_HELD, {"model": model, "keys": hashes}))


def load_vectors(connection: Connection, model: str, hashes: Sequence[str]) -> dict[str, Matrix]:
    """The passage vectors kept of these hashes."""
    rows = connection.execute(_VECTORS, {"model": model, "keys": hashes})
    return {key: np.frombuffer(vector, _VECTOR).astype(np.float32) for key, vector in rows}


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a vector a passage is, and each of its sentences in order: cosines."""

    passage: float
    sentences: tuple[float, ...]


def load_embedded(connection: Connection, model: str, hashes: Sequence[str]) -> dict[str, Embedded]:
    """The vectors kept of these hashes, those of their sentences included: as they are kept, without a copy."""
    rows = connection.execute(_ALL_VECTORS, {"model": model, "keys": hashes}).all() if hashes else ()
    found = {}
    for key, whole, each in rows:
        vector = np.frombuffer(whole, _VECTOR)
        found[key] = Embedded(vector, np.frombuffer(each, _SENTENCES).reshape(-1, len(vector)))
    return found


def likenesses(embedded: Sequence[Embedded], vector: Matrix) -> list[Likeness]:
    """How like `vector` passages are."""
    if not embedded:
        return []
    # One matrix for all: a product of its own for each passage would cost more than putting them together.
    passages = (np.stack([each.vector for each in embedded]) @ vector).tolist()
    sentences = (np.concatenate([each.sentences for each in embedded], dtype=np.float32) @ vector).tolist()
    found, start = [], 0
    for each, passage in zip(embedded, passages, strict=True):
        end = start + len(each.sentences)
        found.append(Likeness(passage, tuple(sentences[start:end])))
        start = end
    return found


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
    """The vectors of those of the items that have one."""
    rows = connection.execute(_PAGES, {"model": model, "keys": identifiers}).all() if identifiers else ()
    return {key: np.frombuffer(vector, _VECTOR).astype(np.float32) for key, vector in rows}


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
