"""Embedding with a content-hash cache, in batches of texts of like length."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from concord.embedding.encoder import Encoder, Vectors

BATCH_SIZE = 32


class VectorStore(Protocol):
    """Keeps vectors by model and content hash (the catalog does)."""

    def vectors(self, model: str, hashes: Sequence[str]) -> Mapping[str, Vectors]:
        """The vectors held of these hashes."""
        ...


def content_hash(text: str) -> str:
    """The key of a text's vector."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]


class CachedEncoder:
    """Embeds only what no one embedded before.

    The vectors newly made are returned apart: the caller stores them in the transaction that needs them.
    """

    def __init__(self, encoder: Encoder, store: VectorStore, batch_size: int = BATCH_SIZE) -> None:
        self.encoder = encoder
        self._store = store
        self._batch_size = batch_size

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> dict[str, Vectors]:
        """Vectors of those `texts` that are not in the store yet, by content hash; `progress` gets texts done."""
        wanted = {content_hash(text): text for text in texts}
        held = self._store.vectors(self.encoder.model, list(wanted))
        missing = [(key, text) for key, text in wanted.items() if key not in held]
        # Padding to the longest of a batch is the cost of a batch: neighbours in length waste the least.
        missing.sort(key=lambda pair: len(pair[1]))
        made: dict[str, Vectors] = {}
        for start in range(0, len(missing), self._batch_size):
            batch = missing[start : start + self._batch_size]
            vectors = self.encoder.encode([text for _, text in batch])
            if not np.isfinite(vectors).all():
                raise ValueError(f"{self.encoder.model} gave a vector that is not finite")
            made.update({key: vector for (key, _), vector in zip(batch, vectors, strict=True)})
            if progress:
                progress(len(batch))
        return made
