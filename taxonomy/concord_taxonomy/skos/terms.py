"""CSV term lists as statements, each on the line that its row begins on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from concord_taxonomy.skos.columns import Column, Columns
from concord_taxonomy.skos.errors import NotSkos, VocabularySyntaxError, VocabularyTooLarge
from concord_taxonomy.skos.model import plain_text
from concord_taxonomy.skos.properties import DCTERMS, OWL, RDF, SKOS, is_true
from concord_taxonomy.skos.statement import Limits, Node, Statement

_IRI = re.compile(r"(https?://|urn:)[^\s<>\"{}|\\^`]+")
TEXTS = ("prefLabel", "altLabel", "hiddenLabel", "definition")
PROPERTIES = {"isReplacedBy": f"{DCTERMS}isReplacedBy", "deprecated": f"{OWL}deprecated"}
_FALSE = ("", "false", "0", "no")
_TRUE = ("true", "1", "yes", "x")


@dataclass(slots=True)
class _Row:
    line: int
    values: list[tuple[Column, str]]
    iri: str = ""

    def of(self, name: str) -> list[str]:
        return [value for column, value in self.values if column.property == name]


def term_statements(data: bytes, file: str, columns: Columns, limits: Limits) -> Iterator[Statement]:
    """What the rows of a term list say; raises a `VocabularyFileError` with the line of the row that cannot be read.

    A cell that names another term holds its id, its preferred label, or an IRI.
    """
    rows = list(_rows(data, file, columns, limits))
    ids, labels = _named(rows, file, columns)
    yield from _scheme(columns)
    for row in rows:
        yield Statement(row.iri, f"{RDF}type", Node(iri=f"{SKOS}Concept"), row.line)
        yield Statement(row.iri, f"{SKOS}inScheme", Node(iri=columns.scheme), row.line)
        for column, value in row.values:
            name = column.property
            if name == "id":
                continue
            if name in TEXTS:
                node = Node(
                    text=value, language=(columns.language if column.language is None else column.language).lower()
                )
            elif name == "notation":
                node = Node(text=value)
            elif name == "deprecated":
                node = Node(text=_boolean(value, file, row.line))
            else:
                node = Node(iri=_target(value, name, file, row.line, ids, labels))
            yield Statement(row.iri, PROPERTIES.get(name, f"{SKOS}{name}"), node, row.line)


def _scheme(columns: Columns) -> Iterator[Statement]:
    yield Statement(columns.scheme, f"{RDF}type", Node(iri=f"{SKOS}ConceptScheme"), 1)
    if columns.title:
        yield Statement(
            columns.scheme, f"{DCTERMS}title", Node(text=columns.title, language=columns.language.lower()), 1
        )
    if columns.publisher:
        yield Statement(columns.scheme, f"{DCTERMS}publisher", Node(text=columns.publisher), 1)


def _rows(data: bytes, file: str, columns: Columns, limits: Limits) -> Iterator[_Row]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise VocabularySyntaxError(file, line, "not UTF-8: save the list as UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=columns.delimiter, strict=True)
    header: list[str] | None = None
    before = statements = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if header is None:
                header = _header(cells, file, columns)
            elif any(map(str.strip, cells)):
                if len(cells) > len(header):
                    problem = f"{len(cells)} cells under {len(header)} names: quote what holds {columns.delimiter!r}"
                    raise VocabularySyntaxError(file, line, problem)
                row = _Row(line, list(_values(dict(zip(header, cells, strict=False)), columns)))
                statements += len(row.values)
                _check(row, file, limits, statements)
                yield row
    except csv.Error as error:
        raise VocabularySyntaxError(file, reader.line_num, f"not CSV: {error}") from error
    if header is None:
        raise VocabularySyntaxError(file, 1, "empty: the first line names the columns")


def _header(cells: list[str], file: str, columns: Columns) -> list[str]:
    header = [cell.strip() for cell in cells]
    if missing := [name for name in columns.columns if name not in header]:
        found = ", ".join(header)
        raise VocabularySyntaxError(file, 1, f"there is no column {missing[0]!r} (there are: {found})")
    if twice := [name for name in columns.columns if header.count(name) > 1]:
        raise VocabularySyntaxError(file, 1, f"two columns are called {twice[0]!r}")
    return header


def _values(cells: dict[str, str], columns: Columns) -> Iterator[tuple[Column, str]]:
    for name, column in columns.columns.items():
        cell = cells.get(name, "")
        for part in cell.split(column.separator) if column.separator else [cell]:
            if text := plain_text(part):
                yield column, text


def _check(row: _Row, file: str, limits: Limits, statements: int) -> None:
    if not row.of("prefLabel"):
        raise NotSkos(file, row.line, "a term without a preferred label: fill the cell, or delete the row")
    if len(row.of("id")) > 1:
        raise NotSkos(file, row.line, "several ids: a term has one")
    if any(len(value) > limits.literal_chars for _, value in row.values):
        raise VocabularyTooLarge(file, row.line, f"a text of more than {limits.literal_chars:,} characters: shorten it")
    if statements > limits.statements:
        raise VocabularyTooLarge(file, row.line, f"more than {limits.statements:,} statements: split the vocabulary")


def slug(label: str) -> str:
    """The id of a term that has none: `annual-leave` of "Annual leave"."""
    return "-".join(re.findall(r"\w+", label.casefold()))


def iri_of(name: str, columns: Columns) -> str:
    """The IRI of a term's id."""
    return name if _IRI.fullmatch(name) else columns.base + quote(name, safe="-._~")


def _named(rows: list[_Row], file: str, columns: Columns) -> tuple[dict[str, str], dict[str, list[str]]]:
    """IRIs by id, and by preferred label in small letters; gives each row its IRI."""
    ids: dict[str, str] = {}
    labels: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    with_ids = any(column.property == "id" for column in columns.columns.values())
    for row in rows:
        stated = row.of("id")
        if with_ids and not stated:
            raise NotSkos(file, row.line, "a term without an id: fill the cell")
        name = stated[0] if stated else slug(row.of("prefLabel")[0])
        row.iri = iri_of(name, columns)
        if row.iri in lines:
            what = f"the id {name!r}" if stated else f"the preferred label {row.of('prefLabel')[0]!r}"
            raise NotSkos(file, row.line, f"{what} is that of line {lines[row.iri]} too")
        lines[row.iri] = row.line
        ids[name] = row.iri
        for label in row.of("prefLabel"):
            labels.setdefault(label.casefold(), []).append(row.iri)
    return ids, labels


def _target(value: str, name: str, file: str, line: int, ids: dict[str, str], labels: dict[str, list[str]]) -> str:
    if value in ids:
        return ids[value]
    if _IRI.fullmatch(value):
        return value
    found = sorted(set(labels.get(value.casefold(), ())))
    if len(found) == 1:
        return found[0]
    problem = "several terms are called so: write the id"
    if not found:
        problem = "no id or preferred label of the list, nor an IRI"
    raise NotSkos(file, line, f"{name} {value!r}: {problem}")


def _boolean(value: str, file: str, line: int) -> str:
    if is_true(value) or value.lower() in _TRUE:
        return "true"
    if value.lower() in _FALSE:
        return "false"
    raise NotSkos(file, line, f"deprecated {value!r}: write true or false")
