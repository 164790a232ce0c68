"""Where an embedding model's files are, and the fingerprint that names its vectors."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from concord.embedding.packaged import DEFAULT_MODEL, packaged


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A sentence-transformers model on disk."""

    name: str
    path: Path
    fingerprint: str
    dimension: int
    max_tokens: int


def find_model(name: str = DEFAULT_MODEL, cache: Path | None = None) -> ModelFiles:
    """Locate a model by its folder, or by name in its packages; raises `EmbeddingError`. No network is used.

    `cache` is where a model that comes in parts is joined.
    """
    path = Path(name)
    if not path.is_dir():
        path = packaged(name, cache or default_cache())
    config = json.loads((path / "config.json").read_text("utf-8"))
    limits = path / "sentence_bert_config.json"
    max_tokens = json.loads(limits.read_text("utf-8"))["max_seq_length"] if limits.is_file() else 512
    return ModelFiles(name, path, _fingerprint(path), int(config["hidden_size"]), int(max_tokens))


def default_cache() -> Path:
    """Where models are joined and exported, once per machine and user."""
    return user_cache_path("concord") / "models"


def _fingerprint(path: Path) -> str:
    """Hash what decides the vectors: configuration, tokenizer, and the weights' size and first and last megabyte."""
    digest = hashlib.sha256()
    for part in ("config.json", "tokenizer.json", "sentence_bert_config.json", "modules.json"):
        if (path / part).is_file():
            digest.update((path / part).read_bytes())
    weights = path / "model.safetensors"
    if weights.is_file():
        size = weights.stat().st_size
        with weights.open("rb") as file:
            digest.update(size.to_bytes(8, "big") + file.read(1 << 20))
            file.seek(max(0, size - (1 << 20)))
            digest.update(file.read())
    return digest.hexdigest()[:12]
