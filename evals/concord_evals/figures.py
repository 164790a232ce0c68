"""The figures of a set of questions: for each metric its value, of how many questions, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from concord.catalog.evaluations import Judgement
from concord_evals.comparing import RIGHT
from concord_evals.metrics import Abstention, abstention, percentile
from concord_evals.scoring import Score, Value
from concord_evals.statistics import mean_interval


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric over `of` questions: None where `missing` of them could not be measured, or there are none.

    Violations of access that were seen are told all the same: there are at least as many.
    `interval` is that of a mean from 0 to 1 (95 %); other figures have none.
    """

    value: float | None
    of: int
    missing: int = 0
    interval: tuple[float, float] | None = None


def figures(scores: Sequence[Score], judgements: Iterable[Judgement] = ()) -> dict[str, Figure]:
    """Every figure of these questions, by the names of docs/gates.md."""
    given: dict[str, list[Value]] = {RIGHT: [each.right for each in scores]} if scores else {}
    for score in scores:
        for name, value in score.metrics.items():
            given.setdefault(name, []).append(value)
    found = {name: _mean(values) for name, values in given.items()}
    withheld = abstentions(scores)
    unasked = sum(each.error is not None for each in scores)
    for name, share, of in (
        ("abstention_precision", withheld.precision, withheld.abstained),
        ("abstention_recall", withheld.recall, withheld.expected),
    ):
        found[name] = Figure(None if unasked else share, of, unasked)
    found["access_violations"] = _violations(scores)
    found |= _resources(scores)
    return found | judged(scores, judgements)


def _violations(scores: Sequence[Score]) -> Figure:
    """How many questions brought what the asker may not read; of those that were not looked at, nothing is known."""
    readable = [each.metrics.get("only_readable") for each in scores]
    leaked, missing = readable.count(False), readable.count(None)
    return Figure(leaked if leaked or (scores and not missing) else None, len(scores), missing)


def _resources(scores: Sequence[Score]) -> dict[str, Figure]:
    """Times and costs; a cost that is not known leaves the whole unknown."""
    times = [each.ms for each in scores if each.ms is not None]
    costs = [each.cost for each in scores if each.cost is not None]
    slow, dear = len(scores) - len(times), len(scores) - len(costs)
    known = bool(scores) and not dear
    return {
        "ms_p50": Figure(None if slow else percentile(times, 0.5), len(scores), slow),
        "ms_p95": Figure(None if slow else percentile(times, 0.95), len(scores), slow),
        "cost_total": Figure(sum(costs) if known else None, len(scores), dear),
        "cost_mean": Figure(sum(costs) / len(costs) if known else None, len(scores), dear),
    }


def judged(scores: Sequence[Score], judgements: Iterable[Judgement]) -> dict[str, Figure]:
    """The figures of ragas's metrics; values of different judges are never put together: those have none."""
    asked = {each.id for each in scores}
    grouped: dict[str, dict[str, list[float | None]]] = {}
    for each in judgements:
        if each.question in asked:
            grouped.setdefault(each.metric, {}).setdefault(each.judge, []).append(each.value)
    found = {}
    for metric, judges in grouped.items():
        values = [value for each in judges.values() for value in each]
        found[metric] = _mean(values) if len(judges) == 1 else Figure(None, len(values), len(values))
    return found


def abstentions(scores: Iterable[Score]) -> Abstention:
    """Whether answers were withheld where they should be, over what could be asked."""
    return abstention(
        ("abstained" in each.metrics, each.metrics.get("abstained", each.metrics.get("answered") is False) is True)
        for each in scores
        if each.error is None
    )


def _mean(values: Sequence[Value]) -> Figure:
    measured = [float(each) for each in values if each is not None]
    missing = len(values) - len(measured)
    if missing or not measured:
        return Figure(None, len(values), missing)
    return Figure(sum(measured) / len(measured), len(values), 0, mean_interval(measured, (0.0, 1.0)))


def told(figures: Mapping[str, Figure], name: str) -> Figure:
    """A figure by its name, one of nothing where no question has it."""
    return figures.get(name, Figure(None, 0))
