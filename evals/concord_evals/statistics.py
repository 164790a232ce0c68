"""Intervals and tests for small golden sets."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

RESAMPLES = 10_000


def bootstrap(values: Sequence[float], seed: int = 0, level: float = 0.95) -> tuple[float, float]:
    """The percentile interval of the mean (Efron and Tibshirani 1993), by questions; (0, 0) without values."""
    if not values:
        return 0.0, 0.0
    drawn = np.random.default_rng(seed).choice(np.asarray(values, float), (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def mcnemar(gained: int, lost: int) -> float:
    """The exact two-sided p of McNemar's test: that one way alone gains or loses so many questions by chance."""
    flips = gained + lost
    tail = math.fsum(math.comb(flips, each) for each in range(min(gained, lost) + 1)) / 2**flips
    return float(min(1.0, 2 * tail))
