"""What qSKOS calls labelling and documentation issues: the vocabulary says too little, or says it twice."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from itertools import islice

from concord_taxonomy.quality.finding import Found, warning
from concord_taxonomy.quality.graph import SkosGraph
from concord_taxonomy.quality.integrity import text
from concord_taxonomy.quality.languages import fault_of
from concord_taxonomy.quality.names import DEPRECATED_TERMS

_JOINED = re.compile(r"(?<=[^\s\u200c\u200d])[\u200c\u200d](?=[^\s\u200c\u200d])")
"""A (non-)joiner between two characters, as Persian and Hindi are written with, and pictures of several."""

_FEW = 8
"""Languages that a finding names."""

_REPLACEMENT = "\ufffd"
"""What stands for a character that a wrong encoding lost."""


def _overlapping(graph: SkosGraph) -> Found:
    holders: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for concept in graph.concepts:
        for name, label in graph.all_labels(concept):
            said = " ".join(label.text.split()).casefold()
            if name != "hiddenLabel" and said:
                for scheme in graph.in_schemes.get(concept, {""}):
                    holders[scheme, label.language, said].add(concept)
    for (_, language, said), concepts in sorted(holders.items()):
        if len(concepts) > 1:
            first, *others = sorted(concepts)
            tag = f"@{language}" if language else ""
            yield first, f'"{said}"{tag} is a label of {", ".join(others)} too'


def _missing(graph: SkosGraph) -> Found:
    labels, titles = graph.facts.labels["prefLabel"], graph.facts.titles
    for concept in sorted(graph.concepts - graph.schemes):
        if concept not in labels:
            yield concept, "has no preferred label"
    for scheme in sorted(graph.schemes & graph.facts.subjects):
        if scheme not in labels and scheme not in titles:
            yield scheme, "is a scheme without a title"


def _empty(graph: SkosGraph) -> Found:
    for about, name, label in graph.texts():
        if not label.text.strip():
            yield about, f"{name} is empty"


def _unseen(text: str) -> set[str]:
    """The characters that cannot be seen, or were lost; joiners within a word and spaces of any width are writing."""
    lost = {_REPLACEMENT} & set(text)
    if text.isprintable():
        return lost
    hidden = (char for char in _JOINED.sub("", text) if not char.isprintable())
    return lost | {char for char in hidden if unicodedata.category(char) != "Zs"}


def _unprintable(graph: SkosGraph) -> Found:
    for about, name, label in graph.texts():
        if bad := sorted(f"U+{ord(char):04X}" for char in _unseen(label.text)):
            yield about, f"{name} {label.text!r} holds {', '.join(bad)}"


def _no_language(graph: SkosGraph) -> Found:
    for about, name, label in graph.texts():
        if not label.language:
            yield about, f"{name} {text(label)} names no language"
    for about, name, language in sorted(graph.facts.notes):
        if not language:
            yield about, f"a skos:{name} names no language"


def _no_such_language(graph: SkosGraph) -> Found:
    for about, name, label in graph.texts():
        if label.language and (fault := fault_of(label.language)):
            yield about, f"{name} {text(label)}: the language tag {label.language!r} is not valid: {fault}"
    for about, name, language in sorted(graph.facts.notes):
        if language and (fault := fault_of(language)):
            yield about, f"a skos:{name}: the language tag {language!r} is not valid: {fault}"


def _incomplete(graph: SkosGraph) -> Found:
    preferred = graph.facts.labels["prefLabel"]
    held = {concept: {label.language for label in preferred.get(concept, ())} - {""} for concept in graph.concepts}
    used = set().union(*held.values())
    known = sorted(used)
    for concept, languages in sorted(held.items()):
        if languages and (missing := len(known) - len(languages)):
            first = list(islice((each for each in known if each not in languages), _FEW))
            more = f" and {missing - _FEW:,} other languages" if missing > _FEW else ""
            yield concept, f"has no preferred label in {', '.join(first)}{more}, as others have"


def _undocumented(graph: SkosGraph) -> Found:
    for concept in sorted(graph.concepts - graph.facts.documented):
        yield concept, "has neither a definition nor a note"


def _ambiguous_notation(graph: SkosGraph) -> Found:
    holders: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for concept in graph.concepts:
        for notation, datatype in graph.facts.notations.get(concept, ()):
            for scheme in graph.in_schemes.get(concept, {""}):
                holders[scheme, notation, datatype].add(concept)
    for (_, notation, _), concepts in sorted(holders.items()):
        if len(concepts) > 1:
            first, *others = sorted(concepts)
            yield first, f'the notation "{notation}" is that of {", ".join(others)} too'


def _deprecated_terms(graph: SkosGraph) -> Found:
    for subject, terms in sorted(graph.facts.terms.items()):
        for term in sorted(terms & DEPRECATED_TERMS):
            yield subject, f"uses skos:{term}, which SKOS has dropped"


WORDING = (
    warning(
        "overlapping_labels",
        "one label of two concepts of a scheme",
        "tell them apart by their labels, or merge them",
        _overlapping,
    ),
    warning("missing_labels", "a concept or scheme without a name", "add skos:prefLabel", _missing),
    warning("empty_labels", "a label without text", "remove it, or write the text", _empty),
    warning(
        "unprintable_labels",
        "a label with characters that cannot be seen, or that a wrong encoding lost",
        "write what is meant, without control and format characters and line breaks; joiners stand within a word",
        _unprintable,
    ),
    warning(
        "missing_language_tags", "a label or note without a language", 'say the language: "leave"@en', _no_language
    ),
    warning(
        "invalid_language_tags",
        "a label or note whose language tag is not valid",
        "write a language tag of BCP 47 with subtags that IANA has registered, such as en, en-gb or pt-br",
        _no_such_language,
    ),
    warning(
        "incomplete_language_coverage",
        "a concept that is not named in every language of the vocabulary",
        "add the preferred labels that are missing",
        _incomplete,
    ),
    warning(
        "undocumented_concepts",
        "a concept that is not explained, or by an empty text alone",
        "add skos:definition or skos:scopeNote",
        _undocumented,
    ),
    warning(
        "ambiguous_notation",
        "one notation of two concepts of a scheme",
        "give each concept a notation of its own",
        _ambiguous_notation,
    ),
    warning(
        "deprecated_skos_terms",
        "a term that SKOS has dropped",
        "use what the SKOS Reference has instead, or a property of another vocabulary",
        _deprecated_terms,
    ),
)
"""Checks of labels, notes and notations; their findings are warnings."""
