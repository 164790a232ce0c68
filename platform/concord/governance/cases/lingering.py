"""Whether a page still says what was reported as wrong, elsewhere than where the answer of now stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from concord.answering.measures import numerals
from concord.answering.overlap import Wanted
from concord.answering.qualifiers import qualifiers
from concord.authority.claims import Claim
from concord.authority.facts import Facts
from concord.authority.scope import narrower
from concord.authority.slots import Relation, comparable, features, relate, score
from concord.authority.values import TypedValue, extract_values, same_value
from concord.authority.values.numbers import NUMBER_WORDS
from concord.authority.words import content_stems
from concord.governance.cases import sameness
from concord.governance.cases.given import folded, without_values
from concord.governance.cases.located import LEAST
from concord.governance.cases.rightness import Right
from concord.retrieval.passages import Passage

_NOT_NOW = frozenset({"of the past", "ended", "replaced", "excepted"})
_BYGONE = re.compile(
    r"\b(?:history|histories|archived?|changes|changelog|former(?:ly)?|previous(?:ly)?|withdrawn|superseded|obsolete"
    r"|until\s+(?:\w+\s+)?(?:19|20)\d\d|before\s+(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
"""What heads things that held."""
_GOES_ON = re.compile(
    r"^\W*(?:plus|so|and|or|but|for|otherwise|else|except)\b|\b(?:it|they|this|these|those|them|he|she)\b",
    re.IGNORECASE,
)
"""How a sentence says more of what the one before it does."""
_NEAR = 0.1
_MOST_OF = 0.6
"""Share of what was asked, by yes or no, that what still says the other has, under its headings."""
_TEN = 10
_DATED = re.compile(r"\W*(?:(?:19|20)\d\d-\d\d|(?:until|before|up\s+to|till)\s)", re.IGNORECASE)
"""How an entry of a history begins."""


@dataclass(frozen=True)
class Lingering:
    """What is `right`, the quotes that were `reported` and said otherwise, and those of `now` that tell it.

    `wanted` are the words asked.
    """

    right: Right
    reported: Sequence[str]
    now: Sequence[str]
    wanted: Wanted

    def on(self, page: str, passages: Sequence[Passage]) -> bool:
        """Whether one of a page's passages has a reported value in the same slot, or, without values, sentence or name.

        What else a reported answer quoted beside a value is no part of the report: "10 days of parental leave" beside
        27 of annual leave that have to be 28.
        `passages` are those that may be quoted to the question.
        """
        mine = [each for each in passages if each.item.identifier == page]
        units = [unit for each in mine for unit in _units(each)]
        if not self.right.values:
            kept = {folded(each) for each in self._nearest}
            return any(folded(each.text) in kept or self._named(each) or self._ruled(each) for each in units)
        told = {folded(each) for each in self.now}
        rightly = [each for each in self._claims(passages) if folded(each.quote) in told]
        everywhere = {folded(sentence) for each in passages for sentence in each.reading.sentences}
        replaced = self._replaced(everywhere)
        old = [each for each in self._claims(mine) if any(same_value(each.value, value) for value in replaced)]
        wrongly = [each for each in old if not self.right.told(each.quote) and _now(each.quote)]
        elsewhere = {each.quote for each in wrongly if rightly and all(narrower(each.scope, n.scope) for n in rightly)}
        if any(self._tells(each, replaced) for each in units if each.text not in elsewhere):
            return True
        asked = {each.text: each.answers for each in units}
        about = {each.quote for each in wrongly if self.wanted.share(asked.get(each.quote, each.quote)) >= LEAST}
        return any(_contradicts(old, new, sure=old.quote in about) for old in wrongly for new in rightly)

    def _replaced(self, everywhere: Collection[str]) -> list[TypedValue]:
        """The values that the reported answer stated in the place of right ones, in what is said no more if in any."""
        gone = [each for each in self.reported if folded(each) not in everywhere] or self.reported
        stated = [found.value for quote in gone for found in extract_values(quote)]
        return [each for each in stated if any(sameness.comparable(each, mine) for mine in self.right.values)]

    def _claims(self, passages: Sequence[Passage]) -> Iterator[Claim]:
        types = {each.type for each in self.right.values}
        for each in passages:
            yield from each.reading.claims(each.item, each.chunk.ordinal, Facts.of(each.item), types)

    @cached_property
    def _nearest(self) -> list[str]:
        """The reported quotes that have the most of what was asked: other rows of a table say it of something else."""
        most = max((self.wanted.share(each) for each in self.reported), default=0.0)
        return [each for each in self.reported if self.wanted.share(each) >= most - _NEAR]

    def _tells(self, unit: Unit, replaced: Collection[TypedValue]) -> bool:
        """Whether a sentence or heading about what was asked has a value that was replaced, or its mere number."""
        if self.right.told(unit.text) or not unit.now:
            return False
        found = extract_values(unit.text)
        if any(same_value(each.value, value) for each in found for value in replaced):
            return self.wanted.share(without_values(unit.text)) > 0 or _GOES_ON.match(unit.text) is not None
        if not self.wanted.share(unit.whole):
            return False
        rest = unit.text
        for each in reversed([each for each in found if each.value.unit not in NUMBER_WORDS]):  # "twenty-seven"
            rest = f"{rest[: each.start]} {rest[each.end :]}"
        return not _numbers(value.text for value in replaced).isdisjoint(_numbers([rest]))

    def _named(self, unit: Unit) -> bool:
        """Whether it is about what was asked and has all the words that a right sentence has in no place any more."""
        share = self.wanted.share(unit.whole)
        if not unit.now or not share or self.right.told(unit.text):
            return False
        if not self._gone_numbers.isdisjoint(_numbers([unit.text])):
            return True
        have = frozenset(content_stems(unit.text))
        return share >= LEAST and any(each and each <= have for each in self._gone_words)

    @cached_property
    def _gone_words(self) -> list[frozenset[str]]:
        """Of each reported quote the words that neither a right sentence nor the question has."""
        told = {stem for each in self.now for stem in content_stems(each)}
        return [frozenset(content_stems(each)) - told - self.wanted.telling for each in self._nearest]

    @cached_property
    def _gone_numbers(self) -> set[Decimal]:
        """The numbers of the reported quotes that nothing right has."""
        return _numbers(self._nearest) - _numbers([*self.now, self.right.text])

    def _ruled(self, unit: Unit) -> bool:
        """Whether it says yes to the question where no is right, or no where yes is."""
        if not self.right.asked or not unit.now:
            return False
        if self.right.otherwise(unit.text):
            return True
        some = self.right.asked.intersection(content_stems(unit.text))
        met = self.right.asked.intersection(content_stems(unit.whole))
        about = len(met) >= _MOST_OF * len(self.right.asked)
        return bool(some) and about and not self.right.told(unit.text) and self.right.ruled_otherwise(unit.text)


@dataclass(frozen=True)
class Unit:
    """A sentence or heading of a page, and what stands above or before it that says what it is about."""

    text: str
    above: str

    @property
    def whole(self) -> str:
        """Both."""
        return f"{self.above}\n{self.text}"

    @property
    def answers(self) -> str:
        """What it says, with the questions that it answers."""
        return "\n".join([*(each for each in self.above.split("\n") if each.rstrip().endswith("?")), self.text])

    @property
    def now(self) -> bool:
        """Whether it says what holds, and not what held: "until 2025", an entry of a history."""
        return _now(self.text) and not _BYGONE.search(self.above)


def _units(passage: Passage) -> Iterator[Unit]:
    """The headings and sentences of a passage; one that answers or goes on from another is said with that."""
    above = [passage.item.title]
    yield Unit(passage.item.title, "")
    for heading in passage.chunk.heading_path:
        if heading != passage.item.title:
            yield Unit(heading, "\n".join(above))
            above.append(heading)
    before = ""
    for sentence in passage.reading.sentences:
        leans = before.rstrip().endswith("?") or _GOES_ON.search(sentence)
        yield Unit(sentence, "\n".join([*above, before] if leans else above))
        before = sentence


def _contradicts(old: Claim, new: Claim, *, sure: bool) -> bool:
    """Whether two claims cannot both hold; what holds for some may be another rule than that for all.

    Where it is `sure` that the old one is about what was asked, it may be worded in any way: a row, an answer.
    """
    if old == new or not comparable(old, new) or narrower(old.scope, new.scope):
        return False
    return sure or relate(old, new, score(features(old), features(new)), siblings=False) is Relation.CONFLICT


def _now(sentence: str) -> bool:
    """Whether a sentence says what holds, and not what held: "until 2025", an entry of a history."""
    return not qualifiers(sentence) & _NOT_NOW and not _DATED.match(sentence)


def _numbers(texts: Iterable[str]) -> set[Decimal]:
    """The numbers of texts from ten on, in digits or words: the others stand anywhere."""
    return {number for each in texts for number in numerals(each) if number >= _TEN}
