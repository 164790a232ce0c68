"""Tests of a difference between two runs over the same questions, exact where that is feasible."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Alternative = Literal["two-sided", "less"]
"""`less` asks whether the second run is worse, and nothing else."""

RESAMPLES = 10_000
_ENUMERATED = 13
"""Differences up to which every pattern of signs is counted instead of a sample of them."""


def mcnemar(gained: int, lost: int, alternative: Alternative = "two-sided") -> float:
    """The exact p of McNemar's test (1947) on questions that flipped: a binomial test of `lost` against one half.

    Of n one-way flips the two-sided p is 2^(1-n): six are needed for 5 %, and five where only a loss is asked about.
    """
    flips = gained + lost
    fewer = min(gained, lost) if alternative == "two-sided" else gained
    tail: float = sum(math.comb(flips, each) for each in range(fewer + 1)) / 2**flips
    return min(1.0, 2 * tail if alternative == "two-sided" else tail)


def sign_flip(differences: Sequence[float], alternative: Alternative = "two-sided", seed: int = 0) -> float:
    """The p of Fisher's randomisation test of paired differences (1935): were each as likely the other way round.

    Up to 13 differences other than 0 every pattern of signs is counted; beyond, a random sample of them and the
    observed one (Phipson and Smyth 2010), so that p is never 0. Without differences p is 1.
    """
    moved = np.asarray([each for each in differences if each != 0], float)
    if not len(moved):
        return 1.0
    sums = signs(len(moved), seed) @ moved
    # Sums that are equal but for rounding count as equal.
    slack = 1e-9 * float(np.abs(moved).sum())
    observed = float(moved.sum())
    extreme = sums <= observed + slack if alternative == "less" else np.abs(sums) >= abs(observed) - slack
    return int(extreme.sum()) / len(sums)


def signs(count: int, seed: int) -> NDArray[np.float64]:
    """Rows of +1 and -1, what was observed (+1 throughout) first: every pattern once, or `RESAMPLES` drawn besides."""
    if count <= _ENUMERATED:
        bits = ((np.arange(2**count - 1, -1, -1)[:, None] >> np.arange(count)) & 1).astype(np.uint8)
    else:
        width = -(-count // 8)
        drawn = np.frombuffer(np.random.default_rng(seed).bytes(RESAMPLES * width), np.uint8)
        bits = np.unpackbits(drawn.reshape(RESAMPLES, width), axis=1)[:, :count]
        bits = np.vstack([np.ones((1, count), np.uint8), bits])
    return bits.astype(np.float64) * 2 - 1
