"""Proof of a fix: after a sync, a case's questions are asked again as those who asked them.

What somebody said is right has to be told; what was found without anybody's saying so has to be there no more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import PurePath

from concord.access import AccessError
from concord.authority.words import content_stems
from concord.bootstrap.confirming import answers_of_now, still_given
from concord.bootstrap.diagnosing import Asking, Diagnoser, distinct
from concord.catalog import generation, items, proposals
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading
from concord.catalog.history import recorded_since
from concord.governance.cases.golden import CASES_FILE, keep_questions
from concord.governance.cases.rightness import Right
from concord.governance.cases.sameness import Match
from concord.governance.cases.signs import TOLD, Now, Signs
from concord.governance.entries import DescribeItem
from concord.governance.operations import read_operation
from concord_feedback.cases import OPEN, Act, Case, Fix, Move, Proof, Report, Resolution, State, step
from concord_feedback.causes import CONFIDENTIAL, OF_REASONS, RootCause
from concord_feedback.diagnosis import CannotProbe
from concord_feedback.errors import CaseNotPossible
from concord_taxonomy.standard import ItemRef, Principal

PROVER = "system:sync"
AT_ONCE = 100
"""Cases that are looked at after one sync at most, those that wait longest first."""
ELSEWHERE = 20
"""Cases that are asked again at once though nothing was done for them: confirmed ones, and those nobody worked on."""
CONTRADICTED = "reports contradict each other on what is right, and no majority says what is answered now: decide"
UNTOLD = "whether the answer of now says what is right is for a person to say: read it, and confirm the fix or mend it"
STILL_SAID = (
    "the page still says elsewhere what was reported, though the answer is right: mend that, or confirm the fix"
)
UNREAD = "who asked may not read the page of the case, and what they are told is not right: look whose it is to mend"
STILL_TOLD = "who reported it is told the same by another page: see whether they may know it, and confirm the fix"
"""Why a person has to decide."""
_DOUBTS = (UNTOLD, STILL_SAID, UNREAD, STILL_TOLD)
_CONTENT = {RootCause.CONTENT_ERROR, RootCause.STALE_CONTENT, RootCause.MISSING_CONTENT, RootCause.UNDETERMINED}
"""Causes that the text of a page mends, rather than what is declared of it."""


class Undecided(CannotProbe):
    """Only a person can say whether it is mended: it proves nothing, whatever other reports come to."""


@dataclass(frozen=True)
class Replayed:
    """What came of asking a case's questions again.

    `proof` is the reason where nothing can be proven; `answers` are what it rests on, `apart` those to questions that
    are answered rightly by every report of them, whatever others of the case are.
    """

    proof: Proof | str
    answers: Sequence[tuple[Report, Now]] = ()
    apart: Sequence[tuple[Report, Now]] = ()


@dataclass(frozen=True)
class Prover:
    """Sees fixes, and confirms or rejects them, in a workspace whose index has followed its catalog."""

    concord: Asking

    @cached_property
    def _diagnoser(self) -> Diagnoser:
        return Diagnoser(self.concord)

    @cached_property
    def _signs(self) -> Signs:
        concord = self.concord
        directory, sources = concord.foundation.directory, concord.foundation.sources
        parts = (concord.engine, concord.register.entry, directory.principal, self._read_at)
        return Signs(*parts, sources.keys(), concord.desk.dating(datetime.now(UTC).date()))

    def _read_at(self, source: str) -> datetime | None:
        return self.concord.locks.last_read(source)

    @cached_property
    def _read(self) -> dict[str, datetime | None]:
        return {each: self._read_at(each) for each in self.concord.foundation.sources}

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
        due = [each for each in proven if each.proof and each.proof.generation != self._generation]
        if not due or not self._followed:
            return []
        return sorted(due, key=lambda each: each.proof.at if each.proof else each.opened_at)[:ELSEWHERE]

    def _turn(self, waiting: Sequence[Case]) -> set[int]:
        """Some of the cases that nobody has worked on, others with each state of the catalog, to be asked again.

        Whatever changed may have mended them: a new page, another's withdrawal, what is declared of either.
        """
        open_ = [each.id for each in waiting if each.state is not State.FIX_SUBMITTED]
        begin = int(hashlib.sha256(self._generation.encode()).hexdigest()[:8], 16) % max(1, len(open_))
        return set([*open_[begin:], *open_[:begin]][:ELSEWHERE])

    @cached_property
    def _generation(self) -> str:
        """What the catalog held before anything was asked."""
        with reading(self.concord.engine) as connection:
            return generation.current(connection) or ""

    def _shaken(self, proven: Sequence[Case]) -> list[Case]:
        """Cases whose answers rest on something else than when they were proven, those that wait longest first.

        What is declared or set counts once every item follows it: until then the answers of now are none to go by.
        """
        rested = {each.id: each.proof for each in proven if each.proof}
        otherwise = {number for number, proof in rested.items() if proof.basis != self._basis}
        if otherwise and not self._followed:
            otherwise = set()
        found = [
            each
            for each in proven
            if (p := rested.get(each.id)) and (each.id in otherwise or self._changed(each, p.at))
        ]
        return sorted(found, key=lambda each: rested[each.id].at)

    @cached_property
    def _basis(self) -> str:
        """What is declared, and what is set of finding and answering: a hash."""
        settings = self.concord.settings.model_dump_json(include={"answer", "embedding", "retrieval"})
        parts = (self.concord.foundation.declarations.digest, settings, version("concord-rag"))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def _followed(self) -> bool:
        return self.concord.follows(self.concord.foundation.sources)

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
        elif asked and self._answered(case, at):
            fix = Fix(last, PROVER, "what is said to be right is answered since")
        else:
            return None
        return next(iter(self._moved(case, Move(Act.SUBMIT_FIX, PROVER, at, fix=fix))), None)

    def _taken_away(self, case: Case, at: datetime) -> bool:
        """Whether who reported that a page should not be visible to them may read it no more: nothing is asked."""
        return case.about.cause in OF_REASONS.values() and self._answered(case, at)

    def _answered(self, case: Case, at: datetime) -> bool:
        """Whether a case would be proven by now."""
        proof = self._proof(case, at).proof
        return not isinstance(proof, str) and proof.passed

    def _lifted(self, case: Case, at: datetime, changed: bool) -> bool:
        """Whether a case would be proven by now that nobody has worked on; questions are asked last."""
        with reading(self.concord.engine) as connection:
            signs = [each for each in CatalogCases(connection).reports(case.id) if each.kind in TOLD]
        try:
            gone = all(self._signs.lifted(case, each, changed=changed) for each in signs)
            if not (signs and gone and self._now(case, signs[0]).mended):
                return False
        except CannotProbe:
            return False
        return self._answered(case, at)

    def _tried(self, case: Case, at: datetime) -> list[Case]:
        made = self._proof(case, at)
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
        found = answers_of_now(self._diagnoser, reports)
        if not found:
            return None
        proof = Proof(True, made.at, made.at, f"{len(found)} answers were read and confirmed by {made.by}")
        proof = replace(proof, basis=self._rests(), generation=self._generation)
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
        proof = self._still(case, case.proof, at) if case.proof.confirmed else self._proof(case, at).proof
        if proof == CONTRADICTED:
            return self._moved(case, Move(Act.REGRESS, PROVER, at, proof=Proof(False, at, at, CONTRADICTED)))
        if isinstance(proof, str) and proof in _DOUBTS:
            fix = Fix(at, PROVER, "what is answered has changed since it was proven")
            return self._moved(case, Move(Act.DOUBT, PROVER, at, fix=fix, proof=Proof(False, at, at, proof)))
        if isinstance(proof, str):
            told = f"could not be asked again after a change: {proof}"
            proof = replace(case.proof, at=at, detail=told, basis=self._rests(), generation=self._generation)
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
        found = still_given(self._diagnoser, reports, proof.confirmed)
        if not found.given:
            return "; ".join(found.why) or "who asked is not known any more"
        told = f"{sum(found.given)} of {len(found.given)} questions are answered as a person confirmed"
        made = replace(proof, passed=all(found.given), at=at, indexed_at=at, detail=told)
        return replace(made, basis=self._rests(), generation=self._generation)

    def _proof(self, case: Case, at: datetime) -> Replayed:
        """What came of asking again; where nothing could be asked, which proves nothing, why that is."""
        with reading(self.concord.engine) as connection:
            reports = CatalogCases(connection).reports(case.id)
        found: list[tuple[Report, Now]] = []
        why: list[str] = []
        undecided: list[Report] = []
        doubts: list[str] = []
        unjudged: set[str] = set()
        different = distinct(reports)
        for report in different:
            try:
                found.append((report, self._now(case, report, different)))
            except Undecided as problem:
                undecided.append(report)
                doubts.append(str(problem))
            except CannotProbe as problem:
                why.append(str(problem))
                unjudged |= {report.principal} if report.principal else set()
        told = [report for report, now in found if now.mended]
        against = [each for each in undecided if any(_contradict(each, one) for one in told)]
        found += [(each, Now(False)) for each in against]
        try:
            outvoted = settled(found)
        except Undecided as problem:
            return Replayed(str(problem), apart=_apart(found, undecided))
        apart = _apart(found, undecided)
        found = [each for each in found if each[0] not in outvoted]
        if len(undecided) > len(against) and all(now.mended for _, now in found):
            return Replayed(doubts[0], apart=apart)
        if not found:
            return Replayed("; ".join(dict.fromkeys(why)) or "nobody reported it")
        wrong = [each for each in found if not each[1].mended]
        known, passed = min((now.known for _, now in wrong or found if now.known), default=at), not wrong
        detail, basis = _detail(found, len(why), len(outvoted)), self._rests()
        judged = (detail, basis, tuple(sorted(unjudged)), self._generation)
        kept = {report.principal for report, _ in found}
        otherwise = {each.principal for each in outvoted if each.principal} - kept
        proof = Proof(passed, at, min(known, at), *judged, tuple(sorted(otherwise)))
        failing = tuple(sorted(report.key for report, _ in wrong))
        return Replayed(replace(proof, failing=failing), found, apart)

    def _rests(self) -> str:
        """The basis of a proof that is made now; empty, so that it is made again, while items have yet to follow."""
        return self._basis if self._followed else ""

    def _now(self, case: Case, report: Report, others: Sequence[Report] = ()) -> Now:
        """What became of one report; raises `CannotProbe`."""
        if report.kind in TOLD:
            return self._signs.now(case, report, lambda: self._diagnoser.again(report))
        if report.reason in OF_REASONS:
            return self._hidden(case, report)
        found, cited = self._diagnoser.verdict(report, others)
        if found is Match.UNSURE:
            raise Undecided(UNTOLD)
        if found is Match.SAME and self._still_said(case, report):
            raise Undecided(STILL_SAID)
        if found is Match.OTHERWISE and self._unread_by(case, report):
            # What is taken from them makes no page wrong.
            raise Undecided(UNREAD) if cited else CannotProbe("who asked may not read the page of the case")
        return Now(found is Match.SAME, cited)

    def _still_said(self, case: Case, report: Report) -> bool:
        """Whether the page that has to be mended still says what was reported, there or where it is not cited."""
        cause, page = case.about.cause, case.about.item
        if not page or cause not in _CONTENT:
            return False
        return self._diagnoser.still_says(report, page, cited=cause is not RootCause.CONTENT_ERROR)

    def _unread_by(self, case: Case, report: Report) -> bool:
        """Whether who asked may not read the live page of a case that is none of access."""
        page = case.about.item
        if not page or case.about.cause in CONFIDENTIAL:
            return False
        who = self.concord.foundation.directory.principal(report.principal or "")
        with reading(self.concord.engine) as connection:
            return bool(items.live(connection, [page])) and not items.readable(connection, who, [page])

    def _hidden(self, case: Case, report: Report) -> Now:
        """Whether who reported that a page should not be visible may read it no more; raises `CannotProbe`."""
        try:
            who = self.concord.foundation.directory.principal(report.principal or "")
        except AccessError as problem:
            raise CannotProbe(f"whether they may read it is not known: {problem}") from None
        with reading(self.concord.engine) as connection:
            if not case.about.item or items.readable(connection, who, [case.about.item]):
                raise Undecided(UNTOLD)  # the page may be theirs to read, and say it no more
        try:
            again = self._diagnoser.again(report).tells_again(case.about.item)
        except CannotProbe:
            again = False  # the page is out of reach, whatever else is told
        if again:
            raise Undecided(STILL_TOLD)
        return Now(True)

    def _cited(self, identifiers: Sequence[str]) -> tuple[str, ...]:
        with reading(self.concord.engine) as connection:
            found = items.live(connection, identifiers)
        return tuple(f"{ItemRef(each, found[each].revision)}.." for each in identifiers if each in found)


def _seen_by_sync(fix: Fix) -> bool:
    """Whether a sync saw by itself that something was done: what it saw is in the catalog."""
    return fix.by == PROVER


def _apart(found: Sequence[tuple[Report, Now]], undecided: Iterable[Report]) -> list[tuple[Report, Now]]:
    """Answers to questions that somebody reported, and that no report of the same question finds wrong or unclear."""

    def asked(report: Report) -> frozenset[str]:
        return frozenset(content_stems(report.question))

    unclear = {asked(report) for report, now in found if not now.mended} | {asked(each) for each in undecided}
    return [each for each in found if each[1].mended and each[0].kind not in TOLD and asked(each[0]) not in unclear]


def settled(found: Sequence[tuple[Report, Now]]) -> list[Report]:
    """The reports that are not answered as they say, and are outvoted by others of the same question that are.

    More distinct people have to say what is answered than what contradicts it, whoever says both counting for neither;
    else it raises `Undecided`.
    """
    outvoted: list[Report] = []
    for report, now in found:
        if now.mended:
            continue
        rivals = [each for each, other in found if other.mended and _contradict(report, each)]
        if not rivals:
            continue
        against = [each for each, other in found if not other.mended and any(_contradict(each, one) for one in rivals)]
        one, other = ({each.principal for each in side if each.principal} for side in (rivals, against))
        if len(one - other) <= len(other - one):
            raise Undecided(CONTRADICTED)
        outvoted.append(report)
    return outvoted


def _contradict(one: Report, other: Report) -> bool:
    """Whether two reports of one question cannot both be right."""
    asked = [frozenset(content_stems(each.question)) for each in (one, other)]
    right, against = (Right.to(each.question, each.right_answer) for each in (one, other))
    return asked[0] == asked[1] and right.contradicts(against)


def _detail(found: Sequence[tuple[Report, Now]], unasked: int, outvoted: int) -> str:
    """What was seen, by what had to be proven."""
    mended: dict[str, list[bool]] = {}
    for report, now in found:
        mended.setdefault(TOLD.get(report.kind, "questions are answered rightly"), []).append(now.mended)
    told = [f"{sum(each)} of {len(each)} {what}" for what, each in mended.items()]
    more = [f"{unasked} could not be judged"] if unasked else []
    more += [f"{outvoted} said otherwise than most"] if outvoted else []
    return "; ".join([*told, *more])
