"""Weighted reciprocal rank fusion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.retrieval.fusion import K, reciprocal_rank_fusion

WEIGHTS = {"dense": 1.0, "text": 0.6, "label": 0.4}


def test_the_score_is_the_weighted_sum_over_legs():
    fused = reciprocal_rank_fusion({"dense": ["a", "b"], "text": ["b"], "label": []}, WEIGHTS)
    scores = {each.id: each.score for each in fused}
    assert scores["a"] == pytest.approx(1 / (K + 1))
    assert scores["b"] == pytest.approx(1 / (K + 2) + 0.6 / (K + 1))
    assert [each.id for each in fused] == ["b", "a"]
    assert {each.id: dict(each.ranks) for each in fused} == {"a": {"dense": 1}, "b": {"dense": 2, "text": 1}}


def test_ties_are_ordered_by_id_and_nothing_gives_nothing():
    assert [each.id for each in reciprocal_rank_fusion({"dense": ["b"], "text": ["a"]}, {"dense": 1, "text": 1})] == [
        "a",
        "b",
    ]
    assert reciprocal_rank_fusion({}, {}) == [] == reciprocal_rank_fusion({"dense": []}, WEIGHTS)


def test_a_leg_without_weight_changes_no_score():
    alone = reciprocal_rank_fusion({"dense": ["a", "b"]}, WEIGHTS)
    both = reciprocal_rank_fusion({"dense": ["a", "b"], "text": ["b", "a"]}, {"dense": 1.0, "text": 0.0})
    assert [(each.id, each.score) for each in alone] == [(each.id, each.score) for each in both]


ids = st.lists(st.integers(0, 20).map(str), unique=True, max_size=10)


@given(st.fixed_dictionaries({"dense": ids, "text": ids, "label": ids}))
def test_every_point_comes_once_and_best_first(legs):
    fused = reciprocal_rank_fusion(legs, WEIGHTS)
    assert {each.id for each in fused} == set().union(*legs.values()) and len(fused) == len({e.id for e in fused})
    assert [each.score for each in fused] == sorted((each.score for each in fused), reverse=True)


@given(ids.filter(lambda found: len(found) > 1))
def test_one_leg_keeps_its_order(found):
    assert [each.id for each in reciprocal_rank_fusion({"dense": found}, WEIGHTS)] == found
