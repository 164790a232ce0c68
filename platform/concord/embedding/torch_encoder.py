"""Embedding through sentence-transformers on torch: the reference, and the way onto a GPU."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from concord.embedding.model_files import ModelFiles
from concord.embedding.pooling import embed_all
from concord.embedding.tokens import Tokens
from concord.embedding.vectors import Embedded, Passage, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class TorchEncoder:
    """A sentence-transformers model on torch; the model is loaded at the first text."""

    batches_at_once = 1

    def __init__(self, files: ModelFiles, device: str = "cpu") -> None:
        self._files = files
        self._device = device

    @property
    def model(self) -> str:
        """Name and fingerprint of the model."""
        return f"{self._files.name}@{self._files.fingerprint}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._files.dimension

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that the model reads."""
        return self._files.max_tokens

    @cached_property
    def sentence_transformer(self) -> SentenceTransformer:
        """The loaded model."""
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(self._files.path), device=self._device, local_files_only=True)

    @cached_property
    def _tokens(self) -> Tokens:
        return Tokens(self._files)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts` as one batch."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return self.sentence_transformer.encode(
            list(texts), batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False
        ).astype(np.float32)

    def encode_passages(self, passages: Sequence[Passage]) -> list[Embedded]:
        """Embed passages as one batch, and the sentences in them in the same pass."""
        import torch

        if not passages:
            return []
        batch = self._tokens.batch([passage.text for passage in passages])
        transformer: Any = self.sentence_transformer[0].auto_model
        with torch.no_grad():
            ids, mask = (torch.from_numpy(part).to(self._device) for part in (batch.ids, batch.mask))
            hidden = transformer(input_ids=ids, attention_mask=mask).last_hidden_state.cpu().numpy()
        return embed_all(passages, batch, hidden)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, uncut and without special ones."""
        return self._tokens.count(texts)
