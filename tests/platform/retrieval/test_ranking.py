"""Ranking: comparable likenesses, weighted; a passage profits from its page, and the order never wavers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.reading import Reader
from concord.catalog.chunks import Chunk
from concord.retrieval.passages import Passage
from concord.retrieval.ranking import Concepts, Signals, Weights, features, rank
from concord_taxonomy.expansion import expand
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
CONCEPTS = Concepts(VOCABULARY)
ASKED = expand("How much annual leave is there?", LABELS, VOCABULARY)


MEANT = {LEAVE: 0.4, PARENTAL: 1.0}


def signals(
    name, cosine=0.5, best=None, text=0.0, label=0.0, subject=(), item="i", words="Nothing in particular.", page=None
):
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
    sentences = () if best is None else (best, best - 0.1)
    chunk = Chunk(0, (), words, 0, name)
    return Signals(Passage(name, held, chunk, 0.0, cosine, sentences, READER.reading(held, chunk)), text, label, page)


def order(*candidates, expansion=ASKED):
    return [passage.id for passage in rank(candidates, expansion, CONCEPTS, MEANT)]


@pytest.mark.parametrize(
    "better",
    [
        {"cosine": 0.6},
        {"best": 0.7},
        {"text": 3.0},
        {"label": 2.0},
        {"subject": (LEAVE,)},
        {"subject": (PARENTAL,)},
        {"words": "There is annual leave."},
        {"page": 0.6},
    ],
)
def test_whatever_is_more_alike_ranks_higher(better):
    plain = {"best": 0.5}
    assert order(signals("a", **plain, item="x"), signals("b", **{**plain, **better}, item="y")) == ["b", "a"]


def test_a_passage_profits_from_the_page_that_it_stands_on():
    other, fitting = signals("a", 0.6, item="x", page=0.3), signals("b", 0.6, item="y", page=0.5)
    assert order(other, fitting) == ["b", "a"]
    # Where the page is not known the passage speaks for it.
    assert features([signals("a", 0.4)], ASKED, CONCEPTS, MEANT)[0]["page"] == 0.4


def test_an_item_is_about_what_is_meant_by_its_nearest_subject_the_first_ones_counting_most():
    rows = features(
        [
            signals("a", subject=(PARENTAL,), item="x"),
            signals("b", subject=(LEAVE, PARENTAL), item="y"),
            signals("c", subject=(LEAVE,), item="z"),
            signals("d", item="w"),
        ],
        ASKED,
        CONCEPTS,
        MEANT,
    )
    about = [row["about"] for row in rows]
    assert about[0] > about[1] > about[2] > about[3] == 0.0
    assert about[1] == pytest.approx(about[0] * 0.85)


def test_a_subject_that_many_items_share_says_less():
    def of(count):
        rows = [signals(f"p{n}", subject=(PARENTAL,) if n < count else (), item=f"i{n}") for n in range(6)]
        return features(rows, ASKED, CONCEPTS, MEANT)[0]["about"]

    assert of(1) == pytest.approx(1.0)
    assert of(1) > of(2) > of(5)


def test_the_passage_stands_in_where_it_has_no_sentences():
    assert features([signals("a", 0.4)], ASKED, CONCEPTS, MEANT)[0]["best_sentence"] == 0.4
    assert features([signals("a", 0.4, best=0.9)], ASKED, CONCEPTS, MEANT)[0]["best_sentence"] == 0.9


def test_scores_of_words_are_shares_of_the_best():
    rows = features([signals("a", text=8.0, label=1.0), signals("b", text=2.0)], ASKED, CONCEPTS, MEANT)
    assert [(row["text"], row["label"]) for row in rows] == [(1.0, 1.0), (0.25, 0.0)]
    assert features([signals("a")], ASKED, CONCEPTS, MEANT)[0]["text"] == 0.0


def test_a_question_that_names_no_concept_gains_nothing_from_one():
    unnamed = expand("Where do I park?", LABELS, VOCABULARY)
    rows = features([signals("a", subject=(LEAVE,))], unnamed, CONCEPTS, {})
    assert rows[0]["about"] == rows[0]["mentions"] == 0.0


def test_nothing_gives_nothing():
    assert rank([], ASKED, CONCEPTS, MEANT) == ()


def test_weights_are_what_counts():
    one, other = signals("a", 0.9, best=0.1, item="x"), signals("b", 0.1, best=0.9, item="y")
    only = {"page": 0.0, "text": 0.0, "label": 0.0, "about": 0.0, "mentions": 0.0}
    by_passage = rank([one, other], ASKED, CONCEPTS, MEANT, Weights(cosine=1.0, best_sentence=0.0, **only))
    by_sentence = rank([one, other], ASKED, CONCEPTS, MEANT, Weights(cosine=0.0, best_sentence=1.0, **only))
    assert [each.id for each in by_passage] == ["a", "b"] and [each.id for each in by_sentence] == ["b", "a"]
    assert by_passage[0].score == pytest.approx(0.9)


likeness = st.floats(-1, 1, allow_nan=False)


@given(st.lists(st.tuples(likeness, likeness, st.floats(0, 50)), max_size=8), st.randoms(use_true_random=False))
def test_the_order_depends_on_the_candidates_and_not_on_theirs(rows, random):
    candidates = [signals(f"p{n}", a, best=b, text=t, item=f"i{n % 3}") for n, (a, b, t) in enumerate(rows)]
    ranked = rank(candidates, ASKED, CONCEPTS, MEANT)
    assert [each.score for each in ranked] == sorted((each.score for each in ranked), reverse=True)
    mixed = list(candidates)
    random.shuffle(mixed)
    again = rank(mixed, ASKED, CONCEPTS, MEANT)
    assert [each.id for each in again] == [each.id for each in ranked]
    assert [each.score for each in again] == pytest.approx([each.score for each in ranked])
