"""What authority asks of a vocabulary: where concepts are named, and which concepts are narrower."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.senses import read_senses
from concord_taxonomy.skos import LinkKind, Vocabulary


class MatchConcepts(Protocol):
    """Finds labels of concepts in a text: (start, end, concept IRI), in any order, overlaps allowed.

    Aligned concepts come as one, the shared one; `department` says whose words the text is in.
    """

    def __call__(self, text: str, department: str | None = None) -> Sequence[tuple[int, int, str]]:
        """Return the matches."""
        ...


class NarrowerConcepts(Protocol):
    """Gives a concept with all its narrower concepts; `Vocabulary.narrower_closure` is one."""

    def __call__(self, iri: str, /) -> frozenset[str]:
        """Return the closure; of an unknown concept just itself."""
        ...


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept's label in a text."""

    start: int
    end: int
    concept: str


@dataclass(frozen=True, slots=True)
class VocabularyMatcher:
    """Matches the labels of a vocabulary, each department's words read as shared concepts.

    Words that may mean several things, and a label that only a broader shared concept covers, are not matched: calling
    them that concept would make different things equal.
    """

    index: LabelIndex
    vocabulary: Vocabulary

    def __call__(self, text: str, department: str | None = None) -> Sequence[tuple[int, int, str]]:
        """Return the matches, one concept each."""
        found: list[tuple[int, int, str]] = []
        for match in self.index.find(text):
            reading = read_senses(match, self.vocabulary, department)
            near = [each for each in reading.meanings if each.link is not LinkKind.BROAD]
            if near and not reading.undecided:
                best = min(near, key=lambda each: (each.link.rank, each.label.rank, each.iri))
                found.append((match.start, match.end, best.iri))
        return found


def no_concepts(text: str, department: str | None = None) -> Sequence[tuple[int, int, str]]:
    """Match nothing: a workspace without a taxonomy."""
    return ()


def only_itself(iri: str, /) -> frozenset[str]:
    """Take every concept for a leaf."""
    return frozenset({iri})


def mentions(text: str, match: MatchConcepts, department: str | None = None) -> tuple[Mention, ...]:
    """The longest matches without overlaps, in order; of equal spans the first concept by IRI."""
    found = {Mention(*each) for each in match(text, department)}
    kept: list[Mention] = []
    for each in sorted(found, key=lambda each: (each.start - each.end, each.start, each.concept)):
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda each: each.start))
