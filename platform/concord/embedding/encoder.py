"""`Encoder`: what turns texts into vectors, whichever library runs the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from concord.embedding.vectors import Embedded, Passage, Vectors


@runtime_checkable
class Encoder(Protocol):
    """A model that embeds texts. Texts longer than `max_tokens` are cut by the model itself."""

    @property
    def model(self) -> str:
        """Name and fingerprint of the model: vectors of different models never mix."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that the model reads, its special ones included."""
        ...

    @property
    def batches_at_once(self) -> int:
        """Batches of passages that are best encoded at once, each by a thread of its own."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts` as one batch, padded to its longest."""
        ...

    def encode_passages(self, passages: Sequence[Passage]) -> list[Embedded]:
        """Embed passages as one batch, and the sentences in them in the same pass."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, uncut and without special ones."""
        ...
