"""Proof of a fix: after a sync, a case's questions are asked again as those who asked them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import PurePath

from concord.bootstrap.diagnosing import Asking, Diagnoser
from concord.catalog import items, proposals
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading
from concord.catalog.history import recorded_since
from concord.governance.cases.golden import keep_question
from concord_feedback.cases import OPEN, Act, Case, Fix, Move, Proof, Report, State, SubState
from concord_feedback.diagnosis import Answered, CannotProbe
from concord_feedback.errors import CaseNotPossible
from concord_feedback.routing import CONFIDENTIAL
from concord_taxonomy.standard import ItemRef

PROVER = "system:sync"
AT_ONCE = 100
"""Cases that are looked at after one sync at most, those that wait longest first."""


@dataclass(frozen=True)
class Prover:
    """Sees fixes, and confirms or rejects them, in a workspace whose index has followed its catalog."""

    concord: Asking

    @cached_property
    def _diagnoser(self) -> Diagnoser:
        return Diagnoser(self.concord)

    def prove(self, now: datetime | None = None) -> list[Case]:
        """Look at every fix; returns the cases that moved. Nothing is proven while the index is behind."""
        with reading(self.concord.engine) as connection:
            held = CatalogCases(connection)
            waiting = held.in_states(OPEN)
            proven = [each for each in held.in_states([State.RESOLVED]) if each.sub_state is SubState.FIXED_CONFIRMED]
        if not (waiting or proven) or self.concord.index_behind():
            return []
        at = now or datetime.now(UTC)
        moved = [made for case in waiting if (made := self._seen(case, at)) is not None]
        submitted = {each.id: each for each in waiting if each.state is State.FIX_SUBMITTED} | {
            each.id: each for each in moved
        }
        ready = [each for each in submitted.values() if self._ready(each)]  # those that wait hold up no other
        for case in sorted(ready, key=lambda each: each.changed_at)[:AT_ONCE]:
            moved += self._tried(case, at)
        for case in [each for each in proven if self._changed(each, each.proof.at if each.proof else at)][:AT_ONCE]:
            moved += self._regressed(case, at)
        return moved

    def _ready(self, case: Case) -> bool:
        """Whether a fix can have mended anything by now: a proposed change once it is in force and a sync followed."""
        if case.fix is None or case.fix.proposal is None:
            return True
        with reading(self.concord.engine) as connection:
            found = proposals.load(connection, [case.fix.proposal]).get(case.fix.proposal)
        if found is None or found.state is not proposals.State.APPROVED:
            return False
        named = {PurePath(path).stem for path in found.files if path.startswith("sources/")}
        return self.concord.follows(named if len(named) == len(found.files) else self.concord.foundation.sources)

    def _changed(self, case: Case, since: datetime) -> tuple[str, datetime] | None:
        """The newest revision of what a case is about that was recorded since a moment, and when that was."""
        if not case.about.item:
            return None
        with reading(self.concord.engine) as connection:
            return recorded_since(connection, case.about.item, since)

    def _seen(self, case: Case, at: datetime) -> Case | None:
        """A case whose item has another revision since it was opened, or since its last fix, has been worked on."""
        if case.state is State.FIX_SUBMITTED:
            return None
        last = case.proof.at if case.proof else case.opened_at
        found = self._changed(case, last)
        if found is None:
            return None
        revision, when = found
        fix = Fix(when, PROVER, "its source says something else since", revision)
        return next(iter(self._moved(case, Move(Act.SUBMIT_FIX, PROVER, at, fix=fix))), None)

    def _tried(self, case: Case, at: datetime) -> list[Case]:
        proof, answers = self._proof(case, at)
        if proof is None or case.fix is None or proof.indexed_at <= case.fix.at:
            return []
        if proof.passed and case.about.cause not in CONFIDENTIAL:
            # Before the case is closed: whoever is killed in between does it again, to the same effect.
            for number, (report, answer) in enumerate(answers, start=1):
                keep_question(self.concord.folder, f"case-{case.id}-{number}", report, self._cited(answer))
        return self._moved(case, Move(Act.CONFIRM if proof.passed else Act.REJECT, PROVER, at, proof=proof))

    def _moved(self, case: Case, made: Move) -> list[Case]:
        """The case after an act; none where somebody else was quicker."""
        try:
            return [self.concord.desk.proven(case.id, made)]
        except CaseNotPossible:
            return []

    def _regressed(self, case: Case, at: datetime) -> list[Case]:
        proof, _ = self._proof(case, at)
        if proof is None or case.proof is None:
            return []
        if proof.passed:
            self.concord.desk.renewed(case.id, replace(proof, detail="asked again after a change"))
            return []
        return self._moved(case, Move(Act.REGRESS, PROVER, at, proof=proof))

    def _proof(self, case: Case, at: datetime) -> tuple[Proof | None, list[tuple[Report, Answered]]]:
        """What came of asking again; None where no question could be asked, which proves nothing."""
        with reading(self.concord.engine) as connection:
            reports = CatalogCases(connection).reports(case.id)
        answers: list[tuple[Report, Answered]] = []
        asked: set[tuple[str, str | None, str | None, str]] = set()
        for report in reports:
            key = (report.question, report.principal, report.use_case, report.right_answer)
            if key in asked:
                continue
            asked.add(key)
            try:
                answer = self._diagnoser.answered(report)
            except CannotProbe:
                continue
            if answer.wanted:
                answers.append((report, answer))
        if not answers:
            return None, []
        right = sum(answer.right for _, answer in answers)
        detail = f"{right} of {len(answers)} questions are answered rightly"
        return Proof(right == len(answers), at, at, detail), answers

    def _cited(self, answer: Answered) -> tuple[str, ...]:
        with reading(self.concord.engine) as connection:
            found = items.live(connection, answer.cited)
        return tuple(f"{ItemRef(each, found[each].revision)}.." for each in answer.cited if each in found)
