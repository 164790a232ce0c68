"""Tags for an item: the shared concepts that it is about, by the labels in its title, headings and body."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from concord_taxonomy.labels import LabelIndex, LabelKind, LabelMatch
from concord_taxonomy.senses import Meaning, Reading, read_senses
from concord_taxonomy.skos.links import LinkKind
from concord_taxonomy.skos.vocabulary import Vocabulary
from concord_taxonomy.standard.item import Origin

_LABEL_WEIGHT = {LabelKind.PREFERRED: 1.0, LabelKind.ALTERNATIVE: 0.9, LabelKind.HIDDEN: 0.7}
_LINK_WEIGHT = {LinkKind.SAME: 1.0, LinkKind.EXACT: 1.0, LinkKind.CLOSE: 0.85, LinkKind.BROAD: 0.6}
_ONE_WORD_WEIGHT = 0.85  # "leave" says less of a page than "parental leave"
_PASSING_WORDS = 1_000  # in a longer body, a mention counts for less

_LIKENESS_WEIGHT = 0.3  # of a standard deviation; this and the next were set on pages tagged by hand
_SUPPORT_WEIGHT = 0.5  # of other concepts found that are above, below or related

FIELDS = ("title", "heading", "body")
"""Where matched words can stand, weightiest first."""


@dataclass(frozen=True, slots=True)
class TaggingOptions:
    """How many tags an item gets at most, and the score in (0, 1) below which a concept is only mentioned."""

    max_tags: int = 8
    threshold: float = 0.38


@dataclass(frozen=True, slots=True)
class Tag:
    """A shared concept of an item, with the words that it rests on and the fields that they stand in."""

    concept: str
    score: float
    words: tuple[str, ...]
    fields: tuple[str, ...]
    origin: Origin = Origin.TAGGER


@dataclass(slots=True)
class _Evidence:
    counts: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0.0))
    words: dict[str, None] = field(default_factory=dict)

    def score(self, body_words: int) -> float:
        """One mention in the title suffices, in a heading mostly; in a body it takes several, more in a long one."""
        title = 0.8 * min(1.0, self.counts["title"])
        heading = 0.6 * (1 - math.exp(-1.4 * self.counts["heading"]))
        mentions = self.counts["body"] / math.sqrt(max(1.0, body_words / _PASSING_WORDS))
        body = mentions / (mentions + 3)
        return 1 - (1 - title) * (1 - heading) * (1 - body)


def tag(
    title: str,
    headings: Sequence[str],
    body: str,
    index: LabelIndex,
    vocabulary: Vocabulary,
    *,
    department_scheme: str | None = None,
    likeness: Mapping[str, float] | None = None,
    options: TaggingOptions | None = None,
) -> list[Tag]:
    """The shared concepts that an item is about, those that words say most first; equal input gives equal tags.

    `department_scheme` (IRI, publisher or title of a scheme) is the item's own department's, whose sense of a homonym
    is taken. Where no department decides, it is the sense nearest to what the item names beyond doubt: that concept, or
    one above, below, beside or related to it. Concepts in `vocabulary.stop` are no tags. `body` may contain the title
    and headings again. Scores are comparable between items, not probabilities.

    `likeness` says by how many standard deviations the text is liker to a concept, by vectors, than to the average
    concept. Words alone say what a tag is, and in this order; where the likeness is known, scores weigh it too, and
    other concepts found that are broader, narrower or related.
    """
    options = options or TaggingOptions()
    read = [
        (name, match, read_senses(match, vocabulary, department_scheme))
        for name, texts in zip(FIELDS, ([title], headings, [body]), strict=True)
        for match in _matches(texts, index)
    ]
    near = _near([reading for _, _, reading in read], vocabulary)
    evidence: dict[str, _Evidence] = {}
    for name, match, first in read:
        reading = read_senses(match, vocabulary, department_scheme, within=near) if first.undecided else first
        for meaning in reading.meanings:
            if meaning.iri not in vocabulary.stop:
                found = evidence.setdefault(meaning.iri, _Evidence())
                found.counts[name] += _weight(match, meaning)
                found.words.setdefault(" ".join(match.words.split()))
    length = body.count(" ") + body.count("\n") + 1
    said = {iri: round(found.score(length), 4) for iri, found in evidence.items()}

    def ranked(scores: Mapping[str, float]) -> list[str]:
        return sorted(scores, key=lambda iri: (-scores[iri], -len(vocabulary.broader_closure(iri)), iri))

    kept = [iri for iri in ranked(said) if said[iri] >= options.threshold][: options.max_tags]
    scores = {iri: round(_weighed(iri, said, likeness, vocabulary), 4) if likeness else said[iri] for iri in kept}
    return [
        Tag(
            iri,
            scores[iri],
            tuple(evidence[iri].words),
            tuple(name for name in FIELDS if evidence[iri].counts[name]),
        )
        for iri in kept
    ]


def _weighed(iri: str, said: Mapping[str, float], likeness: Mapping[str, float], vocabulary: Vocabulary) -> float:
    """The score by words, moved (as log odds) by what vectors and the other concepts found say for it."""
    concept = vocabulary.concepts[iri]
    beside = {*concept.broader, *concept.narrower, *concept.related} & said.keys() - {iri}
    support = math.tanh(math.fsum(said[each] for each in beside))
    words = min(max(said[iri], 1e-3), 1 - 1e-3)
    moved = _LIKENESS_WEIGHT * likeness.get(iri, 0.0) + _SUPPORT_WEIGHT * support
    return 1 / (1 + (1 - words) / words * math.exp(-moved))


def _near(readings: Sequence[Reading], vocabulary: Vocabulary) -> frozenset[str]:
    """The concepts named beyond doubt and those one step from them, where some words leave a doubt."""
    found: set[str] = set()
    if any(reading.undecided for reading in readings):
        sure = {each.iri for reading in readings if not reading.undecided for each in reading.meanings}
        for concept in (vocabulary.concepts[iri] for iri in sure if iri in vocabulary.concepts):
            above = (vocabulary.concepts[iri] for iri in concept.broader if iri in vocabulary.concepts)
            beside = (iri for each in above for iri in each.narrower)
            found |= {concept.iri, *concept.broader, *concept.narrower, *concept.related, *beside}
    return frozenset(found)


def _matches(texts: Iterable[str], index: LabelIndex) -> Iterable[LabelMatch]:
    return (match for text in texts for match in index.find(text))


def _weight(match: LabelMatch, meaning: Meaning) -> float:
    words = 1.0 if len(match.words.split()) > 1 else _ONE_WORD_WEIGHT
    return _LABEL_WEIGHT[meaning.label] * _LINK_WEIGHT[meaning.link] * meaning.share * words
