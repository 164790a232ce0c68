"""Whether a page still says what was reported as wrong, elsewhere than where the answer of now stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from concord.answering.overlap import Wanted
from concord.answering.qualifiers import qualifiers
from concord.authority.claims import Claim
from concord.authority.facts import Facts
from concord.authority.scope import narrower
from concord.authority.slots import Relation, comparable, features, relate, score
from concord.authority.values import TypedValue, extract_values, same_value
from concord.authority.words import content_stems
from concord.governance.cases import sameness
from concord.governance.cases.given import folded
from concord.governance.cases.located import LEAST
from concord.governance.cases.rightness import Right
from concord.retrieval.passages import Passage

_NOT_NOW = frozenset({"of the past", "ended", "replaced", "excepted"})
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
        said = [sentence for each in mine for sentence in each.reading.sentences]
        if not self.right.values:
            kept = {folded(each) for each in self.reported}
            return any(folded(each) in kept or self._named(each) or self._ruled(each) for each in said)
        told = {folded(each) for each in self.now}
        rightly = [each for each in self._claims(passages) if folded(each.quote) in told]
        everywhere = {folded(sentence) for each in passages for sentence in each.reading.sentences}
        replaced = self._replaced(everywhere)
        old = [each for each in self._claims(mine) if any(same_value(each.value, value) for value in replaced)]
        wrongly = [each for each in old if not self.right.told(each.quote) and _now(each.quote)]
        asked = _after_questions(said)
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

    def _named(self, sentence: str) -> bool:
        """Whether a sentence about what was asked has all the words that a right one has in no place any more."""
        have = frozenset(content_stems(sentence))
        told = {stem for each in self.now for stem in content_stems(each)}
        gone = [frozenset(content_stems(each)) - told - self.wanted.telling for each in self.reported]
        asked = self.wanted.share(sentence) >= LEAST and not self.right.told(sentence)
        return asked and any(each and each <= have for each in gone)

    def _ruled(self, sentence: str) -> bool:
        """Whether a sentence in the question's words says yes where no is right, or no where yes is."""
        return bool(self.right.asked) and self.right.otherwise(sentence)


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


def _after_questions(said: Sequence[str]) -> dict[str, str]:
    """Sentences with the question in front of each that is an answer to one."""
    return {after: f"{before} {after}" for before, after in pairwise(said) if before.rstrip().endswith("?")}
