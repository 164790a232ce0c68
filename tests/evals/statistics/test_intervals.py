"""Intervals of a mean: beside Clopper and Pearson, and how often they hold it."""

import numpy as np
import pytest
from scipy import stats

from concord_evals.statistics import bootstrap, mean_interval


@pytest.mark.parametrize(("held", "of"), [(0, 10), (3, 10), (10, 10), (18, 20), (45, 50), (199, 200)])
def test_of_zeros_and_ones_it_is_the_exact_interval(held, of):
    exact = stats.binomtest(held, of).proportion_ci(0.95, "exact")
    assert mean_interval([1.0] * held + [0.0] * (of - held), (0, 1)) == pytest.approx(tuple(exact), abs=0.01)


def test_agreement_of_few_is_no_certainty():
    low, high = mean_interval([0.0] * 10, (-1, 1))
    assert low < -0.25 and high > 0.25
    assert mean_interval([0.0] * 200, (-1, 1))[0] > -0.025
    assert bootstrap([0.0] * 10) == (0.0, 0.0)


def test_without_values_nothing_is_known():
    assert mean_interval([], (-1.0, 1.0)) == (-1.0, 1.0)


@pytest.mark.parametrize("wrong", [1.5, -1.5, float("nan"), float("inf")])
def test_a_value_out_of_bounds_is_refused(wrong):
    with pytest.raises(ValueError, match="outside"):
        mean_interval([0.0, wrong], (-1, 1))


@pytest.mark.parametrize("count", [10, 20])
def test_it_holds_a_skewed_mean_where_the_percentile_interval_does_not(count):
    """One question in ten loses everything: the mean is -0.1, and few samples show it."""
    rng = np.random.default_rng(count)
    samples = [list(-rng.binomial(1, 0.1, count).astype(float)) for _ in range(200)]
    held = [low <= -0.1 <= high for low, high in (mean_interval(each, (-1, 1)) for each in samples)]
    plain = [low <= -0.1 <= high for low, high in (bootstrap(each) for each in samples)]
    assert np.mean(held) >= 0.93
    assert np.mean(plain) < 0.91
