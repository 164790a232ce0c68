"""Diagnosing cases: their questions asked again of this workspace, by the pipeline that answers every question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from concord.access import AccessError
from concord.answering.answerer import Answerer
from concord.answering.model import Answer
from concord.bootstrap.connecting import connect
from concord.bootstrap.foundation import Foundation
from concord.bootstrap.questions import question_of
from concord.catalog import items, records
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading
from concord.catalog.records import StoredRecord
from concord.catalog.traces import load_trace
from concord.governance.cases import CaseDesk
from concord.governance.cases.again import AskedAgain, Parts
from concord.governance.cases.filing import about_of
from concord.governance.cases.replaying import PipelineReplay
from concord.governance.cases.rightness import Right
from concord.governance.cases.sameness import Match
from concord.governance.cases.shown import ShownCase
from concord.governance.register import Register
from concord.governance.replay import Ask
from concord.ingestion.locks import SourceLocks
from concord.ingestion.read import read_record
from concord.ingestion.subjects import Subjects
from concord.retrieval.question import Question
from concord.retrieval.retriever import Retriever
from concord.usecases import UseCaseError, choose
from concord.workspace import Settings
from concord_connectors.containment import ContainedParser
from concord_connectors.contract import Failure, SourceRecord
from concord_connectors.errors import ConnectorError
from concord_feedback import Trace
from concord_feedback.cases import About, Case, Report
from concord_feedback.causes import CONFIDENTIAL, OF_REASONS, RootCause
from concord_feedback.diagnosis import CannotProbe, Diagnosis, Outcome, Probed, diagnose
from concord_feedback.errors import NoSuchCase
from concord_taxonomy.skos import Label
from concord_taxonomy.standard import ContentItem, ItemRef, Principal

WIDE = 1_000
"""Passages of each leg, and of the first cut, that are read to see whether a passage can be found at all."""
MAX_REPORTS = 20
"""Reports of a case that are asked again at most, those with the most to go by first."""


class Asking(Protocol):
    """What diagnosis needs of a workspace at work (`concord.bootstrap.Concord`): all that answers its questions."""

    @property
    def folder(self) -> Path:
        """The workspace."""
        ...

    @property
    def state(self) -> Path:
        """Where everything derived lives."""
        ...

    @property
    def settings(self) -> Settings:
        """The settings."""
        ...

    @property
    def engine(self) -> Engine:
        """The catalog."""
        ...

    @property
    def foundation(self) -> Foundation:
        """The content layer in force."""
        ...

    @property
    def parser(self) -> ContainedParser:
        """What parses records."""
        ...

    @property
    def retriever(self) -> Retriever:
        """Search."""
        ...

    @property
    def answerer(self) -> Answerer:
        """Answers, and what authority makes of passages."""
        ...

    @property
    def asking(self) -> Ask:
        """What answers logged questions again, without a trace."""
        ...

    @property
    def desk(self) -> CaseDesk:
        """The cases."""
        ...

    @property
    def register(self) -> Register:
        """The contradictions that were found without any question."""
        ...

    @property
    def locks(self) -> SourceLocks:
        """When each source was last read from end to end."""
        ...

    def supposing(self, foundation: Foundation) -> Ask:
        """What answers logged questions as if another content layer were in force."""
        ...

    def follows(self, sources: Iterable[str]) -> bool:
        """Whether every item of these sources is described by what is in force."""
        ...

    def index_behind(self) -> bool:
        """Whether the index has yet to follow something."""
        ...


@dataclass(frozen=True)
class Diagnoser:
    """Diagnoses the cases of a workspace."""

    concord: Asking

    def case(self, case_id: int, by: str) -> tuple[Case, Diagnosis]:
        """Diagnose a case, write what came of it, and route it; raises `NoSuchCase`.

        Of several reports, what those of most people lead to counts; that one was right ends it only where all were.
        What only some may read explains no report that leads to something else.
        """
        with reading(self.concord.engine) as connection:
            held = CatalogCases(connection)
            case = held.load(case_id)
            reports = held.reports(case_id)
        if case is None:
            raise NoSuchCase(case_id)
        found, about = self._most(case, reports)
        return self.concord.desk.diagnosed(case_id, about, [each.to_json() for each in found.probes], by), found

    def report(self, report: Report) -> Diagnosis:
        """Diagnose one report; nothing is written."""
        if cause := OF_REASONS.get(report.reason or ""):
            saw = "who got the answer says that it should not be visible to them"
            return Diagnosis(cause, (Probed("feedback", Outcome.FAILED, saw),))
        try:
            return diagnose(self._replay(report))
        except CannotProbe as problem:
            return _undetermined(str(problem))

    def verdict(self, report: Report, others: Sequence[Report] = ()) -> tuple[Match, tuple[str, ...]]:
        """What the answer of now makes of a report, and what it cites; raises `CannotProbe` where none can be had.

        `others` are reports of the same: of those that ask the same, the answers are known too.
        """
        alike = [each for each in others if each.trace and each.question == report.question][:MAX_REPORTS]
        with reading(self.concord.engine) as connection:
            traces = [load_trace(connection, each.trace, None) for each in alike if each.trace]
        return self._replay(report).verdict([each.answer for each in traces if each])

    def still_says(self, report: Report, page: str, *, cited: bool) -> bool:
        """Whether a page still says what was reported as wrong; `CannotProbe` where it cannot be asked again."""
        return self._replay(report).still_says(page, cited=cited)

    def again(self, report: Report) -> AskedAgain:
        """A report's question as who asked it asks it again; raises `CannotProbe` where it cannot be."""
        return self._replay(report).again

    def _most(self, case: Case, reports: Sequence[Report]) -> tuple[Diagnosis, About]:
        """What the reports of most people lead to, of two alike the first: each is diagnosed by what it says."""
        led: dict[About, Diagnosis] = {}
        people: dict[About, set[str]] = {}
        known: dict[tuple[str, str | None, str, tuple[str, ...]], About] = {}
        told = sorted(distinct(reports), key=lambda each: (not each.right_answer, not each.expected, each.at))
        unclear: Diagnosis | None = None
        invalid: tuple[Diagnosis, Report] | None = None
        for report in told[:MAX_REPORTS]:
            says = (report.question, report.use_case, report.right_answer, report.expected)
            if says not in known:
                made = self.report(report)
                if made.cause is RootCause.INVALID_FEEDBACK:
                    invalid = invalid or (made, report)
                elif made.cause is RootCause.UNDETERMINED:
                    unclear = unclear or made
                else:
                    known[says] = self._about(case, report, made)
                    led.setdefault(known[says], made)
            if says in known:
                people.setdefault(known[says], set()).add(report.by or report.key)
        if led:
            most = max(led, key=lambda each: (each.cause not in CONFIDENTIAL, len(people[each])))
            return led[most], most
        if invalid and unclear is None and len(told) <= MAX_REPORTS:
            return invalid[0], self._about(case, invalid[1], invalid[0])
        if invalid and unclear is None:
            unclear = _undetermined("it has more reports than are asked again")
        return unclear or _undetermined("it has no report that could be asked again"), case.about

    def _about(self, case: Case, report: Report, found: Diagnosis) -> About:
        references = [*found.items, *report.expected, *([case.about.item] if case.about.item else [])]
        with reading(self.concord.engine) as connection:
            return about_of(connection, report.question, report.use_case, references, found.cause)

    def _replay(self, report: Report) -> PipelineReplay:
        concord = self.concord
        with reading(concord.engine) as connection:
            trace = load_trace(connection, report.trace, None) if report.trace else None
        if trace is None:
            raise CannotProbe("the trace of its answer is not kept any more")
        try:
            principal = concord.foundation.directory.principal(trace.principal)
            chosen = choose(concord.foundation.use_cases, trace.use_case, principal)
        except (AccessError, UseCaseError) as problem:
            raise CannotProbe(f"it cannot be asked again as who asked it: {problem}") from None
        question = question_of(trace.question, principal, chosen, trace.as_of if trace.past else None)
        named = tuple(dict.fromkeys(ItemRef.parse(each).identifier for each in report.expected))
        again = AskedAgain(self._parts(trace, question), question, trace)
        reason = report.reason if report.kind == "correction" else None  # that of a sign is no person's word
        return PipelineReplay(again, Right.to(question.text, report.right_answer), named, reason or "")

    def _parts(self, trace: Trace, question: Question) -> Parts:
        concord = self.concord

        def ask(text: str) -> Answer:
            answer = self._ask(trace.model_copy(update={"question": text}))
            if answer is None:
                raise CannotProbe("it cannot be asked again as who asked it")
            return answer

        def labelled(word: str, concept: str) -> Answer:
            answer = concord.supposing(_with_label(concord.foundation, word, concept))(trace)
            if answer is None:
                raise CannotProbe("it cannot be asked again as who asked it")
            return answer

        declared = concord.foundation.sources
        sources = [each for each in question.scope.sources or declared if each in declared]
        return Parts(
            concord.engine,
            concord.retriever,
            self._wide,
            concord.answerer.weigh,
            ask,
            labelled,
            self._fresh,
            self._tagged,
            sources,
            concord.desk.dating(datetime.now(UTC).date()),
        )

    @cached_property
    def _ask(self) -> Ask:
        return self.concord.asking

    @cached_property
    def _wide(self) -> Retriever:
        narrow = self.concord.retriever
        settings = narrow.settings.model_copy(update={"candidates": WIDE, "passages": WIDE})
        return Retriever(narrow.engine, narrow.index, narrow.encoder, narrow.vocabulary, settings)

    @cached_property
    def _plain(self) -> Subjects:
        return Subjects(self.concord.foundation.vocabulary)

    def _tagged(self, item: ContentItem, body: str) -> frozenset[str]:
        return frozenset(each.concept for each in self._plain.tag(item, body))

    def _fresh(self, source: str, again: Sequence[str]) -> Iterator[StoredRecord]:
        """Records that differ from the catalog's, parsed now; raises `CannotProbe` where the source is out of reach."""
        concord = self.concord
        with reading(concord.engine) as connection:
            known = records.known_versions(connection, source)
        held = {key: version for key, version in known.items() if key not in set(again)}
        try:
            connector = connect(concord.foundation.sources[source], concord.folder, concord.state, concord.parser)
            for batch in connector.pull(None, held):
                entries = [each for each in batch.entries if isinstance(each, SourceRecord)]
                for record, parsed in zip(entries, concord.parser.map(iter(entries)), strict=True):
                    read = read_record(source, record, parsed)
                    if not isinstance(read, Failure) and self._differs(read):
                        yield read
        except ConnectorError as problem:
            raise CannotProbe(f"the source {source} could not be read: {problem}") from None

    def _differs(self, record: StoredRecord) -> bool:
        with reading(self.concord.engine) as connection:
            held = records.load(connection, record.source, record.native_id)
            live = items.live(connection, [f"{record.source}/{record.native_id}"])
        return held is None or not live or held.body != record.body


def distinct(reports: Sequence[Report]) -> list[Report]:
    """Reports without those that ask and say the same as an earlier one of the same person, or stand on the same."""
    found: dict[tuple[object, ...], Report] = {}
    for each in reports:
        key = (each.kind, each.question, each.principal, each.use_case, each.right_answer)
        found.setdefault((*key, each.expected, each.stands_on), each)
    return list(found.values())


def diagnose_as(concord: Asking, who: Principal, case_id: int) -> ShownCase | None:
    """Let `who` diagnose a case that they deal with; what they see of it then, or of the one that it has joined.

    None where it went to others, such as to whom access belongs: more would tell of what is there to read. Raises
    `NoSuchCase` and `NotAllowed`.
    """
    concord.desk.to_diagnose(who, case_id)
    case, _ = Diagnoser(concord).case(case_id, f"user:{who.id}")
    try:
        return concord.desk.case(who, case.id)
    except NoSuchCase:
        return None


def _with_label(foundation: Foundation, word: str, concept: str) -> Foundation:
    """The content layer as if a concept had one more label."""
    vocabulary, made = foundation.vocabulary, replace(foundation)
    known = vocabulary.concepts[concept]
    worded = replace(known, alt_label=(*known.alt_label, Label(word, "en")))
    vars(made).update(vocabulary=replace(vocabulary, concepts={**vocabulary.concepts, concept: worded}))
    return made


def _undetermined(why: str) -> Diagnosis:
    return Diagnosis(RootCause.UNDETERMINED, (Probed("feedback", Outcome.COULD_NOT_RUN, why),))
