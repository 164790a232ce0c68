"""Sentences that may be quoted in an answer, by how well they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from concord.answering.overlap import Wanted
from concord.authority.questions import Question as Asked
from concord.authority.reading import type_bits
from concord.retrieval.passages import Passage

_VALUE_ASKED = 0.12
_WORDS_SHARED = 0.25
_NUMBERS_MET = 0.25
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_AROUND = 0.5
"""What a word counts that stands only in the title or in a heading above."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a passage and how well it answers."""

    passage: Passage
    text: str
    score: float


def rank_quotes(asked: Asked, wanted: Wanted, passages: Sequence[Passage]) -> list[Quote]:
    """The sentences of passages, best first: by likeness, shared words, and a value of the type asked for."""
    quotes = [Quote(passage, *scored) for passage in passages for scored in _scored(asked, wanted, passage)]
    return sorted(quotes, key=lambda quote: (-quote.score, quote.passage.id))


def _scored(asked: Asked, wanted: Wanted, passage: Passage) -> Iterator[tuple[str, float]]:
    read = passage.reading
    types = type_bits(asked.types)
    around, inside = read.places(wanted.telling)
    above_alone = _AROUND * wanted.met(around)
    numbers = set(_NUMBER.findall(asked.text))
    above = " ".join([passage.item.title, *passage.chunk.heading_path]) if numbers else ""
    stated = zip(read.sentences, read.types, passage.sentence_cosines, strict=False)
    for number, (text, stating, likeness) in enumerate(stated):
        shared = above_alone
        if said := inside.get(number):
            here, there = wanted.met(said), wanted.met(said | around)
            shared = here + _AROUND * (there - here)
        valued = bool(types & stating)
        # "Grade 7" is not nearly grade 11, however alike the sentences are.
        met = len(numbers & set(_NUMBER.findall(f"{above} {text}"))) / len(numbers) if numbers else 0.0
        yield text, likeness + _WORDS_SHARED * shared + _VALUE_ASKED * valued + _NUMBERS_MET * met
