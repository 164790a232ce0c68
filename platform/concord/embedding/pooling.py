"""From a model's hidden states to vectors: of whole texts, and of the sentences in them.

A sentence's vector is the mean over its own tokens as the model read them inside the passage ("late chunking",
Günther et al. 2024, arXiv 2409.04701): it costs no further pass through the model and keeps its context.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from concord.embedding.tokens import TokenBatch
from concord.embedding.vectors import Embedded, Passage, Span, Vectors

Hidden = NDArray[np.float32]
"""Hidden states of a batch: shape (texts, tokens, dimension)."""


def embed_all(passages: Sequence[Passage], batch: TokenBatch, hidden: Hidden) -> list[Embedded]:
    """The vectors of a batch of passages and of their sentences."""
    vectors = pool(hidden, batch.mask)
    return [
        Embedded(vectors[row], pool_spans(hidden[row], batch.offsets[row], passage.sentences))
        for row, passage in enumerate(passages)
    ]


def pool(hidden: Hidden, mask: NDArray[np.int64]) -> Vectors:
    """Mean over each text's tokens, normalised."""
    weights = mask[:, :, None].astype(np.float32)
    return unit((hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9))


def pool_spans(hidden: Hidden, offsets: Sequence[Span], spans: Sequence[Span]) -> Vectors:
    """Mean over the tokens inside each span of one text; `hidden` has shape (tokens, dimension)."""
    starts = np.array([start for start, _ in offsets])
    ends = np.array([end for _, end in offsets])
    vectors = np.zeros((len(spans), hidden.shape[1]), np.float32)
    for row, (start, end) in enumerate(spans):
        inside = (starts >= start) & (ends <= end) & (ends > starts)
        if inside.any():
            vectors[row] = hidden[inside].mean(axis=0)
    return unit(vectors)


def unit(vectors: Vectors) -> Vectors:
    """Rows of length 1; zero rows stay zero."""
    scaled: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return scaled
