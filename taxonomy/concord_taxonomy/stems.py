"""Word stems: one form for a word and its inflections."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Snowball stem of an English word (Porter2)."""
    return str(_stemmer().stemWord(word.lower().replace("’", "'")))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
