"""RDF files as statements, within limits, each statement able to say which line it stands on.

pyoxigraph loads no remote JSON-LD contexts and no external entities; what else it must not see is refused before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, cast

from concord_taxonomy.skos.context import check_contexts
from concord_taxonomy.skos.errors import UnknownVocabularyFormat, VocabularySyntaxError, VocabularyTooLarge
from concord_taxonomy.skos.statement import Limits, Node, Statement
from concord_taxonomy.skos.well_formed import check_depth, check_xml

if TYPE_CHECKING:
    from pyoxigraph import Quad, QuadParser, Triple

FORMATS = {".ttl": "TURTLE", ".rdf": "RDF_XML", ".nt": "N_TRIPLES", ".jsonld": "JSON_LD"}
"""File endings that are read, and pyoxigraph's name for each format."""

NAMED = {**FORMATS, ".owl": "RDF_XML", ".xml": "RDF_XML", ".json": "JSON_LD"}
"""The same with endings that say little: files are read so where they are named, not where a folder is."""

_ABOUT_LANGUAGE = re.compile(r"language|subtag")
_BOM = b"\xef\xbb\xbf"


def statements(data: bytes, file: str, limits: Limits) -> Iterator[Statement]:
    """Yield the statements of `data`, whose format the name `file` tells, or raise a `VocabularyFileError`."""
    if len(data) > limits.file_bytes:
        raise VocabularyTooLarge(file, None, f"larger than {limits.file_bytes:,} bytes: split the vocabulary")
    data = data.removeprefix(_BOM)
    if format_of(file) == "RDF_XML":
        check_xml(data, file, limits)
    else:
        check_depth(data, file, limits.depth, json=format_of(file) == "JSON_LD")
    if format_of(file) == "JSON_LD":
        check_contexts(data, file, limits)
    position = chars = 0
    try:
        for quad in _quads(lambda: data, file):
            if position >= limits.statements:
                raise VocabularyTooLarge(
                    file, None, f"more than {limits.statements:,} statements: split the vocabulary"
                )
            statement = _statement(quad, position)
            value = statement.object
            iris = (statement.subject, statement.predicate, value.iri or value.datatype)
            if len(value.text or "") > limits.literal_chars:
                problem = f"a text of more than {limits.literal_chars:,} characters: shorten it"
                raise VocabularyTooLarge(file, line_of(data, file, position), problem)
            if max(map(len, iris)) > limits.iri_chars:
                problem = f"an IRI of more than {limits.iri_chars:,} characters, base or prefix included: shorten it"
                raise VocabularyTooLarge(file, line_of(data, file, position), problem)
            chars += sum(map(len, iris)) + len(value.text or "")
            if chars > limits.chars:
                problem = f"more than {limits.chars:,} characters with IRIs written out: split the vocabulary"
                raise VocabularyTooLarge(file, None, problem)
            yield statement
            position += 1
    except SyntaxError as error:
        problem = re.sub(r"^Parser error at line \d+ .*?: ", "", str(error.msg))
        if "No scheme found" in problem:
            problem += "; write whole IRIs or declare @base"
        at = error.lineno or line_of(data, file, None)
        raise VocabularySyntaxError(file, at, f"not well-formed: {problem}") from error
    except MemoryError as error:
        if "buffer" not in str(error):
            raise
        problem = "a text, IRI or language of more than 16 MiB: shorten it"
        raise VocabularyTooLarge(file, line_of(data, file, None), problem) from error


def _statement(quad: Quad, position: int) -> Statement:
    import pyoxigraph as ox

    value = quad.object
    if isinstance(value, ox.NamedNode):
        node = Node(iri=value.value)
    elif isinstance(value, ox.Literal):
        node = Node(text=value.value, language=(value.language or "").lower(), datatype=value.datatype.value)
    else:
        node = Node(blank=_blank(value))
    about = quad.subject
    subject, blank = (about.value, "") if isinstance(about, ox.NamedNode) else ("", _blank(about))
    return Statement(subject, quad.predicate.value, node, position, blank)


def parse_triples(data: bytes, file: str) -> tuple[list[Triple], dict[str, str]]:
    """The triples of a file that `statements` has read before, and its prefixes."""
    prefixes: dict[str, str] = {}
    data = data.removeprefix(_BOM)
    return [quad.triple for quad in _quads(lambda: data, file, prefixes)], prefixes


def _blank(node: object) -> str:
    return str(getattr(node, "value", ""))


def line_of(data: bytes, file: str, position: int | None) -> int | None:
    """The line on which a statement ends (None: on which parsing fails), found by parsing again line by line."""
    lines = _Lines(b"")

    def opened() -> _Lines:
        nonlocal lines
        lines = _Lines(data.removeprefix(_BOM))
        return lines

    try:
        for at, _ in enumerate(_quads(opened, file)):
            if at == position:
                return lines.number
    except (SyntaxError, MemoryError):
        return lines.number
    return None


class _Lines:
    """A binary file that hands out one line a read, so that the parser is never ahead of the line it is in."""

    def __init__(self, data: bytes) -> None:
        self._lines = iter(data.splitlines(keepends=True))
        self._rest = b""
        self.number = 0

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = next(self._lines, b"")
            self.number += bool(self._rest)
        if size < 0:
            size = len(self._rest)
        chunk, self._rest = self._rest[:size], self._rest[size:]
        return chunk


def format_of(file: str) -> str:
    """Pyoxigraph's name for the format that a file's ending tells; raises `UnknownVocabularyFormat`."""
    ending = PurePath(file).suffix.lower()
    if ending not in NAMED:
        known = ", ".join(f"*{each}" for each in NAMED)
        raise UnknownVocabularyFormat(file, None, f"not a vocabulary file: its name must end like one of {known}")
    return NAMED[ending]


def _quads(opened: Callable[[], bytes | _Lines], file: str, prefixes: dict[str, str] | None = None) -> Iterator[Quad]:
    """The statements of a source, and its prefixes where there is room for them; raises `SyntaxError`.

    A language tag that is not formed as BCP 47 says is a finding about a label and no reason to refuse a file. JSON-LD
    leaves out such labels in silence, so it is read leniently at once.
    """
    json, done = format_of(file) == "JSON_LD", 0
    parser = _parse(opened(), file, lenient=json)
    try:
        for quad in parser:
            sound = _sound(quad) if json else quad
            if sound is not None:
                yield sound
            done += 1
    except SyntaxError as error:
        if json or not _ABOUT_LANGUAGE.search(str(error)):
            raise
        parser = _parse(opened(), file, lenient=True)
        for quad in islice(parser, done, None):
            if (sound := _sound(quad)) is None:
                raise SyntaxError("an IRI that is not well-formed, or not absolute: No scheme found") from None
            yield sound
    if prefixes is not None:
        prefixes |= parser.prefixes


def _sound(quad: Quad) -> Quad | None:
    """A statement that was read leniently, an empty language as none; None where it holds what is no IRI."""
    import pyoxigraph as ox

    value = quad.object
    iris = [each for each in (quad.subject, quad.predicate, value) if isinstance(each, ox.NamedNode)]
    try:
        for each in (*iris, *([value.datatype] if isinstance(value, ox.Literal) else ())):
            ox.NamedNode(each.value)
    except ValueError:
        return None
    if isinstance(value, ox.Literal) and value.language == "":
        return ox.Quad(quad.subject, quad.predicate, ox.Literal(value.value), quad.graph_name)
    return quad


def _parse(source: bytes | _Lines, file: str, *, lenient: bool) -> QuadParser:
    import pyoxigraph as ox

    kind = getattr(ox.RdfFormat, format_of(file))
    return ox.parse(cast("IO[bytes]", source), format=kind, without_named_graphs=True, lenient=lenient)
