"""Which stage made a question flip: the diagnosis of cases, asked of what a run lost, and kept with its score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import cast

from concord.bootstrap import Concord
from concord.bootstrap.diagnosing import Asking, Diagnoser
from concord.catalog import evaluations
from concord.catalog.engine import writing
from concord_evals.comparing import UNDETERMINED, lost_checks
from concord_evals.runs import Run, as_kept, is_current
from concord_evals.scoring import Score
from concord_feedback import GoldenQuestion
from concord_feedback.cases import Report
from concord_feedback.diagnosis import Diagnosis, Outcome

MOST = 100
"""Questions that are diagnosed of one comparison; each asks several times over."""


@contextmanager
def quietly(_name: str, _total: int) -> Iterator[Callable[[], None]]:
    """Progress that nobody sees."""
    yield lambda: None


def diagnosed(
    concord: Concord,
    baseline: Sequence[Score],
    candidate: Run,
    scores: Sequence[Score],
    progress: Callable[[str, int], AbstractContextManager[Callable[[], None]]] = quietly,
) -> list[Score]:
    """The candidate's scores, with the stage at fault where it lost what the baseline had, kept from now on.

    The diagnosis replays the answer's trace in the workspace of today: where that is another one than the run asked,
    what was not diagnosed before stays undetermined. `progress` shows a bar (`concord.cli.progress.counted`).
    """
    before = {each.id: each for each in baseline}
    asked = {each.id: each for each in candidate.questions}
    open_ = [
        each
        for each in scores
        if each.stage is None and each.error is None and each.id in before
        if (golden := asked.get(each.id)) is not None and golden.expect == "answer"
        if lost_checks(before[each.id], each)
    ][:MOST]
    if not open_ or not is_current(concord, candidate):
        return list(scores)
    diagnoser, found = Diagnoser(cast(Asking, concord)), dict[str, Score]()
    with progress("diagnoses", len(open_)) as step:
        for score in open_:
            made = diagnoser.report(report_of(asked[score.id], score, candidate))
            found[score.id] = replace(score, stage=_stage(made), cause=made.cause.value)
            with writing(concord.engine, renews=False) as connection:
                evaluations.replace_score(connection, candidate.id, score.id, as_kept(found[score.id]))
            step()
    return [found.get(each.id, each) for each in scores]


def report_of(golden: GoldenQuestion, score: Score, run: Run) -> Report:
    """A question that a run answered wrongly as the report of nobody: it is asked again as the golden set asks it."""
    right = ", ".join(golden.values) or golden.reference or ""
    return Report(
        f"evaluation/{run.id}/{golden.id}"[:300],
        "evaluation",
        run.at,
        golden.question,
        trace=score.trace,
        use_case=golden.use_case,
        reason="wrong",
        right_answer=right,
        expected=golden.evidence,
        cited=score.cited,
    )


def _stage(found: Diagnosis) -> str:
    return next((each.probe for each in found.probes if each.outcome is Outcome.FAILED), UNDETERMINED)
