"""Power: how likely a loss is seen, and how many questions it takes to see it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

from concord_evals.statistics.tests import mcnemar

ALPHA = 0.05
POWER = 0.8
MOST_EXACT = 200
MOST = 100_000
"""Questions beyond which nobody is asked for more."""


@dataclass(frozen=True, slots=True)
class Churn:
    """The shares of questions that a change makes fail (`lost`) and right (`gained`)."""

    lost: float
    gained: float = 0.0

    def __post_init__(self) -> None:
        if min(self.lost, self.gained) < 0 or self.lost + self.gained > 1:
            raise ValueError(f"{self.lost} and {self.gained} are no shares of the same questions")


def power(cases: int, churn: Churn, alpha: float = ALPHA) -> float:
    """The chance that McNemar's exact one-sided test sees the loss over so many questions (Miettinen 1968, exact).

    Summed over every number of flips and every split of them; no approximation.
    """
    flipping = churn.lost + churn.gained
    if not flipping:
        return 0.0
    share = churn.lost / flipping
    return math.fsum(
        _binomial(cases, flips, flipping) * _seen(flips, share, alpha)
        for flips in range(cases + 1)
        if _binomial(cases, flips, flipping) > 1e-12
    )


def _seen(flips: int, share: float, alpha: float) -> float:
    """The chance of a p at most `alpha` where so many questions flipped, each a loss with chance `share`."""
    seen = 0.0
    for lost in range(flips, -1, -1):
        if mcnemar(flips - lost, lost, "less") > alpha:
            break
        seen += _binomial(flips, lost, share)
    return seen


def _binomial(n: int, k: int, p: float) -> float:
    if p in (0.0, 1.0):
        return float(k == round(n * p))
    log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p)
    return math.exp(log)


@lru_cache(maxsize=256)
def cases_needed(churn: Churn, wanted: float = POWER, alpha: float = ALPHA) -> int | None:
    """How many questions show such a loss with the wanted power; None where no number of them does.

    By the normal approximation of Connor (1987) and the exact power from there on; of larger sets by the approximation
    with twice the correction for continuity of Edwards (1948).
    """
    drop, flipping = churn.lost - churn.gained, churn.lost + churn.gained
    if drop <= 0:
        return None
    one, two = _z(1 - alpha), _z(wanted)
    needed = (one * math.sqrt(flipping) + two * math.sqrt(max(flipping - drop**2, 0))) ** 2 / drop**2
    if needed > MOST_EXACT:
        needed += 2 / drop
    # No test of so few flips is ever sure, however large the loss.
    least = math.ceil(math.log2(1 / alpha)) / flipping
    found = math.ceil(max(needed, least))
    while found <= MOST_EXACT and power(found, churn, alpha) < wanted:
        found += 1
    return found if found <= MOST else None


def power_for_scores(cases: int, drop: float, deviation: float, alpha: float = ALPHA) -> float:
    """The chance of seeing a drop of the mean where differences deviate so much (normal approximation, one-sided)."""
    if deviation <= 0:
        return float(drop > 0)
    return 1 - NormalDist().cdf(_z(1 - alpha) - drop * math.sqrt(cases) / deviation)


def cases_needed_for_scores(drop: float, deviation: float, wanted: float = POWER, alpha: float = ALPHA) -> int | None:
    """How many questions show a drop of the mean with the wanted power; None where no number of them does."""
    if drop <= 0:
        return None
    needed = ((_z(1 - alpha) + _z(wanted)) * deviation / drop) ** 2
    found = max(math.ceil(needed), math.ceil(math.log2(1 / alpha)))
    return found if found <= MOST else None


def _z(share: float) -> float:
    return NormalDist().inv_cdf(share)
