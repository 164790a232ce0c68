"""What qSKOS (Mader, Haslhofer & Isaac 2012) calls structural issues: the vocabulary hangs together badly."""

from __future__ import annotations

from collections.abc import Iterator

from concord_taxonomy.quality.finding import Found, warning
from concord_taxonomy.quality.graph import SkosGraph
from concord_taxonomy.quality.hierarchy import Hierarchy
from concord_taxonomy.quality.names import HIERARCHY, INVERSES, MAPPINGS


def _orphans(graph: SkosGraph) -> Found:
    for concept in sorted(graph.concepts - graph.semantic_clusters.keys()):
        yield concept, "is related to no other concept, and maps to none"


def _clusters(graph: SkosGraph) -> Found:
    parts = sorted(set(graph.semantic_clusters.values()), key=lambda part: (-len(part), min(part)))
    for part in parts[1:]:
        if len(part) > 1:
            yield min(part), f"with {len(part) - 1:,} more it hangs together with nothing else"


def _cycles(graph: SkosGraph) -> Found:
    for ring in sorted(graph.entailed_hierarchy.rings(), key=min):
        concept, *others = sorted(ring)
        yield concept, f"is broader than itself, by way of {', '.join(others) or 'nothing else'}"


_FEW = 32
"""Broader concepts of one of which each pair is looked at."""


def _redundant(graph: SkosGraph) -> Found:
    several = [(concept, sorted(ups)) for concept, ups in sorted(graph.broader.items()) if len(ups) > 1]
    several = [(concept, ups) for concept, ups in several if not graph.hierarchy.on_ring(concept)]
    few = [ups for _, ups in several if len(ups) <= _FEW]
    many = {concept: ups for concept, ups in several if len(ups) > _FEW}
    far_of = dict(zip(many, graph.hierarchy.above_others(list(many.values())), strict=True))
    above = graph.hierarchy.above((far, near) for ups in few for far in ups for near in ups if far != near)
    for concept, ups in several:
        if concept in far_of:  # which one leads there is left unsaid: asking of each pair would take too long
            for far in sorted(far_of[concept]):
                yield (
                    concept,
                    f"is narrower than {far} by itself and by way of another of its {len(ups):,} broader ones",
                )
            continue
        for far in ups:
            near = next((each for each in ups if (far, each) in above), None)
            if near is not None:
                yield concept, f"is narrower than {far} by itself and by way of {near}"


def _valueless(graph: SkosGraph) -> Found:
    for concept, others in sorted(graph.related.items()):
        for other in sorted(others):
            shared = graph.broader.get(concept, frozenset()) & graph.broader.get(other, frozenset())
            if concept < other and shared:
                yield concept, f"is related to {other}, and both are narrower than {min(shared)}"


def _solely_transitive(graph: SkosGraph) -> Found:
    links = graph.facts.links
    stated = [(a, b) for a, others in links["broaderTransitive"].items() for b in others]
    stated += [(b, a) for a, others in links["narrowerTransitive"].items() for b in others]
    above = graph.hierarchy.above((other, concept) for concept, other in stated)
    for concept, other in sorted(set(stated)):
        if (other, concept) not in above:
            yield concept, f"is below {other} by a transitive relation alone"


def one_way(graph: SkosGraph) -> Iterator[tuple[str, str, str]]:
    """Relations whose other direction is not stated: subject, property, object."""
    links = graph.facts.links
    for name, inverse in INVERSES.items():
        for subject, others in sorted(links[name].items()):
            for other in sorted(others):
                if other != subject and subject not in links[inverse].get(other, ()):
                    yield subject, name, other


def _unidirectional(graph: SkosGraph) -> Found:
    for subject, name, other in one_way(graph):
        yield subject, f"skos:{name} {other} without skos:{INVERSES[name]} back"


def _omitted_tops(graph: SkosGraph) -> Found:
    for scheme in sorted(graph.schemes):
        if not graph.tops.get(scheme):
            yield scheme, "is a scheme without a top concept"


def _tops_below(graph: SkosGraph) -> Found:
    for scheme, tops in sorted(graph.tops.items()):
        for top in sorted(tops):
            ups = [up for up in graph.broader.get(top, ()) if scheme in graph.in_schemes.get(up, {scheme})]
            if ups:
                yield top, f"is a top concept of {scheme} and narrower than {min(ups)}"


def _reflexive(graph: SkosGraph) -> Found:
    for name in (*HIERARCHY, "related", *MAPPINGS):
        for concept, others in sorted(graph.facts.links[name].items()):
            if concept in others:
                yield concept, f"skos:{name} leads to itself"


def _mapping_misuse(graph: SkosGraph) -> Found:
    for name in MAPPINGS:
        for concept, others in sorted(graph.facts.links[name].items()):
            for other in sorted(others - {concept}):
                both = graph.in_schemes.get(concept, frozenset()) & graph.in_schemes.get(other, frozenset())
                if both:
                    yield concept, f"skos:{name} leads to {other} of the same scheme {min(both)}"


def _dangling(graph: SkosGraph) -> Found:
    facts = graph.facts
    for name in (*HIERARCHY, "related", "hasTopConcept", "topConceptOf", "inScheme", "member"):
        for subject, others in sorted(facts.links[name].items()):
            for other in sorted(others - facts.subjects):
                yield subject, f"skos:{name} leads to {other}, of which nothing is said"
    for subject, others in sorted(facts.replaced_by.items()):
        for other in sorted(others - facts.subjects):
            yield subject, f"dcterms:isReplacedBy leads to {other}, of which nothing is said"
    for subject, value in sorted(facts.replaced_by_text):
        yield subject, f'dcterms:isReplacedBy is the text "{value}"'


def _no_replacement(graph: SkosGraph) -> Found:
    facts = graph.facts
    ends = facts.deprecated - facts.replaced_by.keys()
    for concept in sorted(ends):
        yield concept, "is deprecated, and nothing replaces it"
    for concept, others in sorted(facts.replaced_by.items()):
        for other in sorted(others & ends):
            yield concept, f"is replaced by {other}, which is deprecated, and nothing replaces that"


def _replacement_cycles(graph: SkosGraph) -> Found:
    for ring in sorted(Hierarchy(graph.facts.replaced_by).rings(), key=min):
        concept, *others = sorted(ring)
        yield concept, f"is replaced by itself, by way of {', '.join(others) or 'nothing else'}"


def _exact_chains(graph: SkosGraph) -> Found:
    for part in sorted(set(graph.exact_clusters.values()), key=min):
        by_scheme: dict[str, list[str]] = {}
        for concept in sorted(part):
            for scheme in graph.in_schemes.get(concept, ()):
                by_scheme.setdefault(scheme, []).append(concept)
        for scheme, several in sorted(by_scheme.items()):
            if len(several) > 1:
                others = ", ".join(several[1:])
                yield several[0], f"exact matches make it the same as {others} of the same scheme {scheme}"


EXACT_CHAINS = warning(
    "exact_match_chains",
    "exact matches that make two concepts of a scheme the same",
    "make the weaker skos:exactMatch a skos:closeMatch",
    _exact_chains,
)

STRUCTURE = (
    warning(
        "orphan_concepts",
        "a concept that is related to no other",
        "give it a broader or related concept, or map it to another scheme",
        _orphans,
    ),
    warning(
        "disconnected_clusters",
        "concepts that hang together with each other alone",
        "connect them with the rest by broader or related concepts",
        _clusters,
    ),
    warning("hierarchical_cycles", "a concept above itself", "remove one broader link or mapping of the ring", _cycles),
    warning(
        "hierarchical_redundancy",
        "a hierarchical link that a longer way implies",
        "remove the link that skips a level",
        _redundant,
    ),
    warning(
        "valueless_associative",
        "related concepts that are siblings anyway",
        "remove skos:related, or relate what is nearer",
        _valueless,
    ),
    warning(
        "solely_transitive",
        "concepts connected by a transitive relation alone",
        "state skos:broader: the transitive form follows from it",
        _solely_transitive,
    ),
    warning(
        "unidirectional_relations",
        "a relation stated from one end",
        "state the inverse too",
        _unidirectional,
    ),
    warning(
        "omitted_top_concepts",
        "a scheme without top concepts",
        "name them with skos:hasTopConcept",
        _omitted_tops,
    ),
    warning(
        "top_concept_with_broader",
        "a top concept that is narrower than another",
        "remove it from the top concepts, or its broader concept",
        _tops_below,
    ),
    warning("reflexive_relations", "a concept related to itself", "remove the relation", _reflexive),
    warning(
        "mapping_misuse",
        "a mapping inside one scheme",
        "use skos:broader, skos:narrower or skos:related inside a scheme",
        _mapping_misuse,
    ),
    warning(
        "dangling_targets",
        "a link to what is described nowhere",
        "describe the target, add the file that does, or remove the link",
        _dangling,
    ),
    warning(
        "deprecated_without_replacement",
        "a deprecated concept that nothing in use replaces",
        "say what to use with dcterms:isReplacedBy",
        _no_replacement,
    ),
    warning(
        "replacement_cycles",
        "a concept that is replaced by itself, by way of others",
        "remove one dcterms:isReplacedBy of the ring",
        _replacement_cycles,
    ),
    EXACT_CHAINS,
)
"""Checks of how concepts are connected; their findings are warnings."""
