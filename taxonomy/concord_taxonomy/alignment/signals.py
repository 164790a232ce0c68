"""How alike two concepts are, sign by sign. Every sign is symmetric, 0 to 1, and None where it cannot be measured."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

from concord_taxonomy.alignment.profile import Profile, Wording
from concord_taxonomy.words import key

Encode = Callable[[Sequence[str]], Sequence[Sequence[float]]]
"""Gives each text a vector of length 1."""

Items = Mapping[str, Collection[str]]
"""For a concept, identifiers of the items that it stands for."""

UNLIKE = 0.15
"""Definitions whose stems are less alike have nothing to do with each other."""

FAR = 0.45
"""Texts whose vectors are less alike have nothing to do with each other, as far as that tells."""

UNSEEN = 2
"""Concepts around a pair that are counted as without a counterpart: the fewer are known, the less their share says."""


@dataclass(frozen=True, slots=True)
class Signals:
    """The evidence for one pair.

    `label`: the strongest label that both have (a preferred one 1, alternative 0.9, hidden 0.7, multiplied).
    `words`: the likest two labels by their stems, rarer ones counting more.
    `definition`: cosine of the definitions by their stems, rarer ones counting more, without a label that both have.
    `named`: a label of the one, which is not one of the other's, stands in the definition of the other.
    `ancestors`, `neighbours`: the share of either's broader concepts, and of its siblings and narrower and related
    concepts, that have a counterpart among those of the other (a stated mapping, or an equal label of no homonyms);
    `UNSEEN` more without one are taken to be there, so that one of one is no certainty.
    `items`: Jaccard coefficient of the items of both, among those that concepts of both schemes have.
    `embedding`: cosine of the likest two of their preferred labels, or a label and a definition, equal labels aside.
    `meaning`: cosine of the likest two of their definitions.
    """

    label: float
    words: float
    definition: float | None = None
    named: float | None = None
    ancestors: float | None = None
    neighbours: float | None = None
    items: float | None = None
    embedding: float | None = None
    meaning: float | None = None

    @property
    def grounded(self) -> bool:
        """Whether the two have anything in common by themselves, and not only what stands around them."""
        return bool(
            self.label
            or self.words
            or self.named
            or self.items
            or (self.definition or 0) >= UNLIKE
            or max(self.embedding or 0, self.meaning or 0) >= FAR
        )

    def to_json(self) -> dict[str, float | None]:
        """Each sign's value; null where it was not measured."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: None if value is None else round(value, 4) for name, value in values}


@dataclass(frozen=True)
class Measure:
    """Measures pairs of one concept each of two schemes.

    `vectors` are those of texts; `apart` are pairs, in both orders, whose equal label is known to mean two things.
    """

    left: Mapping[str, Profile]
    right: Mapping[str, Profile]
    items: Items
    vectors: Mapping[str, Sequence[float]]
    apart: frozenset[tuple[str, str]] = frozenset()

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
            embedding=self._embedding(one, other),
            meaning=self._likest((mine, theirs) for mine in one.told for theirs in other.told),
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
        label = {each for wording in _in_common(one, other) for each in wording.stems}
        sides = [side.definition - label for side in (one, other)]
        squares = [math.fsum(self.rarity[each] ** 2 for each in side) for side in sides]
        shared = math.fsum(self.rarity[each] ** 2 for each in sides[0] & sides[1])
        return shared / math.sqrt(squares[0] * squares[1]) if all(squares) else 0.0

    def _counterparts(self, mine: Sequence[str], theirs: Sequence[str]) -> float | None:
        if not mine or not theirs:
            return None
        met = self._met(mine, theirs) + self._met(theirs, mine)
        return met / (len(mine) + len(theirs) + UNSEEN)

    def _met(self, some: Sequence[str], others: Sequence[str]) -> int:
        """How many of some concepts have a counterpart among others."""
        known = frozenset(anchor for iri in others for anchor in self._anchors[iri])

        def met(iri: str) -> bool:
            if iri not in self._parted:
                return not self._anchors[iri].isdisjoint(known)
            return any(
                not self._anchors[iri].isdisjoint(self._anchors[other])
                for other in others
                if (iri, other) not in self.apart
            )

        return sum(map(met, some))

    @cached_property
    def _parted(self) -> frozenset[str]:
        return frozenset(iri for iri, _ in self.apart)

    def _items(self, left: str, right: str) -> float | None:
        mine, theirs = (self._common.intersection(self.items.get(iri, ())) for iri in (left, right))
        if not mine or not theirs:
            return None
        return len(mine & theirs) / len(mine | theirs)

    def _embedding(self, one: Profile, other: Profile) -> float | None:
        named = [(a, b) for a in one.named for b in other.named if key(a) != key(b)]
        named += [(a, b) for a in one.named for b in other.told] + [(a, b) for a in one.told for b in other.named]
        return self._likest(named)

    def _likest(self, pairs: Iterable[tuple[str, str]]) -> float | None:
        vectors = self.vectors
        held = [(vectors[a], vectors[b]) for a, b in pairs if a in vectors and b in vectors]
        if not held:
            return None
        return min(1.0, max(0.0, *(math.fsum(a * b for a, b in zip(one, other, strict=True)) for one, other in held)))


def rarities(known: Collection[Profile]) -> dict[str, float]:
    """For each stem the logarithm of all concepts over those that have it; symmetric in the two schemes."""
    having = Counter(each for profile in known for each in profile.stems | profile.definition)
    return {each: math.log(1 + len(known) / count) for each, count in having.items()}


def _in_common(one: Profile, other: Profile) -> list[Wording]:
    """The labels of the first that the other has too."""
    theirs = {each.key for each in other.wordings}
    return [each for each in one.wordings if each.key in theirs]


def _equal_label(one: Profile, other: Profile) -> float:
    theirs = {each.key: each.strength for each in other.wordings}
    return max((each.strength * theirs[each.key] for each in _in_common(one, other)), default=0.0)


def _named(one: Profile, other: Profile) -> float | None:
    if not one.definition and not other.definition:
        return None
    common = {each.key for each in _in_common(one, other)}
    found = (
        wording.strength
        for names, told in ((one, other), (other, one))
        for wording in names.wordings
        if wording.key not in common and wording.key in told.phrases
    )
    return max(found, default=0.0)
