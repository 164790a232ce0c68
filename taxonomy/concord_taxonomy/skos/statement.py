"""One statement of a vocabulary file, whatever its format, and how much of a file is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: bytes, statements, depth of elements and brackets, and of terms in a JSON-LD context.

    Characters of one literal, of one IRI, and of all IRIs and literals written out, which prefixes and a base multiply.
    """

    file_bytes: int = 256 * 2**20
    literal_chars: int = 100_000
    iri_chars: int = 8_192
    chars: int = 512 * 2**20
    statements: int = 2_000_000
    depth: int = 200
    attributes: int = 500
    terms: int = 20


@dataclass(frozen=True, slots=True)
class Node:
    """An IRI, or a literal (`iri` empty) with language and datatype; a blank node has neither text nor `iri`."""

    iri: str = ""
    text: str | None = None
    language: str = ""
    datatype: str = ""
    blank: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple and its position; a blank subject has a name in `blank` alone.

    The position is the triple's number in an RDF file (0 for the first), and the line of a term list.
    """

    subject: str
    predicate: str
    object: Node
    position: int
    blank: str = ""
