"""RDF/XML checked before it is parsed: complete, without declarations, and not nested too deep.

pyoxigraph takes a file that ends between two tags for complete, which would lose concepts in silence, expands internal
entities without bound (a sub-kilobyte file became 200 MB), and takes time quadratic in the depth of elements.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from concord_taxonomy.skos.errors import EntityDeclaration, VocabularySyntaxError, VocabularyTooLarge

_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def check_xml(data: bytes, file: str, max_depth: int) -> None:
    """Raise a `VocabularyFileError` with its line unless `data` is one well-formed element of at most that depth."""
    if found := _DECLARATION.search(data):
        line = data.count(b"\n", 0, found.start()) + 1
        raise EntityDeclaration(file, line, "DOCTYPE and ENTITY declarations are refused: write the text out")
    parser = expat.ParserCreate()
    depth = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > max_depth:
            problem = f"elements inside more than {max_depth:,} others: refer to concepts by IRI instead"
            raise VocabularyTooLarge(file, parser.CurrentLineNumber, problem)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        problem = f"not well-formed: {expat.ErrorString(error.code)}"
        raise VocabularySyntaxError(file, error.lineno, problem) from error
