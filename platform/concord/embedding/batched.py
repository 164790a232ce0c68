"""Questions of many threads through the model together: whoever comes while it runs goes with the next batch."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from concord.embedding.encoder import Encoder
from concord.embedding.vectors import Embedded, Passage, Vectors

MAX_BATCH = 32
"""Texts of one batch; what is more goes with the one after it."""


@dataclass(slots=True, eq=False)
class _Waiting:
    texts: Sequence[str]
    vectors: Vectors | None = None
    error: BaseException | None = None
    woken: threading.Event = field(default_factory=threading.Event)

    @property
    def done(self) -> bool:
        return self.vectors is not None or self.error is not None


class BatchedEncoder:
    """An encoder that runs one batch at a time. Nobody waits for a batch to fill: alone, a text goes at once.

    The thread whose batch has run wakes those of that batch, and one more, which runs the next.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._lock = threading.Lock()
        self._queue: list[_Waiting] = []
        self._busy = False

    @property
    def model(self) -> str:
        """Name and fingerprint of the model."""
        return self._encoder.model

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._encoder.dimension

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that the model reads."""
        return self._encoder.max_tokens

    @property
    def batches_at_once(self) -> int:
        """Batches of passages that are best encoded at once."""
        return self._encoder.batches_at_once

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts` together with those of other threads."""
        mine = _Waiting(texts)
        with self._lock:
            self._queue.append(mine)
            waits, self._busy = self._busy, True
        if waits:
            mine.woken.wait()
        if not mine.done:
            self._run(self._next())
        if mine.error is not None:
            raise mine.error
        assert mine.vectors is not None  # noqa: S101 - it is done, and without an error
        return mine.vectors

    def _next(self) -> list[_Waiting]:
        """The first in the queue, whose thread asks, and as many behind it as fit."""
        with self._lock:
            taken, size = 0, 0
            while taken < len(self._queue) and (not taken or size + len(self._queue[taken].texts) <= MAX_BATCH):
                size += len(self._queue[taken].texts)
                taken += 1
            batch, self._queue = self._queue[:taken], self._queue[taken:]
        return batch

    def _run(self, batch: Sequence[_Waiting]) -> None:
        try:
            vectors = self._encoder.encode([text for each in batch for text in each.texts])
            ends = np.cumsum([len(each.texts) for each in batch])
            for each, part in zip(batch, np.split(vectors, ends[:-1]), strict=True):
                each.vectors = part
        except BaseException as error:
            for each in batch:
                each.error = error
        with self._lock:
            self._busy = bool(self._queue)
            following = self._queue[:1]
        for each in (*following, *batch):
            each.woken.set()

    def encode_passages(self, passages: Sequence[Passage]) -> list[Embedded]:
        """Embed passages as one batch, and the sentences in them in the same pass."""
        return self._encoder.encode_passages(passages)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, uncut and without special ones."""
        return self._encoder.count_tokens(texts)
