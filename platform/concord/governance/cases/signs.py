"""Whether the signs by which cases were found are there no more: what proves a fix where nobody said what is right."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from concord.access import AccessError
from concord.catalog import quarantine, register
from concord.catalog.corrections import said_since
from concord.catalog.engine import reading
from concord.governance.cases.again import AskedAgain
from concord.governance.cases.detecting import OPEN_VERDICTS, same_matter
from concord.governance.cases.outdated import Dating, Outdated
from concord.governance.register import Entry
from concord.governance.replay import cited
from concord_feedback import Correction
from concord_feedback.cases import Case, Report
from concord_feedback.diagnosis import CannotProbe
from concord_taxonomy.standard import ItemRef, Principal

TOLD = {
    "abstained": "questions are answered now, with evidence",
    "conflict": "questions are told of no open contradiction, and the register has none",
    "stale": "questions are answered without the old page, or it was reviewed",
    "rephrased": "questions that were asked over and over are answered, and who asked says that it helps",
    "quarantine": "records are out of quarantine",
    "sync_failed": "failed syncs were followed by one that went through",
}
"""What is proven of each kind of sign that can be looked for again."""
LOST = (
    "a question that was answered is not any more, which proves nothing: see to its being answered, or close it by hand"
)
"""Why an abstention mends neither a contradiction nor an old page."""
LATEST = 200
"""What somebody said since, of which an answer to the same question is looked for."""


@dataclass(frozen=True, slots=True)
class Now:
    """What became of a report: whether it is mended, what the answer of now cites, and of when that is (None: now)."""

    mended: bool
    cited: tuple[str, ...] = ()
    known: datetime | None = None


@dataclass(frozen=True)
class Signs:
    """Looks for signs again.

    `entry` is an entry of the conflict register as a person may read it; `read_at` says when a source was last read
    from end to end.
    """

    engine: Engine
    entry: Callable[[Principal, str], Entry | None]
    principal: Callable[[str], Principal]
    read_at: Callable[[str], datetime | None]
    sources: Collection[str]
    dating: Dating

    def lifted(self, case: Case, report: Report, *, changed: bool = True) -> bool:
        """Whether what can be looked at without asking again is gone; raises `CannotProbe`.

        True also where only asking can tell, which is worth it: of an abstention, and of a page past its review,
        once something has `changed`; of a page in whose place another one stands, always.
        """
        match report.kind:
            case "abstained":
                return changed
            case "conflict":
                return self._settled(report)
            case "stale":
                old = self._outdated(report)
                return changed or old is None or old.by is not None
            case "rephrased":
                said = self._said(case, report)
                return said is not None and said.rating.helpful
            case "quarantine":
                source, _, native_id = case.about.item.partition("/")
                with reading(self.engine) as connection:
                    return quarantine.of_record(connection, source, native_id) is None
            case "sync_failed":
                source = case.about.item.partition("/")[0]
                read = self.read_at(source)
                return source not in self.sources or (read is not None and read > report.at)
        return True

    def now(self, case: Case, report: Report, again: Callable[[], AskedAgain]) -> Now:
        """What became of a sign, its question asked again where there is one; raises `CannotProbe`."""
        lifted = self.lifted(case, report)
        if report.kind in ("quarantine", "sync_failed"):
            source = case.about.item.partition("/")[0]
            if lifted and source not in self.sources:
                return Now(lifted)
            read = self.read_at(source) or report.at
            return Now(lifted, known=read if lifted else max(read, report.at))  # what failed since is known since
        asked = again()
        answer = asked.answer
        named = cited(answer)
        if answer.abstained and report.kind in ("conflict", "stale") and not asked.trace.abstained:
            if report.kind == "conflict" and not lifted:
                return Now(False)
            raise CannotProbe(LOST)
        match report.kind:
            case "abstained":
                return Now(not answer.abstained and bool(named), named)
            case "conflict":
                return Now(lifted and not self._torn(case, asked), named)
            case "rephrased":
                return Now(bool(named) and not answer.abstained and self._helps(case, report, named), named)
        return Now(self._outdated(report) is None or self._old(report) not in named, named)

    def _helps(self, case: Case, report: Report, named: Collection[str]) -> bool:
        """Whether the answer of now helps who asked over and over: that only they can say, of an answer like it."""
        said = self._said(case, report)
        if said is None or {ItemRef.parse(each).identifier for each in said.cited} != set(named):
            raise CannotProbe("who asked it over and over has not said since whether the answer of now helps them")
        return said.rating.helpful

    def _said(self, case: Case, report: Report) -> Correction | None:
        """The last that who asked has said of an answer to the same, since somebody's fix, or else since they asked."""
        fix = case.fix
        worked_on = fix is not None and (fix.revision is not None or not fix.by.startswith("system:"))
        since = fix.at if fix and worked_on else report.at
        with reading(self.engine) as connection:
            found = said_since(connection, report.principal or "", since, LATEST)
        return next((said for asked, said in found if same_matter(asked, report.question)), None)

    def _settled(self, report: Report) -> bool:
        """Whether the register has the entry no more, or it is decided or accepted, as who asked may read it."""
        entry = report.key.rpartition("/")[2]
        with reading(self.engine) as connection:
            if not register.sides(connection, entry):
                return True
        try:
            found = self.entry(self.principal(report.principal or ""), entry)
        except AccessError as problem:
            raise CannotProbe(f"it cannot be asked again as who asked it: {problem}") from None
        if found is None:
            raise CannotProbe("who asked may not read both sides of it any more, or these wait to be compared again")
        return bool(found.accepted) or found.decision.verdict.value not in OPEN_VERDICTS

    def _torn(self, case: Case, asked: AskedAgain) -> bool:
        """Whether the answer of now is contested between the pages between which that of then was."""
        then = [
            {str(claim["identifier"]) for claim in each.get("claims") or ()}  # type: ignore[index, union-attr, call-overload]
            for each in asked.trace.conflicts
            if each.get("verdict") in OPEN_VERDICTS
        ]
        then = [sides for sides in then if case.about.item in sides] or then
        open_now = [
            {claim.identifier for claim in each.decision.claims}
            for each in asked.answer.conflicts
            if each.decision.verdict.value in OPEN_VERDICTS
        ]
        return any(len(sides & now) >= min(2, len(sides)) for sides in then for now in open_now)

    def _outdated(self, report: Report) -> Outdated | None:
        """The page for whose age it was found, where it is still past its review or replaced."""
        identifier = self._old(report)
        with reading(self.engine) as connection:
            return self.dating.outdated(connection, [identifier]).get(identifier)

    def _old(self, report: Report) -> str:
        """The page for whose age it was found."""
        reference = report.key.split("/", 2)[2]
        if "@" not in reference:
            raise CannotProbe("the name of the page is too long to be kept with the sign")
        return ItemRef.parse(reference).identifier
