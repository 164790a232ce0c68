"""Answering a question: retrieve, weigh, compose or abstain, and keep a trace of every stage."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Engine

from concord.access.recipients import MayRead, recipients
from concord.answering.confidence import confidence
from concord.answering.endpoint import Model
from concord.answering.events import Answered, AnswerEvent, EvidenceFound, Left, answer_of
from concord.answering.evidence import Adjudicator, Evidence
from concord.answering.model import (
    ABSTAIN_NO_VERSION,
    ABSTAIN_NOTHING,
    ABSTAIN_POLICY,
    ABSTAIN_WEAK,
    Ambiguity,
    Answer,
    Citation,
    Conflict,
    Expanded,
    Meaning,
    number_of,
)
from concord.answering.neutral import Hosts
from concord.answering.overlap import Wanted
from concord.answering.reader import READER
from concord.answering.tracing import trace_of, trace_of_search
from concord.answering.wording import Limits, Steps, Telling, Told, quoted, worded
from concord.catalog import generation
from concord.catalog.engine import reading, writing
from concord.catalog.traces import store_trace
from concord.retrieval.passages import Retrieval
from concord.retrieval.question import Question
from concord.retrieval.retriever import Retriever, Stopwatch
from concord.workspace.settings import AnswerSettings
from concord_feedback.traces import Trace
from concord_taxonomy.expansion import Expansion, used_by
from concord_taxonomy.standard import ContentItem, Principal

_CHAIN = 8
"""Steps that a chain of replacements is followed."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from what the asker may read.

    `renewed` gives them with the groups that they are in now; without it (what is supposed) rights stay as they were.
    """

    engine: Engine
    retriever: Retriever
    adjudicator: Adjudicator
    settings: AnswerSettings
    policy_version: str
    keep_traces: bool = True
    may_read: MayRead = lambda holder, readers: False
    hosts: Hosts = frozenset()
    model: Model | None = None
    redact: Callable[[Trace], Trace] = lambda trace: trace
    tell: Callable[[Trace], None] = lambda trace: None
    tell_search: Callable[[Trace], None] | None = None
    renewed: Callable[[Principal], Principal] | None = None

    def answer(
        self,
        question: Question,
        *,
        use_case: str | None = None,
        max_citations: int | None = None,
        min_confidence: float | None = None,
    ) -> Answer:
        """Answer a question, or abstain with a reason: what `stream` ends with."""
        return answer_of(
            self.stream(question, use_case=use_case, max_citations=max_citations, min_confidence=min_confidence)
        )

    def stream(
        self,
        question: Question,
        *,
        use_case: str | None = None,
        max_citations: int | None = None,
        min_confidence: float | None = None,
        tone: str = "",
        by_model: bool = True,
    ) -> Generator[AnswerEvent, None, None]:
        """Answer a question as it is made. `use_case` is noted in the trace; its limits come apart.

        A model words it, in a `tone`, where there is one and `by_model` allows it. Where its reader leaves before the
        end, or loses the right to what it stands on, the trace has what had left by then, and says so.
        """
        began, at = time.perf_counter(), datetime.now(UTC)
        clock = Stopwatch()
        threshold = self.settings.min_confidence if min_confidence is None else min_confidence
        retrieval, evidence, sureness, sure = self._weighed(question, threshold, clock)
        reason = _abstains(evidence, sure)
        if question.past and reason not in (None, ABSTAIN_POLICY) and self._came_later(question, retrieval, threshold):
            reason = ABSTAIN_NO_VERSION
        conflicts = self._addressed(evidence, retrieval) if reason in (None, ABSTAIN_POLICY) else ()
        limits = Limits(self.settings.max_sentences, max_citations or self.settings.max_citations, tone)
        clock.lap("compose")
        model = self.model if by_model else None
        left, steps = Left(), Steps()

        def traced(told: Told, conflicts: tuple[Conflict, ...], broken_off: Left | None = None) -> Answer:
            answer = Answer(
                question=question.text,
                text=told.text,
                reason=told.reason,
                citations=told.citations,
                conflicts=conflicts,
                by_scope=_quoted(evidence.by_scope, told.citations),
                policy_version=self.policy_version,
                trace_id=str(uuid.uuid4()),
                confidence=sureness,
                as_of=question.at if question.past else None,
                ambiguous=tuple(self._ambiguous(retrieval.expansion)),
                expanded=tuple(self._expanded(retrieval.expansion)),
                timings_ms={**retrieval.timings_ms, **clock.laps, **steps.laps, "total": _ms_since(began)},
                asked=question.text if question.said is not None else None,
                composed_by=told.by,
                fallback=told.fallback,
                tokens=(told.usage.prompt_tokens, told.usage.completion_tokens) if told.usage else None,
                hosts=self.hosts,
            )
            self._keep(trace_of(answer, question, retrieval, evidence.claims, use_case, at, steps.stages, broken_off))
            return answer

        try:
            told = yield from self._while_readable(
                question, self._told(question, retrieval, evidence, conflicts, reason, limits, model, steps), left
            )
        except BaseException:  # whoever read it is gone, or it failed: what they were told stays on the record
            reader = READER.get()
            if reader is not None and reader.left.is_set():
                left.only(reader.given)
            if left.evidence is not None:
                traced(Told(left.text, left.evidence.citations), left.evidence.conflicts, left)
            raise
        yield Answered(traced(Told(None, (), ABSTAIN_NOTHING), (), left) if told is None else traced(told, conflicts))

    def _keep(self, trace: Trace) -> None:
        trace = self.redact(trace)
        if self.keep_traces:
            with writing(self.engine, renews=False) as connection:
                store_trace(connection, trace)
        self.tell(trace)

    def search(self, question: Question) -> Retrieval:
        """What is found, and what stands in the place of superseded items, though the question does not match it."""
        at, found, clock = datetime.now(UTC), self.retriever.search(question), Stopwatch()
        found = self._followed(question, found)[0]
        clock.lap("decide")
        found = replace(found, timings_ms={**found.timings_ms, **clock.laps})
        if self.tell_search is not None:
            self.tell_search(self.redact(trace_of_search(question, found, self.policy_version, at)))
        return found

    def weigh(self, question: Question, retrieval: Retrieval) -> Evidence:
        """What of the passages may be quoted, and the conflicts about them, decided."""
        retrieval, related = self._followed(question, retrieval)
        return self.adjudicator.weigh(question, retrieval.expansion, retrieval.passages, related)

    def _followed(self, question: Question, retrieval: Retrieval) -> tuple[Retrieval, list[ContentItem]]:
        """What was found, with what stands in the place of superseded items, and the items of its links."""
        related = self._related(question, retrieval)
        missing = self.adjudicator.successors(question, retrieval.passages, related) if related else {}
        return (self.retriever.in_place_of(question, retrieval, missing) if missing else retrieval), related

    def _weighed(
        self, question: Question, threshold: float, clock: Stopwatch
    ) -> tuple[Retrieval, Evidence, float, bool]:
        """What was found, what authority makes of it, how sure that makes us, and whether that is sure enough."""
        retrieval = self.retriever.search(question)
        clock.lap("retrieve")
        retrieval, related = self._followed(question, retrieval)
        evidence = self.adjudicator.weigh(question, retrieval.expansion, retrieval.passages, related)
        clock.lap("decide")
        found = (evidence.asked, retrieval.expansion, evidence.passages, retrieval.terms)
        sureness = confidence(*found, leads=evidence.leads)
        return retrieval, evidence, sureness, sureness >= threshold

    def _came_later(self, question: Question, retrieval: Retrieval, threshold: float) -> bool:
        """Whether what answers a question about the past today was not there yet, as far as its source tells.

        Only what the asker may read counts, so that what they may not read is like what there never was.
        """
        if not retrieval.passages:
            return True
        today = replace(question, at=datetime.now(UTC).date(), past=False)
        _, evidence, _, sure = self._weighed(today, threshold, Stopwatch())
        if not evidence.passages or not sure:
            return False
        leading = evidence.passages[0].item.identifier
        with reading(self.engine) as connection:
            return not self.retriever.stood(self.retriever.memory.view(connection), question, [leading])

    def _ambiguous(self, expansion: Expansion) -> Iterator[Ambiguity]:
        """What words of the question mean besides, in words; vocabularies are open to everybody."""
        vocabulary, labels = self.retriever.vocabulary, self.retriever.labels

        def meanings(words: str, concepts: Iterable[str]) -> tuple[Meaning, ...]:
            return tuple(
                Meaning(iri, vocabulary.concepts[iri].label(), used_by(words, iri, labels, vocabulary))
                for iri in concepts
            )

        for each in expansion.ambiguous:
            chosen, others = meanings(each.words, each.chosen), meanings(each.words, each.others)
            yield Ambiguity(each.words, chosen, others, each.by.value or None, each.undecided)

    def _expanded(self, expansion: Expansion) -> Iterator[Expanded]:
        """What words of the question name and were searched for as, in words; vocabularies are open to everybody."""
        concepts = self.retriever.vocabulary.concepts
        for span in expansion.spans:
            yield Expanded(span.words, tuple(concepts[iri].label() for iri in span.concepts), span.terms)

    def _while_readable(
        self, question: Question, telling: Telling, left: Left
    ) -> Generator[AnswerEvent, None, Told | None]:
        """Tell what is told as long as the asker may read all that it rests on; None, and no more, from then on.

        What has left is noted in `left`. A model may take half a minute over an answer, and a right that is taken away
        meanwhile counts at once.
        """
        named: set[str] = set()
        looked: str | None = None  # the generation of the catalog in which they could: in the same one they still can

        def readable() -> bool:
            nonlocal looked
            if not named or self.renewed is None:
                return True
            with reading(self.engine) as connection:
                now = generation.current(connection)
            if now is None or now != looked:
                if not self._reads_all(replace(question, principal=self.renewed(question.principal)), named):
                    return False
                looked = now
            return True

        with closing(telling):
            while True:
                try:
                    event = next(telling)
                except StopIteration as done:
                    told: Told = done.value
                    return told if readable() else None
                if isinstance(event, EvidenceFound):
                    named.update(each.item.identifier for each in event.citations)
                    named.update(name for each in event.conflicts for name in _names(each))
                    looked = None
                if not readable():
                    return None
                left.take(event)
                yield event

    def _reads_all(self, question: Question, named: Collection[str]) -> bool:
        with reading(self.engine) as connection:
            return self.retriever.stood(self.retriever.memory.view(connection), question, named).keys() >= set(named)

    def _told(
        self,
        question: Question,
        retrieval: Retrieval,
        evidence: Evidence,
        conflicts: tuple[Conflict, ...],
        reason: str | None,
        limits: Limits,
        model: Model | None,
        steps: Steps,
    ) -> Telling:
        """Tell the evidence and then the text, unless there is a reason against an answer."""
        if reason is not None:
            yield EvidenceFound((), conflicts, self.hosts)
            return Told(None, (), reason)
        if model is None:
            return (yield from quoted(evidence, conflicts, limits, self.hosts))
        wanted = Wanted.of(question.text, retrieval.expansion)
        return (yield from worded(model, question.text, evidence, wanted, conflicts, limits, self.hosts, steps))

    def _related(self, question: Question, retrieval: Retrieval) -> list[ContentItem]:
        """Readable items that replace, or are replaced by, those found: a successor counts though it was not found."""
        known = {passage.item.identifier: passage.item for passage in retrieval.passages}
        found: dict[str, ContentItem] = {}
        with reading(self.engine) as connection:
            view, fresh = self.retriever.memory.view(connection), known
            for step in range(_CHAIN):
                links = view.links(fresh)
                linked = {link.successor for link in links} | {
                    each for item in fresh.values() for each in item.is_replaced_by
                }
                if step == 0:
                    linked |= {link.predecessor for link in links}
                    linked |= {each for item in fresh.values() for each in item.replaces}
                wanted = linked - known.keys() - found.keys()
                if not wanted:
                    break
                fresh = {key: each.item for key, each in self.retriever.stood(view, question, wanted).items()}
                found |= fresh
        return list(found.values())

    def _addressed(self, evidence: Evidence, retrieval: Retrieval) -> tuple[Conflict, ...]:
        """The conflicts, those that are open with whom they are for."""
        found = {passage.item.identifier: passage.item for passage in retrieval.passages}
        return tuple(
            replace(each, sent_to=recipients([found[name] for name in _names(each)], self.may_read))
            if each.open
            else each
            for each in evidence.conflicts
        )


def _abstains(evidence: Evidence, sure: bool) -> str | None:
    """Why there is no answer, if there is none."""
    if not evidence.passages:
        return ABSTAIN_NOTHING
    if not sure:
        return ABSTAIN_WEAK
    return ABSTAIN_POLICY if evidence.abstains else None


def _names(conflict: Conflict) -> list[str]:
    """The items on both sides of a conflict."""
    return sorted({claim.identifier for claim in conflict.decision.claims})


def _quoted(by_scope: Sequence[Conflict], citations: Sequence[Citation]) -> tuple[Conflict, ...]:
    """The slots of which an answer quotes one value: another scope has another."""
    return tuple(
        each for each in by_scope if any(number_of(claim, citations) is not None for claim in each.decision.standing)
    )


def _ms_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)
