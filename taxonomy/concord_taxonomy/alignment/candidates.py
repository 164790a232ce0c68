"""Which pairs of two schemes are worth comparing: by a label, by rare words, by meaning, by a common item."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from concord_taxonomy.alignment.profile import Profile
from concord_taxonomy.alignment.signals import Measure

Pair = tuple[str, str]

PER_CONCEPT = 12
"""Pairs at most that each kind of evidence brings for a concept, of either scheme."""

COMMON_WORD = 0.05
"""A stem that a larger share of the concepts has brings no pair by itself."""


def candidates(measure: Measure) -> set[Pair]:
    """Pairs of a left and a right concept; those of `right, left` are the same pairs mirrored."""
    sides = (measure.left, measure.right)
    keys = [{iri: {each.key for each in profile.wordings} for iri, profile in side.items()} for side in sides]
    told = [{iri: profile.phrases for iri, profile in side.items()} for side in sides]
    found = set(_meeting(keys[0], keys[1]))
    for one, other in (_scored(keys[0], told[1]), _scored(told[0], keys[1])), (_by_words(measure), _by_items(measure)):
        found |= _best(one) | _best(other)
    return found | _by_meaning(measure)


def _meeting(mine: Mapping[str, Collection[object]], theirs: Mapping[str, Collection[object]]) -> Iterable[Pair]:
    """Pairs that have something in common, once for each such thing."""
    having: dict[object, list[str]] = {}
    for iri, values in theirs.items():
        for value in values:
            having.setdefault(value, []).append(iri)
    return ((left, right) for left, values in mine.items() for value in values for right in having.get(value, ()))


def _scored(mine: Mapping[str, Collection[object]], theirs: Mapping[str, Collection[object]]) -> Mapping[Pair, float]:
    return Counter(_meeting(mine, theirs))


def _by_words(measure: Measure) -> Mapping[Pair, float]:
    having = Counter(
        each for side in (measure.left, measure.right) for profile in side.values() for each in profile.stems
    )
    limit = max(3.0, COMMON_WORD * (len(measure.left) + len(measure.right)))
    rare = {each for each, count in having.items() if count <= limit}
    by_stem: dict[str, list[str]] = {}
    for iri, profile in measure.right.items():
        for each in profile.stems & rare:
            by_stem.setdefault(each, []).append(iri)
    scores: dict[Pair, float] = {}
    for iri, profile in measure.left.items():
        for each in sorted(profile.stems & rare):
            for other in by_stem.get(each, ()):
                scores[iri, other] = scores.get((iri, other), 0.0) + round(measure.rarity[each], 6)
    return scores


def _by_items(measure: Measure) -> Mapping[Pair, float]:
    mine, theirs = ({iri: measure.items.get(iri, ()) for iri in side} for side in (measure.left, measure.right))
    return _scored(mine, theirs)


def _by_meaning(measure: Measure) -> set[Pair]:
    """The nearest concepts of each by their vectors."""
    mine, theirs = (_stacked(side, measure) for side in (measure.left, measure.right))
    if not mine[0] or not theirs[0]:
        return set()
    likeness = np.maximum.reduceat(np.maximum.reduceat(mine[1] @ theirs[1].T, mine[2], 0), theirs[2], 1).round(5)
    return _best(
        {
            (left, theirs[0][at]): float(likeness[number, at])
            for number, left in enumerate(mine[0])
            for at in np.argsort(-likeness[number], kind="stable")[:PER_CONCEPT]
        }
    ) | _best(
        {
            (mine[0][at], right): float(likeness[at, number])
            for number, right in enumerate(theirs[0])
            for at in np.argsort(-likeness[:, number], kind="stable")[:PER_CONCEPT]
        }
    )


def _stacked(side: Mapping[str, Profile], measure: Measure) -> tuple[list[str], np.ndarray, np.ndarray]:
    vectors = measure.vectors
    held = {iri: [text for text in (*each.named, *each.told) if text in vectors] for iri, each in side.items()}
    known = [iri for iri, texts in held.items() if texts]
    rows = [vectors[text] for iri in known for text in held[iri]]
    starts = np.cumsum([0, *(len(held[iri]) for iri in known)])[:-1]
    return known, np.array(rows, np.float32), starts


def _best(scores: Mapping[Pair, float]) -> set[Pair]:
    """The best pairs of each concept of either scheme, ties by IRI."""
    kept: set[Pair] = set()
    for side in (0, 1):
        grouped: dict[str, list[Pair]] = {}
        for pair in scores:
            grouped.setdefault(pair[side], []).append(pair)
        for pairs in grouped.values():
            kept.update(heapq.nsmallest(PER_CONCEPT, pairs, key=lambda pair: (-scores[pair], sorted(pair))))
    return kept
