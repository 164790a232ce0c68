"""The metrics of tagging, on small cases worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_taxonomy.evaluation import ConceptQuality, Quality, evaluate

GOLD = {"a": {"leave", "pay"}, "b": {"berth"}, "c": {"pay"}}
SUGGESTED = {"a": ["leave", "berth"], "b": ["pay", "berth"], "d": ["leave"]}


def test_metrics_by_hand() -> None:
    found = evaluate(GOLD, SUGGESTED)
    second = 1 / math.log2(3)  # behind a wrong one
    assert found.concepts == {
        "berth": ConceptQuality(1, 1, 0, Quality(1, 1, 0), second),
        "leave": ConceptQuality(1, 0, 0, Quality(1, 0, 0), 1.0),
        "pay": ConceptQuality(0, 1, 2, Quality(0, 1, 2), 0.0),
    }
    metrics = found.metrics
    assert (metrics["True_positives"], metrics["False_positives"], metrics["False_negatives"]) == (2, 2, 2)
    assert metrics["Precision_microavg"] == metrics["Recall_microavg"] == metrics["F1_score_microavg"] == 0.5
    assert metrics["Precision_doc_avg"] == pytest.approx((1 / 2 + 1 / 2 + 0) / 3, abs=1e-4)
    assert metrics["Recall_doc_avg"] == pytest.approx((1 / 2 + 1 + 0) / 3, abs=1e-4)
    assert metrics["Precision_subj_avg"] == pytest.approx((1 / 2 + 1 + 0) / 3, abs=1e-4)
    assert metrics["Recall_weighted_subj_avg"] == 0.5
    assert metrics["F1@5"] == pytest.approx((1 / 2 + 2 / 3 + 0) / 3, abs=1e-4)
    first, second = 1 / (1 + 1 / math.log2(3)), 1 / math.log2(3)
    assert metrics["NDCG"] == metrics["NDCG@5"] == pytest.approx((first + second + 0) / 3, abs=1e-4)
    assert metrics["Precision@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert metrics["Documents_evaluated"] == 3


def test_only_the_first_five_count_for_f1_at_5() -> None:
    found = evaluate({"a": {"x"}}, {"a": ["b", "c", "d", "e", "f", "x"]}).metrics
    assert (found["F1@5"], found["NDCG@5"], found["Recall_doc_avg"]) == (0, 0, 1)
    assert found["NDCG"] == pytest.approx(1 / math.log2(7), abs=1e-4)


def test_a_concept_by_its_places() -> None:
    concepts = evaluate({"a": {"x", "y"}, "b": {"x"}}, {"a": ["y", "x"], "b": [*"vwzst", "x"]}).concepts
    assert concepts["x"].first == Quality(1, 0, 1) and concepts["x"].f1 == 1
    assert concepts["x"].ndcg == pytest.approx((1 + 1 / math.log2(7)) / 2)
    assert concepts["y"].ndcg == 1 and concepts["v"].ndcg is None


def test_nothing_is_nothing() -> None:
    assert set(evaluate({}, {}).metrics.values()) == {0}


concepts = st.lists(st.sampled_from("abcde"), max_size=6)


@given(
    st.dictionaries(st.sampled_from("123"), concepts.filter(bool)), st.dictionaries(st.sampled_from("123"), concepts)
)
def test_metrics_are_shares_and_perfect_tags_are_perfect(
    gold: dict[str, list[str]], given: dict[str, list[str]]
) -> None:
    counts = {"True_positives", "False_positives", "False_negatives", "Documents_evaluated"}
    assert all(0 <= value <= 1 for name, value in evaluate(gold, given).metrics.items() if name not in counts)
    perfect = evaluate(gold, gold).metrics
    assert not gold or {perfect[name] for name in ("NDCG", "F1_score_doc_avg", "Recall_subj_avg")} == {1}
    assert {each.ndcg for each in evaluate(gold, gold).concepts.values()} <= {1}
