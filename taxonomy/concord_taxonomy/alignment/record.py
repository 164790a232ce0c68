"""Decisions as a vocabulary file: what was accepted as SKOS mappings, and each decision with who, when and why.

A decision is an `owl:Axiom` in the terms of SSSOM (Simple Standard for Sharing Ontological Mappings), in which a
rejection has the modifier `Not`; readers of SKOS see the accepted mappings alone. Equal decisions give equal bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from concord_taxonomy.alignment.decisions import Decision, Decisions, Relation
from concord_taxonomy.skos.errors import VocabularyFileError
from concord_taxonomy.skos.rdf import parse_triples, statements
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
    return write_triples(_all(decisions), file, {"sssom": SSSOM})


def read_decisions(data: bytes, file: str, limits: Limits | None = None) -> Decisions:
    """The decisions that a file holds; raises `VocabularyFileError` for one that is not whole."""
    held: dict[str, dict[str, str]] = {}
    for statement in statements(data, file, limits or Limits()):
        name = _PARTS.get(statement.predicate)
        if name:
            held.setdefault(statement.subject or statement.blank, {})[name] = _value(statement)
    return Decisions().record(*(_decision(parts, file) for parts in held.values() if "left" in parts))


def recorded(data: bytes | None, file: str, decision: Decision) -> bytes:
    """A file of decisions (None: there is none yet) with one more; raises `VocabularyFileError`.

    A decision that is held already keeps its date and who made it, unless there is another reason now. A file that says
    more than its decisions is left alone: the rest would be lost.
    """
    held = Decisions() if data is None else read_decisions(data, file)
    if data is not None and set(parse_triples(data, file)[0]) != set(_all(held)):
        problem = "holds more than decisions, which would be lost: move the rest into another file"
        raise VocabularyFileError(file, None, problem)
    known = held.on(decision.left, decision.right)
    if data is not None and known is not None and known.same_as(decision):
        return data
    return write_decisions(held.record(decision), file)


def about(left: str, right: str) -> Callable[[ox.Triple], bool]:
    """Tells which statements matter to a decision on a pair: all but the mappings of either to other concepts."""
    pair, node = {left, right}, _node(left, right)

    def matters(triple: ox.Triple) -> bool:
        predicate = triple.predicate.value
        if _PARTS.get(predicate) in ("left", "right"):
            return getattr(triple.subject, "value", None) == node
        if predicate.startswith(SKOS) and predicate.removeprefix(SKOS) in set(Relation):
            return {getattr(end, "value", None) for end in (triple.subject, triple.object)} == pair
        return True

    return matters


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


def _all(decisions: Decisions) -> list[ox.Triple]:
    return [triple for each in decisions for triple in _triples(each)]


def _node(left: str, right: str) -> str:
    """The name of the decision on a pair, so that a new decision changes no other's lines."""
    pair = hashlib.sha256(" ".join(sorted((left, right))).encode()).hexdigest()[:16]
    return f"urn:concord:mapping:{pair}"


def _triples(decision: Decision) -> Iterator[ox.Triple]:
    import pyoxigraph as ox

    iri = ox.NamedNode
    node = iri(_node(decision.left, decision.right))
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
