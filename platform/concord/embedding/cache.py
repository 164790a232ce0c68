"""Embedding with a content-hash cache, in batches of texts of like length."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from concord.embedding.encoder import Encoder
from concord.embedding.vectors import Embedded, Passage
from concord_taxonomy.markdown import SENTENCES_VERSION

BATCH_SIZE = 4
"""Few, for on a CPU more at once are no faster, and each text costs as much as the longest of its batch.

Of 50 passages in order of length, batches of 32 are 65 % more tokens than there are, and batches of 8 are 14 % more.
With one batch on each core, batches of 4 take 10 % less CPU time than batches of 8.
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
        self.batch_size = batch_size

    def missing(self, keys: Iterable[str]) -> set[str]:
        """Those of the content hashes whose vectors are not kept."""
        wanted = set(keys)
        return wanted.difference(self._store.held(self.encoder.model, list(wanted)))

    def embed(self, passages: Iterable[Passage], progress: Callable[[int], None] | None = None) -> dict[str, Embedded]:
        """Embed those passages that are not kept yet, by content hash; `progress` gets how many were done."""
        with self.ahead() as ahead:
            return ahead.begin(passages).made(progress)

    @contextmanager
    def ahead(self) -> Iterator[Ahead]:
        """Embeds beside the work of the block; what was begun and not waited for is given up at its end."""
        pool = ThreadPoolExecutor(self.encoder.batches_at_once, thread_name_prefix="embed")
        try:
            yield Ahead(self, pool)
        finally:
            pool.shutdown(cancel_futures=True)


class Ahead:
    """Begins to embed passages before they are needed, in threads: models leave Python to others while they run."""

    def __init__(self, cached: CachedEncoder, pool: ThreadPoolExecutor) -> None:
        self._cached = cached
        self._pool = pool
        self._begun: set[str] = set()

    def begin(self, passages: Iterable[Passage]) -> Begun:
        """Begin with those passages that are not kept yet, nor begun before."""
        wanted = {content_hash(passage.text): passage for passage in passages}
        new = self._cached.missing(wanted) - self._begun
        self._begun |= new
        # Padding to the longest of a batch is the cost of a batch: neighbours in length waste the least.
        missing = sorted((pair for pair in wanted.items() if pair[0] in new), key=lambda pair: len(pair[1].text))
        size = self._cached.batch_size
        batches = [dict(missing[start : start + size]) for start in range(0, len(missing), size)]
        return Begun([(list(batch), self._pool.submit(self._encode, list(batch.values()))) for batch in batches])

    def _encode(self, passages: Sequence[Passage]) -> list[Embedded]:
        embedded = self._cached.encoder.encode_passages(passages)
        if not all(np.isfinite(each.vector).all() for each in embedded):
            raise ValueError(f"{self._cached.encoder.model} gave a vector that is not finite")
        return embedded


@dataclass(frozen=True, slots=True)
class Begun:
    """Passages that are being embedded: batches of content hashes, and what comes of each."""

    batches: Sequence[tuple[Sequence[str], Future[list[Embedded]]]]

    def made(self, progress: Callable[[int], None] | None = None) -> dict[str, Embedded]:
        """Wait for the vectors, by content hash; `progress` gets how many were done. Raises what the model raised."""
        made: dict[str, Embedded] = {}
        for keys, embedded in self.batches:
            made.update(zip(keys, embedded.result(), strict=True))
            if progress:
                progress(len(keys))
        return made
