"""Whether a page still says what was reported as wrong, elsewhere than where the answer of now stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from concord.answering.overlap import Wanted
from concord.authority.claims import Claim
from concord.authority.facts import Facts
from concord.authority.scope import narrower
from concord.authority.slots import Relation, comparable, features, relate, score
from concord.authority.values import TypedValue, extract_values, same_value
from concord.authority.words import content_stems
from concord.governance.cases import sameness
from concord.governance.cases.located import LEAST
from concord.governance.cases.rightness import Right
from concord.retrieval.passages import Passage
from concord_taxonomy.markdown import plain


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
            kept = {_folded(each) for each in self.reported}
            return any(_folded(each) in kept or self._named(each) for each in said)
        told = {_folded(each) for each in self.now}
        rightly = [each for each in self._claims(passages) if _folded(each.quote) in told]
        wrongly = [
            each
            for each in self._claims(mine)
            if any(same_value(each.value, old) for old in self._replaced) and not self.right.told(each.quote)
        ]
        return any(_contradicts(old, new) for old in wrongly for new in rightly)

    @property
    def _replaced(self) -> list[TypedValue]:
        """The values that the reported answer stated in the place of right ones."""
        stated = [found.value for quote in self.reported for found in extract_values(quote)]
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


def _contradicts(old: Claim, new: Claim) -> bool:
    """Whether two claims cannot both hold; what holds for some may be another rule than that for all."""
    if old == new or not comparable(old, new) or narrower(old.scope, new.scope):
        return False
    return relate(old, new, score(features(old), features(new)), siblings=False) is Relation.CONFLICT


def _folded(text: str) -> str:
    return " ".join(plain(text).casefold().split()).rstrip(".")
