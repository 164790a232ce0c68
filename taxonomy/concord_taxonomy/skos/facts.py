"""A vocabulary as single statements, which is what is written, and what a change of it adds and removes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from concord_taxonomy.skos.errors import NotWritable
from concord_taxonomy.skos.model import Concept, Label
from concord_taxonomy.skos.properties import IRIS, OF_CONCEPTS, SKOS, XSD
from concord_taxonomy.skos.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pyoxigraph as ox

LABELS = ("pref_label", "alt_label", "hidden_label", "definition")
TEXTS = ("notation", "publisher")
LINKS = (*sorted(OF_CONCEPTS - set(LABELS)), "is_replaced_by")
STOP = ""
"""The subject of a `member` that is a stop concept, whatever the IRI of the collection."""


class Fact(NamedTuple):
    """A statement: `field` names a property as `properties.PROPERTIES` does, `value` is an IRI, a text or a label."""

    subject: str
    field: str
    value: str | Label


def facts_of(vocabulary: Vocabulary) -> Iterator[Fact]:
    """Every statement of a vocabulary in normal form, both ways round where a relation has an inverse."""
    for scheme in vocabulary.schemes.values():
        yield Fact(scheme.iri, "type", f"{SKOS}ConceptScheme")
        yield from (Fact(scheme.iri, "title", label) for label in scheme.title)
        if scheme.publisher:
            yield Fact(scheme.iri, "publisher", scheme.publisher)
    for concept in vocabulary.concepts.values():
        yield from _of_concept(concept, vocabulary)
    yield from (Fact(STOP, "member", iri) for iri in vocabulary.stop)


def _of_concept(concept: Concept, vocabulary: Vocabulary) -> Iterator[Fact]:
    if concept.iri in vocabulary.schemes:
        raise NotWritable(concept.iri, "is a concept and a scheme (S9): give the scheme an IRI of its own")
    yield Fact(concept.iri, "type", f"{SKOS}Concept")
    for name in (*LABELS, "notation", *LINKS):
        yield from (Fact(concept.iri, name, value) for value in getattr(concept, name))
    for scheme in concept.top_concept_of:
        if scheme in vocabulary.schemes:
            yield Fact(scheme, "has_top_concept", concept.iri)
    if concept.deprecated:
        yield Fact(concept.iri, "deprecated", "true")


def triple_of(fact: Fact) -> ox.Triple:
    """A fact in RDF; raises `NotWritable` where an IRI, a language or a text cannot stand there."""
    import pyoxigraph as ox

    try:
        value: ox.NamedNode | ox.Literal
        if isinstance(fact.value, Label):
            if not fact.value.text:
                raise NotWritable(fact.subject, f"an empty {fact.field}: remove it, or write the text")
            value = ox.Literal(fact.value.text, language=fact.value.language or None)
        elif fact.field == "deprecated":
            value = ox.Literal(fact.value, datatype=ox.NamedNode(f"{XSD}boolean"))
        elif fact.field in TEXTS:
            value = ox.Literal(fact.value)
        else:
            value = ox.NamedNode(fact.value)
        return ox.Triple(ox.NamedNode(fact.subject), ox.NamedNode(IRIS[fact.field]), value)
    except ValueError as error:
        said = (fact.value.text, fact.value.language) if isinstance(fact.value, Label) else fact.value
        raise NotWritable(fact.subject, f"{fact.field} {said!r}: {error}") from error
