"""Golden sets as a gate of changes (entry point `concord.gates`), and other packages' gates in `concord eval gate`.

A change of authority, vocabulary or use cases is asked both ways before it is in force, as if it were; so is another
embedding model. Nothing is written, questions run as their principals, and answers are quoted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from concord.governance import Change
from concord.governance.errors import GateRefused
from concord.governance.gates import pass_gates

if TYPE_CHECKING:
    from concord.bootstrap import Concord, Foundation
    from concord_evals.gate import Gate
    from concord_evals.runs import Run
    from concord_evals.scorecards import Mark, Scorecard
    from concord_evals.scoring import Score
    from concord_feedback import GoldenQuestion

NAME = "golden sets"
_WHOLE, _USE_CASES = ("authority.yaml", "taxonomy/"), "usecases/"


def golden_sets(workspace: Concord) -> GoldenSets | None:
    """The gate of a workspace, as `governance.golden_sets` asks for it; None for nothing, and without golden sets."""
    settings = workspace.settings.governance
    chosen = settings.golden_sets or ("losses" if settings.mode == "governed" else "nothing")
    # Where doubt refuses, so does having nothing to ask: deleting the files would turn the gate off.
    if chosen == "nothing" or (chosen == "losses" and not any((workspace.folder / "evals").glob("*.jsonl"))):
        return None
    return GoldenSets(workspace, strict=chosen == "doubt")


@dataclass
class GoldenSets:
    """Refuses a change by which golden questions are answered worse, or a use case that its stakeholders do not accept.

    What could not be measured is refused too, and by a `strict` one what too few questions can tell, or none.
    """

    workspace: Concord
    strict: bool = False
    name: str = NAME

    def refuses(self, change: Change) -> str | None:
        """Why the change may not be in force. What is put in force first, or changes none of these files, is let be."""
        touched = [path for _, path in change.before.changes(change.after)]
        if not change.before.files or not any(path.startswith((*_WHOLE, _USE_CASES)) for path in touched):
            return None
        questions = self._questions(touched)
        if self.strict and (unasked := self._unasked(change, questions, touched)):
            return f"no golden question can tell of {', '.join(unasked)}"
        return self._judged(change, questions, touched) if questions else None

    def refuses_recipe(self, candidate: object) -> str | None:
        """Why another embedding model may not be used: by it, golden questions are answered worse."""
        from concord.bootstrap import Concord
        from concord_evals.gate import decide

        if not isinstance(candidate, Concord):
            return "what answers by it is no workspace"
        questions = self._questions([*_WHOLE])
        before, after = (self._asked(each, each.foundation, questions) for each in (self.workspace, candidate))
        if not questions:
            return "no golden question can tell" if self.strict else None
        return self._lost(decide(before, after))

    def _questions(self, touched: list[str]) -> list[GoldenQuestion]:
        """Every golden question, or those of the use cases, where nothing else changes."""
        from concord_evals.errors import NoQuestions
        from concord_evals.suites import read_suites

        try:
            _, questions = read_suites(self.workspace.folder)
        except NoQuestions:
            return []
        if any(path.startswith(_WHOLE) for path in touched):
            return questions
        return [each for each in questions if f"{_USE_CASES}{each.use_case}.yaml" in touched]

    @staticmethod
    def _unasked(change: Change, questions: list[GoldenQuestion], touched: list[str]) -> list[str]:
        """The files, of those that there are after the change, of which no question can tell."""
        asked = {f"{_USE_CASES}{each.use_case}.yaml" for each in questions}
        return [
            path
            for path in touched
            if (path.startswith(_USE_CASES) and path in change.after.files and path not in asked)
            or (path.startswith(_WHOLE) and not questions)
        ]

    def _judged(self, change: Change, questions: list[GoldenQuestion], touched: list[str]) -> str | None:
        from concord.bootstrap import Foundation
        from concord_evals.gate import decide
        from concord_evals.scorecards import Mark, scorecards

        before, after = (
            self._asked(self.workspace, Foundation(each), questions, touched) for each in (change.before, change.after)
        )
        if lost := self._lost(decide(before, after)):
            return lost
        refused = {Mark.MISSED, Mark.UNDETERMINED} if self.strict else {Mark.MISSED}
        # What the same threshold said before the change is not of its making.
        known = {each for made in scorecards(*before) for each in _rows(made, refused)}
        told: dict[tuple[str, str], list[str]] = {}
        for made in scorecards(*after):
            for each in _rows(made, refused):
                if each not in known:
                    told.setdefault(each[:2], []).append(each[2])
        # A threshold that is taken away by the change that misses it has been asked for all the same.
        kept = {each[:3] for made in scorecards(*after) for each in _rows(made)}
        run, scores = after
        held = replace(
            run, stakeholders={key: each for key, each in before[0].stakeholders.items() if _stays(change, key)}
        )
        for made in scorecards(held, scores):
            for each in _rows(made, refused):
                if each[:3] not in kept:
                    told.setdefault(each[:2], []).append(f"{each[2]}, which is taken away")
        lines = [f"{case}: {group} asks for more of {', '.join(metrics)}" for (case, group), metrics in told.items()]
        return "; ".join(lines) or None

    def _asked(
        self, workspace: Concord, foundation: Foundation, questions: list[GoldenQuestion], touched: Collection[str] = ()
    ) -> tuple[Run, list[Score]]:
        """The questions asked as if `foundation` were in force; with the stakeholders of use cases that are touched."""
        from datetime import UTC, datetime

        from concord_evals.runs import Run
        from concord_evals.scoring import score_all

        stakeholders = {
            key: each.stakeholders
            for key, each in foundation.use_cases.items()
            if each.stakeholders and f"{_USE_CASES}{key}.yaml" in touched
        }
        run = Run("", datetime.now(UTC), NAME, (), tuple(questions), {}, stakeholders=stakeholders)
        return run, list(score_all(workspace.as_if(foundation), questions))

    def _lost(self, found: Gate) -> str | None:
        from concord_evals.statistics import Verdict

        doubted = found.verdict is Verdict.INCONCLUSIVE and (self.strict or found.missing)
        return "; ".join(found.reasons) if doubted or found.verdict is Verdict.FAIL else None


def _rows(made: Scorecard, marks: Collection[Mark] = ()) -> Iterator[tuple[str, str, str, float]]:
    """Use case, group, metric and threshold of each row, or of those that have such a mark."""
    for card in made.cards:
        for row in card.rows:
            if not marks or row.mark in marks:
                yield made.use_case, card.group, row.metric, row.threshold


def _stays(change: Change, use_case: str) -> bool:
    return f"{_USE_CASES}{use_case}.yaml" in change.after.files


def refusals(concord: Concord, before: Run, after: Run) -> list[str]:
    """What other packages' gates have against what is in force by the second run, and was not by the first."""
    from concord.catalog.activations import once_active
    from concord.catalog.engine import reading

    gates = [each for each in concord.proposals.gates if not isinstance(each, GoldenSets)]
    if not gates:
        return []
    with reading(concord.engine) as connection:
        pair = [once_active(connection, each.fingerprints.get("policy", "")) for each in (before, after)]
    if pair[0] is None or pair[1] is None:
        return ["what was in force in one of the runs is not known here: gates of other packages cannot look at it"]
    change, found = Change((), pair[0], pair[1]), []
    for gate in gates:
        try:
            pass_gates([gate], change)
        except GateRefused as refused:
            found.append(str(refused))
    return found
