"""A shipped stand-in for a model: vectors from hashed words, for tests of everything but meaning."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from concord.embedding.pooling import unit
from concord.embedding.vectors import Embedded, Passage, Vectors

_WORD = re.compile(r"\w+")


class HashingEncoder:
    """Adds a fixed pseudo-random vector per word; equal texts are equal, texts that share words are near."""

    model = "hashing@1"
    max_tokens = 256
    batches_at_once = 1

    def __init__(self, dimension: int = 64) -> None:
        self.dimension = dimension
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts`; `encoded` counts them, so that a test can show that nothing was embedded."""
        self.encoded += len(texts)
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in _WORD.findall(text.lower()) or [""]:
                vectors[row] += np.random.default_rng(zlib.crc32(word.encode())).standard_normal(self.dimension)
        return unit(vectors)

    def encode_passages(self, passages: Sequence[Passage]) -> list[Embedded]:
        """Embed passages and the sentences in them."""
        vectors = self.encode([passage.text for passage in passages])
        return [
            Embedded(vectors[row], self._vectors([passage.text[start:end] for start, end in passage.sentences]))
            for row, passage in enumerate(passages)
        ]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words of each text."""
        return [len(_WORD.findall(text)) for text in texts]
