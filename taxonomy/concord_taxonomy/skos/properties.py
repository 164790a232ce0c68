"""The properties that vocabularies are read from and written as, and the fields of `Concept` and `Scheme` they fill."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from concord_taxonomy.skos.model import Label, plain_text
from concord_taxonomy.skos.statement import Node

SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"

STOP_NOTATION = "stop"
"""A `skos:Collection` of this notation lists the concepts too general to expand a question by."""


class Reads(Enum):
    """What a property's value is: a label or link (anything else is an error), or else a passing note."""

    LABEL = "a label is text: write it in quotation marks, not empty"
    LINK = "concepts and schemes are linked by IRI: write <…> or a prefixed name"
    NOTE = "note"
    PLAIN = "plain"


PROPERTIES: Mapping[str, tuple[str, Reads]] = {
    f"{SKOS}prefLabel": ("pref_label", Reads.LABEL),
    f"{SKOS}altLabel": ("alt_label", Reads.LABEL),
    f"{SKOS}hiddenLabel": ("hidden_label", Reads.LABEL),
    f"{SKOS}definition": ("definition", Reads.NOTE),
    f"{SKOS}notation": ("notation", Reads.PLAIN),
    f"{SKOS}broader": ("broader", Reads.LINK),
    f"{SKOS}narrower": ("narrower", Reads.LINK),
    f"{SKOS}related": ("related", Reads.LINK),
    f"{SKOS}exactMatch": ("exact_match", Reads.LINK),
    f"{SKOS}closeMatch": ("close_match", Reads.LINK),
    f"{SKOS}broadMatch": ("broad_match", Reads.LINK),
    f"{SKOS}narrowMatch": ("narrow_match", Reads.LINK),
    f"{SKOS}relatedMatch": ("related_match", Reads.LINK),
    f"{SKOS}inScheme": ("in_scheme", Reads.LINK),
    f"{SKOS}topConceptOf": ("top_concept_of", Reads.LINK),
    f"{SKOS}hasTopConcept": ("has_top_concept", Reads.LINK),
    f"{SKOS}member": ("member", Reads.LINK),
    f"{DCTERMS}isReplacedBy": ("is_replaced_by", Reads.LINK),
    f"{DCTERMS}title": ("title", Reads.NOTE),
    f"{RDFS}label": ("title", Reads.NOTE),
    f"{DCTERMS}publisher": ("publisher", Reads.PLAIN),
    f"{OWL}deprecated": ("deprecated", Reads.PLAIN),
    f"{RDF}type": ("type", Reads.LINK),
    f"{RDFS}subClassOf": ("subclass_of", Reads.LINK),
}

OF_CONCEPTS = frozenset(name for name, reads in PROPERTIES.values() if reads in (Reads.LABEL, Reads.LINK)) - {
    "has_top_concept",
    "member",
    "is_replaced_by",
    "type",
    "subclass_of",
}
"""Fields that make a concept of what has no type."""

IRIS: Mapping[str, str] = {name: iri for iri, (name, _) in reversed(list(PROPERTIES.items()))}
"""The property that each field is written as."""


def value_of(node: Node, reads: Reads) -> str | Label | None:
    """What a field takes of an object: an IRI, a label, a text; None where it is none of these, or empty."""
    if reads is Reads.LINK:
        return node.iri or None
    text = plain_text(node.text or "")
    if not text:
        return None
    return text if reads is Reads.PLAIN else Label(text, node.language)


def is_true(text: str) -> bool:
    """Whether a text is the boolean true of XML Schema."""
    return text.strip().lower() in ("true", "1")
