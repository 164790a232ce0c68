"""Known answers, and what holds of every ranking."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_evals.metrics import hit, ndcg, recall, reciprocal_rank
from concord_evals.metrics.ranking import items, passages
from concord_taxonomy.standard import ItemRef

WANTED = [ItemRef.parse("a.md@3.."), ItemRef.parse("b.md@2"), ItemRef.parse("c.md")]


def test_items_stand_where_their_first_passage_does():
    found = [("x.md", 1), ("a.md", 3), ("x.md", 1), ("c.md", 9), ("a.md", 3)]
    assert items(found, WANTED) == [set(), {0}, {2}]


@pytest.mark.parametrize(
    ("found", "covered"),
    [(("a.md", 2), set()), (("a.md", 4), {0}), (("b.md", 2), {1}), (("b.md", 3), set()), (("c.md", 7), {2})],
)
def test_a_revision_other_than_the_one_meant_is_not_found(found, covered):
    assert items([found], WANTED) == [covered]


def test_a_passage_has_to_answer():
    found = [(("a.md", 3), False), (("a.md", 3), True), (("x.md", 1), True)]
    assert passages(found, WANTED) == [set(), {0}, set()]


def test_known_answers():
    ranking = [set(), {0}, {2}, set(), {1}]
    assert [hit(ranking, k) for k in (1, 2, 5)] == [False, True, True]
    assert [recall(ranking, 3, k) for k in (1, 2, 3, 5)] == [0, 1 / 3, 2 / 3, 1]
    assert reciprocal_rank(ranking) == 0.5
    best = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(ranking, 3, 5) == pytest.approx((1 / math.log2(3) + 1 / math.log2(4) + 1 / math.log2(6)) / best)
    assert ndcg(ranking, 3, 2) == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))


def test_an_empty_ranking_is_a_failure():
    assert (hit([], 5), recall([], 2, 5), reciprocal_rank([]), ndcg([], 2, 5)) == (False, 0, 0, 0)


@pytest.mark.parametrize(("wanted", "k"), [(0, 5), (1, 0)])
def test_what_cannot_be_asked_is_refused(wanted, k):
    for measure in (recall, ndcg):
        with pytest.raises(ValueError, match=r"count at least|nothing is wanted"):
            measure([{0}], wanted, k)


RANKINGS = st.lists(st.sets(st.integers(0, 3), max_size=2), max_size=12)


@given(RANKINGS, st.integers(1, 15))
def test_every_score_is_a_share_and_grows_with_k(ranking, k):
    scores = [hit(ranking, k), recall(ranking, 4, k), ndcg(ranking, 4, k), reciprocal_rank(ranking)]
    assert all(0 <= each <= 1 for each in scores)
    assert hit(ranking, k) <= hit(ranking, k + 1)
    assert recall(ranking, 4, k) <= recall(ranking, 4, k + 1)
    assert bool(recall(ranking, 4, k)) == hit(ranking, k)


@given(RANKINGS)
def test_the_best_order_has_the_whole_gain_and_none_has_more(ranking):
    assert ndcg([{0}, {1}, {2}, {3}, *ranking], 4, 10) == 1
    moved_down = [set(), *ranking]
    assert ndcg(moved_down, 4, 20) <= ndcg(ranking, 4, 20)
    assert reciprocal_rank(moved_down) <= reciprocal_rank(ranking)
