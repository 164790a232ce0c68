"""The model's own tokenizer, without the model: counting tokens and padding batches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from concord.embedding.model_files import ModelFiles


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

    def batch(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Token ids and attention mask, each of shape (texts, longest text)."""
        encodings = self._cut.encode_batch(list(texts))
        ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
        return ids, mask
