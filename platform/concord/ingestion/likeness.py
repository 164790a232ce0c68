"""How like a text is to each shared concept, by vectors that are stored already: evidence for its tags.

A concept's vector is the mean of those of all its labels and definitions, a text's the mean of those of its passages.
Nothing is embedded for it: until a sync has embedded both there is no evidence, and the item is tagged after that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from concord.catalog.embeddings import load_vectors
from concord.catalog.engine import reading
from concord.catalog.sql import parts
from concord.embedding import Vectors, content_hash
from concord.embedding.pooling import unit

LEAST_CONCEPTS = 20
"""Among fewer, the average says too little to compare with."""

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Concepts:
    """Concepts and their vectors of length 1, row by row."""

    iris: tuple[str, ...]
    vectors: NDArray[np.float32]

    def likeness(self, text: Vectors) -> dict[str, float]:
        """How much liker each is to a text than the average concept, in standard deviations of cosine."""
        cosines = self.vectors @ text
        spread = float(cosines.std()) or 1.0
        return dict(zip(self.iris, ((cosines - cosines.mean()) / spread).tolist(), strict=True))


@dataclass(frozen=True)
class StoredVectors:
    """The vectors of a catalog under a model, and the `texts` that name concepts (`naming_texts`).

    `encode` gives vectors of names that are not stored, where a vocabulary is tried that is not in force.
    """

    engine: Engine
    model: str
    texts: Mapping[str, tuple[str, ...]]
    encode: Encode | None = None
    _known: list[Concepts] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        """Changes when the same text would be found like other concepts."""
        return self.model if self._enough else ""

    @property
    def _enough(self) -> bool:
        return len({iri for iris in self.texts.values() for iri in iris}) >= LEAST_CONCEPTS

    def likeness(self, hashes: Sequence[str]) -> Mapping[str, float] | None:
        """The likeness to each concept of a text with these passages (content hashes); None: not all is stored yet."""
        if not hashes or not self._enough:
            return {}
        concepts, wanted = self._concepts(), list(dict.fromkeys(hashes))
        if concepts is None:
            return None
        with reading(self.engine) as connection:
            held = load_vectors(connection, self.model, wanted)
        if len(held) < len(wanted):
            return None
        return concepts.likeness(unit(np.stack([held[each] for each in hashes]).sum(axis=0)))

    def _concepts(self) -> Concepts | None:
        """The vectors of all concepts, kept once every name has one."""
        if not self._known and (made := self._summed()) is not None:
            self._known.append(made)
        return self._known[0] if self._known else None

    def _summed(self) -> Concepts | None:
        rows = {iri: row for row, iri in enumerate(sorted({iri for iris in self.texts.values() for iri in iris}))}
        sums: NDArray[np.float32] | None = None
        for texts in parts(self.texts):
            vectors = self._vectors(texts)
            if vectors is None:
                return None
            if sums is None:
                sums = np.zeros((len(rows), len(next(iter(vectors.values())))), np.float32)
            for text in texts:
                sums[[rows[iri] for iri in self.texts[text]]] += vectors[text]
        return None if sums is None else Concepts(tuple(rows), unit(sums))

    def _vectors(self, texts: Sequence[str]) -> Mapping[str, Vectors] | None:
        """The vectors of texts, or None where some are not stored and nothing makes them."""
        keys = {text: content_hash(text) for text in texts}
        with reading(self.engine) as connection:
            held = load_vectors(connection, self.model, list(keys.values()))
        missing = [text for text, key in keys.items() if key not in held]
        if missing and self.encode is None:
            return None
        made = dict(zip(missing, self.encode(missing), strict=True)) if missing and self.encode else {}
        return {text: held[key] if key in held else made[text] for text, key in keys.items()}
