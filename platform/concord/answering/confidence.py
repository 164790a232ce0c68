"""How sure the evidence makes us: a calibrated probability that the leading passages answer the question.

A logistic model over signs that are comparable between questions (fused ranks are not). Its coefficients were fitted
by `benchmarks/calibrate.py` on tuning questions, and are data.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from concord.answering.overlap import Wanted
from concord.authority.questions import ASKING
from concord.authority.questions import Question as Asked
from concord.authority.terms import Terms
from concord.authority.words import TOKEN, stem
from concord.retrieval.passages import Passage
from concord_taxonomy.expansion import Expansion

_LEADING = 3
_LED = math.log(4)
"""Set by hand, not fitted: a disagreement on the very thing asked makes it four times as likely to be answered."""
_NAME = re.compile(r"(?<![.?!:]\s)(?<!^)\b[A-Z][\w'-]*[A-Za-z0-9]|\b\w*\d\w*")
"""A capitalised word inside a sentence, or anything with a digit."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for, or against, the leading passages.

    `score` is the best one's score of ranking, `best_sentence` the likeness of the best sentence. `unmet` is how rare
    the rarest of the question's words is that none of them has, 0 (every word is there) to 1 (no passage found has
    it): a question that nobody can answer mostly turns on one such word. `names` is the share of its names and numbers
    that one of them has, if in another department's words.
    """

    score: float
    best_sentence: float
    unmet: float
    names: float

    @classmethod
    def of(cls, asked: Asked, expansion: Expansion, passages: Sequence[Passage], terms: Terms) -> Signs:
        """The signs of ranked passages, at least one; `terms` are those of every passage found."""
        leading = passages[:_LEADING]
        wanted = Wanted.of(asked.text, expansion)
        told = [wanted.told(passage.reading.said(wanted.telling)) for passage in leading]
        names = {stem(name) for name in _NAME.findall(asked.text)}
        return cls(
            score=max(passage.score for passage in leading),
            best_sentence=max(passage.best_sentence for passage in leading),
            unmet=_rarest(wanted.words.difference(ASKING, *told), terms),
            names=max(len(names & (_stems(each) | said)) for each, said in zip(leading, told, strict=True)) / len(names)
            if names
            else 1.0,
        )


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients of the logistic model, one a sign."""

    bias: float = -4.0
    score: float = 1.1
    best_sentence: float = 0.8
    unmet: float = -1.4
    names: float = 0.9

    def probability(self, signs: Signs, leads: bool = False) -> float:
        """The probability that the passages answer the question."""
        z = self.bias + sum(getattr(self, sign.name) * getattr(signs, sign.name) for sign in fields(signs))
        z += _LED if leads else 0.0
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


FITTED = Model()


def confidence(
    asked: Asked, expansion: Expansion, passages: Sequence[Passage], terms: Terms, *, leads: bool = False
) -> float:
    """The probability that the leading passages answer the question; 0 without any.

    `leads` says that several of them state the very thing asked, and disagree on it.
    """
    return FITTED.probability(Signs.of(asked, expansion, passages, terms), leads) if passages else 0.0


def _rarest(words: frozenset[str], terms: Terms) -> float:
    """How rare the rarest word is among all passages found, which are those that use the question's words."""
    if not words:
        return 0.0
    fewest = min(map(terms.passages_with, words))
    return math.log((terms.count + 1) / (fewest + 1)) / math.log(terms.count + 1)


def _stems(passage: Passage) -> frozenset[str]:
    """Every stem of a passage, those of words that carry no meaning included: a name may be one."""
    return _stems_of(f"{passage.item.title}\n{passage.chunk.embedded_text}")


@lru_cache(maxsize=2_048)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(stem(word.removesuffix("'s")) for word in TOKEN.findall(text))
