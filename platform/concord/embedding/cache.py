"""Embedding with a content-hash cache, in batches of texts of like length."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

import numpy as np

from concord.embedding.encoder import Encoder
from concord.embedding.vectors import Embedded, Passage
from concord_taxonomy.markdown import SENTENCES_VERSION

BATCH_SIZE = 8
"""Few, for on a CPU more at once are no faster, and each text costs as much as the longest of its batch.

Of 50 passages in order of length, batches of 32 are 65 % more tokens than there are, and batches of 8 are 14 % more.
"""


class VectorStore(Protocol):
    """Knows which vectors are kept, by model and content hash (the catalog does)."""

    def held(self, model: str, hashes: Sequence[str]) -> Collection[str]:
        """Those of the hashes whose vectors are kept."""
        ...


def content_hash(text: str) -> str:
    """The key of a text's vectors, and of those of the sentences in it."""
    return hashlib.sha256(f"{SENTENCES_VERSION}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:40]


class CachedEncoder:
    """Embeds only what no one embedded before.

    What is newly made is returned: the caller stores it in the transaction that needs it.
    """

    def __init__(self, encoder: Encoder, store: VectorStore, batch_size: int = BATCH_SIZE) -> None:
        self.encoder = encoder
        self._store = store
        self._batch_size = batch_size

    def missing(self, keys: Iterable[str]) -> set[str]:
        """Those of the content hashes whose vectors are not kept."""
        wanted = set(keys)
        return wanted.difference(self._store.held(self.encoder.model, list(wanted)))

    def embed(self, passages: Iterable[Passage], progress: Callable[[int], None] | None = None) -> dict[str, Embedded]:
        """Embed those passages that are not kept yet, by content hash; `progress` gets how many were done."""
        wanted = {content_hash(passage.text): passage for passage in passages}
        new = self.missing(wanted)
        # Padding to the longest of a batch is the cost of a batch: neighbours in length waste the least.
        missing = sorted((pair for pair in wanted.items() if pair[0] in new), key=lambda pair: len(pair[1].text))
        made: dict[str, Embedded] = {}
        for start in range(0, len(missing), self._batch_size):
            batch = missing[start : start + self._batch_size]
            embedded = self.encoder.encode_passages([passage for _, passage in batch])
            if not all(np.isfinite(each.vector).all() for each in embedded):
                raise ValueError(f"{self.encoder.model} gave a vector that is not finite")
            made.update({key: each for (key, _), each in zip(batch, embedded, strict=True)})
            if progress:
                progress(len(batch))
        return made
