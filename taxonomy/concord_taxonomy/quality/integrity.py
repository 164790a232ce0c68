"""The integrity conditions of SKOS, numbered as in the SKOS Reference: what breaks one is an error."""

from __future__ import annotations

from itertools import combinations

from concord_taxonomy.quality.finding import Found, error
from concord_taxonomy.quality.graph import SkosGraph
from concord_taxonomy.quality.names import SEMANTIC
from concord_taxonomy.skos.model import Label
from concord_taxonomy.skos.properties import RDF


def text(label: Label) -> str:
    """A label as Turtle writes it."""
    return f'"{label.text}"@{label.language}' if label.language else f'"{label.text}"'


def _concept_and_scheme(graph: SkosGraph) -> Found:
    tops = {top for each in graph.tops.values() for top in each}
    untyped = graph.in_relations - graph.facts.types.keys()  # what has other types is found by S19/S20
    for each in sorted((graph.of_type("Concept") | tops | untyped) & graph.schemes):
        yield each, "is used as a concept and as a concept scheme"


def _label_without_text(graph: SkosGraph) -> Found:
    for subject, name, value in sorted(graph.facts.no_text):
        yield subject, f"skos:{name} is {value}"


def _label_of_two_kinds(graph: SkosGraph) -> Found:
    labels = graph.facts.labels
    for concept in sorted(graph.concepts | graph.schemes | graph.collections):
        for one, other in combinations(labels, 2):
            for label in sorted(labels[one].get(concept, set()) & labels[other].get(concept, set())):
                yield concept, f"{text(label)} is its skos:{one} and its skos:{other}"


def _two_preferred_labels(graph: SkosGraph) -> Found:
    for concept, labels in sorted(graph.facts.labels["prefLabel"].items()):
        by_language: dict[str, list[Label]] = {}
        for label in sorted(labels):
            by_language.setdefault(label.language, []).append(label)
        for language, several in by_language.items():
            if len(several) > 1:
                named = f"in {language}" if language else "without a language"
                yield concept, f"{len(several)} preferred labels {named}: {', '.join(map(text, several))}"


def _relation_of_no_concept(graph: SkosGraph) -> Found:
    facts = graph.facts
    tops = {top for each in graph.tops.values() for top in each}
    others = ((facts.types.keys() - tops) | graph.collections) - graph.of_type("Concept")
    kinds = {each: ", ".join(sorted(facts.types.get(each, ()))) or "a collection" for each in others}
    for name in SEMANTIC:
        for subject, objects in sorted(facts.links[name].items()):
            if subject in others:
                yield subject, f"has skos:{name} and is no skos:Concept but {kinds[subject]}"
            for each in sorted(objects & others):
                yield subject, f"skos:{name} leads to {each}, which is no skos:Concept but {kinds[each]}"
    for subject, name, value in sorted(facts.no_link):
        yield subject, f'skos:{name} is the text "{value}"'


def _related_and_above(graph: SkosGraph) -> Found:
    related = sorted((one, other) for one, others in graph.related_entailed.items() for other in others if one < other)
    above = graph.entailed_hierarchy.above(pair for one, other in related for pair in ((one, other), (other, one)))
    for one, other in related:
        if (one, other) in above or (other, one) in above:
            yield one, f"is related to {other}, which stands above or below it"


def _list_beside_members(graph: SkosGraph) -> Found:
    facts = graph.facts
    for collection, lists in sorted(facts.links["memberList"].items()):
        members = facts.links["member"].get(collection, set())
        for each in missing_members(graph, lists, members):
            yield collection, f"{each} is in its skos:memberList and no skos:member of it"


def missing_members(graph: SkosGraph, lists: set[str], members: set[str]) -> list[str]:
    """What stands in lists and is no member, in order."""
    facts, listed, seen = graph.facts, set[str](), set[str]()
    for node in sorted(lists):
        while node != f"{RDF}nil" and node not in seen:
            seen.add(node)
            if node in facts.first:
                listed.add(facts.first[node])
            node = facts.rest.get(node, f"{RDF}nil")
    return sorted(listed - members)


def _collection_and_other(graph: SkosGraph) -> Found:
    concepts = graph.of_type("Concept") | {top for each in graph.tops.values() for top in each}
    for each in sorted(graph.collections & (concepts | graph.schemes)):
        yield each, f"is a collection and a {'concept' if each in concepts else 'concept scheme'}"


def _exact_and_other_match(graph: SkosGraph) -> Found:
    for name in ("broadMatch", "narrowMatch", "relatedMatch"):
        for concept, others in sorted(graph.facts.links[name].items()):
            for other in sorted(others & graph.exact_clusters.get(concept, frozenset())):
                yield concept, f"skos:{name} leads to {other}, with which it matches exactly"


INTEGRITY = (
    error(
        "S9",
        "a concept that is a concept scheme",
        "give the scheme an IRI of its own",
        _concept_and_scheme,
    ),
    error(
        "S12",
        "a label that is no plain text",
        "write the label as text in quotation marks, with a language and without a datatype",
        _label_without_text,
    ),
    error(
        "S13",
        "one text as two kinds of label of a concept",
        "keep the strongest kind: preferred before alternative before hidden",
        _label_of_two_kinds,
    ),
    error(
        "S14",
        "two preferred labels in one language",
        "keep one as skos:prefLabel and make the others skos:altLabel",
        _two_preferred_labels,
    ),
    error(
        "S19/S20",
        "a relation of what is no concept",
        "make it a skos:Concept or remove the relation; members of collections are not related through the collection",
        _relation_of_no_concept,
    ),
    error(
        "S27",
        "related concepts of which one is above the other",
        "remove what relates them, or the hierarchical link that makes one broader",
        _related_and_above,
    ),
    error(
        "S36",
        "an ordered collection whose list holds what is no member",
        "state each item of the list as skos:member too",
        _list_beside_members,
    ),
    error(
        "S37",
        "a collection that is a concept or a scheme",
        "give the collection an IRI of its own",
        _collection_and_other,
    ),
    error(
        "S46",
        "an exact match that is a broader, narrower or related match too",
        "keep one of the mappings",
        _exact_and_other_match,
    ),
)
"""Checks whose findings are errors, by the number of the condition."""
