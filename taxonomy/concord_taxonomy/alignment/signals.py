"""How alike two concepts are, sign by sign. Every sign is symmetric, 0 to 1, and None where it cannot be measured."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

from concord_taxonomy.alignment.profile import Profile

Encode = Callable[[Sequence[str]], Sequence[Sequence[float]]]
"""Gives each text a vector of length 1."""

Items = Mapping[str, Collection[str]]
"""For a concept, identifiers of the items that it stands for."""


@dataclass(frozen=True, slots=True)
class Signals:
    """The evidence for one pair.

    `label`: the strongest label that both have (a preferred one 1, alternative 0.9, hidden 0.7, multiplied).
    `words`: the likest two labels by their stems, rarer ones counting more.
    `definition`: cosine of the definitions by their stems, rarer ones counting more.
    `named`: a label of the one stands in the definition of the other.
    `ancestors`, `neighbours`: the share of either's broader concepts, and of its siblings and narrower and related
    concepts, that have a counterpart among those of the other (an equal label, or a stated mapping).
    `items`: Jaccard coefficient of the items of both, among those that concepts of both schemes have.
    `embedding`: cosine of the likest two of their preferred labels and definitions.
    """

    label: float
    words: float
    definition: float | None = None
    named: float | None = None
    ancestors: float | None = None
    neighbours: float | None = None
    items: float | None = None
    embedding: float | None = None

    def to_json(self) -> dict[str, float | None]:
        """Each sign's value; null where it was not measured."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: None if value is None else round(value, 4) for name, value in values}


@dataclass(frozen=True)
class Measure:
    """Measures pairs of one concept each of two schemes."""

    left: Mapping[str, Profile]
    right: Mapping[str, Profile]
    items: Items
    vectors: Mapping[str, Sequence[Sequence[float]]]

    def of(self, left: str, right: str) -> Signals:
        """The signals of a pair; the same for both orders."""
        one, other = self.left[left], self.right[right]
        return Signals(
            label=_equal_label(one, other),
            words=self._words(one, other),
            definition=self._definition(one, other),
            named=_named(one, other),
            ancestors=self._counterparts(one.ancestors, other.ancestors),
            neighbours=self._counterparts(one.neighbours, other.neighbours),
            items=self._items(left, right),
            embedding=self._embedding(left, right),
        )

    @cached_property
    def rarity(self) -> Mapping[str, float]:
        """How telling a stem is: the logarithm of how few concepts have it in a label or a definition."""
        return rarities([*self.left.values(), *self.right.values()])

    @cached_property
    def _anchors(self) -> Mapping[str, frozenset[object]]:
        return {iri: profile.anchors for side in (self.left, self.right) for iri, profile in side.items()}

    @cached_property
    def _common(self) -> frozenset[str]:
        """Items that concepts of both schemes have: only there can it show that two concepts do not share one."""
        sides = [
            frozenset(item for iri in side for item in self.items.get(iri, ())) for side in (self.left, self.right)
        ]
        return sides[0] & sides[1]

    def _weight(self, stems: Iterable[str]) -> float:
        return math.fsum(self.rarity[each] for each in stems)

    def _words(self, one: Profile, other: Profile) -> float:
        best = 0.0
        for mine in one.wordings:
            for theirs in other.wordings:
                if shared := mine.stems & theirs.stems:
                    alike = self._weight(shared) / self._weight(mine.stems | theirs.stems)
                    best = max(best, alike * mine.strength * theirs.strength)
        return best

    def _definition(self, one: Profile, other: Profile) -> float | None:
        if not one.definition or not other.definition:
            return None
        squares = [math.fsum(self.rarity[each] ** 2 for each in side.definition) for side in (one, other)]
        shared = math.fsum(self.rarity[each] ** 2 for each in one.definition & other.definition)
        return shared / math.sqrt(squares[0] * squares[1]) if all(squares) else 0.0

    def _counterparts(self, mine: Sequence[str], theirs: Sequence[str]) -> float | None:
        if not mine or not theirs:
            return None
        known = [frozenset(anchor for iri in side for anchor in self._anchors[iri]) for side in (mine, theirs)]
        met = sum(not self._anchors[iri].isdisjoint(known[1]) for iri in mine)
        met += sum(not self._anchors[iri].isdisjoint(known[0]) for iri in theirs)
        return met / (len(mine) + len(theirs))

    def _items(self, left: str, right: str) -> float | None:
        mine, theirs = (self._common.intersection(self.items.get(iri, ())) for iri in (left, right))
        if not mine or not theirs:
            return None
        return len(mine & theirs) / len(mine | theirs)

    def _embedding(self, left: str, right: str) -> float | None:
        pairs = [(one, other) for one in self.vectors.get(left, ()) for other in self.vectors.get(right, ())]
        if not pairs:
            return None
        return min(1.0, max(0.0, *(math.fsum(a * b for a, b in zip(one, other, strict=True)) for one, other in pairs)))


def rarities(known: Collection[Profile]) -> dict[str, float]:
    """For each stem the logarithm of all concepts over those that have it; symmetric in the two schemes."""
    having = Counter(each for profile in known for each in profile.stems | profile.definition)
    return {each: math.log(1 + len(known) / count) for each, count in having.items()}


def _equal_label(one: Profile, other: Profile) -> float:
    theirs = {each.key: each.strength for each in other.wordings}
    return max((each.strength * theirs[each.key] for each in one.wordings if each.key in theirs), default=0.0)


def _named(one: Profile, other: Profile) -> float | None:
    if not one.definition and not other.definition:
        return None
    found = (
        wording.strength
        for names, told in ((one, other), (other, one))
        for wording in names.wordings
        if wording.key in told.phrases
    )
    return max(found, default=0.0)
