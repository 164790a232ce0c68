"""Whether a case is mended by now: each of its questions asked again as who reported it, and what all come to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version

from concord.access import AccessError
from concord.authority.words import content_stems
from concord.bootstrap.diagnosing import Asking, Diagnoser, distinct
from concord.catalog import generation, items
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading
from concord.governance.cases.rightness import Right
from concord.governance.cases.sameness import Match
from concord.governance.cases.signs import TOLD, Now, Signs
from concord_feedback.cases import Case, Proof, Report
from concord_feedback.causes import CONFIDENTIAL, OF_REASONS, RootCause
from concord_feedback.diagnosis import CannotProbe

CONTRADICTED = "reports contradict each other on what is right, and no majority says what is answered now: decide"
UNTOLD = "whether the answer of now says what is right is for a person to say: read it, and confirm the fix or mend it"
STILL_SAID = (
    "the page still says elsewhere what was reported, though the answer is right: mend that, or confirm the fix"
)
UNREAD = "who asked may not read the page of the case, and what they are told is not right: look whose it is to mend"
STILL_TOLD = "who reported it is told the same by another page: see whether they may know it, and confirm the fix"
"""Why a person has to decide."""
DOUBTS = (UNTOLD, STILL_SAID, UNREAD, STILL_TOLD)
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
class Verdicts:
    """What becomes of the reports of cases, in a workspace whose index has followed its catalog."""

    concord: Asking

    @cached_property
    def diagnoser(self) -> Diagnoser:
        """What asks questions again."""
        return Diagnoser(self.concord)

    @cached_property
    def signs(self) -> Signs:
        """What becomes of cases that were found without anybody's saying so."""
        concord = self.concord
        directory, sources = concord.foundation.directory, concord.foundation.sources
        parts = (concord.engine, concord.register.entry, directory.principal, concord.locks.last_read)
        return Signs(*parts, sources.keys(), concord.desk.dating(datetime.now(UTC).date()))

    @cached_property
    def generation(self) -> str:
        """What the catalog held before anything was asked."""
        with reading(self.concord.engine) as connection:
            return generation.current(connection) or ""

    @cached_property
    def basis(self) -> str:
        """What is declared, and what is set of finding and answering: a hash."""
        settings = self.concord.settings.model_dump_json(include={"answer", "embedding", "retrieval"})
        parts = (self.concord.foundation.declarations.digest, settings, version("concord-rag"))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def followed(self) -> bool:
        """Whether every item follows what is in force."""
        return self.concord.follows(self.concord.foundation.sources)

    def based(self, proof: Proof) -> Proof:
        """A proof with what it rests on now; on nothing, so that it is made again, while items have yet to follow."""
        return replace(proof, basis=self.basis if self.followed else "", generation=self.generation)

    def proof(self, case: Case, at: datetime) -> Replayed:
        """What came of asking again; where nothing could be asked, which proves nothing, why that is.

        Each case is asked once, however often its proof is looked at.
        """
        if case.id not in self._made:
            self._made[case.id] = self._asked(case, at)
        return self._made[case.id]

    @cached_property
    def _made(self) -> dict[int, Replayed]:
        return {}

    def _asked(self, case: Case, at: datetime) -> Replayed:
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
                found.append((report, self.now(case, report, different)))
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
        kept = {report.principal for report, _ in found}
        proof = Proof(
            passed,
            at,
            min(known, at),
            _detail(found, len(why), len(outvoted)),
            unjudged=tuple(sorted(unjudged)),
            outvoted=tuple(sorted({each.principal for each in outvoted if each.principal} - kept)),
            failing=tuple(sorted(report.key for report, _ in wrong)),
        )
        return Replayed(self.based(proof), found, apart)

    def now(self, case: Case, report: Report, others: Sequence[Report] = ()) -> Now:
        """What became of one report; raises `CannotProbe`."""
        if report.kind in TOLD:
            return self.signs.now(case, report, lambda: self.diagnoser.again(report))
        if report.reason in OF_REASONS:
            return self._hidden(case, report)
        found, cited = self.diagnoser.verdict(report, others)
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
        return self.diagnoser.still_says(report, page, cited=cause is not RootCause.CONTENT_ERROR)

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
            again = self.diagnoser.again(report).tells_again(case.about.item)
        except CannotProbe:
            again = False  # the page is out of reach, whatever else is told
        if again:
            raise Undecided(STILL_TOLD)
        return Now(True)


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
