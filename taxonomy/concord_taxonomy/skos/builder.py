"""The statements of one file, gathered into concepts and schemes."""

from __future__ import annotations

from typing import Any, NamedTuple

from concord_taxonomy.skos.closure import reachable
from concord_taxonomy.skos.errors import NotSkos
from concord_taxonomy.skos.files import line_of_statement
from concord_taxonomy.skos.model import Concept, Scheme, tail
from concord_taxonomy.skos.properties import (
    OF_CONCEPTS,
    PROPERTIES,
    SKOS,
    STOP_NOTATION,
    Reads,
    is_true,
    value_of,
)
from concord_taxonomy.skos.statement import Statement

_COLLECTIONS = (f"{SKOS}Collection", f"{SKOS}OrderedCollection")
_TO_CONCEPTS = ("definition", "notation", *sorted(OF_CONCEPTS), "is_replaced_by")


class Parts(NamedTuple):
    """What one file says, its texts trimmed and its relations as they are stated."""

    concepts: list[Concept]
    schemes: list[Scheme]
    stop: list[str]


class Builder:
    """Takes the statements of one file (`data`, named `file`) and makes the `Parts` of a vocabulary of them.

    A concept is what is typed so, by a subclass too that the file states, is a top concept, or has SKOS labels or
    relations and no other type; one that states no scheme belongs to the scheme of its file where the file declares
    exactly one and types the concept.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self._data, self._file = data, file
        self._facts: dict[str, dict[str, list[Any]]] = {}

    def add(self, statement: Statement) -> None:
        """Take in one statement; raises `NotSkos` with its line where SKOS gives it no meaning."""
        if statement.predicate not in PROPERTIES:
            return
        name, reads = PROPERTIES[statement.predicate]
        value = value_of(statement.object, reads)
        if value is None:
            if reads in (Reads.LABEL, Reads.LINK) and name not in ("type", "subclass_of", "is_replaced_by"):
                raise self._wrong(statement, reads.value)
        elif statement.subject:
            self._facts.setdefault(statement.subject, {}).setdefault(name, []).append(value)
        elif value == f"{SKOS}Concept" or name in OF_CONCEPTS - {"pref_label"}:
            raise self._wrong(statement, "a concept needs an IRI: a blank node cannot be referred to")
        elif name in ("notation", "member") or value in _COLLECTIONS:
            # A collection is referred to by nobody, and needs no IRI to say what its members are.
            self._facts.setdefault(f"_:{statement.blank}", {}).setdefault(name, []).append(value)

    def parts(self) -> Parts:
        """The concepts, schemes and stop concepts of the statements so far."""
        with_tops = {iri for iri, facts in self._facts.items() if "has_top_concept" in facts}
        schemes = self._of_type("ConceptScheme") | with_tops
        collections = self._of_type("Collection") | self._of_type("OrderedCollection")
        tops: dict[str, list[str]] = {}
        for iri in sorted(with_tops):
            for top in self._get(iri, "has_top_concept"):
                tops.setdefault(top, []).append(iri)
        typed = self._of_type("Concept") | set(tops)
        loose = {iri for iri, facts in self._facts.items() if "type" not in facts and facts.keys() & OF_CONCEPTS}
        declared = self._of_type("ConceptScheme")
        only = list(declared) if len(declared) == 1 else []
        concepts = [
            self._concept(iri, tops.get(iri, []), only if iri in typed else [])
            for iri in sorted((typed | loose) - schemes - collections)
        ]
        stop = [
            each
            for iri in collections
            if STOP_NOTATION in self._get(iri, "notation")
            for each in self._get(iri, "member")
        ]
        return Parts(concepts, [self._scheme(iri) for iri in sorted(schemes)], stop)

    def _concept(self, iri: str, top_of: list[str], only: list[str]) -> Concept:
        facts = self._facts.get(iri, {})
        values: dict[str, Any] = {name: tuple(facts[name]) for name in _TO_CONCEPTS if name in facts}
        values["top_concept_of"] = (*self._get(iri, "top_concept_of"), *top_of)
        if not values["top_concept_of"]:
            values.setdefault("in_scheme", tuple(only))
        return Concept(iri, deprecated=any(map(is_true, self._get(iri, "deprecated"))), **values)

    def _scheme(self, iri: str) -> Scheme:
        titles = {*self._get(iri, "title"), *self._get(iri, "pref_label")}
        return Scheme(iri, tuple(sorted(titles)), min(self._get(iri, "publisher"), default=""))

    def _of_type(self, name: str) -> set[str]:
        below: dict[str, list[str]] = {}
        for iri, facts in self._facts.items():
            for above in facts.get("subclass_of", ()):
                below.setdefault(above, []).append(iri)
        classes = reachable(f"{SKOS}{name}", lambda each: below.get(each, ()))
        return {iri for iri, facts in self._facts.items() if not classes.isdisjoint(facts.get("type", ()))}

    def _get(self, iri: str, name: str) -> list[Any]:
        return self._facts.get(iri, {}).get(name, [])

    def _wrong(self, statement: Statement, problem: str) -> NotSkos:
        line = line_of_statement(self._data, self._file, statement)
        return NotSkos(self._file, line, f"{tail(statement.predicate)}: {problem}")
