"""Text to vectors: the model, its ONNX form and the encoder."""

from __future__ import annotations

from pathlib import Path

from concord.embedding.cache import CachedEncoder, VectorStore, content_hash
from concord.embedding.encoder import Encoder
from concord.embedding.errors import EmbeddingError, ModelNotFound
from concord.embedding.model_files import DEFAULT_MODEL, find_model
from concord.embedding.vectors import Embedded, Passage, Vectors


def open_encoder(model: str = DEFAULT_MODEL, runtime: str = "onnx", cache: Path | None = None) -> Encoder:
    """The encoder of a model: `runtime` is `onnx` (CPU) or `torch`; `cache` is where the exported model is kept."""
    files = find_model(model)
    if runtime == "torch":
        from concord.embedding.torch_encoder import TorchEncoder

        return TorchEncoder(files)
    from platformdirs import user_cache_path

    from concord.embedding.onnx_encoder import OnnxEncoder

    return OnnxEncoder(files, cache or user_cache_path("concord") / "models")


__all__ = [
    "DEFAULT_MODEL",
    "CachedEncoder",
    "Embedded",
    "EmbeddingError",
    "Encoder",
    "ModelNotFound",
    "Passage",
    "VectorStore",
    "Vectors",
    "content_hash",
    "find_model",
    "open_encoder",
]
