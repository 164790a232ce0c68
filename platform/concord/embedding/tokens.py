"""The model's own tokenizer, without the model: counting tokens and padding batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from concord.embedding.model_files import ModelFiles


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """Token ids and attention mask, each of shape (texts, longest text), and each token's offsets in its text."""

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    offsets: list[list[tuple[int, int]]]


class Tokens:
    """Tokenises texts as the model does (`tokenizers`, Rust)."""

    def __init__(self, files: ModelFiles) -> None:
        from tokenizers import Tokenizer

        self._whole = Tokenizer.from_file(str(files.path / "tokenizer.json"))
        self._whole.no_truncation()
        self._whole.no_padding()
        self._cut = Tokenizer.from_file(str(files.path / "tokenizer.json"))
        self._cut.enable_truncation(files.max_tokens)
        self._cut.enable_padding()

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, uncut and without special ones."""
        return [len(encoding.ids) for encoding in self._whole.encode_batch_fast(list(texts), add_special_tokens=False)]

    def batch(self, texts: Sequence[str]) -> TokenBatch:
        """The tokens of texts, cut to the model's window and padded to the longest."""
        encodings = self._cut.encode_batch(list(texts))
        return TokenBatch(
            ids=np.array([encoding.ids for encoding in encodings], dtype=np.int64),
            mask=np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64),
            offsets=[encoding.offsets for encoding in encodings],
        )
