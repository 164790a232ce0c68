"""Regressions as cases: questions that a failed run lost become cases of whoever keeps the page that answers them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from concord.catalog.engine import reading
from concord.governance.cases.detecting import Signal
from concord.governance.cases.filing import about_of
from concord_evals.diagnosing import report_of
from concord_evals.statistics import Verdict

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord_evals.gate import Gate
    from concord_evals.runs import Run
    from concord_evals.scoring import Score
    from concord_feedback.cases import Case


def file_regressions(concord: Concord, found: Gate, candidate: Run, scores: Sequence[Score]) -> list[Case]:
    """Open or join a case for each question that a candidate lost, if it failed; each question once a run.

    Nobody is taken for who reported it: who a golden question is asked as has not asked it, and is shown nothing.
    """
    if found.verdict is not Verdict.FAIL:
        return []
    asked = {each.id: each for each in candidate.questions}
    scored = {each.id: each for each in scores}
    signs = []
    with reading(concord.engine) as connection:
        for flip in found.comparison.flips:
            if not flip.lost or flip.id not in asked or flip.id not in scored:
                continue
            question, report = asked[flip.id], report_of(asked[flip.id], scored[flip.id], candidate)
            signs.append(Signal(about_of(connection, question.question, question.use_case, question.evidence), report))
    return concord.desk.found(signs)
