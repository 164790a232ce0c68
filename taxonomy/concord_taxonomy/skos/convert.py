"""Vocabulary files in another format: RDF statement by statement, term lists by the meaning of their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

from concord_taxonomy.skos.columns import Column, Columns
from concord_taxonomy.skos.errors import NotWritable
from concord_taxonomy.skos.files import is_list, vocabulary_files
from concord_taxonomy.skos.model import Concept, Label
from concord_taxonomy.skos.properties import PROPERTIES, SKOS
from concord_taxonomy.skos.rdf import parse_triples
from concord_taxonomy.skos.statement import Limits, Statement
from concord_taxonomy.skos.terms import iri_of, slug
from concord_taxonomy.skos.vocabulary import Vocabulary
from concord_taxonomy.skos.writer import namespaces, write_triples

if TYPE_CHECKING:
    import pyoxigraph as ox


def convert(files: Mapping[str, bytes], file: str, limits: Limits | None = None) -> bytes:
    """Everything that the files say, in the RDF format that the name `file` tells, in a fixed order.

    Nothing is completed, left out or repaired. Raises `VocabularyFileError`.
    """
    triples: list[ox.Triple] = []
    prefixes: dict[str, str] = {}
    for _, stated, more in file_triples(files, limits):
        triples += stated
        new = {prefix: iri for prefix, iri in more.items() if prefix not in prefixes}
        prefixes |= {prefix: iri for prefix, iri in new.items() if iri not in prefixes.values()}
    return write_triples(triples, file, prefixes)


def file_triples(
    files: Mapping[str, bytes], limits: Limits | None = None
) -> Iterator[tuple[str, list[ox.Triple], dict[str, str]]]:
    """Each file that holds terms, with its triples and its prefixes; raises `VocabularyFileError`."""
    for file, found in vocabulary_files(files, limits or Limits()):
        if is_list(file):
            triples = [_triple(each) for each in found]
            yield file, triples, namespaces({str(each.subject)[1:-1] for each in triples})
        else:
            for _ in found:
                pass  # within the limits, which parsing alone does not keep
            yield file, *parse_triples(files[file], file)


def _triple(statement: Statement) -> ox.Triple:
    import pyoxigraph as ox

    value = statement.object
    node = ox.NamedNode(value.iri) if value.iri else ox.Literal(value.text or "", language=value.language or None)
    return ox.Triple(ox.NamedNode(statement.subject), ox.NamedNode(statement.predicate), node)


def write_terms(vocabulary: Vocabulary, columns: Columns) -> bytes:
    """The concepts of `columns.scheme` as a term list, which holds what its columns name and nothing else.

    Raises `NotWritable` where a concept would be read back as another, or a cell cannot hold its values.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=columns.delimiter, lineterminator="\n")
    writer.writerow(columns.columns)
    with_ids = any(column.property == "id" for column in columns.columns.values())
    listed = {iri: each for iri, each in vocabulary.concepts.items() if columns.scheme in each.in_scheme}
    ids = {iri: _id(iri, columns) for iri in listed}
    for concept in listed.values():
        if not with_ids and concept.iri != iri_of(slug(concept.label(columns.language)), columns):
            raise NotWritable(concept.iri, "its label does not give its IRI: name an id column")
        writer.writerow(_cell(concept, name, column, columns, ids) for name, column in columns.columns.items())
    return text.getvalue().encode()


def _cell(concept: Concept, name: str, column: Column, columns: Columns, ids: Mapping[str, str]) -> str:
    values = list(dict.fromkeys(_values(concept, column, columns, ids)))
    if len(values) > 1 and not column.separator:
        raise NotWritable(concept.iri, f"{len(values)} values in the column {name!r}: give it a separator")
    if column.separator and (bad := [value for value in values if column.separator in value]):
        raise NotWritable(concept.iri, f"{bad[0]!r} holds the separator of the column {name!r}: choose another")
    if column.property == "prefLabel" and not values and column.language in (None, columns.language):
        raise NotWritable(concept.iri, f"has no preferred label for the column {name!r}")
    return column.separator.join(values)


def _values(concept: Concept, column: Column, columns: Columns, ids: Mapping[str, str]) -> Iterator[str]:
    if column.property == "id":
        yield ids[concept.iri]
        return
    field = _FIELDS[column.property]
    if field == "deprecated":
        yield "true" if concept.deprecated else ""
        return
    language = (columns.language if column.language is None else column.language).lower()
    for value in getattr(concept, field):
        if not isinstance(value, Label):
            yield value if field == "notation" else ids.get(value, value)
        elif value.language == language:
            yield value.text


def _id(iri: str, columns: Columns) -> str:
    name = unquote(iri.removeprefix(columns.base))
    return name if name != iri and iri_of(name, columns) == iri else iri


_FIELDS = {iri.removeprefix(SKOS).rsplit("/", 1)[-1].rsplit("#", 1)[-1]: name for iri, (name, _) in PROPERTIES.items()}
