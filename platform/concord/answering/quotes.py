"""Sentences that may be quoted in an answer, by how well they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from operator import attrgetter
from typing import NamedTuple

from concord.answering.overlap import Wanted
from concord.answering.qualifiers import of_the_past
from concord.authority.questions import Question as Asked
from concord.authority.reading import type_bits
from concord.retrieval.passages import Passage

_VALUE_ASKED = 0.12
_WORDS_SHARED = 0.25
_NUMBERS_MET = 0.25
_BYGONE = 0.12
"""What a sentence counts less that says what held, where what holds is asked for."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_AROUND = 0.5
"""What a word counts that stands only in the title or in a heading above."""


class Quote(NamedTuple):
    """A sentence of a passage and how well it answers; there are hundreds for each question."""

    passage: Passage
    text: str
    score: float


def rank_quotes(asked: Asked, wanted: Wanted, passages: Sequence[Passage]) -> list[Quote]:
    """The sentences of passages, best first: by likeness, shared words, and a value of the type asked for.

    One that says what held comes after those that answer nearly as well, or next to it state the same type of value.
    """
    types, numbers = type_bits(asked.types), frozenset(_NUMBER.findall(asked.text))
    ordered = sorted(passages, key=lambda passage: passage.id)  # sorting keeps the order of equals
    quotes = [quote for passage in ordered for quote in _scored(types, numbers, wanted, passage)]
    ranked = sorted(quotes, key=attrgetter("score"), reverse=True)
    if not ranked or of_the_past(asked.text):
        return ranked
    near = ranked[0].score - _BYGONE
    bygone = [each for each in takewhile(lambda each: each.score > near, ranked) if of_the_past(each.text)]
    if not bygone:
        return ranked
    found = {(each.passage.id, each.text): each.score for each in ranked}
    for each in bygone:
        found[each.passage.id, each.text] -= _BYGONE
        for text in _in_its_place(each):
            found[each.passage.id, text] = max(each.score, found[each.passage.id, text])
    again = (each._replace(score=found[each.passage.id, each.text]) for each in ranked)
    return sorted(again, key=attrgetter("score"), reverse=True)


def _in_its_place(quote: Quote) -> Iterator[str]:
    """The sentences next to one that says what held which state a value of the same type that holds."""
    read = quote.passage.reading
    place = read.sentences.index(quote.text)
    for each in (place - 1, place + 1):
        alike = 0 <= each < len(read.sentences) and read.types[each] & read.types[place]
        if alike and not of_the_past(read.sentences[each]):
            yield read.sentences[each]


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
