"""What is checked of a file before it is parsed: not nested too deep, and RDF/XML complete and without declarations.

pyoxigraph takes RDF/XML that ends between two tags for complete, which would lose concepts in silence, expands internal
entities without bound (a sub-kilobyte file became 200 MB), and takes time quadratic in the depth of elements. 5,000
objects of JSON-LD inside each other end the process, as do triple terms, and open brackets of Turtle fill the memory.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from concord_taxonomy.skos.errors import EntityDeclaration, VocabularySyntaxError, VocabularyTooLarge

_OPENING, _CLOSING = (b"[", b"(", b"{", b"<<"), (b"]", b")", b"}", b">>")
_TURTLE = re.compile(
    rb'"""(?:[^"\\]|\\.|""?(?!"))*+"""|\'\'\'(?:[^\'\\]|\\.|\'\'?(?!\'))*+\'\'\'|"(?:[^"\\\n]|\\.)*+"|\'(?:[^\'\\\n]|\\.)*+\''
    rb"|<[^<>\s]*+>|#[^\n]*+|\\.|(?P<bracket><<|>>|[\[\](){}])",
    re.DOTALL,
)
_JSON = re.compile(rb'"(?:[^"\\]|\\.)*+"|(?P<bracket>[\[\]{}])', re.DOTALL)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def check_depth(data: bytes, file: str, max_depth: int, *, json: bool) -> None:
    """Raise `VocabularyTooLarge` where brackets of Turtle, N-Triples or `json` stand inside more than `max_depth`."""
    if sum(map(data.count, _OPENING)) <= max_depth:
        return
    depth = 0
    for found in (_JSON if json else _TURTLE).finditer(data):
        bracket = found["bracket"]
        if bracket in _OPENING:
            depth += 1
            if depth > max_depth:
                line = data.count(b"\n", 0, found.start()) + 1
                problem = f"brackets inside more than {max_depth:,} others: refer to concepts by IRI instead"
                raise VocabularyTooLarge(file, line, problem)
        elif bracket in _CLOSING:
            depth -= 1


def check_xml(data: bytes, file: str, max_depth: int) -> None:
    """Raise a `VocabularyFileError` with its line unless `data` is one well-formed element of at most that depth."""
    if found := _DECLARATION.search(data):
        raise _declared(file, data.count(b"\n", 0, found.start()) + 1)
    parser = expat.ParserCreate()
    depth = 0

    def doctype(*_stated: object) -> None:
        raise _declared(file, parser.CurrentLineNumber)  # in an encoding that the pattern does not see through

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > max_depth:
            problem = f"elements inside more than {max_depth:,} others: refer to concepts by IRI instead"
            raise VocabularyTooLarge(file, parser.CurrentLineNumber, problem)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        problem = f"not well-formed: {expat.ErrorString(error.code)}"
        raise VocabularySyntaxError(file, error.lineno, problem) from error


def _declared(file: str, line: int) -> EntityDeclaration:
    return EntityDeclaration(file, line, "DOCTYPE and ENTITY declarations are refused: write the text out")
