"""Verdicts on two runs: what fails, what passes, and what more questions are needed for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_evals.statistics import Verdict, compare

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def flips(right, wrong=0, lost=0, gained=0):
    """Two runs of pass and fail."""
    before = [True] * (right + lost) + [False] * (wrong + gained)
    after = [True] * right + [False] * (lost + wrong) + [True] * gained
    return ({f"q{n:03}": each for n, each in enumerate(values)} for values in (before, after))


def test_a_change_that_changes_nothing_passes_where_there_are_questions_enough():
    assert compare(*flips(150, 50)).verdict is PASS
    few = compare(*flips(8, 2))
    assert few.verdict is INCONCLUSIVE and "10 questions cannot exclude" in few.reason
    assert compare(*flips(8, 2), tolerance=0.4).verdict is PASS


def test_more_losses_than_chance_fail():
    assert compare(*flips(200, lost=4)).verdict is not FAIL
    result = compare(*flips(200, lost=6))
    assert (result.verdict, result.reason) == (FAIL, "worse, and more than chance")
    assert result.p == pytest.approx(1 / 64)
    assert result.effect == -0.5 and len(result.lost) == 6
    assert compare(*flips(20, lost=5, gained=5)).verdict is INCONCLUSIVE


def test_scores_that_fall_fail():
    before = {f"q{n}": 0.8 for n in range(60)}
    rng = np.random.default_rng(0)
    after = {key: float(np.clip(value - 0.1 + rng.normal(0, 0.1), 0, 1)) for key, value in before.items()}
    result = compare(before, after)
    assert result.verdict is FAIL and result.difference == pytest.approx(-0.1, abs=0.03)
    assert result.effect is not None and result.effect < -0.5
    low, high = result.interval
    assert low < result.difference < high < 0.01
    assert compare(before, before, tolerance=0.07).verdict is PASS


def test_one_verified_question_that_flips_fails_whatever_the_rest():
    before, after = flips(300, lost=1, gained=20)
    assert compare(before, after).verdict is PASS
    result = compare(before, after, verified=["q300"])
    assert (result.verdict, result.regressed) == (FAIL, ("q300",))
    assert compare(after, before, verified=["q300"]).regressed == ()


@pytest.mark.parametrize("gone", ["none", "left out"])
def test_what_was_not_measured_never_passes(gone):
    before, after = flips(300)
    if gone == "none":
        after["q007"] = None
    else:
        del after["q007"]
    result = compare(before, after)
    assert (result.verdict, result.missing, result.cases) == (INCONCLUSIVE, ("q007",), 299)
    assert compare(before, after, verified=["q007"]).verdict is FAIL
    assert compare(after, before).verdict is PASS


@pytest.mark.parametrize("before", [{}, {"new": None}])
def test_what_neither_run_measured_never_passes(before):
    one, other = flips(300)
    result = compare({**one, **before}, {**other, "new": None})
    assert (result.verdict, result.missing, result.cases) == (INCONCLUSIVE, ("new",), 300)


def test_nothing_measured_is_no_pass():
    assert compare({}, {}).verdict is INCONCLUSIVE
    assert compare({}, {"a": True}).verdict is INCONCLUSIVE
    assert compare({"a": None}, {"a": True}).reason == "nothing was measured in both runs"


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 1.2, -0.1])
def test_what_is_no_score_is_refused(wrong):
    with pytest.raises(ValueError, match="write None"):
        compare({"a": 0.5}, {"a": wrong})


def test_how_many_questions_it_takes_is_told():
    assert compare(*flips(8, 2)).needed == 134  # at a power of 0.8, where 122 have 0.74
    churning = compare(*flips(60, 20, lost=10, gained=10)).needed
    assert churning is not None and churning > 400


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([True, False, None])), max_size=40),
    st.floats(0.01, 0.5),
)
def test_a_pass_is_never_given_with_a_loss_as_large_as_is_tolerated(pairs, tolerance):
    before = {str(n): each for n, (each, _) in enumerate(pairs)}
    after = {str(n): each for n, (_, each) in enumerate(pairs)}
    result = compare(before, after, tolerance=tolerance)
    if result.verdict is PASS:
        assert result.difference > -tolerance and not result.missing
    assert result.cases + len(result.missing) == len(pairs)
    assert -1 <= result.interval[0] <= result.interval[1] <= 1
