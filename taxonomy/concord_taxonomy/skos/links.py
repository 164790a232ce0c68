"""From a department's concept to the shared ones that it means, and how strongly.

The strongest kind of link that leads anywhere counts: the concept itself, then `skos:exactMatch` (transitive, S45),
then one `skos:closeMatch` (not transitive), then upward: `skos:broadMatch`, then the same from the concept's own
broader concepts. A deprecated concept is read as those that replace it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from concord_taxonomy.skos.closure import layers
from concord_taxonomy.skos.model import Concept

MAX_STEPS = 8
"""How many exact matches, replacements or broader concepts are followed one after the other."""


class LinkKind(StrEnum):
    """How a concept leads to a shared one, strongest first."""

    SAME = "same"
    EXACT = "exact"
    CLOSE = "close"
    BROAD = "broad"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return list(LinkKind).index(self)


@dataclass(frozen=True, slots=True)
class Link:
    """The concept at the other end, and the kind of link that leads there."""

    iri: str
    kind: LinkKind


def shared_links(concepts: Mapping[str, Concept], is_shared: Callable[[Concept], bool], iri: str) -> tuple[Link, ...]:
    """The shared concepts that `iri` means, in IRI order; empty where it is unknown or leads to none."""

    def step(*relations: str) -> Callable[[str], Iterable[str]]:
        def following(node: str) -> Iterable[str]:
            concept = concepts.get(node)
            return (other for name in relations for other in getattr(concept, name)) if concept else ()

        return following

    def replacements(node: str) -> Iterable[str]:
        concept = concepts.get(node)
        return concept.is_replaced_by if concept and concept.deprecated else ()

    def current(nodes: Iterable[str]) -> set[str]:
        reached = [node for layer in layers(nodes, replacements, MAX_STEPS) for node in layer]
        known = [concepts[node] for node in reached if node in concepts]
        living = {each.iri for each in known if not each.deprecated}
        return living or {each.iri for each in known}

    def shared_of(nodes: Iterable[str]) -> set[str]:
        return {node for node in current(nodes) if is_shared(concepts[node])}

    def through_exact(nodes: Iterable[str]) -> tuple[set[str], set[str]]:
        """The shared concepts at the nearest distance, and the concepts walked on the way."""
        walked: set[str] = set()
        for layer in layers(nodes, step("exact_match"), MAX_STEPS):
            if found := shared_of(layer):
                return found, walked
            walked |= set(layer)
        return set(), walked

    def from_one(node: str) -> tuple[LinkKind, set[str]] | None:
        if found := shared_of([node]):
            return LinkKind.SAME if node in found else LinkKind.EXACT, found
        found, cluster = through_exact(current([node]))
        if found:
            return LinkKind.EXACT, found
        for relation, kind in (("close_match", LinkKind.CLOSE), ("broad_match", LinkKind.BROAD)):
            ahead = {other for each in cluster for other in step(relation)(each)}
            found, _ = through_exact(current(ahead))
            if found:
                return kind, found
        return None

    for distance, layer in enumerate(layers([iri], step("broader"), MAX_STEPS)):
        reached = [result for node in layer if node in concepts and (result := from_one(node))]
        if reached:
            best = min((kind for kind, _ in reached), key=lambda kind: kind.rank)
            found = {target for kind, targets in reached for target in targets if distance or kind is best}
            kind = LinkKind.BROAD if distance else best
            return tuple(Link(target, kind) for target in sorted(found))
    return ()
