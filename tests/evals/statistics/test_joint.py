"""Many metrics under one test: no more false alarms than one metric has, and no toll for saying the same twice."""

import itertools

import numpy as np
import pytest

from concord_evals.statistics import joint_loss, sign_flip


def by_question(values):
    return {f"q{n}": value for n, value in enumerate(values)}


LOSSES = [-0.5, -0.25, 0.125, -1.0, -0.5, 0.0, -0.25]


def test_one_metric_is_its_own_test():
    assert joint_loss({"one": by_question(LOSSES)}) == {"one": sign_flip(LOSSES, "less")}


def test_a_metric_that_says_the_same_again_costs_nothing():
    once = joint_loss({"one": by_question(LOSSES)})["one"]
    assert joint_loss({"one": by_question(LOSSES), "same": by_question(LOSSES)}) == {"one": once, "same": once}


def test_it_is_what_every_pattern_of_signs_comes_to():
    table = {"a": [-1.0, -0.5, 0.5, -0.25], "b": [0.5, -1.0, 0.0, -1.0], "c": [0.0, 0.25, 0.0, -0.5]}
    rows = [np.array(signs) for signs in itertools.product([1, -1], repeat=4)]
    sums = {name: [float(row @ np.array(values)) for row in rows] for name, values in table.items()}
    ps = {name: [np.mean([other <= each for other in found]) for each in found] for name, found in sums.items()}
    least = [min(ps[name][place] for name in table) for place in range(len(rows))]
    expected = {name: np.mean([each <= ps[name][0] for each in least]) for name in table}
    assert joint_loss({name: by_question(values) for name, values in table.items()}) == pytest.approx(expected)


def test_nothing_that_moved_is_no_evidence():
    assert joint_loss({"a": by_question([0.0, 0.0]), "b": {}}) == {"a": 1.0, "b": 1.0}
    assert joint_loss({}) == {}


@pytest.mark.parametrize("cases", [10, 20, 50, 200])
def test_the_chance_of_any_false_alarm_stays_below_the_level(cases, monkeypatch):
    """Of twelve metrics, half flags and half scores, of which two thirds follow a common cause, nothing is worse."""
    monkeypatch.setattr("concord_evals.statistics.tests.RESAMPLES", 1_000)
    rng = np.random.default_rng(cases)
    runs, alarms = 300, 0
    for _ in range(runs):
        common = rng.choice([-1.0, 0.0, 1.0], cases, p=[0.1, 0.8, 0.1])
        found = {}
        for n in range(12):
            own = rng.choice([-1.0, 0.0, 1.0], cases, p=[0.1, 0.8, 0.1])
            moved = np.where(rng.random(cases) < 2 / 3, common, own)
            found[f"m{n}"] = by_question((moved if n % 2 else moved * rng.random(cases)).tolist())
        alarms += min(joint_loss(found).values()) <= 0.05
    # 5 % and three standard errors of so many runs
    assert alarms / runs <= 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5
    print(f"n = {cases}: any false alarm among twelve metrics in {alarms / runs:.3f}")
