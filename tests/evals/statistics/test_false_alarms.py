"""How often a change that is none fails, and a bad one passes, by simulation (`benchmarks/verdicts.py`)."""

import runpy
from pathlib import Path

import pytest

BENCHMARK = runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "verdicts.py"))


@pytest.mark.parametrize("cases", [10, 20, 50, 200])
@pytest.mark.parametrize("kind", ["flips", "scores", "few"])
def test_false_alarms_stay_below_the_level(kind, cases):
    rates = BENCHMARK["rates"](kind, cases, drop=0.0, runs=60, seed=1)
    # Of 60 runs at 5 %, seven or more alarms have a chance of 3 %.
    assert rates["fail"] * 60 <= 6


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
