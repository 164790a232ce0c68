"""A question in everyone's words: the concepts it names, and what other departments call them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, zip_longest

from concord_taxonomy.labels import LabelIndex, LabelMatch
from concord_taxonomy.senses import Chosen, Meaning, Reading, read_senses
from concord_taxonomy.skos.links import LinkKind
from concord_taxonomy.skos.vocabulary import Vocabulary
from concord_taxonomy.words import fold, key, normal_words

_CAPITALS = re.compile(r"[A-Z]{2}")  # somebody who writes acronyms in capitals means a word where they do not

MAX_TERMS = 24
"""Default bound on the terms that an expansion adds to a query."""


@dataclass(frozen=True, slots=True)
class ExpandedSpan:
    """Words of the question, `question[start:end]`, the shared concepts they name, and terms that may stand there."""

    start: int
    end: int
    words: str
    concepts: tuple[str, ...]
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Words that also mean `others` (shared concepts) elsewhere in the organisation; `chosen` is how they were read.

    `by` says what chose; where it is `undecided`, several senses were taken, and only the asker can tell. Nothing is
    `chosen` where the department has a meaning of its own for the words, which no shared concept says.
    """

    words: str
    chosen: tuple[str, ...]
    others: tuple[str, ...]
    by: Chosen = Chosen.NOTHING
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a question means in shared concepts.

    `concepts` are in the order of the question; `closure` holds them and all narrower ones, for a filter. `terms` are
    labels that the question does not contain, to be added to a lexical query.
    """

    concepts: tuple[str, ...] = ()
    closure: frozenset[str] = frozenset()
    terms: tuple[str, ...] = ()
    spans: tuple[ExpandedSpan, ...] = ()
    ambiguous: tuple[Ambiguity, ...] = ()


def expand(
    question: str,
    index: LabelIndex,
    vocabulary: Vocabulary,
    department: str | None = None,
    *,
    within: Collection[str] = (),
    stop_concepts: Collection[str] = (),
    max_terms: int = MAX_TERMS,
) -> Expansion:
    """Find the shared concepts of a question and every department's words for them.

    `department` (a scheme's publisher, title or IRI) is the asker's, `within` the concepts of the use case: a homonym
    is read as the department uses it, else as the use case is about it, and reported in `ambiguous`. Concepts in
    `stop_concepts` or `vocabulary.stop` are passed over. Terms are dealt out evenly over the concepts up to
    `max_terms`; hidden labels and homonyms are never terms, and a concept reached only upward
    (`broadMatch`) brings no words of its other narrower concepts.
    """
    stopped = {*vocabulary.stop, *stop_concepts}
    read: list[tuple[LabelMatch, Reading]] = []
    for match in index.find(question, acronyms_in_any_case=not _CAPITALS.search(question)):
        reading = read_senses(match, vocabulary, department, within=within)
        kept = tuple(meaning for meaning in reading.meanings if meaning.iri not in stopped)
        if kept or not reading.meanings:
            read.append((match, replace(reading, meanings=kept)))
    meanings: dict[str, Meaning] = {}
    for _, reading in read:
        for meaning in reading.meanings:
            known = meanings.get(meaning.iri)
            if known is None or meaning.link.rank < known.link.rank:
                meanings[meaning.iri] = meaning
    terms = _deal({iri: _terms(each, question, index, vocabulary) for iri, each in meanings.items()}, max_terms)
    return Expansion(
        concepts=tuple(meanings),
        closure=frozenset(iri for concept in meanings for iri in vocabulary.narrower_closure(concept)),
        terms=tuple(terms),
        spans=tuple(_span(match, reading, terms) for match, reading in read if reading.meanings),
        ambiguous=tuple(dict.fromkeys(_ambiguities(read, vocabulary))),
    )


def _terms(meaning: Meaning, question: str, index: LabelIndex, vocabulary: Vocabulary) -> Iterator[str]:
    """Labels of a concept that the question lacks: preferred before alternative, shared before departmental."""
    nearest = [link for link in vocabulary.departmental(meaning.iri) if link.kind is not LinkKind.BROAD]
    further = [link for link in vocabulary.departmental(meaning.iri) if link.kind is LinkKind.BROAD]
    rings = ([meaning.iri, *(link.iri for link in nearest)], [link.iri for link in further])
    present = normal_words(question)
    for ring in rings if meaning.link is not LinkKind.BROAD else rings[:1]:
        concepts = [concept for iri in ring if not (concept := vocabulary.concepts[iri]).deprecated]
        preferred = [label.text for concept in concepts for label in concept.pref_label]
        alternative = [label.text for concept in concepts for label in concept.alt_label]
        for text in (*preferred, *alternative):
            targets = {iri for sense in index.senses(text) for iri in vocabulary.shared(sense.iri)}
            if targets == {meaning.iri} and not _contains(present, key(text)):
                yield text


def _contains(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(
        (*words[at : at + size - 1], fold(words[at + size - 1])) == wanted for at in range(len(words) - size + 1)
    )


def _deal(offers: Mapping[str, Iterable[str]], limit: int) -> dict[str, str]:
    """Terms in turn from each concept, each once, with the concept that brought it."""
    dealt: dict[tuple[str, ...], tuple[str, str]] = {}
    for hand in zip_longest(*offers.values()):
        for iri, term in zip(offers, hand, strict=True):
            if term is not None and len(dealt) < limit:
                dealt.setdefault(key(term), (term, iri))
        if len(dealt) >= limit:
            break
    return dict(dealt.values())


def _span(match: LabelMatch, reading: Reading, terms: Mapping[str, str]) -> ExpandedSpan:
    concepts = tuple(meaning.iri for meaning in reading.meanings)
    own = tuple(term for term, iri in terms.items() if iri in concepts)
    return ExpandedSpan(match.start, match.end, match.words, concepts, own)


def _ambiguities(read: Iterable[tuple[LabelMatch, Reading]], vocabulary: Vocabulary) -> Iterator[Ambiguity]:
    """Words of several meanings, of which a narrower one of another is none of its own."""
    for match, reading in read:
        chosen = tuple(meaning.iri for meaning in reading.meanings)
        others = tuple(iri for iri in reading.others if not any(_nested(iri, each, vocabulary) for each in chosen))
        undecided = reading.undecided and not all(_nested(*pair, vocabulary) for pair in combinations(chosen, 2))
        if others or undecided:
            yield Ambiguity(match.words, chosen, others, reading.by, undecided)


def _nested(one: str, other: str, vocabulary: Vocabulary) -> bool:
    return one in vocabulary.narrower_closure(other) or other in vocabulary.narrower_closure(one)


def used_by(words: str, concept: str, index: LabelIndex, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The departments (publishers, or titles of schemes) in whose vocabularies `words` mean a shared concept."""
    schemes = (
        vocabulary.schemes[scheme]
        for sense in index.senses(words)
        if concept in vocabulary.shared(sense.iri)
        for scheme in vocabulary.concepts[sense.iri].in_scheme
        if scheme in vocabulary.schemes and scheme != vocabulary.shared_scheme
    )
    return tuple(sorted({scheme.publisher or scheme.label() for scheme in schemes}))
