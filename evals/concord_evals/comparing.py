"""Two runs side by side: each metric by the statistics, and each question that flipped with the stage at fault."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from concord_evals.scoring import CHECKS, Score, Value
from concord_evals.statistics import Comparison, bootstrap, compare
from concord_evals.statistics.verdict import ALPHA, TOLERANCE

RIGHT = "right"
"""The metric that a run is judged by: whether every check of a question holds."""

KNOWN = {"evidence": "evidence", "only_readable": "access", "abstained": "abstain"}
"""Checks whose loss says by itself what went wrong: the expected page is gone, access, an answer where none is."""
ASKING = "ask"
"""The stage of a question that could not be asked at all."""
UNDETERMINED = "undetermined"
"""The stage of a loss that no probe of the diagnosis explains, or that was not diagnosed."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A question of which a check changed, with the `stage` that lost it by the diagnosis, and its `cause`.

    Of what was only gained there is no stage.
    """

    id: str
    question: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    stage: str | None
    cause: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The flip as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Resource:
    """What a question takes on average, `ms` or `cost`, over the `cases` known in both runs.

    `interval` is that of the mean difference (95 %, bootstrap). None where it is not known of every question: a mean
    around what is missing flatters whoever tells less. No verdict rests on it, for a busy machine is no change.
    """

    cases: int
    baseline: float | None
    candidate: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class RunComparison:
    """The metrics of two runs compared, `right` first, what questions take, and the questions that flipped."""

    metrics: Mapping[str, Comparison]
    resources: Mapping[str, Resource]
    flips: tuple[Flip, ...]

    def to_json(self) -> dict[str, Any]:
        """The comparison as JSON values."""
        return {
            "metrics": {
                name: {**asdict(each), "verdict": each.verdict.value, "difference": each.difference}
                for name, each in self.metrics.items()
            },
            "resources": {name: asdict(each) for name, each in self.resources.items()},
            "flips": [each.to_json() for each in self.flips],
        }


def compare_runs(
    baseline: Sequence[Score],
    candidate: Sequence[Score],
    *,
    verified: Collection[str] = (),
    tolerance: float = TOLERANCE,
    alpha: float = ALPHA,
    seed: int = 0,
) -> RunComparison:
    """Compare the scores of two runs, metric by metric and question by question."""
    before, after = columns(baseline), columns(candidate)
    metrics = {}
    for name in sorted({*before, *after}, key=lambda each: (each != RIGHT, each not in CHECKS, each)):
        # That a verified question stays right is a matter of the whole, not of each metric again.
        kept = verified if name == RIGHT else ()
        metrics[name] = compare(
            before.get(name, {}),
            after.get(name, {}),
            verified=kept,
            tolerance=tolerance,
            alpha=alpha,
            seed=seed,
        )
    resources = {
        "ms": _resource({each.id: each.ms for each in baseline}, {each.id: each.ms for each in candidate}, seed),
        "cost": _resource({each.id: each.cost for each in baseline}, {each.id: each.cost for each in candidate}, seed),
    }
    return RunComparison(metrics, resources, tuple(_flips(baseline, candidate)))


def _resource(before: Mapping[str, float | None], after: Mapping[str, float | None], seed: int) -> Resource:
    both = sorted(before.keys() & after.keys())
    pairs = [(one, other) for key in both if (one := before[key]) is not None and (other := after[key]) is not None]
    if not both or len(pairs) < len(both):
        return Resource(len(pairs), None, None, None)
    interval = bootstrap([other - one for one, other in pairs], seed)
    return Resource(len(pairs), fmean(one for one, _ in pairs), fmean(other for _, other in pairs), interval)


def columns(scores: Sequence[Score]) -> dict[str, dict[str, Value]]:
    """The values of each metric by question, and whether each question is right."""
    found: dict[str, dict[str, Value]] = {RIGHT: {each.id: each.right for each in scores}}
    for each in scores:
        for name, value in each.metrics.items():
            found.setdefault(name, {})[each.id] = value
    return found


def differences(baseline: Sequence[Score], candidate: Sequence[Score]) -> dict[str, dict[str, float]]:
    """For each metric by how much it rose, by question; what was not measured in both runs is left out."""
    before, after = columns(baseline), columns(candidate)
    return {
        name: {
            key: float(after[name][key] or 0) - float(value)
            for key, value in values.items()
            if value is not None and after.get(name, {}).get(key) is not None
        }
        for name, values in before.items()
    }


def _flips(baseline: Sequence[Score], candidate: Sequence[Score]) -> list[Flip]:
    before = {each.id: each for each in baseline}
    flips = []
    for now in candidate:
        if (then := before.get(now.id)) is None:
            continue
        gained = tuple(name for name in CHECKS if _moved(then, now, name) > 0)
        lost = lost_checks(then, now)
        if gained or lost:
            flips.append(Flip(now.id, now.question, gained, lost, *(_fault(now, lost) if lost else (None, None))))
    return flips


def lost_checks(then: Score, now: Score) -> tuple[str, ...]:
    """The checks that held and do not any more, or are not known any more."""
    return tuple(name for name in CHECKS if _moved(then, now, name) < 0)


def _fault(now: Score, lost: Sequence[str]) -> tuple[str, str | None]:
    if now.error is not None:
        return ASKING, None
    known = next((stage for name, stage in KNOWN.items() if name in lost), None)
    return (known, None) if known else (now.stage or UNDETERMINED, now.cause)


def _moved(then: Score, now: Score, name: str) -> float:
    """How a metric moved; what was measured and is not any more fell."""
    before, after = then.metrics.get(name), now.metrics.get(name)
    if before is None:
        return 0.0
    return float(after if after is not None else -1) - float(before)
