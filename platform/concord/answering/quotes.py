"""Sentences that may be quoted in an answer, by how well they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

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


class Quote(NamedTuple):
    """A sentence of a passage and how well it answers; there are hundreds for each question."""

    passage: Passage
    text: str
    score: float


def rank_quotes(asked: Asked, wanted: Wanted, passages: Sequence[Passage]) -> list[Quote]:
    """The sentences of passages, best first: by likeness, shared words, and a value of the type asked for."""
    types, numbers = type_bits(asked.types), frozenset(_NUMBER.findall(asked.text))
    ordered = sorted(passages, key=lambda passage: passage.id)  # sorting keeps the order of equals
    quotes = [quote for passage in ordered for quote in _scored(types, numbers, wanted, passage)]
    return sorted(quotes, key=attrgetter("score"), reverse=True)


def _scored(types: int, numbers: frozenset[str], wanted: Wanted, passage: Passage) -> Iterator[Quote]:
    """The sentences of a passage; `types` and `numbers` are those that the question asks for and names."""
    read = passage.reading
    around, inside = read.places(wanted.telling)
    above_alone = _AROUND * wanted.met(around)
    above = " ".join([passage.item.title, *passage.chunk.heading_path]) if numbers else ""
    stated = zip(read.sentences, read.types, passage.sentence_cosines, strict=False)
    for number, (text, stating, likeness) in enumerate(stated):
        shared = above_alone
        if said := inside.get(number):
            here, there = wanted.met(said), wanted.met(said | around)
            shared = here + _AROUND * (there - here)
        score = likeness + _WORDS_SHARED * shared
        if types & stating:
            score += _VALUE_ASKED
        if numbers:
            # "Grade 7" is not nearly grade 11, however alike the sentences are.
            score += _NUMBERS_MET * (len(numbers.intersection(_NUMBER.findall(f"{above} {text}"))) / len(numbers))
        yield Quote(passage, text, score)
