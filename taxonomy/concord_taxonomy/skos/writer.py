"""RDF files in a fixed order, so that a change of a vocabulary is a small difference between two files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from concord_taxonomy.skos.rdf import format_of

if TYPE_CHECKING:
    import pyoxigraph as ox

PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def write_triples(triples: Iterable[ox.Triple], file: str, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Triples in the format that the name `file` tells; equal triples give equal bytes.

    Sorted by subject, predicate and object; blank nodes are named by what they say (RDFC-1.0). `prefixes` come before
    the usual ones. Raises `UnknownVocabularyFormat`.
    """
    import pyoxigraph as ox

    graph = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in triples)
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    ordered = sorted((quad.triple for quad in graph), key=_order)
    kind, given = format_of(file), dict(prefixes or {})
    usual = {name: iri for name, iri in PREFIXES.items() if iri not in given.values()}
    text = "\n".join(map(str, ordered))
    used = {name: iri for name, iri in sorted({**usual, **given}.items()) if iri in text}
    written = ox.serialize(ordered, format=getattr(ox.RdfFormat, kind), prefixes=used) or b""
    return _spaced(written) if kind == "TURTLE" else written


def _order(triple: ox.Triple) -> tuple[bool, str, bool, str, str]:
    """IRIs before blank nodes, `rdf:type` before other predicates, then by text."""
    subject, predicate = str(triple.subject), triple.predicate.value
    return subject.startswith("_:"), subject, not predicate.endswith("#type"), predicate, str(triple.object)


def _spaced(turtle: bytes) -> bytes:
    """A blank line before each subject, so that a difference shows whole concepts."""
    lines = turtle.decode().splitlines()
    first = next((number for number, line in enumerate(lines) if not line.startswith("@prefix")), 0)
    spaced = [f"\n{line}" if number >= first and line[:1].strip() else line for number, line in enumerate(lines)]
    return ("\n".join(spaced) + "\n").encode()
