"""Text to vectors: the model, its ONNX form and the encoder."""

from __future__ import annotations

from pathlib import Path

from concord.embedding.batched import BatchedEncoder
from concord.embedding.batches import encode_all
from concord.embedding.cache import CachedEncoder, VectorStore, content_hash
from concord.embedding.encoder import Encoder
from concord.embedding.errors import EmbeddingError, ModelNotFound
from concord.embedding.model_files import default_cache, find_model
from concord.embedding.packaged import DEFAULT_MODEL
from concord.embedding.vectors import Embedded, Passage, Vectors


def open_encoder(model: str = DEFAULT_MODEL, runtime: str = "onnx", cache: Path | None = None) -> Encoder:
    """The encoder of a model: `runtime` is `onnx` (CPU) or `torch`; `cache` keeps what is joined and exported."""
    cache = cache or default_cache()
    files = find_model(model, cache)
    if runtime == "torch":
        from concord.embedding.torch_encoder import TorchEncoder

        return TorchEncoder(files)
    from concord.embedding.onnx_encoder import OnnxEncoder

    return OnnxEncoder(files, cache)


__all__ = [
    "DEFAULT_MODEL",
    "BatchedEncoder",
    "CachedEncoder",
    "Embedded",
    "EmbeddingError",
    "Encoder",
    "ModelNotFound",
    "Passage",
    "VectorStore",
    "Vectors",
    "content_hash",
    "encode_all",
    "find_model",
    "open_encoder",
]
