"""Which stems and concepts many passages have, told without reading any of them.

How rare a word or a concept is among the candidates of a question is counted over all of them, while only the first of
them are read. So each passage has its terms kept beside its reading, as hashes, and those of many passages are compared
at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_HASH = np.dtype("<u8")


def pack_terms(terms: Iterable[str]) -> bytes:
    """Terms as they are kept: 8 bytes each, in order."""
    return np.array(sorted(map(_hash, set(terms))), _HASH).tobytes()


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of several passages: `hashes` side by side, and for each of them the number of its passage."""

    count: int
    hashes: NDArray[np.uint64]
    passages: NDArray[np.intp]

    @classmethod
    def of(cls, packed: Sequence[bytes]) -> Terms:
        """The terms of passages, as `pack_terms` made them."""
        lengths = [len(each) // _HASH.itemsize for each in packed]
        return cls(len(packed), np.frombuffer(b"".join(packed), _HASH), np.repeat(np.arange(len(packed)), lengths))

    def having(self, *terms: str) -> NDArray[np.bool_]:
        """For each passage whether it has any of the terms."""
        wanted = np.array([_hash(term) for term in terms], _HASH)
        found = self.passages[np.isin(self.hashes, wanted)]
        return np.bincount(found, minlength=self.count) > 0

    def passages_with(self, term: str) -> int:
        """How many passages have a term."""
        return int(np.count_nonzero(self.hashes == _hash(term)))  # a passage has it once


@lru_cache(maxsize=65_536)
def _hash(term: str) -> int:
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=_HASH.itemsize).digest(), "little")
