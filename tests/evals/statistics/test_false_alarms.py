"""How often a change that is none fails, and a bad one passes, by simulation (`benchmarks/verdicts.py`)."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from concord_evals.statistics import Verdict, compare
from concord_evals.statistics.tests import mcnemar, sign_flip
from concord_evals.statistics.verdict import ALPHA

BENCHMARK = runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "verdicts.py"))


RUNS, COMPARED = 400, 10


@pytest.mark.parametrize("cases", [10, 20, 50, 200])
@pytest.mark.parametrize("kind", ["flips", "scores", "few"])
def test_false_alarms_stay_below_the_level(kind, cases):
    """By the p that a verdict of `fail` rests on, which takes a fraction of the time of the whole comparison."""
    rng, alarms = np.random.default_rng([1, cases]), 0
    for run in range(RUNS):
        before, after = BENCHMARK["pair"](kind, cases, 0.0, rng)
        moved = [float(after[each]) - float(before[each]) for each in sorted(before)]
        gained, lost = sum(each > 0 for each in moved), sum(each < 0 for each in moved)
        p = mcnemar(gained, lost, "less") if kind == "flips" else sign_flip(moved, "less", run)
        alarms += p <= ALPHA
        if run < COMPARED:
            found = compare(before, after, seed=run)
            assert (found.p, found.verdict is Verdict.FAIL) == (p, p <= ALPHA)
    # Of 400 runs at 5 %, 31 or more alarms have a chance of 1 %.
    assert alarms <= 30


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", ["flips", "scores", "few"])
def test_rates_over_many_runs(kind, capsys):
    for cases in (10, 20, 50, 200):
        rates = {drop: BENCHMARK["rates"](kind, cases, drop, runs=2000, seed=2) for drop in (0.0, 0.1, 0.2)}
        with capsys.disabled():
            print(kind, cases, rates)
        # The standard error of 5 % over 2000 runs is half a percent.
        assert rates[0.0]["fail"] <= 0.06
        assert BENCHMARK["rates"](kind, cases, 0.05, runs=2000, seed=3)["pass"] <= 0.06
