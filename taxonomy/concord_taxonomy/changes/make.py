"""Making a change of terms: what it does to the statements of a vocabulary.

Relations are moved in the file that states them, and only those that are stated; nothing that a file says beyond SKOS
is lost. Items keep following what is deprecated through `dcterms:isReplacedBy` (see `skos.links`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from concord_taxonomy.alignment.record import about, recorded
from concord_taxonomy.changes.errors import BreaksSkos, CannotChange
from concord_taxonomy.changes.graph import DEPRECATED, REPLACED_BY, TYPE, Graph
from concord_taxonomy.changes.merging import merge
from concord_taxonomy.changes.model import (
    AddConcept,
    AlignConcepts,
    ChangeConcept,
    DeprecateConcept,
    MergeConcepts,
    SplitConcept,
    TermChange,
    Word,
)
from concord_taxonomy.quality import broken_by
from concord_taxonomy.quality.names import INVERSES, MAPPINGS
from concord_taxonomy.skos.closure import reachable
from concord_taxonomy.skos.files import is_list
from concord_taxonomy.skos.model import Label
from concord_taxonomy.skos.properties import SKOS

LABELS = ("prefLabel", "altLabel", "hiddenLabel")
DECISIONS = "alignments.ttl"
"""The file that holds how concepts of two schemes relate, as far as people decided it."""


def make(change: TermChange, files: Mapping[str, bytes], decisions: str = DECISIONS) -> dict[str, bytes]:
    """The files that the change changes, by name; raises `CannotChange`, `BreaksSkos`, `VocabularyFileError`.

    A file in Turtle keeps everything that is not touched as it was typed. Alignments are recorded in the file
    `decisions`, and taken out of any other.
    """
    graph = Graph(files)
    decided: dict[str, bytes] = {}
    match change:
        case AddConcept():
            _add(graph, change)
        case ChangeConcept():
            _change(graph, change)
        case MergeConcepts():
            merge(graph, change.lost, change.kept)
        case SplitConcept():
            _split(graph, change)
        case DeprecateConcept():
            _deprecate(graph, change.iri, change.replaced_by)
        case AlignConcepts():
            _align(graph, change)
            decided[decisions] = recorded(files.get(decisions), decisions, change.decision)
    changed = graph.changed() | decided
    if changed and (broken := broken_by(files, {**files, **changed})):
        raise BreaksSkos(broken)
    return changed


def touched(change: TermChange, files: Mapping[str, bytes]) -> str:
    """Every statement that the change may move or rest on: where they are the same, so is what the change does."""
    graph, concepts = Graph(files), concepts_of(change)
    return "\n".join(graph.mentions(concepts, about(*concepts) if isinstance(change, AlignConcepts) else None))


def concepts_of(change: TermChange) -> tuple[str, ...]:
    """The concepts that a change is about, the first one first."""
    match change:
        case MergeConcepts():
            return change.lost, change.kept
        case SplitConcept():
            return change.iri, *(part.iri for part in change.into)
        case DeprecateConcept():
            return (change.iri,) if change.replaced_by is None else (change.iri, change.replaced_by)
        case AlignConcepts():
            return change.iri, change.target
    return (change.iri,)


def _add(graph: Graph, change: AddConcept) -> None:
    if graph.knows(change.iri):
        raise CannotChange(f"{change.iri} is there already: change it, or give the new concept another IRI")
    file = graph.home(change.scheme)
    for other in (*change.broader, *change.related):
        graph.home(other)
    graph.add(change.iri, TYPE, f"{SKOS}Concept", file)
    graph.add(change.iri, "inScheme", change.scheme)
    for name, words in (
        ("prefLabel", change.pref_label),
        ("altLabel", change.alt_label),
        ("definition", change.definition),
    ):
        for word in words:
            graph.add(change.iri, name, _label(word))
    for name, others in (("broader", change.broader), ("related", change.related)):
        for other in others:
            graph.add(change.iri, name, other)
    if not change.broader and not is_list(file):  # whose terms without broader ones are on top
        graph.add(change.iri, "topConceptOf", change.scheme)
        graph.add(change.scheme, "hasTopConcept", change.iri)


def _change(graph: Graph, change: ChangeConcept) -> None:
    graph.home(change.iri)
    for word in change.remove_label:
        if not any(graph.remove(change.iri, name, _label(word)) for name in LABELS):
            raise CannotChange(f"{change.iri} has no label {word.text!r} in {word.language or 'no language'}")
    for word in change.pref_label:
        for old in graph.labels(change.iri, "prefLabel"):
            if old.language == word.language and old != _label(word):
                graph.remove(change.iri, "prefLabel", old)
                graph.add(change.iri, "altLabel", old)
        for name in ("altLabel", "hiddenLabel"):
            graph.remove(change.iri, name, _label(word))
        graph.add(change.iri, "prefLabel", _label(word))
    for word in change.definition:
        for old in graph.labels(change.iri, "definition"):
            if old.language == word.language:
                graph.remove(change.iri, "definition", old)
        graph.add(change.iri, "definition", _label(word))
    for word in change.add_label:
        if _label(word) not in graph.labels(change.iri, "prefLabel"):
            graph.remove(change.iri, "hiddenLabel", _label(word))
            graph.add(change.iri, "altLabel", _label(word))
    _relate(graph, change.iri, "broader", change.add_broader, change.remove_broader)
    _relate(graph, change.iri, "related", change.add_related, change.remove_related)
    if change.add_broader:
        for scheme in graph.schemes(change.iri):
            graph.remove(scheme, "hasTopConcept", change.iri)
            graph.remove(change.iri, "topConceptOf", scheme)
            graph.add(change.iri, "inScheme", scheme)


def _relate(graph: Graph, iri: str, name: str, added: Iterable[str], removed: Iterable[str]) -> None:
    for other in removed:
        had = [graph.remove(iri, name, other), graph.remove(other, INVERSES[name], iri)]
        if not any(had):
            raise CannotChange(f"{other} is not {name} of {iri}: nothing to remove")
    for other in added:
        graph.home(other)
        if other == iri or (name == "broader" and iri in reachable(other, graph.broader)):
            raise CannotChange(f"{other} stands below {iri}, or is it: it cannot be {name} of it")
        graph.add(iri, name, other)


def _split(graph: Graph, change: SplitConcept) -> None:
    file, above = graph.home(change.iri), sorted(graph.broader(change.iri))
    if change.replace and graph.narrower(change.iri):
        raise CannotChange(f"{change.iri} has narrower concepts: place them first, or split it without replacing it")
    for part in change.into:
        if graph.knows(part.iri):
            raise CannotChange(f"{part.iri} is there already: give the new concept another IRI")
        graph.add(part.iri, TYPE, f"{SKOS}Concept", file)
        graph.add(part.iri, "prefLabel", _label(part.label))
        for scheme in sorted(graph.schemes(change.iri)):
            graph.add(part.iri, "inScheme", scheme)
            if change.replace and not above and not is_list(file):
                graph.add(part.iri, "topConceptOf", scheme)
                graph.add(scheme, "hasTopConcept", part.iri)
        for other in above if change.replace else [change.iri]:
            graph.add(part.iri, "broader", other)
    if change.replace:
        for part in change.into:
            _deprecate(graph, change.iri, part.iri)


def _deprecate(graph: Graph, iri: str, replaced_by: str | None) -> None:
    graph.home(iri)
    if replaced_by is not None:
        if replaced_by == iri:
            raise CannotChange(f"{iri} cannot replace itself")
        graph.home(replaced_by)
        if iri in _replacements(graph, replaced_by):
            raise CannotChange(f"{replaced_by} is replaced by {iri} itself: that would be a ring")
        graph.add(iri, REPLACED_BY, replaced_by)
    graph.add(iri, DEPRECATED, True)


def _replacements(graph: Graph, iri: str) -> set[str]:
    found, ahead = set[str](), [iri]
    while ahead:
        for each in graph.links(ahead.pop(), REPLACED_BY):
            if each not in found:
                found.add(each)
                ahead.append(each)
    return found


def _align(graph: Graph, change: AlignConcepts) -> None:
    graph.home(change.iri)
    graph.home(change.target)
    if graph.schemes(change.iri) & graph.schemes(change.target):
        raise CannotChange(
            f"{change.iri} and {change.target} are of one scheme: merge them, or relate them with broader or related"
        )
    for name in MAPPINGS:
        graph.remove(change.iri, name, change.target)
        graph.remove(change.target, name, change.iri)


def _label(word: Word) -> Label:
    return Label(word.text, word.language)
