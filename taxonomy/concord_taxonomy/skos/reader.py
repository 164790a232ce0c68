"""Vocabularies from files: Turtle, RDF/XML, N-Triples, JSON-LD, and CSV term lists.

What is read: concepts with their labels, definitions, notations, relations, mappings and schemes; `dcterms:title` (or
labels) and `dcterms:publisher` of schemes; `owl:deprecated` and `dcterms:isReplacedBy`; and the members of a
`skos:Collection` whose `skos:notation` is "stop" as concepts too general to expand a question by. Everything else, such
as the deprecated `skos:prefSymbol`, is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from concord_taxonomy.skos.builder import Builder, Parts
from concord_taxonomy.skos.errors import SharedSchemeUnknown
from concord_taxonomy.skos.files import files_in, read_file, vocabulary_files, with_columns
from concord_taxonomy.skos.model import Concept, Scheme
from concord_taxonomy.skos.statement import Limits, Statement
from concord_taxonomy.skos.vocabulary import Vocabulary

SHARED_STEM = "shared"
"""Name (without ending) of the file whose concept scheme is the shared one unless `shared_scheme` says otherwise."""


def read_vocabulary(
    files: Iterable[str | Path], *, shared_scheme: str | None = None, limits: Limits | None = None
) -> Vocabulary:
    """Read files into one vocabulary.

    The shared scheme is `shared_scheme` (an IRI; empty for none), else the only scheme declared in the file named
    `shared.*`, else the only scheme there is. Raises a `VocabularyFileError` naming file and line, or
    `SharedSchemeUnknown`.
    """
    limits = limits or Limits()
    data = {str(path): read_file(path, limits) for path in with_columns(Path(each) for each in files)}
    return parse_vocabularies(data, shared_scheme=shared_scheme, limits=limits)


def parse_vocabularies(
    files: Mapping[str, bytes], *, shared_scheme: str | None = None, limits: Limits | None = None
) -> Vocabulary:
    """Read files held in memory, by name, into one vocabulary; otherwise as `read_vocabulary`."""
    concepts, schemes, stop = list[Concept](), list[Scheme](), list[str]()
    named_shared: set[str] = set()
    for file, found in vocabulary_files(files, limits or Limits()):
        part = _parts(files[file], file, found)
        concepts += part.concepts
        schemes += part.schemes
        stop += part.stop
        if Path(file).stem == SHARED_STEM:
            named_shared |= {scheme.iri for scheme in part.schemes}
    shared = _choose(shared_scheme, sorted(named_shared), concepts, schemes)
    return Vocabulary.of_trimmed(concepts, schemes, shared_scheme=shared, stop=stop)


def read_folder(folder: str | Path, *, shared_scheme: str | None = None, limits: Limits | None = None) -> Vocabulary:
    """Read every vocabulary file of a folder (not of folders below it); no file gives an empty vocabulary."""
    return read_vocabulary(files_in(folder), shared_scheme=shared_scheme, limits=limits)


def parse_vocabulary(data: bytes, file: str, *, limits: Limits | None = None) -> Vocabulary:
    """Read one RDF file's bytes; its name `file` tells the format. No scheme is taken as the shared one."""
    (part,) = (_parts(data, file, found) for file, found in vocabulary_files({file: data}, limits or Limits()))
    return Vocabulary.of_trimmed(part.concepts, part.schemes, shared_scheme="", stop=part.stop)


def _parts(data: bytes, file: str, found: Iterable[Statement]) -> Parts:
    builder = Builder(data, file)
    for statement in found:
        builder.add(statement)
    return builder.parts()


def _choose(stated: str | None, named_shared: list[str], concepts: list[Concept], schemes: list[Scheme]) -> str:
    declared = sorted({scheme.iri for scheme in schemes})
    used = {scheme for concept in concepts for scheme in (*concept.in_scheme, *concept.top_concept_of)}
    known = sorted({*declared, *used})
    if stated is not None:
        if stated and stated not in known:
            raise SharedSchemeUnknown(known, stated)
        return stated
    candidates = named_shared or declared or known
    if len(candidates) > 1:
        raise SharedSchemeUnknown(candidates)
    return candidates[0] if candidates else ""
