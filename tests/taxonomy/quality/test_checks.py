"""Each check finds what breaks it, and nothing once that is mended."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord_taxonomy.quality import CHECKS, check

PREFIXES = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <https://x.example/> .
"""
SOUND = """
:s a skos:ConceptScheme ; dct:title "Words"@en ; skos:hasTopConcept :a .
:a a skos:Concept ; skos:inScheme :s ; skos:topConceptOf :s ; skos:prefLabel "alpha"@en ; skos:definition "First."@en ;
  skos:narrower :b , :c .
:b a skos:Concept ; skos:inScheme :s ; skos:prefLabel "beta"@en ; skos:definition "Second."@en ; skos:broader :a .
:c a skos:Concept ; skos:inScheme :s ; skos:prefLabel "gamma"@en ; skos:definition "Third."@en ; skos:broader :a .
"""
"""A vocabulary in which nothing is found."""
OTHER = """
:t a skos:ConceptScheme ; dct:title "Others"@en ; skos:hasTopConcept :z .
:z a skos:Concept ; skos:inScheme :t ; skos:topConceptOf :t ; skos:prefLabel "zeta"@en ; skos:definition "Last."@en ;
  skos:closeMatch :a .
"""

FAULTS = {
    "S9": [
        (":b a skos:ConceptScheme ; dct:title 'B'@en ; skos:hasTopConcept :a . :a skos:topConceptOf :b .", ":b"),
        (":d skos:broader :a . :b skos:inScheme :d .", ":d"),
        (":z skos:closeMatch :d . :d skos:hasTopConcept :b .", ":d"),
    ],
    "S12": [(":b skos:altLabel :c .", ":b"), (":b skos:altLabel 5 .", ":b"), (":b skos:altLabel [] .", ":b")],
    "S13": [(':b skos:altLabel "beta"@en .', ":b"), (':b skos:altLabel "x"@en ; skos:hiddenLabel "x"@en .', ":b")],
    "S14": [(':b skos:prefLabel "bee"@en .', ":b"), (':b skos:prefLabel "b" , "c" .', ":b")],
    "S19/S20": [
        (":b skos:related :s . :s skos:related :b .", ":b"),
        (':b skos:related "gamma" .', ":b"),
        (":d a :Thing ; skos:broader :b . :b skos:narrower :d .", ":d"),
        (":b skos:broader :d . :d a owl:Class .", ":b"),
    ],
    "S27": [
        (":a skos:related :b . :b skos:related :a .", ":a"),
        (
            ':d a skos:Concept ; skos:inScheme :s ; skos:prefLabel "delta"@en ; skos:definition "4"@en ; '
            "skos:broader :b ; skos:related :a . :b skos:narrower :d . :a skos:related :d .",
            ":a",
        ),
        (":b skos:broadMatch :z ; skos:relatedMatch :z .", ":b"),
        (":b skos:broadMatch :z . :z skos:relatedMatch :b .", ":b"),
        (":z skos:narrowMatch :b ; skos:related :b .", ":b"),
    ],
    "S36": [(":l a skos:OrderedCollection ; skos:member :a ; skos:memberList ( :a :b ) .", ":l")],
    "S37": [
        (":b a skos:Collection .", ":b"),
        (":s skos:member :b .", ":s"),
        (":l a skos:Collection ; skos:member :b . :c skos:inScheme :l .", ":l"),
        (":l a skos:Collection ; skos:member :b ; skos:topConceptOf :s .", ":l"),
        (":l skos:member :b ; skos:hasTopConcept :c .", ":l"),
    ],
    "S46": [
        (":b skos:exactMatch :z ; skos:broadMatch :z .", ":b"),
        (":z skos:relatedMatch :b . :b skos:exactMatch :z .", ":z"),
    ],
    "orphan_concepts": [
        (':d a skos:Concept ; skos:inScheme :s ; skos:prefLabel "delta"@en ; skos:definition "4"@en .', ":d")
    ],
    "disconnected_clusters": [
        (
            ':d a skos:Concept ; skos:inScheme :s ; skos:prefLabel "d"@en ; skos:definition "4"@en ; skos:related :e . '
            ':e a skos:Concept ; skos:inScheme :s ; skos:prefLabel "e"@en ; skos:definition "5"@en ; skos:related :d .',
            ":d",
        )
    ],
    "hierarchical_cycles": [
        (":b skos:narrower :a . :a skos:broader :b .", ":a"),
        (":a skos:broaderTransitive :b .", ":a"),
        (":a skos:broadMatch :z . :z skos:broadMatch :a .", ":a"),
    ],
    "hierarchical_redundancy": [(":b skos:narrower :c . :c skos:broader :b .", ":c")],
    "valueless_associative": [(":b skos:related :c . :c skos:related :b .", ":b")],
    "solely_transitive": [(":b skos:broaderTransitive :c . :c skos:narrowerTransitive :b .", ":b")],
    "unidirectional_relations": [
        (":b skos:related :z . ", ":b"),
        (":b skos:topConceptOf :t .", ":b"),
        (":z skos:broader :b .", ":z"),
    ],
    "omitted_top_concepts": [(':u a skos:ConceptScheme ; dct:title "Empty"@en .', ":u")],
    "top_concept_with_broader": [(":b skos:topConceptOf :s . :s skos:hasTopConcept :b .", ":b")],
    "reflexive_relations": [(":b skos:related :b .", ":b"), (":b skos:exactMatch :b .", ":b")],
    "mapping_misuse": [(":b skos:closeMatch :c .", ":b")],
    "dangling_targets": [
        (":b skos:related :nowhere .", ":b"),
        (":b skos:inScheme :no-scheme .", ":b"),
        (':b dct:isReplacedBy "gamma" .', ":b"),
    ],
    "deprecated_without_replacement": [
        (":b owl:deprecated true .", ":b"),
        (":b owl:deprecated true ; dct:isReplacedBy :c . :c owl:deprecated true .", ":b"),
        (':b owl:deprecated true ; dct:isReplacedBy "gamma" .', ":b"),
    ],
    "replacement_cycles": [
        (":b owl:deprecated true ; dct:isReplacedBy :c . :c owl:deprecated true ; dct:isReplacedBy :b .", ":b"),
        (":b dct:isReplacedBy :b .", ":b"),
    ],
    "exact_match_chains": [(":z skos:exactMatch :b , :c .", ":b")],
    "overlapping_labels": [(':c skos:altLabel "Beta"@en .', ":b")],
    "missing_labels": [
        (":d skos:broader :a ; skos:inScheme :s . :a skos:narrower :d .", ":d"),
        (":u a skos:ConceptScheme .", ":u"),
    ],
    "empty_labels": [(':b skos:altLabel "  "@en .', ":b"), (':t a skos:ConceptScheme ; dct:title ""@en .', ":t")],
    "unprintable_labels": [
        (':b skos:altLabel "be\\u0007ta"@en .', ":b"),
        (':b skos:altLabel "a\\nb"@en .', ":b"),
        (':b skos:altLabel "b\ufffdta"@en .', ":b"),
        (':b skos:altLabel "\\u200dbeta"@en .', ":b"),
    ],
    "missing_language_tags": [
        (':b skos:altLabel "bee" .', ":b"),
        (':t a skos:ConceptScheme ; skos:prefLabel "T" .', ":t"),
        (':t a skos:ConceptScheme ; dct:title "T" .', ":t"),
        (':b skos:definition "What bees do." .', ":b"),
    ],
    "invalid_language_tags": [
        (':b skos:altLabel "bee"@xx .', ":b"),
        (':b skos:altLabel "bee"@abcdefgh .', ":b"),
        (':b skos:scopeNote "bee"@xx .', ":b"),
    ],
    "incomplete_language_coverage": [(':b skos:prefLabel "Beta"@de .', ":a")],
    "undocumented_concepts": [
        (':d skos:broader :a ; skos:inScheme :s ; skos:definition " "@en . :a skos:narrower :d .', ":d"),
        (":d skos:broader :a ; skos:inScheme :s . :a skos:narrower :d .", ":d"),
    ],
    "ambiguous_notation": [(':b skos:notation "1" . :c skos:notation "1" .', ":b")],
    "deprecated_skos_terms": [(":b skos:prefSymbol :picture .", ":b"), (":b a skos:TopConcept .", ":b")],
}


def found(*texts):
    report = check({f"{number}.ttl": (PREFIXES + text).encode() for number, text in enumerate(texts)})
    return {(each.check, each.concept.replace("https://x.example/", ":")) for each in report.findings}


def test_nothing_is_found_in_a_sound_vocabulary():
    assert found(SOUND, OTHER) == set()


def test_every_check_has_an_example():
    assert FAULTS.keys() == {each.name for each in CHECKS}


@pytest.mark.parametrize(("name", "fault", "concept"), [(n, f, c) for n, faults in FAULTS.items() for f, c in faults])
def test_a_fault_is_found(name, fault, concept):
    assert (name, concept) in found(SOUND, OTHER, fault)


@pytest.mark.parametrize(
    "sound",
    [
        ':b skos:altLabel "beta"@de .',  # another language is another label
        ":b skos:exactMatch :z .",
        ":b skos:related :z . :z skos:related :b .",
        ":b owl:deprecated true ; dct:isReplacedBy :c .",
        ":b owl:deprecated true ; dct:isReplacedBy :c . :c owl:deprecated true ; dct:isReplacedBy :a .",
        ":b owl:deprecated false .",
        ':b skos:altLabel "bee"@pt-BR , "b"@zh-Hans-CN , "c"@gsw .',
        ":l a skos:OrderedCollection ; skos:member :a , :b ; skos:memberList ( :a :b ) .",
        ':b skos:notation "1" . :z skos:notation "1" .',  # another scheme
        ':z skos:altLabel "beta"@en .',
        ":b skos:broaderTransitive :a . :a skos:narrowerTransitive :b .",
        ":b a owl:NamedIndividual .",  # a concept all the same
    ],
)
def test_what_is_no_fault(sound):
    assert {name for name, _ in found(SOUND, OTHER, sound)} <= {"incomplete_language_coverage"}


def test_an_instance_of_a_class_below_concepts_is_a_concept():
    kind = ":Topic rdfs:subClassOf :Subject . :Subject rdfs:subClassOf skos:Concept . "
    topic = (
        ':d a :Topic ; skos:inScheme :s ; skos:prefLabel "delta"@en ; skos:definition "4"@en ; skos:broader :b . '
        ":b skos:narrower :d ."
    )
    assert found(SOUND, kind + topic) == set()
    assert ("S19/S20", ":d") in found(SOUND, topic)


def test_a_label_makes_no_concept_of_a_scheme():
    scheme = ':u skos:prefLabel "U"@en ; skos:hasTopConcept :b . :b skos:topConceptOf :u ; skos:inScheme :u .'
    assert ("S9", ":u") not in found(SOUND, scheme)
    assert ("S9", ":u") in found(SOUND, scheme, ":u skos:related :b .")


def test_what_is_no_concept_is_named_with_its_type():
    (finding,) = check({"a.ttl": (PREFIXES + ":d a :Thing ; skos:broader :b .").encode()}).findings[:1]
    assert finding.detail == "has skos:broader and is no skos:Concept but https://x.example/Thing"


def test_a_replacement_that_is_a_text_is_quoted():
    report = check({"a.ttl": (PREFIXES + SOUND + ':b owl:deprecated true ; dct:isReplacedBy "six" .').encode()})
    assert [(each.check, each.detail) for each in report.findings] == [
        ("dangling_targets", 'dcterms:isReplacedBy is the text "six"'),
        ("deprecated_without_replacement", "is deprecated, and nothing replaces it"),
    ]


def test_labels_clash_by_pair_and_relations_once():
    report = check({"a.ttl": (PREFIXES + SOUND + ':b skos:altLabel "beta"@en ; skos:hiddenLabel "beta"@en .').encode()})
    assert report.counts == {"S13": 3}
    report = check({"a.ttl": (PREFIXES + SOUND + ":a skos:related :b . :b skos:related :a .").encode()})
    assert report.counts == {"S27": 1}


def test_a_finding_says_how_to_repair_it():
    findings = check({"a.ttl": (PREFIXES + SOUND + ":b skos:related :b .").encode()}).to_json()["findings"]
    assert findings == [
        {
            "check": "reflexive_relations",
            "severity": "warning",
            "concept": "https://x.example/b",
            "detail": "skos:related leads to itself",
            "repair": "remove the relation",
        }
    ]


LINES = [
    f":{one} skos:{relation} :{other} ."
    for one in "abz"
    for relation in ("broader", "narrower", "related", "exactMatch", "broadMatch", "broaderTransitive")
    for other in "abz"
] + [f':{one} skos:{kind} "{word}"@en .' for one in "ab" for kind in ("prefLabel", "altLabel") for word in ("x", "y")]


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=12, unique=True), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_statements_changes_nothing(lines: list[str], shuffle: random.Random):
    other = lines[:]
    shuffle.shuffle(other)
    one, two = (check({"a.ttl": (PREFIXES + SOUND + OTHER + "\n".join(each)).encode()}) for each in (lines, other))
    assert one == two


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":a skos:broader :b . :b skos:broader :c . :c skos:broader :a .",
        ":l skos:memberList _:one . _:one <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:one .",
        "[] a skos:Concept ; skos:prefLabel 'nameless'@en ; skos:broader [ skos:related [] ] .",
    ],
)
def test_odd_vocabularies_are_checked_to_the_end(text):
    assert check({"a.ttl": (PREFIXES + text).encode()}).concepts >= 0


def test_the_guide_lists_every_check():
    guide = (Path(__file__).parents[3] / "docs" / "taxonomy.md").read_text("utf-8")
    rows = [f"| `{each.name}` | {each.severity.value} | {each.looks_for} | {each.repair}" for each in CHECKS]
    assert [row for row in rows if row not in guide] == []


def test_joiners_within_words_and_spaces_of_any_width_are_writing():
    labels = '"می\u200cخواهم"@fa, "क्\u200dष"@hi, "10\u00a0km"@fr, "👩\u200d🔧"@en'
    assert "unprintable_labels" not in {name for name, _ in found(SOUND, OTHER, f":b skos:altLabel {labels} .")}
