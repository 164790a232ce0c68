"""Merging one concept into another: words, place and mappings of the lost one go to the one that is kept."""

from __future__ import annotations

from concord_taxonomy.changes.errors import CannotChange
from concord_taxonomy.changes.graph import DEPRECATED, REPLACED_BY, Graph
from concord_taxonomy.skos.closure import reachable


def merge(graph: Graph, lost: str, kept: str) -> None:
    """Deprecate `lost` in favour of `kept`, which takes over its labels as alternative ones, and its place.

    The lost concept keeps its preferred labels, so that it can be told what it was, and its mappings, which lead on.
    """
    if lost == kept:
        raise CannotChange("a concept cannot be merged into itself")
    for iri in (lost, kept):
        graph.home(iri)
        if graph.links(iri, REPLACED_BY):
            raise CannotChange(f"{iri} is replaced already by {', '.join(graph.links(iri, REPLACED_BY))}: merge that")
    if graph.schemes(lost) and graph.schemes(kept) and not graph.schemes(lost) & graph.schemes(kept):
        raise CannotChange(f"{lost} and {kept} are of different schemes: align them instead")
    _words(graph, lost, kept)
    _place(graph, lost, kept)
    for collection in graph.linking("member", lost):
        graph.replace_object(collection, "member", lost, kept)
    graph.add(lost, DEPRECATED, True)
    graph.add(lost, REPLACED_BY, kept)


def _words(graph: Graph, lost: str, kept: str) -> None:
    names = ("prefLabel", "altLabel", "hiddenLabel")
    for name in names:
        for label in graph.labels(lost, name):
            if name != "prefLabel":
                graph.remove(lost, name, label)
            if not any(label in graph.labels(kept, each) for each in names):
                graph.add(kept, "hiddenLabel" if name == "hiddenLabel" else "altLabel", label)


def _place(graph: Graph, lost: str, kept: str) -> None:
    above, below = graph.broader(lost), graph.narrower(lost)
    lineage = reachable(kept, graph.broader)  # of what is above the kept one already, nothing may come below it
    for child in sorted(below):
        heirs = sorted(above) if child in lineage else [kept]
        _moved(graph, child, lost, heirs)
    for parent in sorted(above):
        graph.remove(lost, "broader", parent)
        graph.remove(parent, "narrower", lost)
    family = lineage | reachable(kept, graph.narrower)
    for other in sorted({*graph.links(lost, "related"), *graph.linking("related", lost)}):
        heir = None if other in family else kept
        for subject, target in ((other, heir), (heir, other)):
            file = graph.remove(*((other, "related", lost) if subject == other else (lost, "related", other)))
            if file is not None and subject is not None and target is not None:
                graph.add(subject, "related", target, file if subject == other else None)
    for scheme in sorted(graph.schemes(lost)):
        was_top = [graph.remove(scheme, "hasTopConcept", lost), graph.remove(lost, "topConceptOf", scheme)]
        if any(was_top):
            graph.add(lost, "inScheme", scheme)
            if not graph.broader(kept):
                graph.add(kept, "topConceptOf", scheme)
                graph.add(scheme, "hasTopConcept", kept)


def _moved(graph: Graph, child: str, lost: str, heirs: list[str]) -> None:
    """Let a child of the lost concept be a child of its heirs, stated from the ends that stated it before."""
    up, down = graph.remove(child, "broader", lost), graph.remove(lost, "narrower", child)
    for heir in heirs:
        if heir != child:
            if up is not None:
                graph.add(child, "broader", heir, up)
            if down is not None:
                graph.add(heir, "narrower", child)
