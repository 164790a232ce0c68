"""How sure the evidence makes us: a calibrated probability that the leading passages answer the question.

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
    """What speaks for passages, each 0 to 1.

    Their likeness to the question, their best sentence's, the share of the question's words and of its names and
    numbers that they have, and whether their item is about a concept that the question names.
    """

    cosine: float
    best_sentence: float
    words: float
    names: float
    concepts: float


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients of the logistic model, one a sign."""

    bias: float = -8.1
    cosine: float = 2.5
    best_sentence: float = 2.65
    words: float = 2.1
    names: float = 2.3
    concepts: float = 2.8

    def probability(self, signs: Signs) -> float:
        """The probability that the passages answer the question."""
        z = self.bias + sum(getattr(self, sign.name) * getattr(signs, sign.name) for sign in fields(signs))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


FITTED = Model()


def confidence(asked: Asked, expansion: Expansion, passages: Sequence[Passage], model: Model = FITTED) -> float:
    """The probability that the leading passages answer the question; 0 without any."""
    leading = [signs_of(asked, expansion, each) for each in passages[:_LEADING]]
    return model.probability(strongest(leading)) if leading else 0.0


def strongest(signs: Sequence[Signs]) -> Signs:
    """Each sign where it is strongest."""
    return Signs(*(max(getattr(each, sign.name) for each in signs) for sign in fields(Signs)))


def signs_of(asked: Asked, expansion: Expansion, passage: Passage) -> Signs:
    """The signs of one passage."""
    text = "\n".join([passage.item.title, passage.chunk.embedded_text])
    names = {stem(name) for name in _NAME.findall(asked.text)}
    said = {stem(word) for word in re.findall(r"[\w'-]+", text)}
    subject = set(passage.item.subject)
    return Signs(
        cosine=max(0.0, passage.cosine),
        best_sentence=max(0.0, passage.best_sentence),
        words=Wanted.of(asked.text, expansion).share(text),
        names=len(names & said) / len(names) if names else 1.0,
        concepts=len(subject & expansion.closure) > 0 if expansion.concepts else 0.5,
    )
