"""The trace of an answer: everything that led to it, stage by stage and by value."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from concord.answering.events import Left
from concord.answering.model import Ambiguity, Answer
from concord.authority.claims import Claim
from concord.authority.scope import FACETS
from concord.retrieval.passages import Passage, Retrieval
from concord.retrieval.question import Question
from concord_feedback.traces import Citation as TracedCitation
from concord_feedback.traces import Evidence as TracedEvidence
from concord_feedback.traces import Stage, Trace

_TRACED_PASSAGES = 20


def trace_of(
    answer: Answer,
    question: Question,
    retrieval: Retrieval,
    claims: Iterable[Claim],
    use_case: str | None,
    at: datetime,
    worded: Mapping[str, dict[str, Any]],
    broken_off: Left | None = None,
) -> Trace:
    """Everything that led to an answer, by value; `claims` are what its best sentences state.

    `worded` are the stages in which a model worded it.

    Of one that was `broken_off` it has what had left by then, whatever it ended with.
    """
    text, citations, conflicts = answer.text or "", answer.citations, answer.conflicts
    if broken_off is not None:
        told = broken_off.evidence
        text, citations, conflicts = broken_off.text, told.citations if told else (), told.conflicts if told else ()
    return Trace(
        id=answer.trace_id,
        at=at,
        principal=question.principal.id,
        use_case=use_case,
        question=question.text,
        as_of=question.at,
        policy_version=answer.policy_version,
        stages=_stages(answer, question, retrieval, claims, worded),
        evidence=tuple(_traced(passage) for passage in retrieval.passages[:_TRACED_PASSAGES]),
        answer=text,
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
            for each in citations
        ),
        conflicts=tuple(each.decision.to_json() for each in conflicts),
        broken_off=broken_off is not None,
    )


def trace_of_search(question: Question, retrieval: Retrieval, policy_version: str, at: datetime) -> Trace:
    """Everything that led to passages, for whoever follows a request; it is not kept."""
    return Trace(
        id=str(uuid.uuid4()),
        at=at,
        principal=question.principal.id,
        use_case=question.use_case,
        question=question.text,
        as_of=question.at,
        policy_version=policy_version,
        stages=_timed({**_found(question, retrieval, ()), "decide": {}}, retrieval.timings_ms),
        evidence=tuple(_traced(passage) for passage in retrieval.passages[:_TRACED_PASSAGES]),
    )


def _stages(
    answer: Answer,
    question: Question,
    retrieval: Retrieval,
    claims: Iterable[Claim],
    worded: Mapping[str, dict[str, Any]],
) -> tuple[Stage, ...]:
    """The stages in order, with what each found."""
    composed: dict[str, dict[str, Any]] = {
        "decide": {"conflicts": len(answer.conflicts), "claims": list(_claimed(claims, retrieval))},
        "compose": {"confidence": round(answer.confidence, 4), "citations": len(answer.citations)},
    }
    return _timed({**_found(question, retrieval, answer.ambiguous), **composed, **worded}, answer.timings_ms)


def _claimed(claims: Iterable[Claim], retrieval: Retrieval) -> Iterator[dict[str, Any]]:
    """The claims of passages that the trace has, so that they are shown to whom those may be."""
    traced = {each.key for each in retrieval.passages[:_TRACED_PASSAGES]}
    for each in claims:
        if (each.identifier, each.ordinal) in traced:
            yield {
                "identifier": each.identifier,
                "revision": each.revision,
                "ordinal": each.ordinal,
                "type": each.value.type.value,
                "text": each.value.text,
                "concept": each.block.concept,
                "scope": {name: list(said) for name in FACETS if (said := getattr(each.scope, name))},
            }


def _found(question: Question, retrieval: Retrieval, ambiguous: Iterable[Ambiguity]) -> dict[str, dict[str, Any]]:
    """The stages of a search, with what each found."""
    expansion = retrieval.expansion
    said: dict[str, dict[str, Any]] = {"rewrite": {"said": question.said}} if question.said is not None else {}
    return {
        **said,
        "expand": {
            "concepts": list(expansion.concepts),
            "terms": list(expansion.terms),
            "spans": [
                {"start": each.start, "end": each.end, "concepts": list(each.concepts), "terms": list(each.terms)}
                for each in expansion.spans
            ],
            "ambiguous": [each.to_json() for each in ambiguous],
        },
        "embed": {},
        "search": {
            "candidates": retrieval.candidates,
            "filters": {
                "sources": list(question.scope.sources or ()),
                "concepts": list(question.scope.concepts or ()),
                "past": question.past,
            },
        },
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
    }


def _timed(found: Mapping[str, dict[str, Any]], timings_ms: Mapping[str, float]) -> tuple[Stage, ...]:
    """Stages one after the other, as long as they took."""
    stages, started = [], 0.0
    for name, data in found.items():
        ms = timings_ms.get(name, 0.0)
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
