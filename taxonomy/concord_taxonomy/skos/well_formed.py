"""What is checked of a file before it is parsed: not nested too deep, and RDF/XML complete and without declarations.

pyoxigraph takes RDF/XML that ends between two tags for complete, which would lose concepts in silence, expands internal
entities without bound (a sub-kilobyte file became 200 MB), takes time quadratic in the depth of elements and in the
attributes of one and worse in the length of a text, and repeats all namespaces at each element of an XML literal.
5,000 objects of JSON-LD inside each other end the process, as do triple terms, and open brackets of Turtle fill the
memory.
"""

from __future__ import annotations

import re
from operator import itemgetter
from xml.parsers import expat

from concord_taxonomy.skos.errors import EntityDeclaration, VocabularySyntaxError, VocabularyTooLarge
from concord_taxonomy.skos.statement import Limits

_OPENING, _CLOSING = (b"[", b"(", b"{", b"<<"), (b"]", b")", b"}", b">>")
_TURTLE = re.compile(
    rb'"""(?:[^"\\]|\\.|""?(?!"))*+"""|\'\'\'(?:[^\'\\]|\\.|\'\'?(?!\'))*+\'\'\'|"(?:[^"\\\n]|\\.)*+"|\'(?:[^\'\\\n]|\\.)*+\''
    rb"|<[^<>\s]*+>|#[^\n]*+|\\.|(?P<bracket><<|>>|[\[\](){}])",
    re.DOTALL,
)
_JSON = re.compile(rb'"(?:[^"\\]|\\.)*+"|(?P<bracket>[\[\]{}])', re.DOTALL)
_NO_LITERAL = ("Resource", "Collection")
_LONG = "a text of more than {:,} characters: shorten it"
_DECLARATION = re.compile(
    rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|(?P<declares><!(?:DOCTYPE|ENTITY))", re.IGNORECASE | re.DOTALL
)
"""A declaration; what stands in a comment or in character data is none."""


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


def check_xml(data: bytes, file: str, limits: Limits) -> None:
    """Raise a `VocabularyFileError` with its line unless `data` is one well-formed element within the limits."""
    if found := next(filter(itemgetter("declares"), _DECLARATION.finditer(data)), None):
        raise _declared(file, data.count(b"\n", 0, found.start()) + 1)
    parser = expat.ParserCreate()
    spaces = [(0, 0)]  # for each open element: namespaces in scope, and characters of their declarations
    # The depth of an XML literal, and how long it gets: each element in it repeats the declarations.
    literal = chars = 0
    said = 0  # how long the text is that is being read: the parser behind takes ever longer for each of its characters

    def too_large(problem: str) -> VocabularyTooLarge:
        return VocabularyTooLarge(file, parser.CurrentLineNumber, problem)

    def text(part: str) -> None:
        nonlocal said
        said += len(part)
        if said > limits.literal_chars:
            raise too_large(_LONG.format(limits.literal_chars))

    def doctype(*_stated: object) -> None:
        raise _declared(file, parser.CurrentLineNumber)  # in an encoding that the pattern does not see through

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal literal, chars, said
        said = 0
        if len(spaces) > limits.depth:
            raise too_large(f"elements inside more than {limits.depth:,} others: refer to concepts by IRI instead")
        declared = [len(name) + len(value) for name, value in attributes.items() if name.startswith("xmlns")]
        spaces.append((spaces[-1][0] + len(declared), spaces[-1][1] + sum(declared)))
        if max(len(attributes), spaces[-1][0]) > limits.attributes:
            raise too_large(f"an element with more than {limits.attributes:,} attributes or namespaces: use elements")
        if any(len(value) > limits.literal_chars for value in attributes.values()):
            raise too_large(_LONG.format(limits.literal_chars))
        if literal:
            chars += spaces[-1][1]
            if chars > limits.literal_chars:
                raise too_large(_LONG.format(limits.literal_chars))
        elif any(name.endswith("parseType") and value not in _NO_LITERAL for name, value in attributes.items()):
            literal, chars = len(spaces), 0

    def end(_name: str) -> None:
        nonlocal literal, said
        said = 0
        literal = 0 if literal == len(spaces) else literal
        spaces.pop()

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        problem = f"not well-formed: {expat.ErrorString(error.code)}"
        raise VocabularySyntaxError(file, error.lineno, problem) from error


def _declared(file: str, line: int) -> EntityDeclaration:
    return EntityDeclaration(file, line, "DOCTYPE and ENTITY declarations are refused: write the text out")
