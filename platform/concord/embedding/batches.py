"""Many short texts at once, in batches of like length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from concord.embedding.cache import BATCH_SIZE
from concord.embedding.encoder import Encoder
from concord.embedding.vectors import Vectors


def encode_all(encoder: Encoder, texts: Sequence[str], batch_size: int = BATCH_SIZE) -> Vectors:
    """Embed `texts`, row by row in their order: shape (texts, dimension)."""
    vectors = np.zeros((len(texts), encoder.dimension), np.float32)
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        vectors[batch] = encoder.encode([texts[at] for at in batch])
    return vectors
