"""RDF files in a fixed order, so that a change of a vocabulary is a small difference between two files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from concord_taxonomy.skos.blank import named
from concord_taxonomy.skos.errors import NotWritable
from concord_taxonomy.skos.facts import Fact, facts_of, triple_of
from concord_taxonomy.skos.model import tail
from concord_taxonomy.skos.properties import DCTERMS, OF_CONCEPTS, OWL, RDF, RDFS, SKOS, STOP_NOTATION, XSD
from concord_taxonomy.skos.rdf import format_of
from concord_taxonomy.skos.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pyoxigraph as ox

PREFIXES = {
    "dcterms": DCTERMS,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "xsd": XSD,
}

_LANGUAGE = re.compile(r"[A-Za-z]+(-[A-Za-z0-9]+)*")
_NO_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_vocabulary(vocabulary: Vocabulary, file: str, prefixes: Mapping[str, str] | None = None) -> bytes:
    """A vocabulary in the format that the name `file` tells; equal vocabularies give equal bytes.

    Reading the bytes with the same `shared_scheme` gives the same vocabulary. Prefixes for the concepts' namespaces
    are made up unless `prefixes` has some. Raises `UnknownVocabularyFormat` and `NotWritable`.

    >>> from concord_taxonomy.skos import Concept, Label, parse_vocabulary
    >>> leave = Concept("https://x.org/id/leave", pref_label=(Label("annual leave", "en"),))
    >>> data = write_vocabulary(Vocabulary.build([leave]), "words.ttl")
    >>> parse_vocabulary(data, "words.ttl") == Vocabulary.build([leave])
    True
    """
    facts = list(facts_of(vocabulary))
    untyped = _untyped(vocabulary) if len(vocabulary.schemes) == 1 else frozenset()
    stop = stop_collection(vocabulary)
    triples = [
        triple_of(fact._replace(subject=fact.subject or stop))
        for fact in facts
        if fact.field != "type" or fact.subject not in untyped
    ]
    if vocabulary.stop:
        triples += map(triple_of, (Fact(stop, "type", f"{SKOS}Collection"), Fact(stop, "notation", STOP_NOTATION)))
    return write_triples(triples, file, prefixes or namespaces(vocabulary.concepts))


def _untyped(vocabulary: Vocabulary) -> frozenset[str]:
    """Concepts of no scheme, which beside one scheme must have no type, lest they be read as that scheme's."""
    loose = [each for each in vocabulary.concepts.values() if not each.in_scheme]
    for concept in loose:
        if not any(getattr(concept, name) for name in OF_CONCEPTS):
            raise NotWritable(concept.iri, "belongs to no scheme and has neither label nor relation")
    return frozenset(each.iri for each in loose)


def stop_collection(vocabulary: Vocabulary) -> str:
    """The IRI of a new collection of stop concepts."""
    scheme = vocabulary.shared_scheme or next(iter(vocabulary.schemes), "urn:concord:")
    iri = f"{scheme if scheme[-1:] in '/#:' else scheme + '/'}stop-concepts"
    while iri in vocabulary.concepts or iri in vocabulary.schemes:
        iri += "-"
    return iri


def namespaces(iris: Iterable[str]) -> dict[str, str]:
    """A prefix for each namespace of several IRIs, called as its last part is: `people` of `https://x.org/people/`."""
    parts = Counter(iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in iris)
    found: dict[str, str] = {}
    for namespace in sorted(each for each, concepts in parts.items() if concepts > 1 and each):
        name = re.sub("[^a-z0-9]+", "-", tail(namespace).lower()).strip("-") or "id"
        name, number = (name if name[0].isalpha() else f"v{name}"), 2
        while name in found or name in PREFIXES:
            name, number = f"{name.rstrip('0123456789')}{number}", number + 1
        found[name] = namespace
    return found


def write_triples(triples: Iterable[ox.Triple], file: str, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Triples in the format that the name `file` tells; equal triples give equal bytes.

    Sorted by subject, predicate and object; blank nodes are named by what they say. Of `prefixes`, which come before
    the usual ones, those are declared that shorten an IRI. Raises `UnknownVocabularyFormat` and `NotWritable`.
    """
    import pyoxigraph as ox

    ordered = sorted(named(triples), key=_order)
    if format_of(file) == "RDF_XML":
        _check_xml(ordered)
    elif format_of(file) != "JSON_LD":
        _check_languages(ordered)
    kind, given = format_of(file), dict(prefixes or {})
    usual = {name: iri for name, iri in PREFIXES.items() if iri not in given.values()}
    used = _used({**usual, **given}, ordered)
    written = ox.serialize(ordered, format=getattr(ox.RdfFormat, kind), prefixes=used) or b""
    return _spaced(written) if kind == "TURTLE" else written


def _used(prefixes: Mapping[str, str], triples: Iterable[ox.Triple]) -> dict[str, str]:
    """The prefixes that stand before the last part of an IRI of the triples."""
    ends = [end for each in triples for end in (each.subject, each.predicate, each.object)]
    iris = {str(getattr(each, "datatype", each))[1:-1] for each in ends} - {
        f"{XSD}string",
        f"{RDF}langString",
        f"{RDF}type",
    }
    tails = {iri: _tail_at(iri) for iri in iris}
    places = {iri[:at] for iri, at in tails.items()}

    def shortens(namespace: str) -> bool:
        inside = _tail_at(namespace) < len(namespace)  # such as `https://x.org/id_`
        return namespace in places or (
            inside and any(len(namespace) > at and iri.startswith(namespace) for iri, at in tails.items())
        )

    return {name: iri for name, iri in sorted(prefixes.items()) if shortens(iri)}


def _tail_at(iri: str) -> int:
    """Where the last part of an IRI begins."""
    return max(iri.rfind(char) for char in "/#:") + 1


def _check_xml(triples: Iterable[ox.Triple]) -> None:
    for triple in triples:
        if found := _NO_XML.search(getattr(triple.object, "value", "")):
            raise NotWritable(str(triple.subject), f"XML has no character U+{ord(found[0]):04X}: write Turtle")


def _check_languages(triples: Iterable[ox.Triple]) -> None:
    for triple in triples:
        language = getattr(triple.object, "language", None)
        if language and not _LANGUAGE.fullmatch(language):
            problem = f"Turtle cannot hold the language tag {language!r}: correct it, or write RDF/XML"
            raise NotWritable(str(triple.subject), problem)


def _order(triple: ox.Triple) -> tuple[bool, str, bool, str, str]:
    """IRIs before blank nodes, `rdf:type` before other predicates, then by text."""
    subject, predicate = str(triple.subject), triple.predicate.value
    return subject.startswith("_:"), subject, not predicate.endswith("#type"), predicate, str(triple.object)


def _spaced(turtle: bytes) -> bytes:
    """A blank line before each subject, so that a difference shows whole concepts."""
    lines = turtle.decode().removesuffix("\n").split("\n")  # `splitlines` would break a text at other characters
    first = next((number for number, line in enumerate(lines) if not line.startswith("@prefix")), 0)
    spaced = [f"\n{line}" if number >= first and line[:1].strip() else line for number, line in enumerate(lines)]
    return ("\n".join(spaced) + "\n").encode()
