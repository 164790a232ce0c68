"""What is embedded and what comes back: passages with the sentences in them, and their vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Unit vectors, one row a text: shape (texts, dimension), float32."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to embed, and the offsets of the sentences in it (end exclusive)."""

    text: str
    sentences: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Embedded:
    """A passage's vector, shape (dimension,), and its sentences', shape (sentences, dimension).

    A sentence that the model did not read, for the passage is longer than its window, has a zero vector. Those of
    sentences that were kept are in half precision.
    """

    vector: Vectors
    sentences: Vectors | NDArray[np.float16]
