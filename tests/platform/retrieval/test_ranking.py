"""Ranking: comparable likenesses, weighted; a passage profits from its page, and the order never wavers."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.reading import Reader
from concord.authority.terms import Terms
from concord.catalog.chunks import Chunk
from concord.retrieval.ranking import BEST_SENTENCE, COSINE, Candidate, Weights, features, first_cut, scored
from concord_taxonomy.expansion import Ambiguity, expand
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.skos import parse_vocabularies
from concord_taxonomy.standard import Activity, ContentItem, Derivation

LEAVE, PARENTAL = "https://t.example/id/leave", "https://t.example/id/parental"
VOCABULARY = parse_vocabularies(
    {
        "taxonomy/shared.ttl": f"""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://t.example/id/all> a skos:ConceptScheme ; skos:prefLabel "All"@en .
<{LEAVE}> a skos:Concept ; skos:prefLabel "annual leave"@en ; skos:inScheme <https://t.example/id/all> .
<{PARENTAL}> a skos:Concept ; skos:prefLabel "parental leave"@en ; skos:broader <{LEAVE}> ;
  skos:inScheme <https://t.example/id/all> .
""".encode()
    }
)
LABELS = LabelIndex(VOCABULARY)
READER = Reader(LABELS, VOCABULARY)
NAMES = [each.name for each in fields(Weights)]
ASKED = expand("How much annual leave is there?", LABELS, VOCABULARY)


MEANT = {LEAVE: 0.4, PARENTAL: 1.0}


def candidate(name, cosine=0.5, text=0.0, label=0.0, subject=(), item="i", words="Nothing in particular.", page=None):
    held = ContentItem(
        identifier=f"s/{item}",
        revision=1,
        source="s",
        title="A",
        type="document",
        format="text/markdown",
        was_derived_from=Derivation(native_id=item, version="1"),
        generated_at=datetime(2026, 1, 1, tzinfo=UTC),
        generated_by=Activity(connector="files", mapping="m"),
        subject=subject,
    )
    terms = READER.read(held, Chunk(0, (), words, 0, name)).terms
    return Candidate(name, held, cosine, text, label, page), terms


def rows(*made, expansion=ASKED, meant=None):
    terms = Terms.of([terms for _, terms in made])
    found = features([each for each, _ in made], terms, expansion, VOCABULARY, MEANT if meant is None else meant)
    return [dict(zip(NAMES, row, strict=True)) for row in found.tolist()]


def order(*made, expansion=ASKED, size=100):
    candidates = [each for each, _ in made]
    found = features(candidates, Terms.of([terms for _, terms in made]), expansion, VOCABULARY, MEANT)
    if size < len(candidates):
        return [candidates[place].id for place in first_cut(candidates, found, size)]
    scores = scored(found).tolist()
    return [candidates[n].id for n in sorted(range(len(scores)), key=lambda n: (-scores[n], candidates[n].id))]


@pytest.mark.parametrize(
    "better",
    [
        {"cosine": 0.6},
        {"text": 3.0},
        {"label": 2.0},
        {"subject": (LEAVE,)},
        {"subject": (PARENTAL,)},
        {"words": "There is annual leave."},
        {"words": "There is parental leave."},
        {"page": 0.6},
    ],
)
def test_whatever_is_more_alike_ranks_higher(better):
    assert order(candidate("a", item="x"), candidate("b", item="y", **better)) == ["b", "a"]


def test_a_passage_profits_from_the_page_that_it_stands_on():
    other, fitting = candidate("a", 0.6, item="x", page=0.3), candidate("b", 0.6, item="y", page=0.5)
    assert order(other, fitting) == ["b", "a"]
    # Where the page is not known the passage speaks for it.
    assert order(candidate("a", 0.4, item="x"), candidate("b", 0.4, item="y", page=0.41)) == ["b", "a"]
    assert order(candidate("a", 0.4, item="x"), candidate("b", 0.4, item="y", page=0.39)) == ["a", "b"]


def test_an_item_is_about_what_is_meant_by_its_nearest_subject_the_first_ones_counting_most():
    found = rows(
        candidate("a", subject=(PARENTAL,), item="x"),
        candidate("b", subject=(LEAVE, PARENTAL), item="y"),
        candidate("c", subject=(LEAVE,), item="z"),
        candidate("d", item="w"),
    )
    about = [row["about"] for row in found]
    assert about[0] > about[1] > about[2] > about[3] == 0.0
    assert about[1] == pytest.approx(about[0] * 0.85)


def test_a_subject_that_many_items_share_says_less():
    def of(count):
        made = [candidate(f"p{n}", subject=(PARENTAL,) if n < count else (), item=f"i{n}") for n in range(6)]
        return rows(*made)[0]["about"]

    assert of(1) == pytest.approx(1.0)
    assert of(1) > of(2) > of(5)


def test_before_it_is_read_a_passage_stands_in_for_its_sentences():
    assert rows(candidate("a", 0.4))[0]["best_sentence"] == 0.4


def test_what_the_dense_leg_did_not_find_is_no_more_alike_than_the_last_that_it_found():
    assert [row["cosine"] for row in rows(candidate("a", 0.7), candidate("b", 0.3), candidate("c", None))] == [
        0.7,
        0.3,
        0.3,
    ]
    assert rows(candidate("a", None))[0]["cosine"] == 0.0


def test_scores_of_words_are_shares_of_the_best():
    found = rows(candidate("a", text=8.0, label=1.0), candidate("b", text=2.0))
    assert [(row["text"], row["label"]) for row in found] == [(1.0, 1.0), (0.25, 0.0)]
    assert rows(candidate("a"))[0]["text"] == 0.0


def test_a_rarer_concept_of_the_question_counts_for_more():
    both = expand("annual leave and parental leave", LABELS, VOCABULARY)
    made = [candidate("a", words="Parental leave."), *(candidate(f"b{n}", words="Annual leave.") for n in range(3))]
    shares = [row["mentions"] for row in rows(*made, candidate("c"), expansion=both)]
    # Parental leave is annual leave here, which its narrower concept names too.
    assert shares[0] == pytest.approx(1.0) and 0.0 < shares[1] < 0.5 and shares[4] == 0.0


def test_a_question_that_names_no_concept_gains_nothing_from_one():
    unnamed = expand("Where do I park?", LABELS, VOCABULARY)
    found = rows(candidate("a", subject=(LEAVE,)), expansion=unnamed, meant={})
    assert found[0]["about"] == found[0]["mentions"] == 0.0


RELEASE = Ambiguity("release", chosen=("https://t.example/id/contract",), others=(LEAVE,))


@pytest.mark.parametrize(
    ("subject", "undecided", "counted"),
    [
        ((LEAVE,), False, False),
        ((PARENTAL,), False, False),  # below what it also means
        ((LEAVE, "https://t.example/id/contract"), False, True),
        ((), False, True),
        ((LEAVE,), True, True),
    ],
)
def test_what_an_ambiguous_word_means_elsewhere_is_not_asked_about(subject, undecided, counted):
    asked = replace(ASKED, ambiguous=(replace(RELEASE, undecided=undecided),))
    made = candidate("c", label=2.0, subject=subject, words="There is annual leave.", page=0.5)
    [found] = rows(made, expansion=asked)
    [usual] = rows(made)
    named = ("label", "about", "mentions")
    assert found == (usual if counted else usual | dict.fromkeys(named, 0.0))
    assert usual["label"] == usual["mentions"] == 1


def test_nothing_gives_nothing():
    assert rows() == [] == order()


def test_weights_are_what_counts():
    found = np.zeros((2, len(NAMES)))
    found[0, COSINE], found[1, BEST_SENTENCE] = 0.9, 0.9
    only = dict.fromkeys(NAMES, 0.0)
    assert scored(found, Weights(**{**only, "cosine": 1.0})).tolist() == [0.9, 0.0]
    assert scored(found, Weights(**{**only, "best_sentence": 1.0})).tolist() == [0.0, 0.9]


def test_the_first_cut_keeps_the_best():
    made = [candidate(f"p{n}", n / 10, item=f"i{n}") for n in range(10)]
    assert order(*made, size=3) == ["p9", "p8", "p7"]
    alike = [candidate(name, item=name) for name in "dcba"]
    assert order(*alike, size=2) == ["a", "b"]


likeness = st.floats(-1, 1, allow_nan=False)


@given(st.lists(st.tuples(likeness, likeness, st.floats(0, 50)), max_size=8), st.randoms(use_true_random=False))
def test_the_order_depends_on_the_candidates_and_not_on_theirs(drawn, random):
    made = [candidate(f"p{n}", a, page=p, text=t, item=f"i{n % 3}") for n, (a, p, t) in enumerate(drawn)]
    mixed = list(made)
    random.shuffle(mixed)
    assert order(*made) == order(*mixed)
    assert order(*made, size=3) == order(*mixed, size=3)
