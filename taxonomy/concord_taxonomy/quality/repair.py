"""Repairs that lose nothing: what SKOS entails is stated, and what says nothing or says it twice goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from concord_taxonomy.quality.graph import SkosGraph
from concord_taxonomy.quality.integrity import missing_members
from concord_taxonomy.quality.names import HIERARCHY, INVERSES, LABELS, MAPPINGS, TITLES
from concord_taxonomy.quality.structure import one_way
from concord_taxonomy.skos.properties import SKOS
from concord_taxonomy.skos.rdf import NAMED, parse_triples
from concord_taxonomy.skos.statement import Limits
from concord_taxonomy.skos.writer import write_triples

if TYPE_CHECKING:
    import pyoxigraph as ox

REPAIRED = ("S13", "S36", "unidirectional_relations", "reflexive_relations", "empty_labels")
"""Checks whose findings `repair` mends, unless that would describe what no file describes."""


def repair(files: Mapping[str, bytes], limits: Limits | None = None) -> dict[str, bytes]:
    """The files that change, by name, each in its format and in a fixed order (comments of the old ones are lost).

    A label of two kinds stays the stronger; a relation is stated from both ends, in the file that states it; relations
    of a concept to itself, labels and titles without text go; what a list of members holds becomes a member. Term lists
    stay as they are. Raises `VocabularyFileError`.
    """
    graph = SkosGraph.read(files, limits)
    changed = {}
    for file, data in files.items():
        if PurePath(file).suffix.lower() not in NAMED:
            continue  # a term list is read only
        triples, prefixes = parse_triples(data, file)
        held = set(triples)
        wanted = {triple for triple in held if not _needless(triple, graph)}
        wanted |= set(_entailed(wanted, file, graph))
        if wanted != held:
            changed[file] = write_triples(wanted, file, prefixes)
    return changed


def _needless(triple: ox.Triple, graph: SkosGraph) -> bool:
    import pyoxigraph as ox

    name = triple.predicate.value.removeprefix(SKOS)
    if name in (*HIERARCHY, "related", *MAPPINGS):
        return bool(triple.subject == triple.object)
    if triple.predicate.value in TITLES and isinstance(triple.object, ox.Literal):
        return not triple.object.value.strip()
    if name not in LABELS or not isinstance(triple.object, ox.Literal) or not isinstance(triple.subject, ox.NamedNode):
        return False
    if not triple.object.value.strip():
        return True
    labels = graph.facts.labels
    stronger = LABELS[: LABELS.index(name)]
    said = {(each.text, each.language) for kind in stronger for each in labels[kind].get(triple.subject.value, ())}
    return (triple.object.value, (triple.object.language or "").lower()) in said


def _entailed(triples: set[ox.Triple], file: str, graph: SkosGraph) -> Iterator[ox.Triple]:
    """What follows from the triples of a file and is stated nowhere; nothing of what no file describes."""
    import pyoxigraph as ox

    def named(subject: str, name: str, other: str) -> ox.Triple:
        return ox.Triple(ox.NamedNode(subject), ox.NamedNode(f"{SKOS}{name}"), ox.NamedNode(other))

    facts = graph.facts
    for subject, name, other in one_way(graph):
        if other in facts.subjects and _are_iris(subject, other) and named(subject, name, other) in triples:
            yield named(other, INVERSES[name], subject)
    for collection, lists in facts.links["memberList"].items():
        here = {each for each in lists if each.startswith(f"_:{file}#")}
        for each in missing_members(graph, here, facts.links["member"].get(collection, set())):
            if _are_iris(collection, each):
                yield named(collection, "member", each)


def _are_iris(*names: str) -> bool:
    return not any(name.startswith("_:") for name in names)
