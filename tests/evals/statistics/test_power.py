"""Power: beside SciPy, by simulation, and the way back to the number of questions."""

import numpy as np
import pytest
from scipy import stats

from concord_evals.statistics import Churn, cases_needed, cases_needed_for_scores, mcnemar, power, power_for_scores
from concord_evals.statistics.tests import sign_flip


@pytest.mark.parametrize(("cases", "lost", "gained"), [(50, 0.1, 0.0), (50, 0.15, 0.05), (200, 0.1, 0.05)])
def test_power_is_what_scipy_sums_to(cases, lost, gained):
    expected = 0.0
    for flips in range(1, cases + 1):
        reach = [k for k in range(flips + 1) if stats.binom.cdf(flips - k, flips, 0.5) <= 0.05]
        seen = sum(stats.binom.pmf(k, flips, lost / (lost + gained)) for k in reach)
        expected += stats.binom.pmf(flips, cases, lost + gained) * seen
    assert power(cases, Churn(lost, gained)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("cases", [10, 20, 50, 200])
@pytest.mark.parametrize("flipping", [0.05, 0.2, 0.6])
def test_false_alarms_of_flips_are_exactly_below_the_level(cases, flipping):
    """Where as much is gained as lost, the power is the rate of false alarms: summed, not simulated."""
    assert power(cases, Churn(flipping / 2, flipping / 2)) <= 0.05


def test_power_grows_with_questions_and_with_the_loss():
    by_cases = [power(cases, Churn(0.12, 0.02)) for cases in (20, 50, 100, 200)]
    assert by_cases == sorted(by_cases) and by_cases[-1] > 0.9
    assert power(50, Churn(0.0, 0.0)) == 0.0
    assert power(10, Churn(1.0)) == pytest.approx(1.0)


def test_scores_have_the_power_that_was_simulated():
    """A drop of 0.10 with a deviation of 0.5; sign flips, one-sided."""
    rng = np.random.default_rng(2)
    for cases in (20, 50):
        runs = [sign_flip(list(rng.normal(-0.1, 0.5, cases)), "less") <= 0.05 for _ in range(150)]
        assert power_for_scores(cases, 0.1, 0.5) == pytest.approx(np.mean(runs), abs=0.1)


@pytest.mark.parametrize(("lost", "gained"), [(0.1, 0.0), (0.1, 0.05), (0.25, 0.1)])
def test_so_many_questions_have_the_power_asked_for(lost, gained):
    churn = Churn(lost, gained)
    needed = cases_needed(churn)
    assert needed is not None
    assert 0.8 <= power(needed, churn) < 0.88  # exact power is a saw
    # Not many fewer would do.
    assert power(round(needed * 0.8), churn) < 0.8


@pytest.mark.parametrize(("lost", "gained"), [(0.1, 0.05), (0.07, 0.02), (0.15, 0.1)])
def test_many_questions_have_the_power_asked_for_too(lost, gained):
    needed = cases_needed(Churn(lost, gained), alpha=0.025)
    assert needed is not None and needed > 250
    assert 0.8 <= power(needed, Churn(lost, gained), 0.025) < 0.84


def test_needed_numbers():
    assert cases_needed_for_scores(0.1, 0.5) == 155
    assert cases_needed_for_scores(0.1, 0.0) == 5
    assert cases_needed(Churn(0.1, 0.1)) is None
    assert cases_needed_for_scores(0.0, 1.0) is None
    assert cases_needed_for_scores(0.0001, 1.0) is None
    assert cases_needed(Churn(1.0)) == 5 and mcnemar(0, 5, "less") <= 0.05


@pytest.mark.parametrize(("lost", "gained"), [(-0.1, 0.2), (0.7, 0.7)])
def test_shares_that_cannot_be_are_refused(lost, gained):
    with pytest.raises(ValueError, match="no shares"):
        Churn(lost, gained)
