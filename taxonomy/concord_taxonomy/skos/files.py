"""The files of a vocabulary: RDF, and CSV term lists with the YAML files that say what their columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath

from concord_taxonomy.skos.columns import read_columns
from concord_taxonomy.skos.errors import UnknownVocabularyFormat, VocabularyFileError, VocabularyTooLarge
from concord_taxonomy.skos.rdf import FORMATS, line_of, statements
from concord_taxonomy.skos.statement import Limits, Statement
from concord_taxonomy.skos.terms import term_statements

LIST, COLUMNS = ".csv", ".yaml"
ENDINGS = (*FORMATS, LIST)
"""Endings of the files that hold terms."""


def vocabulary_files(files: Mapping[str, bytes], limits: Limits) -> Iterator[tuple[str, Iterator[Statement]]]:
    """The files that hold terms, in order, each with its statements; both raise `VocabularyFileError`."""
    for file in sorted(files):
        if _ending(file) == COLUMNS:
            if not is_columns(file, files):
                problem = f"says what the columns of {PurePath(file).stem}{LIST} mean, which is not there"
                raise UnknownVocabularyFormat(file, None, problem)
        else:
            yield file, _statements(file, files, limits)


def with_columns(files: Iterable[Path]) -> list[Path]:
    """The files, and those that lie beside the term lists among them to say what their columns mean."""
    found = dict.fromkeys(files)
    for path in list(found):
        beside = path.with_suffix(COLUMNS)
        if _ending(path) == LIST and beside.is_file():
            found[beside] = None
    return sorted(found)


def files_in(folder: str | Path) -> list[Path]:
    """The vocabulary files of a folder, in order (not those of folders below it)."""
    return with_columns(path for path in Path(folder).iterdir() if _ending(path) in ENDINGS and path.is_file())


def is_columns(file: str, files: Mapping[str, bytes]) -> bool:
    """Whether a file says what the columns of another of `files` mean."""
    return _ending(file) == COLUMNS and str(PurePath(file).with_suffix(LIST)) in files


def is_list(file: str) -> bool:
    """Whether a file is a term list."""
    return _ending(file) == LIST


def line_of_statement(data: bytes, file: str, statement: Statement) -> int | None:
    """The line that a statement of a file stands on."""
    return statement.position if is_list(file) else line_of(data, file, statement.position)


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


def _statements(file: str, files: Mapping[str, bytes], limits: Limits) -> Iterator[Statement]:
    if not is_list(file):
        return statements(files[file], file, limits)
    beside = str(PurePath(file).with_suffix(COLUMNS))
    if beside not in files:
        problem = f"nothing says what its columns mean: write {PurePath(beside).name} beside it (docs/taxonomy.md)"
        raise UnknownVocabularyFormat(file, None, problem)
    return term_statements(files[file], file, read_columns(files[beside], beside), limits)


def _ending(file: str | Path) -> str:
    return PurePath(file).suffix.lower()
