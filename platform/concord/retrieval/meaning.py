"""Which concepts a question is about though it names none of them: by the likeness to their labels and definitions.

A vocabulary's labels are matched in a text word by word; people's own words often miss them narrowly ("how do I count
visits" - "web analytics"). So the question's vector is compared with the vector of every label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from concord.embedding import Vectors

SHARPNESS = 20.0
"""How fast a concept counts less the further its nearest label is than the nearest of all: 0.1 of cosine is 0.14."""


@dataclass(frozen=True, slots=True)
class ConceptVectors:
    """Vectors of labels, the rows of a concept side by side; row `starts[i]` is the first of `concepts[i]`."""

    concepts: tuple[str, ...]
    labels: Vectors
    starts: NDArray[np.intp]

    @classmethod
    def build(cls, texts: Mapping[str, tuple[str, ...]], vectors: Mapping[str, Vectors]) -> ConceptVectors:
        """From texts with the concepts that each stands for, and the vectors of those texts that have one."""
        rows: dict[str, list[Vectors]] = {}
        for text, concepts in texts.items():
            if text in vectors:
                for concept in concepts:
                    rows.setdefault(concept, []).append(vectors[text])
        counts = [len(each) for each in rows.values()]
        stacked = np.array([row for each in rows.values() for row in each], np.float32)
        return cls(tuple(rows), stacked, np.cumsum([0, *counts[:-1]]))

    def likeness(self, question: Vectors) -> dict[str, float]:
        """How much the question is about each concept, 0 to 1; the nearest concept has 1."""
        if not self.concepts:
            return {}
        nearest = np.maximum.reduceat(self.labels @ question, self.starts)
        return dict(zip(self.concepts, np.exp(SHARPNESS * (nearest - nearest.max())).tolist(), strict=True))
