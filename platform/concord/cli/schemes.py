"""Which concept schemes the words of a command mean: files, or schemes of the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from concord.cli.errors import NoSuchConcept, NoSuchScheme
from concord_taxonomy.skos import SharedSchemeUnknown, Vocabulary, parse_vocabularies
from concord_taxonomy.skos.files import files_in, read_file
from concord_taxonomy.skos.model import tail

SHARED = "shared"
"""Names the shared scheme of a workspace."""


@dataclass(frozen=True, slots=True)
class Schemes:
    """A vocabulary that holds both schemes, and their IRIs."""

    vocabulary: Vocabulary
    left: str
    right: str

    def concept(self, scheme: str, name: str) -> str:
        """The IRI of a concept of a scheme, by its IRI, the end of it or a preferred label; raises `NoSuchConcept`."""
        members = [each for each in self.vocabulary.concepts.values() if scheme in each.in_scheme]
        wanted = name.casefold()
        found = [each.iri for each in members if each.iri == name] or [
            each.iri
            for each in members
            if wanted in (tail(each.iri).casefold(), *(label.text.casefold() for label in each.pref_label))
        ]
        if len(found) != 1:
            raise NoSuchConcept(name, scheme, found)
        return found[0]


def find_schemes(workspace: Vocabulary | None, left: str, right: str) -> Schemes:
    """Find both sides: a path is read as files, any other word is a scheme's IRI, publisher or title in the workspace.

    Raises `NoSuchScheme` and `VocabularyError`.
    """
    files = {side: _read(Path(side)) for side in (left, right) if Path(side).exists()}
    parts = [_parsed({name: data for held in files.values() for name, data in held.items()})] if files else []
    if workspace is not None:
        parts.insert(0, workspace)
    shared = next((each.shared_scheme for each in parts if each.shared_scheme), "")
    vocabulary = Vocabulary.merge(*parts, shared_scheme=shared)
    sides = [_only(side, files[side]) if side in files else _named(side, workspace) for side in (left, right)]
    if sides[0] == sides[1]:
        raise NoSuchScheme(right, [each for each in vocabulary.schemes if each != sides[0]], "is the first one again")
    return Schemes(vocabulary, *sides)


def _read(path: Path) -> dict[str, bytes]:
    return {str(each): read_file(each) for each in (files_in(path) if path.is_dir() else [path])}


def _parsed(files: dict[str, bytes]) -> Vocabulary:
    try:
        return parse_vocabularies(files)
    except SharedSchemeUnknown:
        return parse_vocabularies(files, shared_scheme="")


def _only(name: str, files: dict[str, bytes]) -> str:
    """The scheme that the concepts of these files are in."""
    held = parse_vocabularies(files, shared_scheme="")
    used = {scheme for concept in held.concepts.values() for scheme in concept.in_scheme}
    schemes = sorted(used & held.schemes.keys() or used)
    if len(schemes) != 1:
        raise NoSuchScheme(name, schemes, "does not hold one scheme")
    return schemes[0]


def _named(name: str, workspace: Vocabulary | None) -> str:
    if workspace is None:
        raise NoSuchScheme(name, [], "is no file, and there is no workspace here")
    if name.casefold() == SHARED and workspace.shared_scheme:
        return workspace.shared_scheme
    found = workspace.scheme(name)
    if found is None:
        raise NoSuchScheme(name, [scheme.publisher or scheme.label() for scheme in workspace.schemes.values()])
    return found.iri
