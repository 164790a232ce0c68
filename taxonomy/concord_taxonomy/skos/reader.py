"""Vocabularies from files: Turtle, RDF/XML, N-Triples and JSON-LD.

What is read: concepts with their labels, definitions, notations, relations, mappings and schemes; `dcterms:title` (or
labels) and `dcterms:publisher` of schemes; `owl:deprecated` and `dcterms:isReplacedBy`; and the members of a
`skos:Collection` whose `skos:notation` is "stop" as concepts too general to expand a question by. Everything else, such
as the deprecated `skos:prefSymbol`, is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from concord_taxonomy.skos.builder import Builder, Parts
from concord_taxonomy.skos.errors import SharedSchemeUnknown, VocabularyFileError, VocabularyTooLarge
from concord_taxonomy.skos.model import Concept, Scheme
from concord_taxonomy.skos.rdf import FORMATS, Limits, statements
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
    data = {str(path): read_file(path, limits) for path in sorted(Path(each) for each in files)}
    return parse_vocabularies(data, shared_scheme=shared_scheme, limits=limits)


def parse_vocabularies(
    files: Mapping[str, bytes], *, shared_scheme: str | None = None, limits: Limits | None = None
) -> Vocabulary:
    """Read files held in memory, by name, into one vocabulary; otherwise as `read_vocabulary`."""
    concepts, schemes, stop = list[Concept](), list[Scheme](), list[str]()
    named_shared: set[str] = set()
    for file in sorted(files):
        part = _parts(files[file], file, limits or Limits())
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


def files_in(folder: str | Path) -> list[Path]:
    """The vocabulary files of a folder, in order (not those of folders below it)."""
    return sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in FORMATS and path.is_file())


def parse_vocabulary(data: bytes, file: str, *, limits: Limits | None = None) -> Vocabulary:
    """Read one file's bytes; its name `file` tells the format. No scheme is taken as the shared one."""
    concepts, schemes, stop = _parts(data, file, limits or Limits())
    return Vocabulary.of_trimmed(concepts, schemes, shared_scheme="", stop=stop)


def _parts(data: bytes, file: str, limits: Limits) -> Parts:
    builder = Builder(data, file)
    for statement in statements(data, file, limits):
        builder.add(statement)
    return builder.parts()


def read_file(path: Path, limits: Limits | None = None) -> bytes:
    """A vocabulary file's bytes; raises `VocabularyFileError` where it cannot be read or is too large."""
    limits = limits or Limits()
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.file_bytes + 1)
    except OSError as error:
        raise VocabularyFileError(str(path), None, f"cannot be read: {error.strerror}") from error
    if len(data) > limits.file_bytes:
        raise VocabularyTooLarge(str(path), None, f"larger than {limits.file_bytes:,} bytes: split the vocabulary")
    return data


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
