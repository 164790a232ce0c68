"""How sure the evidence makes us: a calibrated probability that the best passage answers the question.

A logistic model over likenesses that are comparable between questions (fused ranks are not). Its coefficients were
fitted by `benchmarks/calibrate.py` on tuning questions of two workspaces, and are data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from concord.authority.words import content_stems
from concord.retrieval.passages import Passage


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for the best passage, each 0 to 1: its likeness, its best sentence's, and the words it shares."""

    cosine: float
    best_sentence: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients of the logistic model."""

    bias: float = -6.0
    cosine: float = 5.0
    best_sentence: float = 5.0
    coverage: float = 3.0

    def probability(self, signs: Signs) -> float:
        """The probability that the passage answers the question."""
        z = (
            self.bias
            + self.cosine * signs.cosine
            + self.best_sentence * signs.best_sentence
            + self.coverage * signs.coverage
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


FITTED = Model()


def signs_of(question: str, terms: tuple[str, ...], passages: tuple[Passage, ...]) -> Signs:
    """The signs of the best passages; `terms` are other departments' words for what the question names."""
    leading = passages[:3]
    asked = set(content_stems(question))
    if not leading:
        return Signs(0.0, 0.0, 0.0)
    best = leading[0]
    words = set(content_stems(" ".join([best.item.title, best.chunk.embedded_text])))
    said = {stem for term in terms for stem in content_stems(term)}
    share = (len(asked & words) + 0.5 * bool(said & words - asked)) / max(1, len(asked))
    return Signs(
        max(each.cosine for each in leading),
        max(each.best_sentence for each in leading),
        min(1.0, share),
    )
