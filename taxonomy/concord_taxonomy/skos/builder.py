"""The statements of one file, gathered into concepts and schemes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from concord_taxonomy.skos.errors import NotSkos
from concord_taxonomy.skos.model import Concept, Label, Scheme, tail
from concord_taxonomy.skos.rdf import Statement, line_of
from concord_taxonomy.skos.vocabulary import Vocabulary

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DCT = "http://purl.org/dc/terms/"
_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"

STOP_NOTATION = "stop"
"""A `skos:Collection` of this notation lists the concepts too general to expand a question by."""


class _Reads(Enum):
    """What a property's value is: a label or link (anything else is an error), or else a passing note."""

    LABEL = "a label is text: write it in quotation marks, not empty"
    LINK = "concepts and schemes are linked by IRI: write <…> or a prefixed name"
    NOTE = "note"
    PLAIN = "plain"


_PROPERTIES: Mapping[str, tuple[str, _Reads]] = {
    f"{_SKOS}prefLabel": ("pref_label", _Reads.LABEL),
    f"{_SKOS}altLabel": ("alt_label", _Reads.LABEL),
    f"{_SKOS}hiddenLabel": ("hidden_label", _Reads.LABEL),
    f"{_SKOS}definition": ("definition", _Reads.NOTE),
    f"{_SKOS}notation": ("notation", _Reads.PLAIN),
    f"{_SKOS}broader": ("broader", _Reads.LINK),
    f"{_SKOS}narrower": ("narrower", _Reads.LINK),
    f"{_SKOS}related": ("related", _Reads.LINK),
    f"{_SKOS}exactMatch": ("exact_match", _Reads.LINK),
    f"{_SKOS}closeMatch": ("close_match", _Reads.LINK),
    f"{_SKOS}broadMatch": ("broad_match", _Reads.LINK),
    f"{_SKOS}narrowMatch": ("narrow_match", _Reads.LINK),
    f"{_SKOS}relatedMatch": ("related_match", _Reads.LINK),
    f"{_SKOS}inScheme": ("in_scheme", _Reads.LINK),
    f"{_SKOS}topConceptOf": ("top_of", _Reads.LINK),
    f"{_SKOS}hasTopConcept": ("tops", _Reads.LINK),
    f"{_SKOS}member": ("member", _Reads.LINK),
    f"{_DCT}isReplacedBy": ("is_replaced_by", _Reads.LINK),
    f"{_DCT}title": ("title", _Reads.NOTE),
    f"{_RDFS}label": ("title", _Reads.NOTE),
    f"{_DCT}publisher": ("publisher", _Reads.PLAIN),
    f"{_OWL}deprecated": ("deprecated", _Reads.PLAIN),
    f"{_RDF}type": ("type", _Reads.LINK),
}

_OF_CONCEPTS = frozenset(name for name, reads in _PROPERTIES.values() if reads in (_Reads.LABEL, _Reads.LINK)) - {
    "tops",
    "member",
    "is_replaced_by",
    "type",
}
_TO_CONCEPTS = ("definition", "notation", *sorted(_OF_CONCEPTS - {"top_of"}), "is_replaced_by")


class Builder:
    """Takes the statements of one file (`data`, named `file`) and makes a `Vocabulary` of them.

    A concept is what is typed so, is a top concept, or has SKOS labels or relations and no other type; one that states
    no scheme belongs to the scheme of its file where the file declares exactly one and types the concept.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self._data, self._file = data, file
        self._facts: dict[str, dict[str, list[Any]]] = {}

    def add(self, statement: Statement) -> None:
        """Take in one statement; raises `NotSkos` with its line where SKOS gives it no meaning."""
        if statement.predicate not in _PROPERTIES:
            return
        name, reads = _PROPERTIES[statement.predicate]
        value = self._value(statement, reads)
        if value is None:
            if reads in (_Reads.LABEL, _Reads.LINK) and name not in ("type", "is_replaced_by"):
                raise self._wrong(statement, reads.value)
        elif statement.subject:
            self._facts.setdefault(statement.subject, {}).setdefault(name, []).append(value)
        elif value == f"{_SKOS}Concept" or name in _OF_CONCEPTS - {"pref_label"}:
            raise self._wrong(statement, "a concept needs an IRI: a blank node cannot be referred to")

    def vocabulary(self) -> Vocabulary:
        """The concepts and schemes of the statements so far; no scheme is taken as the shared one."""
        schemes = self._of_type("ConceptScheme") | {iri for iri, facts in self._facts.items() if "tops" in facts}
        collections = self._of_type("Collection") | self._of_type("OrderedCollection")
        tops = {top: iri for iri, facts in self._facts.items() for top in facts.get("tops", ())}
        typed = self._of_type("Concept") | set(tops)
        loose = {iri for iri, facts in self._facts.items() if "type" not in facts and facts.keys() & _OF_CONCEPTS}
        declared = self._of_type("ConceptScheme")
        only = list(declared) if len(declared) == 1 else []
        concepts = [
            self._concept(iri, tops.get(iri), only if iri in typed else [])
            for iri in sorted((typed | loose) - schemes - collections)
        ]
        stop = [
            each
            for iri in collections
            if STOP_NOTATION in self._get(iri, "notation")
            for each in self._get(iri, "member")
        ]
        return Vocabulary.build(concepts, [self._scheme(iri) for iri in sorted(schemes)], stop=stop)

    def _concept(self, iri: str, top_of: str | None, only: list[str]) -> Concept:
        facts = self._facts.get(iri, {})
        schemes = [*self._get(iri, "in_scheme"), *self._get(iri, "top_of"), *([top_of] if top_of else [])]
        values: dict[str, Any] = {name: tuple(facts[name]) for name in _TO_CONCEPTS if name in facts}
        values["in_scheme"] = tuple(schemes or only)
        stated = any(text.lower() in ("true", "1") for text in self._get(iri, "deprecated"))
        deprecated = stated or "is_replaced_by" in facts
        return Concept(iri, deprecated=deprecated, **values)

    def _scheme(self, iri: str) -> Scheme:
        titles = {*self._get(iri, "title"), *self._get(iri, "pref_label")}
        return Scheme(iri, tuple(sorted(titles)), min(self._get(iri, "publisher"), default=""))

    def _of_type(self, name: str) -> set[str]:
        return {iri for iri, facts in self._facts.items() if f"{_SKOS}{name}" in facts.get("type", ())}

    def _get(self, iri: str, name: str) -> list[Any]:
        return self._facts.get(iri, {}).get(name, [])

    def _value(self, statement: Statement, reads: _Reads) -> str | Label | None:
        value = statement.object
        if reads is _Reads.LINK:
            return value.iri or None
        text = " ".join((value.text or "").split())
        if not text:
            return None
        return text if reads is _Reads.PLAIN else Label(text, value.language)

    def _wrong(self, statement: Statement, problem: str) -> NotSkos:
        line = line_of(self._data, self._file, statement.position)
        return NotSkos(self._file, line, f"{tail(statement.predicate)}: {problem}")
