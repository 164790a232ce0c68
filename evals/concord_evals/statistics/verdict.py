"""Two runs compared on one metric: worse, not worse by more than is tolerated, or more questions are needed."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, stdev

from concord_evals.statistics.intervals import mean_interval
from concord_evals.statistics.power import Churn, cases_needed, cases_needed_for_scores
from concord_evals.statistics.tests import mcnemar, sign_flip

ALPHA = 0.05
TOLERANCE = 0.05

Values = Mapping[str, bool | float | None]
"""A metric's values by question: pass or fail, or a score from 0 to 1, higher is better.

None is a missing measurement. A question that the metric does not apply to is left out.
"""


class Verdict(StrEnum):
    """What a comparison comes to."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A metric's values in two runs, over the `cases` measured in both.

    `interval` holds the difference of means (95 %), `p` is that of a loss (one-sided). `effect` is Cohen's g of the
    flips (from -0.5, all lost, to 0.5) or his d of the paired scores; None where nothing differs. `regressed` are
    verified questions that are right no more, `missing` those that either run has and the candidate did not measure.
    `needed` is how many questions would show a loss of the tolerated size.
    """

    verdict: Verdict
    reason: str
    cases: int
    baseline: float
    candidate: float
    interval: tuple[float, float]
    p: float
    effect: float | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    regressed: tuple[str, ...]
    missing: tuple[str, ...]
    needed: int | None

    @property
    def difference(self) -> float:
        """How much the mean rose."""
        return self.candidate - self.baseline


def compare(
    baseline: Values,
    candidate: Values,
    *,
    verified: Collection[str] = (),
    tolerance: float = TOLERANCE,
    alpha: float = ALPHA,
    seed: int = 0,
) -> Comparison:
    """Compare two runs on one metric.

    `fail`: a verified question flipped, or the loss is more than chance at `alpha` (exact McNemar test for pass and
    fail, else sign flips). `pass`: everything was measured, and by its interval the mean fell by less than `tolerance`
    (a test of non-inferiority). Otherwise `inconclusive`. A missing measurement never passes, and of a verified
    question it fails. A question that only the candidate has, measured, says nothing of a change. Raises `ValueError`
    for what is no value of a metric.
    """
    before, after = _measured(baseline), _measured(candidate)
    both = sorted(before.keys() & after.keys())
    differences = [after[each] - before[each] for each in both]
    gained = tuple(each for each, moved in zip(both, differences, strict=True) if moved > 0)
    lost = tuple(each for each, moved in zip(both, differences, strict=True) if moved < 0)
    missing = tuple(sorted((before.keys() | candidate.keys()) - after.keys()))
    flips = all(
        isinstance(each, bool) for values in (baseline, candidate) for each in values.values() if each is not None
    )
    p = mcnemar(len(gained), len(lost), "less") if flips else sign_flip(differences, "less", seed)
    low, high = mean_interval(differences, (-1.0, 1.0), seed)
    flipped = {*(lost if flips else ()), *missing}
    regressed = tuple(each for each in sorted(flipped & set(verified)) if before.get(each, 0) > 0)
    verdict, reason = _decided(len(both), regressed, p <= alpha, missing, low, tolerance)
    return Comparison(
        verdict,
        reason,
        len(both),
        fmean(before[each] for each in both) if both else 0.0,
        fmean(after[each] for each in both) if both else 0.0,
        (low, high),
        p,
        _flip_effect(len(gained), len(lost)) if flips else _score_effect(differences),
        gained,
        lost,
        regressed,
        missing,
        _needed(flips, len(gained), len(lost), differences, tolerance, alpha),
    )


def _measured(values: Values) -> dict[str, float]:
    measured = {each: float(value) for each, value in values.items() if value is not None}
    for each, value in measured.items():
        if not (math.isfinite(value) and 0 <= value <= 1):
            raise ValueError(f"{each}: {value} is no score from 0 to 1; write None where nothing was measured")
    return measured


def _decided(
    cases: int, regressed: Collection[str], worse: bool, missing: Collection[str], low: float, tolerance: float
) -> tuple[Verdict, str]:
    if regressed:
        return Verdict.FAIL, f"verified questions fail: {', '.join(regressed)}"
    if worse:
        return Verdict.FAIL, "worse, and more than chance"
    if missing:
        return Verdict.INCONCLUSIVE, f"{len(missing)} not measured: {', '.join(sorted(missing)[:5])}"
    if not cases:
        return Verdict.INCONCLUSIVE, "nothing was measured in both runs"
    if low <= -tolerance:
        return Verdict.INCONCLUSIVE, f"{cases} questions cannot exclude a loss of {tolerance:.2f} (up to {-low:.2f})"
    return Verdict.PASS, f"no loss of {tolerance:.2f} or more (at most {max(-low, 0.0):.2f})"


def _flip_effect(gained: int, lost: int) -> float | None:
    """Cohen's g (1988)."""
    return gained / (gained + lost) - 0.5 if gained + lost else None


def _score_effect(differences: list[float]) -> float | None:
    """Cohen's d of paired values: the mean difference in standard deviations of the differences."""
    deviation = stdev(differences) if len(differences) > 1 else 0.0
    return fmean(differences) / deviation if deviation else None


def _needed(
    flips: bool, gained: int, lost: int, differences: list[float], tolerance: float, alpha: float
) -> int | None:
    """Questions for a loss as large as tolerated, where as much moves both ways by chance as did here."""
    if not differences:
        return None
    if flips:
        chance = min(min(gained, lost) / len(differences), (1 - tolerance) / 2)
        return cases_needed(Churn(tolerance + chance, chance), alpha=alpha)
    deviation = stdev(differences) if len(differences) > 1 else 0.0
    return cases_needed_for_scores(tolerance, deviation, alpha=alpha)
