"""One test over many metrics of the same questions, which move together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from concord_evals.statistics.tests import signs


def joint_loss(differences: Mapping[str, Mapping[str, float]], seed: int = 0) -> dict[str, float]:
    """For each metric the p of a loss, adjusted for their number: the chance of any false alarm stays below the level.

    `differences` are those of the questions that a metric applies to. The minimum-p procedure of Westfall and Young
    (1993, section 2.3), one step: each question's differences change their sign together, so that metrics which say the
    same count once, and those too coarse for a small p cost nothing. p is at least 1/10,001 and, of n questions that
    moved, 1/2^n. Without metrics there is nothing.
    """
    names = sorted(differences)
    moved = sorted({key for each in differences.values() for key, value in each.items() if value != 0})
    if not moved:
        return dict.fromkeys(names, 1.0)
    table = np.asarray([[differences[name].get(key, 0.0) for name in names] for key in moved], float)
    # Sums that are equal but for rounding count as equal.
    sums = np.round(signs(len(moved), seed) @ table, 9)
    ps = np.empty_like(sums)
    for column in range(len(names)):
        order = np.sort(sums[:, column])
        ps[:, column] = np.searchsorted(order, sums[:, column], side="right") / len(order)
    # What happened is the first row.
    least = np.sort(ps.min(axis=1))
    adjusted = np.searchsorted(least, ps[0], side="right") / len(least)
    return dict(zip(names, adjusted.tolist(), strict=True))
