"""How sure the evidence makes us: a calibrated probability that a passage answers the question.

A logistic model over signs that are comparable between questions (fused ranks are not). Its coefficients were fitted
by `benchmarks/calibrate.py` on tuning questions, and are data.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

from concord.answering.overlap import Wanted
from concord.authority.questions import Question as Asked
from concord.authority.words import stem
from concord.retrieval.passages import Passage
from concord_taxonomy.expansion import Expansion

_LEADING = 3
_NAME = re.compile(r"(?<![.?!:]\s)(?<!^)\b[A-Z][\w'-]*[A-Za-z0-9]|\b\w*\d\w*")
"""A capitalised word inside a sentence, or anything with a digit."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a passage, each 0 to 1.

    Its likeness to the question, the share of the question's words and of its names and numbers that it has, and
    whether its item is about a concept that the question names.
    """

    cosine: float
    words: float
    names: float
    concepts: float


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients of the logistic model, one a sign."""

    bias: float = -4.25
    cosine: float = 2.8
    words: float = 1.25
    names: float = 1.55
    concepts: float = 1.0

    def probability(self, signs: Signs) -> float:
        """The probability that the passage answers the question."""
        z = self.bias + sum(getattr(self, sign.name) * getattr(signs, sign.name) for sign in fields(signs))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


FITTED = Model()


def confidence(asked: Asked, expansion: Expansion, passages: Sequence[Passage], model: Model = FITTED) -> float:
    """The probability that the best of the leading passages answers the question; 0 without any."""
    return max((model.probability(signs_of(asked, expansion, each)) for each in passages[:_LEADING]), default=0.0)


def signs_of(asked: Asked, expansion: Expansion, passage: Passage) -> Signs:
    """The signs of one passage."""
    text = "\n".join([passage.item.title, passage.chunk.embedded_text])
    names = {stem(name) for name in _NAME.findall(asked.text)}
    said = {stem(word) for word in re.findall(r"[\w'-]+", text)}
    subject = set(passage.item.subject)
    return Signs(
        cosine=max(0.0, passage.cosine),
        words=Wanted.of(asked.text, expansion).share(text),
        names=len(names & said) / len(names) if names else 1.0,
        concepts=len(subject & expansion.closure) > 0 if expansion.concepts else 0.5,
    )
