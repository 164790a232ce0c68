"""Decisions as a vocabulary file: what was accepted as SKOS mappings, and each decision with who, when and why.

A decision is an `owl:Axiom` in the terms of SSSOM (Simple Standard for Sharing Ontological Mappings), in which a
rejection has the modifier `Not`; readers of SKOS see the accepted mappings alone. Equal decisions give equal bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from concord_taxonomy.alignment.decisions import Decision, Decisions, Relation
from concord_taxonomy.skos.errors import VocabularyFileError
from concord_taxonomy.skos.rdf import statements
from concord_taxonomy.skos.statement import Limits, Statement
from concord_taxonomy.skos.writer import write_triples

if TYPE_CHECKING:
    import pyoxigraph as ox

SKOS = "http://www.w3.org/2004/02/skos/core#"
SSSOM = "https://w3id.org/sssom/"
OWL = "http://www.w3.org/2002/07/owl#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
CURATED = "https://w3id.org/semapv/vocab/ManualMappingCuration"

_PARTS = {
    f"{OWL}annotatedSource": "left",
    f"{OWL}annotatedTarget": "right",
    f"{OWL}annotatedProperty": "relation",
    f"{SSSOM}predicate_modifier": "modifier",
    f"{SSSOM}author_label": "by",
    f"{SSSOM}mapping_date": "at",
    f"{RDFS}comment": "why",
}


def write_decisions(decisions: Decisions, file: str) -> bytes:
    """The decisions in the format that the name `file` tells; raises `UnknownVocabularyFormat`."""
    triples = [triple for each in decisions for triple in _triples(each)]
    return write_triples(triples, file, {"sssom": SSSOM})


def read_decisions(data: bytes, file: str, limits: Limits | None = None) -> Decisions:
    """The decisions that a file holds; raises `VocabularyFileError` for one that is not whole."""
    held: dict[str, dict[str, str]] = {}
    for statement in statements(data, file, limits or Limits()):
        name = _PARTS.get(statement.predicate)
        if name:
            held.setdefault(statement.subject or statement.blank, {})[name] = _value(statement)
    return Decisions().record(*(_decision(parts, file) for parts in held.values() if "left" in parts))


def _value(statement: Statement) -> str:
    return statement.object.iri or statement.object.text or ""


def _decision(parts: dict[str, str], file: str) -> Decision:
    try:
        return Decision(
            left=parts["left"],
            right=parts["right"],
            relation=Relation(parts["relation"].removeprefix(SKOS)),
            accepted=parts.get("modifier") != "Not",
            by=parts["by"],
            why=parts.get("why", ""),
            at=datetime.fromisoformat(parts["at"]),
        )
    except (KeyError, ValueError) as error:
        problem = f"the decision on {parts['left']} is not whole ({error}): restore it, or remove it"
        raise VocabularyFileError(file, None, problem) from None


def _triples(decision: Decision) -> Iterator[ox.Triple]:
    import pyoxigraph as ox

    iri = ox.NamedNode
    pair = hashlib.sha256(f"{decision.left} {decision.right}".encode()).hexdigest()[:16]
    node = iri(f"urn:concord:mapping:{pair}")  # so that a new decision changes no other's lines
    left, relation, right = iri(decision.left), iri(SKOS + decision.relation), iri(decision.right)
    if decision.accepted:
        yield ox.Triple(left, relation, right)
    yield ox.Triple(node, iri(f"{RDF}type"), iri(f"{OWL}Axiom"))
    yield ox.Triple(node, iri(f"{OWL}annotatedSource"), left)
    yield ox.Triple(node, iri(f"{OWL}annotatedProperty"), relation)
    yield ox.Triple(node, iri(f"{OWL}annotatedTarget"), right)
    yield ox.Triple(node, iri(f"{SSSOM}mapping_justification"), iri(CURATED))
    yield ox.Triple(node, iri(f"{SSSOM}author_label"), ox.Literal(decision.by))
    yield ox.Triple(
        node, iri(f"{SSSOM}mapping_date"), ox.Literal(decision.at.isoformat(), datatype=iri(f"{XSD}dateTime"))
    )
    if not decision.accepted:
        yield ox.Triple(node, iri(f"{SSSOM}predicate_modifier"), ox.Literal("Not"))
    if decision.why:
        yield ox.Triple(node, iri(f"{RDFS}comment"), ox.Literal(decision.why))
