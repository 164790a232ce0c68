"""Whether a change may go ahead: two runs, one verdict, with its reasons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from concord_evals.comparing import RIGHT, RunComparison, compare_runs, differences
from concord_evals.runs import Run
from concord_evals.scoring import Score
from concord_evals.statistics import Verdict, joint_loss
from concord_evals.statistics.verdict import ALPHA, TOLERANCE
from concord_feedback import GoldenQuestion


@dataclass(frozen=True, slots=True)
class Gate:
    """The verdict on a candidate with its reasons, and the comparison that it rests on.

    `failed` are the metrics that fell by more than chance, their number considered; `missing` are questions of which
    something was not measured.
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    comparison: RunComparison
    failed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def refused(self, reasons: Sequence[str]) -> Gate:
        """The gate with further reasons against the change, if there are any."""
        earlier = self.reasons if self.verdict is Verdict.FAIL else ()
        return replace(self, verdict=Verdict.FAIL, reasons=(*earlier, *reasons)) if reasons else self

    def to_json(self) -> dict[str, Any]:
        """The gate as JSON values."""
        return {
            "verdict": self.verdict.value,
            "reasons": list(self.reasons),
            "failed": list(self.failed),
            "missing": list(self.missing),
            **self.comparison.to_json(),
        }


def decide(
    baseline: tuple[Run, Sequence[Score]],
    candidate: tuple[Run, Sequence[Score]],
    *,
    required: Collection[str] = (),
    tolerance: float = TOLERANCE,
    alpha: float = ALPHA,
) -> Gate:
    """Decide on a candidate's scores. Where a `required` metric was not measured in either run, it fails.

    `fail`: something reached who may not read it, or that is not known of a question; a verified question flipped;
    fewer questions are right than chance explains; or another metric fell by more than chance, all of them tested
    together. The level is halved between the questions that are right and the other metrics, so that a change that is
    none fails with a chance of at most `alpha` in all. `pass` needs the share of right questions not to have fallen by
    `tolerance`, and everything measured that the baseline measured.
    """
    (before, then), (after, now) = baseline, candidate
    verified = before.verified | after.verified
    compared = compare_runs(then, now, verified=verified, tolerance=tolerance, alpha=alpha / 2)
    right = compared.metrics[RIGHT]
    others = {name: moved for name, moved in differences(then, now).items() if name != RIGHT}
    readable = {each.id: each.metrics.get("only_readable") for each in now}
    leaked = [each for each, held in readable.items() if held is False]
    unseen = [each for each, held in readable.items() if held is None]
    won = {each.id for each in then if each.metrics.get("winner") is True}
    overturned = [each.id for each in now if each.id in won and each.metrics.get("winner") is not True]
    worse = [name for name, p in joint_loss(others).items() if p <= alpha / 2]
    unmeasured = sorted({question for each in compared.metrics.values() for question in each.missing})
    reasons = []
    if leaked:
        reasons.append(f"reached who may not read it: {_some(leaked)}")
    if unseen:
        reasons.append(f"not measured whether anything reached who may not read it: {_some(unseen)}")
    if overturned:
        reasons.append(f"who is expected to win wins no more: {_some(overturned)}")
    if right.verdict is Verdict.FAIL:
        reasons.append(f"{RIGHT}: {right.reason}")
    reasons += [f"{name}: worse, and more than chance" for name in worse]
    for name in required:
        values = [each.metrics[name] for each in (*then, *now) if name in each.metrics]
        if not values or None in values:
            reasons.append(f"{name}: asked for, and not measured of every question")
    if reasons:
        first = [RIGHT] if right.verdict is Verdict.FAIL else []
        return Gate(Verdict.FAIL, tuple(reasons), compared, (*first, *worse), tuple(unmeasured))
    if unmeasured:
        reasons.append(f"not measured: {_some(unmeasured)}")
    if edited := _edited(before, after, verified):
        reasons.append(f"verified questions ask or expect something else than in the baseline: {_some(edited)}")
    if right.verdict is Verdict.INCONCLUSIVE:
        needed = f"; {right.needed} questions would show one of {tolerance:.2f}" if right.needed else ""
        reasons.append(f"{RIGHT}: {right.reason}{needed}")
    if reasons:
        return Gate(Verdict.INCONCLUSIVE, tuple(reasons), compared, missing=tuple(unmeasured))
    return Gate(Verdict.PASS, (f"{RIGHT}: {right.reason}",), compared)


def _edited(before: Run, after: Run, verified: Collection[str]) -> list[str]:
    """Verified questions that are not what they were: that both are right says nothing."""
    then = {each.id: _asked(each) for each in before.questions}
    return [
        each.id for each in after.questions if each.id in verified and then.get(each.id, _asked(each)) != _asked(each)
    ]


def _asked(question: GoldenQuestion) -> GoldenQuestion:
    return question.model_copy(update={"tags": (), "group": None, "source": "authored"})


def _some(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
