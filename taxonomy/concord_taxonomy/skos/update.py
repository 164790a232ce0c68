"""Files of a vocabulary changed so that they say another one, with everything else that they hold left as it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from concord_taxonomy.skos.errors import NotWritable
from concord_taxonomy.skos.facts import STOP, Fact, facts_of, triple_of
from concord_taxonomy.skos.properties import PROPERTIES, SKOS, STOP_NOTATION, is_true, value_of
from concord_taxonomy.skos.rdf import Limits, Statement, parse_triples, statements
from concord_taxonomy.skos.reader import SHARED_STEM, parse_vocabularies
from concord_taxonomy.skos.vocabulary import Vocabulary
from concord_taxonomy.skos.writer import stop_collection, write_triples

if TYPE_CHECKING:
    pass

_IMPLIED = ("type", "in_scheme", "deprecated")
"""Fields that a reader may fill by itself; of a concept that changes they are stated."""


def update_files(files: Mapping[str, bytes], vocabulary: Vocabulary, limits: Limits | None = None) -> dict[str, bytes]:
    """The files that change, by name, so that all of them together say `vocabulary`.

    A statement goes to the file that describes its subject, a new concept to the file of its scheme, whatever is left
    to the shared scheme's file. Notes, metadata and whatever else the model has no field for stay, except of a concept
    or scheme that `vocabulary` lacks: of it everything goes. Comments of a changed file are lost. Raises
    `VocabularyFileError`, `SharedSchemeUnknown`, and `NotWritable` where the files cannot say it.
    """
    limits = limits or Limits()
    old = parse_vocabularies(files, shared_scheme=vocabulary.shared_scheme, limits=limits)
    had, wanted = set(facts_of(old)), set(facts_of(vocabulary))
    gone = {*old.concepts, *old.schemes} - {*vocabulary.concepts, *vocabulary.schemes}
    parts = {file: _Part(data, file, limits) for file, data in files.items()}
    changing = {fact.subject for fact in had ^ wanted}
    stated = {fact for part in parts.values() for fact in part.facts.values()}
    unsaid = {each for each in wanted if (each.subject in changing and each.field in _IMPLIED) or each.value in gone}
    added = ((wanted - had) | unsaid) - stated
    for fact in sorted(added, key=str):
        _home(fact, parts, vocabulary).added.append(fact)
    changed = {
        file: part.write(stop_collection(vocabulary))
        for file, part in parts.items()
        if part.remove(had - wanted, gone) or part.added
    }
    if parse_vocabularies({**files, **changed}, shared_scheme=vocabulary.shared_scheme, limits=limits) != vocabulary:
        raise NotWritable("", "the files would be read as something else: write the vocabulary anew")
    return changed


class _Part:
    """One file: its triples, what they mean, and what is added."""

    def __init__(self, data: bytes, file: str, limits: Limits) -> None:
        self.file = file
        read = list(statements(data, file, limits))
        triples, self.prefixes = parse_triples(data, file)
        self.stops = {each.subject for each in read if _is(each, "notation", STOP_NOTATION)} & {
            each.subject for each in read if _is(each, "type", f"{SKOS}Collection")
        }
        self.schemes = {each.subject for each in read if _is(each, "type", f"{SKOS}ConceptScheme")}
        self.described = {each.subject for each in read if PROPERTIES.get(each.predicate, ("",))[0] == "type"}
        self.subjects = {each.subject for each in read}
        self.triples = dict(zip(triples, read, strict=True))
        self.facts = {triple: fact for triple, each in self.triples.items() if (fact := self._fact(each))}
        self.added: list[Fact] = []

    def _fact(self, statement: Statement) -> Fact | None:
        field, reads = PROPERTIES.get(statement.predicate, ("", None))
        if reads is None or (value := value_of(statement.object, reads)) is None:
            return None
        subject = STOP if field == "member" and statement.subject in self.stops else statement.subject
        if field in ("pref_label", "title") and subject in self.schemes:
            field = "title"
        if field == "deprecated" and isinstance(value, str):
            value = "true" if is_true(value) else "false"
        return Fact(subject, field, value)

    def remove(self, facts: set[Fact], subjects: set[str]) -> bool:
        """Drop the statements that say these facts or are about these subjects; whether there were any."""
        dropped = {
            triple
            for triple, statement in self.triples.items()
            if self.facts.get(triple) in facts or statement.subject in subjects
        }
        self.triples = {triple: each for triple, each in self.triples.items() if triple not in dropped}
        return bool(dropped)

    def write(self, stop: str) -> bytes:
        """The file with what was added; `stop` names a collection of stop concepts where there is none."""
        collection = min(self.stops, default=stop)
        facts = [fact._replace(subject=fact.subject or collection) for fact in self.added]
        if not self.stops and any(fact.subject == STOP for fact in self.added):
            facts += [Fact(stop, "type", f"{SKOS}Collection"), Fact(stop, "notation", STOP_NOTATION)]
        return write_triples([*self.triples, *map(triple_of, facts)], self.file, self.prefixes)


def _is(statement: Statement, field: str, value: str) -> bool:
    name, _ = PROPERTIES.get(statement.predicate, ("", None))
    return name == field and value in (statement.object.iri, statement.object.text)


def _home(fact: Fact, parts: Mapping[str, _Part], vocabulary: Vocabulary) -> _Part:
    """The file that a new fact belongs into."""
    concept = vocabulary.concepts.get(fact.subject)
    schemes = concept.in_scheme if concept else ()
    ranked = [
        [part for part in parts.values() if fact.subject in part.described],
        [part for part in parts.values() if fact.subject in part.subjects or (fact.subject == STOP and part.stops)],
        [part for part in parts.values() if part.schemes.intersection(schemes)],
        [part for part in parts.values() if vocabulary.shared_scheme in part.schemes],
        [part for part in parts.values() if PurePath(part.file).stem == SHARED_STEM],
        list(parts.values()),
    ]
    for candidates in ranked:
        if candidates:
            return min(candidates, key=lambda part: part.file)
    raise NotWritable(fact.subject, "there is no file to write into")
