"""Proof of a fix: after a sync, a case's questions are asked again as those who asked them.

What somebody said is right has to be told; what was found without anybody's saying so has to be there no more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import PurePath

from concord.bootstrap.confirming import answers_of_now, still_given
from concord.bootstrap.diagnosing import Asking
from concord.bootstrap.verdicts import CONTRADICTED, DOUBTS, Verdicts
from concord.catalog import items, proposals
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading
from concord.catalog.history import recorded_since
from concord.governance.cases.golden import CASES_FILE, keep_questions
from concord.governance.cases.signs import TOLD, Now
from concord.governance.entries import DescribeItem
from concord.governance.operations import read_operation
from concord_feedback.cases import OPEN, Act, Case, Fix, Move, Proof, Report, Resolution, State, step
from concord_feedback.causes import CONFIDENTIAL, RootCause
from concord_feedback.diagnosis import CannotProbe
from concord_feedback.errors import CaseNotPossible
from concord_taxonomy.standard import ItemRef, Principal

PROVER = "system:sync"
AT_ONCE = 100
"""Cases that are looked at after one sync at most: fixes that wait longest, and some that nobody has worked on."""
ELSEWHERE = 20
"""Confirmed cases that are asked again at once though nothing was done for them."""


@dataclass(frozen=True)
class Prover:
    """Sees fixes, and confirms or rejects them, in a workspace whose index has followed its catalog."""

    concord: Asking

    @cached_property
    def _verdicts(self) -> Verdicts:
        return Verdicts(self.concord)

    @cached_property
    def _read(self) -> dict[str, datetime | None]:
        return {each: self.concord.locks.last_read(each) for each in self.concord.foundation.sources}

    def prove(self, now: datetime | None = None, *, changed: bool = False) -> list[Case]:
        """Look at every fix; returns the cases that moved. Nothing is proven while the index is behind.

        Where something has `changed`, questions that were not answered, or from a page past its review, are asked again
        though nobody said that it was for them.
        """
        with reading(self.concord.engine) as connection:
            held = CatalogCases(connection)
            waiting = held.in_states(OPEN)
            closed = held.in_states([State.RESOLVED, State.ARCHIVED])
            proven = [each for each in closed if each.confirmed]
        if not (waiting or proven) or self.concord.index_behind():
            return []
        at = now or datetime.now(UTC)
        elsewhere = self._elsewhere(proven)
        turn = self._turn(waiting) if changed else set[int]()
        moved = [made for case in waiting if (made := self._seen(case, at, changed, case.id in turn)) is not None]
        submitted = {each.id: each for each in waiting if each.state is State.FIX_SUBMITTED} | {
            each.id: each for each in moved
        }
        ready = [each for each in submitted.values() if self._ready(each)]  # those that wait hold up no other
        for case in sorted(ready, key=lambda each: each.changed_at)[:AT_ONCE]:
            moved += self._tried(case, at)
        shaken = self._shaken(proven)[:AT_ONCE]
        known = {each.id for each in shaken}
        for case in [*shaken, *(each for each in elsewhere if each.id not in known)]:
            moved += self._regressed(case, at)
        return moved

    def _elsewhere(self, proven: Sequence[Case]) -> list[Case]:
        """Some of the cases that were proven before the catalog last changed, those proven longest ago first.

        Any page may come between a question and its answer: each case has its turn, and no sync waits for all of them.
        """
        due = [each for each in proven if each.proof and each.proof.generation != self._verdicts.generation]
        if not due or not self._verdicts.followed:
            return []
        return sorted(due, key=lambda each: each.proof.at if each.proof else each.opened_at)[:ELSEWHERE]

    def _turn(self, waiting: Sequence[Case]) -> set[int]:
        """Some of the cases that nobody has worked on, others with each state of the catalog, to be asked again.

        Whatever changed may have mended them: a new page, another's withdrawal, what is declared of either.
        """
        open_ = [each.id for each in waiting if each.state is not State.FIX_SUBMITTED]
        begin = int(hashlib.sha256(self._verdicts.generation.encode()).hexdigest()[:8], 16) % max(1, len(open_))
        return set([*open_[begin:], *open_[:begin]][:AT_ONCE])

    def _shaken(self, proven: Sequence[Case]) -> list[Case]:
        """Cases whose answers rest on something else than when they were proven, those that wait longest first.

        What is declared or set counts once every item follows it: until then the answers of now are none to go by.
        """
        rested = {each.id: each.proof for each in proven if each.proof}
        otherwise = {number for number, proof in rested.items() if proof.basis != self._verdicts.basis}
        if otherwise and not self._verdicts.followed:
            otherwise = set()
        found = [
            each
            for each in proven
            if (p := rested.get(each.id)) and (each.id in otherwise or self._changed(each, p.at))
        ]
        return sorted(found, key=lambda each: rested[each.id].at)

    def _ready(self, case: Case) -> bool:
        """Whether a fix can have mended anything by now: a proposed change once it is in force and a sync followed.

        What somebody did elsewhere, once any source was read since.
        """
        if case.fix is None or _seen_by_sync(case.fix):
            return True
        if case.fix.proposal is None:
            return not self._read or len(self._unread(case.fix)) < len(self._read)
        with reading(self.concord.engine) as connection:
            found = proposals.load(connection, [case.fix.proposal]).get(case.fix.proposal)
        if found is None or found.state is not proposals.State.APPROVED:
            return False
        named = {PurePath(path).stem for path in found.files if path.startswith("sources/")}
        return self.concord.follows(named if len(named) == len(found.files) else self.concord.foundation.sources)

    def _unread(self, fix: Fix) -> set[str]:
        """The sources that were not read since a fix was submitted: what was done there is not known yet."""
        return {each for each, read in self._read.items() if read is None or read <= fix.at}

    def _since(self, case: Case, fix: Fix, proof: Proof, answers: Sequence[tuple[Report, Now]]) -> Proof | None:
        """The proof of what somebody did by hand, by when the sources that it rests on were read; None: not since.

        That it helped rests on the pages that are cited now, that it did not on every source.
        """
        if _seen_by_sync(fix) or fix.proposal is not None:
            return proof
        rests = set(self._read)
        if proof.passed:
            named = {case.about.item, *(each for _, now in answers for each in now.cited)}
            rests &= {each.partition("/")[0] for each in named}
        if self._unread(fix) & rests:
            return None
        known = [read for each in rests if (read := self._read[each])]
        return replace(proof, indexed_at=min([proof.indexed_at, *known]))

    def _changed(self, case: Case, since: datetime) -> tuple[str, datetime] | None:
        """The newest revision of what a case is about that was recorded since a moment, and when that was."""
        if not case.about.item:
            return None
        with reading(self.concord.engine) as connection:
            return recorded_since(connection, case.about.item, since)

    def _seen(self, case: Case, at: datetime, changed: bool, asked: bool) -> Case | None:
        """A case has been worked on whose item has another revision since, or whose signs are there no more.

        So has one, where its questions are `asked`, that is answered as those who reported it say is right.
        """
        if case.state is State.FIX_SUBMITTED:
            return None
        last = case.proof.at if case.proof else case.opened_at
        found = self._changed(case, last)
        if found is not None:
            revision, when = found
            fix = Fix(when, PROVER, "its source says something else since", revision)
        elif self._taken_away(case, at):
            fix = Fix(last, PROVER, "nobody who reported the page may read it any more")
        elif self._lifted(case, at, changed):
            fix = Fix(at, PROVER, "what it was found by is there no more")
        elif asked and case.about.cause is not RootCause.INVALID_FEEDBACK and self._answered(case, at):
            fix = Fix(last, PROVER, "what is said to be right is answered since")
        else:
            return None
        return next(iter(self._moved(case, Move(Act.SUBMIT_FIX, PROVER, at, fix=fix))), None)

    def _taken_away(self, case: Case, at: datetime) -> bool:
        """Whether who reported that a page should not be visible to them may read it no more: nothing is asked."""
        return case.hides and self._answered(case, at)

    def _answered(self, case: Case, at: datetime) -> bool:
        """Whether a case would be proven by now."""
        proof = self._verdicts.proof(case, at).proof
        return not isinstance(proof, str) and proof.passed

    def _lifted(self, case: Case, at: datetime, changed: bool) -> bool:
        """Whether a case would be proven by now that nobody has worked on; questions are asked last."""
        with reading(self.concord.engine) as connection:
            signs = [each for each in CatalogCases(connection).reports(case.id) if each.kind in TOLD]
        try:
            gone = all(self._verdicts.signs.lifted(case, each, changed=changed) for each in signs)
            if not (signs and gone and self._verdicts.now(case, signs[0]).mended):
                return False
        except CannotProbe:
            return False
        return self._answered(case, at)

    def _tried(self, case: Case, at: datetime) -> list[Case]:
        made = self._verdicts.proof(case, at)
        proof, answers = made.proof, made.answers
        if isinstance(proof, str):
            self._told_apart(case, made.apart, at)
            self.concord.desk.unproven(case.id, proof, at)
            return []
        known = self._since(case, case.fix, proof, answers) if case.fix else None
        if case.fix is None or known is None or known.indexed_at <= case.fix.at:
            return []
        proof = known
        if not proof.passed and (vain := self._in_vain(case)):
            proof = replace(proof, detail="; ".join([proof.detail, *vain]))
        if not proof.passed:
            self._told_apart(case, made.apart, at)
        right = answers if proof.passed else made.apart
        proof = self._kept(case, proof, [(report, now.cited) for report, now in right])
        return self._moved(case, Move(Act.CONFIRM if proof.passed else Act.REJECT, PROVER, at, proof=proof))

    def _told_apart(self, case: Case, apart: Sequence[tuple[Report, Now]], at: datetime) -> None:
        if people := {report.principal for report, _ in apart if report.principal}:
            self.concord.desk.answered(case.id, people, at)

    def act(self, who: Principal, case_id: int, made: Move, read: datetime | None = None) -> Case:
        """Move a case that `who` deals with, as `CaseDesk.act` does; a fix that they confirm is asked about first.

        What its questions are answered by is what they confirm: it goes into the golden set, and is asked again after
        later changes.
        """
        if made.resolution is Resolution.FIXED:
            case = self.concord.desk.dealt_with(who, case_id)
            step(case, made)  # refused before anything is asked
            if read in (None, case.changed_at):
                made = replace(made, proof=self._confirmed(case, made))
        return self.concord.desk.act(who, case_id, made, read)

    def _confirmed(self, case: Case, made: Move) -> Proof | None:
        with reading(self.concord.engine) as connection:
            reports = CatalogCases(connection).reports(case.id)
        found = answers_of_now(self._verdicts.diagnoser, reports)
        if not found:
            return None
        proof = Proof(True, made.at, made.at, f"{len(found)} answers were read and confirmed by {made.by}")
        proof = self._verdicts.based(proof)
        proof = replace(proof, confirmed=tuple((each.report.key, each.quotes) for each in found))
        return self._kept(case, proof, [(each.report, each.cited) for each in found])

    def _kept(self, case: Case, proof: Proof, answers: Sequence[tuple[Report, Sequence[str]]]) -> Proof:
        """Keep a confirmed case's questions with the items that answer them, and say what keeps any from being read.

        Before the case is closed: whoever is killed in between does it again, to the same effect.
        """
        if case.about.cause in CONFIDENTIAL:
            return proof
        kept = [(report, self._cited(cited)) for report, cited in answers]
        unread = ", ".join(map(str, keep_questions(self.concord.folder, case.id, kept)))
        told = f"{proof.detail}; {CASES_FILE} has lines that are no question: {unread}"
        return replace(proof, detail=told) if unread else proof

    def _in_vain(self, case: Case) -> list[str]:
        """What a proposed change says of the case's page that does not hold of it, and why."""
        number = case.fix.proposal if case.fix else None
        with reading(self.concord.engine) as connection:
            found = proposals.load(connection, [number]).get(number) if number else None
            operation = read_operation(found.operation) if found and found.operation else None
            if not isinstance(operation, DescribeItem) or operation.identifier != case.about.item:
                return []
            item = items.last_known(connection, operation.identifier)
        return [f"{name}: {why}" for name, why in operation.in_vain(item).items()] if item else []

    def _moved(self, case: Case, made: Move) -> list[Case]:
        """The case after an act; none where somebody else was quicker."""
        try:
            return [self.concord.desk.proven(case.id, made)]
        except CaseNotPossible:
            return []

    def _regressed(self, case: Case, at: datetime) -> list[Case]:
        if case.proof is None:
            return []
        proof = self._still(case, case.proof, at) if case.proof.confirmed else self._verdicts.proof(case, at).proof
        if proof == CONTRADICTED:
            return self._moved(case, Move(Act.REGRESS, PROVER, at, proof=Proof(False, at, at, CONTRADICTED)))
        if isinstance(proof, str) and proof in DOUBTS:
            fix = Fix(at, PROVER, "what is answered has changed since it was proven")
            return self._moved(case, Move(Act.DOUBT, PROVER, at, fix=fix, proof=Proof(False, at, at, proof)))
        if isinstance(proof, str):
            told = f"could not be asked again after a change: {proof}"
            proof = self._verdicts.based(replace(case.proof, at=at, detail=told))
        elif proof.passed:
            proof = replace(proof, detail=f"asked again after a change: {proof.detail}")
        if proof.passed:
            self.concord.desk.renewed(case.id, proof)
            return []
        return self._moved(case, Move(Act.REGRESS, PROVER, at, proof=proof))

    def _still(self, case: Case, proof: Proof, at: datetime) -> Proof | str:
        """Whether what a person confirmed is still answered; where it cannot be asked again, why that is."""
        with reading(self.concord.engine) as connection:
            reports = CatalogCases(connection).reports(case.id)
        found = still_given(self._verdicts.diagnoser, reports, proof.confirmed)
        if not found.given:
            return "; ".join(found.why) or "who asked is not known any more"
        told = f"{sum(found.given)} of {len(found.given)} questions are answered as a person confirmed"
        made = replace(proof, passed=all(found.given), at=at, indexed_at=at, detail=told)
        return self._verdicts.based(made)

    def _cited(self, identifiers: Sequence[str]) -> tuple[str, ...]:
        with reading(self.concord.engine) as connection:
            found = items.live(connection, identifiers)
        return tuple(f"{ItemRef(each, found[each].revision)}.." for each in identifiers if each in found)


def _seen_by_sync(fix: Fix) -> bool:
    """Whether a sync saw by itself that something was done: what it saw is in the catalog."""
    return fix.by == PROVER
