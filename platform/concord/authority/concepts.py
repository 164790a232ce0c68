"""What authority asks of a vocabulary: where concepts are named, and which concepts are narrower."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class MatchConcepts(Protocol):
    """Finds labels of concepts in a text: (start, end, concept IRI), in any order, overlaps allowed."""

    def __call__(self, text: str) -> Sequence[tuple[int, int, str]]:
        """Return the matches."""
        ...


class NarrowerConcepts(Protocol):
    """Gives a concept with all its narrower concepts, over alignments where the vocabulary has them."""

    def __call__(self, concept: str) -> frozenset[str]:
        """Return the closure; of an unknown concept just itself."""
        ...


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept's label in a text."""

    start: int
    end: int
    concept: str


def no_concepts(text: str) -> Sequence[tuple[int, int, str]]:
    """Match nothing: a workspace without a taxonomy."""
    return ()


def only_itself(concept: str) -> frozenset[str]:
    """Take every concept for a leaf."""
    return frozenset({concept})


def mentions(text: str, match: MatchConcepts) -> tuple[Mention, ...]:
    """The longest matches without overlaps, in order; of equal spans the first concept by IRI."""
    found = sorted(
        {Mention(*each) for each in match(text)}, key=lambda each: (each.start - each.end, each.start, each.concept)
    )
    kept: list[Mention] = []
    for each in found:
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda each: each.start))
