"""One label, two meanings: pairs of an equal label that the rest of the evidence tells apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from concord_taxonomy.alignment.profile import Profile
from concord_taxonomy.alignment.signals import UNLIKE, Signals
from concord_taxonomy.skos.vocabulary import Vocabulary

UNLIKE_MEANING, UNLIKE_MEANING_OF_OTHERS = 0.4, 0.25
"""What `UNLIKE` is of stems, by the cosine of a model: of equal preferred labels, and of others, often near things."""

FEW_ITEMS = 0.02
"""A smaller share of items in common is none."""


@dataclass(frozen=True, slots=True)
class Homonym:
    """A label that two departments use for two things, the evidence, and `because`: what tells them apart."""

    label: str
    left: str
    right: str
    because: tuple[str, ...]
    signals: Signals


def told_apart(one: Profile, other: Profile, signals: Signals, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What says that concepts with an equal label mean different things; empty where nothing does, or something denies.

    Where both are mapped, it is whether their shared concepts differ, and none is above the other. Else ancestors,
    definitions or items must be disjoint, and none of those that could be measured must agree. A word in common makes
    no definitions agree: `signals` leave out the label itself and what is said of others.
    """
    meant = [vocabulary.shared(each.iri) for each in (one, other)]
    if vocabulary.shared_scheme and all(meant):
        nested = any(_nested(vocabulary, mine, theirs) for mine in meant[0] for theirs in meant[1])
        return () if nested else ("mapped to different shared concepts",)
    measured = (
        ("disjoint ancestors", signals.ancestors, 0.0),
        ("unlike definitions", *_definitions(signals)),
        ("disjoint usage", signals.items, FEW_ITEMS),
    )
    known = [(name, value, limit) for name, value, limit in measured if value is not None]
    if any(value > limit for _, value, limit in known):
        return ()
    return tuple(name for name, _, _ in known)


def _nested(vocabulary: Vocabulary, one: str, other: str) -> bool:
    return one in vocabulary.narrower_closure(other) or other in vocabulary.narrower_closure(one)


def common_labels(one: Profile, other: Profile) -> Iterator[str]:
    """The labels that both have, in the words of the first by IRI, strongest first."""
    first, second = sorted((one, other), key=lambda profile: profile.iri)
    keys = {each.key for each in second.wordings}
    found = [each for each in first.wordings if each.key in keys]
    return (each.text for each in sorted(found, key=lambda each: (-each.strength, each.text)))


def _definitions(signals: Signals) -> tuple[float | None, float]:
    """How alike the definitions are, and up to where they are unlike."""
    known = [each for each in (signals.definition, signals.meaning) if each is not None]
    if not known:
        return None, 0.0
    limit = UNLIKE
    if signals.meaning is not None:
        limit = UNLIKE_MEANING if signals.label == 1 else UNLIKE_MEANING_OF_OTHERS
    return max(*known, signals.named or 0.0), limit
