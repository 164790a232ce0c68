"""Answering a question: retrieve, weigh, compose or abstain, and keep a trace of every stage."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from concord.access.recipients import MayRead, recipients
from concord.answering.compose import compose
from concord.answering.confidence import confidence
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
    Meaning,
    number_of,
)
from concord.catalog import items
from concord.catalog.engine import reading, writing
from concord.catalog.traces import store_trace
from concord.retrieval.passages import Passage, Retrieval
from concord.retrieval.question import Question
from concord.retrieval.retriever import Retriever, Stopwatch, stood
from concord.workspace.settings import AnswerSettings
from concord_feedback.traces import Citation as TracedCitation
from concord_feedback.traces import Evidence as TracedEvidence
from concord_feedback.traces import Stage, Trace
from concord_taxonomy.expansion import Expansion, used_by
from concord_taxonomy.standard import ContentItem

_TRACED_PASSAGES = 20
_CHAIN = 8
"""Steps that a chain of replacements is followed."""
_LED_BY_CONFLICT = 0.4
"""Share of the threshold that is enough where several sources speak of the very thing asked."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from what the asker may read."""

    engine: Engine
    retriever: Retriever
    adjudicator: Adjudicator
    settings: AnswerSettings
    policy_version: str
    keep_traces: bool = True
    may_read: MayRead = lambda holder, readers: False

    def answer(
        self,
        question: Question,
        *,
        use_case: str | None = None,
        max_citations: int | None = None,
        min_confidence: float | None = None,
    ) -> Answer:
        """Answer a question, or abstain with a reason. `use_case` is noted in the trace; its limits come apart."""
        began, at = time.perf_counter(), datetime.now(UTC)
        clock = Stopwatch()
        threshold = self.settings.min_confidence if min_confidence is None else min_confidence
        retrieval, evidence, sureness, sure = self._weighed(question, threshold, clock)
        text, citations, reason = self._composed(evidence, sure, max_citations)
        if question.past and reason not in (None, ABSTAIN_POLICY) and self._came_later(question, retrieval, threshold):
            reason = ABSTAIN_NO_VERSION
        clock.lap("compose")
        answer = Answer(
            question=question.text,
            text=text,
            reason=reason,
            citations=citations,
            conflicts=self._addressed(evidence, retrieval) if text is not None or reason == ABSTAIN_POLICY else (),
            by_scope=_quoted(evidence.by_scope, citations),
            policy_version=self.policy_version,
            trace_id=str(uuid.uuid4()),
            confidence=sureness,
            as_of=question.at if question.past else None,
            ambiguous=tuple(self._ambiguous(retrieval.expansion)),
            timings_ms={**retrieval.timings_ms, **clock.laps, "total": _ms_since(began)},
        )
        if self.keep_traces:
            with writing(self.engine) as connection:
                store_trace(connection, trace_of(answer, question, retrieval, use_case, at))
        return answer

    def weigh(self, question: Question, retrieval: Retrieval) -> Evidence:
        """What of the passages may be quoted, and the conflicts about them, decided."""
        return self._followed(question, retrieval)[1]

    def _followed(self, question: Question, retrieval: Retrieval) -> tuple[Retrieval, Evidence]:
        """What was found, with what stands in the place of superseded items, and what authority makes of it."""
        related = self._related(question, retrieval)
        missing = self.adjudicator.successors(question, retrieval.passages, related) if related else {}
        if missing:
            retrieval = self.retriever.in_place_of(question, retrieval, missing)
        return retrieval, self.adjudicator.weigh(question, retrieval.expansion, retrieval.passages, related)

    def _weighed(
        self, question: Question, threshold: float, clock: Stopwatch
    ) -> tuple[Retrieval, Evidence, float, bool]:
        """What was found, what authority makes of it, how sure that makes us, and whether that is sure enough."""
        retrieval = self.retriever.search(question)
        clock.lap("retrieve")
        retrieval, evidence = self._followed(question, retrieval)
        clock.lap("decide")
        sureness = confidence(evidence.asked, retrieval.expansion, evidence.passages, retrieval.terms)
        return retrieval, evidence, sureness, sureness >= threshold * (_LED_BY_CONFLICT if evidence.leads else 1)

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
            return not stood(connection, question, [leading])

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

    def _composed(
        self, evidence: Evidence, sure: bool, max_citations: int | None
    ) -> tuple[str | None, tuple[Citation, ...], str | None]:
        if not evidence.passages:
            return None, (), ABSTAIN_NOTHING
        if not sure:
            return None, (), ABSTAIN_WEAK
        if evidence.abstains:
            return None, (), ABSTAIN_POLICY
        limit = max_citations or self.settings.max_citations
        text, citations = compose(evidence, self.settings.max_sentences, limit)
        return text, citations, None

    def _related(self, question: Question, retrieval: Retrieval) -> list[ContentItem]:
        """Readable items that replace, or are replaced by, those found: a successor counts though it was not found."""
        known = {passage.item.identifier: passage.item for passage in retrieval.passages}
        found: dict[str, ContentItem] = {}
        with reading(self.engine) as connection:
            fresh = known
            for step in range(_CHAIN):
                links = items.links(connection, sorted(fresh))
                linked = {link.successor for link in links} | {
                    each for item in fresh.values() for each in item.is_replaced_by
                }
                if step == 0:
                    linked |= {link.predecessor for link in links}
                    linked |= {each for item in fresh.values() for each in item.replaces}
                wanted = linked - known.keys() - found.keys()
                if not wanted:
                    break
                fresh = {key: each.item for key, each in stood(connection, question, wanted).items()}
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


def trace_of(answer: Answer, question: Question, retrieval: Retrieval, use_case: str | None, at: datetime) -> Trace:
    """Everything that led to an answer, by value."""
    return Trace(
        id=answer.trace_id,
        at=at,
        principal=question.principal.id,
        use_case=use_case,
        question=question.text,
        as_of=question.at,
        policy_version=answer.policy_version,
        stages=_stages(answer, retrieval),
        evidence=tuple(_traced(passage) for passage in retrieval.passages[:_TRACED_PASSAGES]),
        answer=answer.text or "",
        abstained=answer.abstained,
        reason=answer.reason,
        citations=tuple(
            TracedCitation(
                number=each.n,
                identifier=each.item.identifier,
                revision=each.item.revision,
                quote=each.quote,
                title=each.item.title,
            )
            for each in answer.citations
        ),
        conflicts=tuple(each.decision.to_json() for each in answer.conflicts),
    )


def _stages(answer: Answer, retrieval: Retrieval) -> tuple[Stage, ...]:
    """The stages in order, with what each found."""
    expansion = retrieval.expansion
    found: Mapping[str, dict[str, Any]] = {
        "expand": {
            "concepts": list(expansion.concepts),
            "terms": list(expansion.terms),
            "spans": [
                {"start": each.start, "end": each.end, "concepts": list(each.concepts), "terms": list(each.terms)}
                for each in expansion.spans
            ],
            "ambiguous": [each.to_json() for each in answer.ambiguous],
        },
        "embed": {},
        "search": {"candidates": retrieval.candidates},
        "rank": {
            "passages": [
                {
                    "id": each.id,
                    "score": round(each.score, 4),
                    "cosine": round(each.cosine, 4),
                    "ranks": dict(each.ranks),
                }
                for each in retrieval.passages[:_TRACED_PASSAGES]
            ]
        },
        "decide": {"conflicts": len(answer.conflicts)},
        "compose": {"confidence": round(answer.confidence, 4), "citations": len(answer.citations)},
    }
    stages, started = [], 0.0
    for name, data in found.items():
        ms = answer.timings_ms.get(name, 0.0)
        stages.append(Stage(name=name, started=round(started, 2), ms=ms, data=data))
        started += ms
    return tuple(stages)


def _traced(passage: Passage) -> TracedEvidence:
    return TracedEvidence(
        identifier=passage.item.identifier,
        revision=passage.item.revision,
        ordinal=passage.chunk.ordinal,
        text=passage.chunk.text,
        title=passage.item.title,
        heading=" > ".join(passage.chunk.heading_path),
        score=round(passage.score, 6),
    )
