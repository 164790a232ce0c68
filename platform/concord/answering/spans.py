"""The trace of an answer or a search as OpenTelemetry spans, by the conventions of OpenInference and of GenAI.

What was asked, read and said is in them only where that is wanted; ids of pages are taken for content too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from concord_feedback.traces import Stage, Trace

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

KINDS = {"embed": "EMBEDDING", "search": "RETRIEVER", "rank": "RERANKER", "answer": "LLM", "check": "GUARDRAIL"}
"""Stages by OpenInference's kind of span; the others are links of the chain."""
_KIND = "openinference.span.kind"
Attributes = dict[str, Any]


def emit(tracer: Tracer, trace: Trace, *, content: bool = False) -> None:
    """Tell a tracer of an answer, with the times that were measured; its parent is the span that is current."""
    made = _of_all(trace, content) | {
        "concord.trace_id": trace.id,
        "concord.abstained": trace.abstained,
        "concord.broken_off": trace.broken_off,
        "concord.citations": len(trace.citations),
        "concord.conflicts": len(trace.conflicts),
    }
    _emit(tracer, trace, "concord.ask", made | ({"output.value": trace.answer} if content else {}), content)


def emit_search(tracer: Tracer, trace: Trace, *, content: bool = False) -> None:
    """Tell a tracer of a search without an answer, as of an answer."""
    _emit(tracer, trace, "concord.retrieve", _of_all(trace, content), content)


def _emit(tracer: Tracer, trace: Trace, name: str, about: Attributes, content: bool) -> None:
    from opentelemetry.trace import SpanKind, StatusCode, set_span_in_context

    began = int(trace.at.timestamp() * 1_000_000_000)
    ends = max((stage.started + stage.ms for stage in trace.stages), default=0.0)
    whole = tracer.start_span(name, start_time=began, attributes=about)
    within = set_span_in_context(whole)
    for stage in trace.stages:
        named, attributes = _of_stage(stage, trace, content)
        kind = SpanKind.CLIENT if stage.name == "answer" else SpanKind.INTERNAL
        start = began + _nanoseconds(stage.started)
        span = tracer.start_span(named, within, kind=kind, start_time=start, attributes=attributes)
        if failed := stage.data.get("failed"):
            span.set_status(StatusCode.ERROR, str(failed))
        span.end(began + _nanoseconds(stage.started + stage.ms))
    whole.end(began + _nanoseconds(ends))


def _nanoseconds(milliseconds: float) -> int:
    return round(milliseconds * 1_000_000)


def _of_all(trace: Trace, content: bool) -> Attributes:
    made: Attributes = {_KIND: "CHAIN", "concord.policy_version": trace.policy_version}
    made |= {name: value for name, value in _named(trace) if value}
    if content:
        made |= {"input.value": trace.question, "user.id": trace.principal}
    return made


def _named(trace: Trace) -> Iterator[tuple[str, str | None]]:
    yield "concord.use_case", trace.use_case
    yield "concord.reason", trace.reason


def _of_stage(stage: Stage, trace: Trace, content: bool) -> tuple[str, Attributes]:
    made: Attributes = {_KIND: KINDS.get(stage.name, "CHAIN")}
    if stage.name == "search":
        made["concord.candidates"] = stage.data.get("candidates", 0)
        if content:
            made |= _documents(trace)
    if stage.name == "check":
        removed = stage.data.get("removed")
        made["concord.sentences.kept"] = stage.data.get("kept", 0)
        made["concord.sentences.removed"] = len(removed) if isinstance(removed, list) else 0
    if stage.name != "answer":
        return f"concord.{stage.name}", made
    prompt = trace.stage("prompt")
    return f"chat {stage.data.get('model')}", made | _generated(
        stage.data, prompt.data if prompt else {}, trace, content
    )


def _generated(data: Mapping[str, Any], prompt: Mapping[str, Any], trace: Trace, content: bool) -> Attributes:
    """What a model was asked for, what it took, and, where wanted, what was said."""
    tokens = {"prompt": data.get("prompt_tokens"), "completion": data.get("completion_tokens")}
    made: Attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",  # by the form of its API; whose it is, nobody says
        "gen_ai.request.model": data.get("model"),
        "gen_ai.usage.input_tokens": tokens["prompt"],
        "gen_ai.usage.output_tokens": tokens["completion"],
        "llm.model_name": data.get("model"),
        "llm.token_count.prompt": tokens["prompt"],
        "llm.token_count.completion": tokens["completion"],
    }
    if content:
        said = [{"role": role, "content": prompt[role]} for role in ("system", "user") if role in prompt]
        made |= {"input.value": json.dumps(said), "input.mime_type": "application/json", "output.value": trace.answer}
    return {name: value for name, value in made.items() if value is not None}


def _documents(trace: Trace) -> Attributes:
    made: Attributes = {}
    for place, each in enumerate(trace.evidence):
        at = f"retrieval.documents.{place}.document"
        made |= {f"{at}.id": f"{each.identifier}@{each.revision}", f"{at}.content": each.text}
        if each.score is not None:
            made[f"{at}.score"] = each.score
    return made
