"""How often verdicts on two runs are wrong, and how often a loss is seen, by simulation.

    python benchmarks/verdicts.py [--seed 0] [--scale 1] [--json]

`flips`: a tenth of the questions flips by chance, as many one way as the other. `scores`: all scores move by chance.
`few`: a tenth of the scores moves by chance. A `drop` of the mean comes on top. A false alarm is a `fail` without one,
a false pass is a `pass` with a drop as large as is tolerated (0.05); the limit of both is 5 %. Scale 1: 400 runs each.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np

from concord_evals.statistics import Churn, Verdict, compare, power
from concord_evals.statistics.verdict import TOLERANCE

CASES = (10, 20, 50, 200)
DROPS = (0.0, 0.05, 0.1, 0.2)
KINDS = ("flips", "scores", "few")
LIMIT = 0.05
CHURN = 0.1
"""The share of questions that moves by chance."""


def rates(kind: str, cases: int, drop: float, runs: int, seed: int) -> dict[str, float]:
    """The share of each verdict over so many pairs of runs whose true loss is `drop`."""
    rng = np.random.default_rng([seed, cases, round(drop * 1000), KINDS.index(kind)])
    given = [compare(*pair(kind, cases, drop, rng), seed=run).verdict for run in range(runs)]
    return {each.value: round(given.count(each) / runs, 4) for each in Verdict}


def pair(kind: str, cases: int, drop: float, rng: np.random.Generator) -> tuple[dict[str, Any], dict[str, Any]]:
    """A baseline and a candidate."""
    if kind == "flips":
        moved = rng.choice([-1, 1, 0], cases, p=[drop + CHURN / 2, CHURN / 2, 1 - drop - CHURN])
        after = np.where(moved, moved > 0, rng.random(cases) < 0.7)
        return named(np.where(moved, moved < 0, after).tolist()), named(after.tolist())
    before = rng.uniform(0.4, 0.6, cases)
    if kind == "scores":
        moved = np.clip(rng.normal(0, 0.15, cases), -0.2, 0.2)
    else:
        moved = np.where(rng.random(cases) < CHURN, rng.choice([-0.2, 0.2], cases), 0.0)
    return named(before.tolist()), named((before + moved - drop).clip(0, 1).tolist())


def named(values: list[Any]) -> dict[str, Any]:
    """Values by question."""
    return {f"q{n}": each for n, each in enumerate(values)}


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    options = parser.parse_args()
    runs = max(1, round(400 * options.scale))
    seen = [
        {"kind": kind, "cases": cases, "drop": drop, **rates(kind, cases, drop, runs, options.seed)}
        for kind in KINDS
        for cases in CASES
        for drop in DROPS
    ]
    exact = [
        {"cases": cases, "drop": drop, "power": round(power(cases, Churn(drop + CHURN / 2, CHURN / 2)), 3)}
        for cases in (*CASES, 500)
        for drop in DROPS
    ]
    report = {
        "runs": runs,
        "rates": seen,
        "exact_power_of_flips": exact,
        "worst_false_alarms": max(each["fail"] for each in seen if each["drop"] == 0),
        "worst_false_passes": max(each["pass"] for each in seen if each["drop"] == TOLERANCE),
        "limit": LIMIT,
    }
    if options.json:
        print(json.dumps(report, indent=2))
        return
    for each in seen:
        shares = " ".join(f"{name} {each[name]:.3f}" for name in ("pass", "fail", "inconclusive"))
        print(f"{each['kind']:7} n={each['cases']:3} drop {each['drop']:.2f}: {shares}")
    for each in exact:
        print(f"exact power, n={each['cases']:3}, drop {each['drop']:.2f}, churn 0.10: {each['power']:.3f}")
    print(f"worst false alarms {report['worst_false_alarms']:.3f}, false passes {report['worst_false_passes']:.3f}")


if __name__ == "__main__":
    main()
