"""The tests of a difference, beside SciPy's and by their definition."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from concord_evals.statistics import mcnemar, sign_flip

COUNTS = st.integers(0, 60)


@given(COUNTS, COUNTS)
def test_mcnemar_is_scipys_binomial_test(gained, lost):
    if gained + lost:
        for mine, theirs in (("two-sided", "two-sided"), ("less", "less")):
            expected = stats.binomtest(gained, gained + lost, 0.5, theirs).pvalue
            assert mcnemar(gained, lost, mine) == pytest.approx(expected, rel=1e-9)


def test_mcnemar_needs_six_flips_one_way_or_five_where_a_loss_alone_is_asked_about():
    assert mcnemar(0, 5) > 0.05 >= mcnemar(0, 6)
    assert mcnemar(0, 4, "less") > 0.05 >= mcnemar(0, 5, "less")
    assert mcnemar(0, 0) == mcnemar(0, 0, "less") == 1.0
    assert mcnemar(2000, 1500) < 0.99 < mcnemar(2000, 1500, "less")


def test_sign_flips_are_counted_as_by_hand():
    differences = [0.5, -0.25, -1.0, 0.0]
    sums = [sum(s * d for s, d in zip(signs, differences[:3], strict=True)) for signs in product((1, -1), repeat=3)]
    assert sign_flip(differences, "less") == sum(each <= -0.75 for each in sums) / 8
    assert sign_flip(differences) == sum(abs(each) >= 0.75 for each in sums) / 8


@pytest.mark.parametrize(("count", "close"), [(9, 1e-12), (60, 0.02)])
def test_sign_flips_are_scipys_permutation_test(count, close):
    rng = np.random.default_rng(5)
    differences = rng.normal(-0.05, 0.2, count)
    for alternative in ("two-sided", "less"):
        theirs = stats.permutation_test(
            (differences,), np.sum, permutation_type="samples", alternative=alternative, n_resamples=20_000, rng=rng
        ).pvalue
        assert sign_flip(list(differences), alternative) == pytest.approx(theirs, abs=close)


@given(st.lists(st.integers(-1, 1), max_size=13))
def test_sign_flips_of_flips_are_mcnemar(flips):
    for alternative in ("two-sided", "less"):
        assert sign_flip(flips, alternative) == pytest.approx(mcnemar(flips.count(1), flips.count(-1), alternative))


def test_a_sampled_p_is_never_zero_and_keeps_with_its_seed():
    worse = [-0.1] * 40
    assert 0 < sign_flip(worse, "less") < 1e-3
    assert sign_flip(worse, "less", seed=3) == sign_flip(worse, "less", seed=3)


def test_nothing_different_is_no_evidence():
    assert sign_flip([]) == sign_flip([0.0] * 20, "less") == 1.0
