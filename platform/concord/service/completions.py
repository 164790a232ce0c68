"""`/v1/chat/completions` and `/v1/models` as OpenAI's clients speak them: a use case is a model.

Sources stand in the content too, behind the answer, because many clients drop fields that they do not know.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import aclosing
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from concord.access.actions import Action
from concord.answering.events import Answered, AnswerEvent, TextDelta, answer_of
from concord.answering.model import Answer
from concord.answering.neutral import neutral
from concord.bootstrap import Concord
from concord.retrieval.question import MAX_QUESTION
from concord.service import events
from concord.service.asker import Asking, while_heard
from concord.service.bodies import JsonRoute
from concord.service.problems import DOCUMENTED, detail_of
from concord.service.schemas import CitationBody, ConflictBody, QuestionText
from concord.service.web.words import FALLBACK, NO_ANSWER
from concord.usecases import EVERYTHING, choose
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/v1", tags=["OpenAI"], responses=DOCUMENTED, route_class=JsonRoute)

_EARLIER = 20
_ACTIVE = re.compile(r"\[(?!\d+\])|<|(?<=\])[(\[:]|&(?=#?\w+;)|\\(?=[!-/:-@\[-`{-~])")
_MARKDOWN = str.maketrans({each: f"\\{each}" for each in "\\`*_[]<>!|&"})
_TOLD = ("citations", "conflicts", "abstained", "composed_by", "fallback", "trace_id")


class PartBody(BaseModel):
    """A part of a message; only text is read."""

    type: Literal["text"]
    text: str = Field(max_length=8_000)


class MessageBody(BaseModel):
    """A message. Those of the user are the questions; nothing else is taken as evidence or instruction."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=32_000)] | list[PartBody] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        return self.content if isinstance(self.content, str) else "\n".join(part.text for part in self.content or ())


class StreamOptions(BaseModel):
    """Whether the last chunk tells the usage."""

    include_usage: StrictBool = False


class CompletionRequest(BaseModel):
    """A conversation, of which the user's last message is answered; what Concord has no use for is left aside."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"model": "concord", "messages": [{"role": "user", "content": "How much PTO do I get a year?"}]}
            ]
        }
    )

    model: str = Field(min_length=1, max_length=200, description="`concord`, or a use case that you may use.")
    messages: list[MessageBody] = Field(min_length=1, max_length=200)
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None


class AskedBody(BaseModel):
    """The question of a conversation, and those before it."""

    question: QuestionText
    earlier: list[QuestionText]


class SaidBody(BaseModel):
    """What Concord says."""

    role: Literal["assistant"] = "assistant"
    content: str


class ChoiceBody(BaseModel):
    """The one choice that there is."""

    index: int = 0
    message: SaidBody
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class UsageBody(BaseModel):
    """Tokens that a model read and wrote, as far as its endpoint tells; a quoted answer takes none."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0

    @classmethod
    def of(cls, whole: Answer) -> UsageBody:
        """What an answer took."""
        read, written = (each or 0 for each in whole.tokens or (0, 0))
        return cls(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


class CompletionBody(BaseModel):
    """An answer; what stands behind `usage` is as in `/v1/ask`."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChoiceBody]
    usage: UsageBody
    citations: list[CitationBody]
    conflicts: list[ConflictBody]
    abstained: bool
    composed_by: str
    fallback: str | None
    trace_id: str


class ModelBody(BaseModel):
    """A use case, or everything."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "concord"


class ModelsBody(BaseModel):
    """The models that the asker may use."""

    object: Literal["list"] = "list"
    data: list[ModelBody]


_PIECE = {
    "id": "chatcmpl-f252af44-97ea-40ea-acf7-d3e531de3bcd",
    "created": 1795827608,
    "model": "concord",
    "object": "chat.completion.chunk",
    "choices": [
        {
            "index": 0,
            "delta": {"content": "Employees receive 27 days of annual leave a year. [1]"},
            "finish_reason": None,
            "logprobs": None,
        }
    ],
}
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `stream` as events, one a chunk, then `[DONE]`",
        "content": {events.MEDIA_TYPE: {"schema": events.EVENT, "example": {"data": json.dumps(_PIECE)}}},
    }
}


@router.get("/models")
async def models(asker: Asking) -> ModelsBody:
    """List everything, and the use cases that the asker may use."""

    def found(concord: Concord, who: Principal) -> ModelsBody:
        mine = sorted(each.id for each in concord.foundation.use_cases.values() if each.admits(who))
        return ModelsBody(data=[ModelBody(id=name) for name in (EVERYTHING, *mine)])

    return await asker.read(Action.ASK, found)


@router.get("/models/{model}")
async def model(model: str, asker: Asking) -> ModelBody:
    """Give one; a use case that the asker may not use is like one that is not there."""

    def found(concord: Concord, who: Principal) -> ModelBody:
        choose(concord.foundation.use_cases, _use_case(model), who)
        return ModelBody(id=model)

    return await asker.read(Action.ASK, found)


@router.post("/chat/completions", response_model=CompletionBody, responses=_STREAMED)
async def complete(body: CompletionRequest, request: Request, asker: Asking) -> CompletionBody | Response:
    """Answer the user's last message; their earlier ones say what it is about."""
    said = [each.text.strip() for each in body.messages if each.role == "user"]
    earlier = [text[:MAX_QUESTION] for text in said[-1 - _EARLIER : -1] if text]
    try:
        asked = AskedBody(question=said[-1] if said else "", earlier=earlier)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error

    def made(concord: Concord, who: Principal) -> Generator[AnswerEvent, None, None]:
        return concord.stream(asked.question, who, _use_case(body.model), None, asked.earlier)

    if not body.stream:
        making = asker.read(Action.ASK, lambda concord, who: answer_of(made(concord, who)), answers=True)
        whole = await while_heard(request, making)
        content = "".join((_plain(whole.text) if whole.text else _abstention(whole), *_behind(whole)))
        choice = ChoiceBody(message=SaidBody(content=content))
        told = {"choices": [choice], "usage": UsageBody.of(whole), **_extra(whole)}
        return CompletionBody.model_validate({**_head(whole.trace_id, body.model), **told})
    stream = asker.stream(Action.ASK, made)
    first = await anext(stream)

    async def lines() -> AsyncIterator[str]:
        head, usage = {**_head(request.state.request_id, body.model), "object": "chat.completion.chunk"}, UsageBody()
        yield _chunk(head, {"role": "assistant", "content": ""})
        async with aclosing(stream):
            try:
                for line in _lines(first, head):
                    yield line
                async for event in stream:
                    if isinstance(event, Answered):
                        usage = UsageBody.of(event.answer)
                    for line in _lines(event, head):
                        yield line
            except Exception as error:
                problem = json.loads(bytes(detail_of(request, error).body))
                yield f"data: {json.dumps({'error': {'message': problem['title'], **problem}})}\n\n"
                return
        if body.stream_options and body.stream_options.include_usage:
            yield f"data: {json.dumps({**head, 'choices': [], 'usage': usage.model_dump()})}\n\n"
        yield "data: [DONE]\n\n"

    return StreamingResponse(lines(), media_type=events.MEDIA_TYPE, headers={"X-Accel-Buffering": "no"})


def _lines(event: AnswerEvent, head: dict[str, Any]) -> Iterator[str]:
    if isinstance(event, TextDelta):
        yield _chunk(head, {"content": _plain(event.text)})
    elif isinstance(event, Answered):
        whole = event.answer
        if whole.text is None:
            yield _chunk(head, {"content": _abstention(whole)})
        if behind := "".join(_behind(whole)):
            yield _chunk(head, {"content": behind})
        yield _chunk({**head, **_extra(whole)}, {}, "stop")


def _chunk(head: dict[str, Any], delta: dict[str, Any], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return f"data: {json.dumps({**head, 'choices': [choice]}, ensure_ascii=False)}\n\n"


def _head(identity: str, model: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{identity}", "created": int(time.time()), "model": model}


def _extra(whole: Answer) -> dict[str, Any]:
    told = whole.to_json()
    return {name: told[name] for name in _TOLD}


def _use_case(model: str) -> str | None:
    return None if model == EVERYTHING else model


def _abstention(whole: Answer) -> str:
    return ". ".join(NO_ANSWER.get(whole.reason or "", ("There is no answer", "Ask in other words."))).replace(
        "..", "."
    )


def _plain(text: str) -> str:
    """A text without what a reader of Markdown would fetch or follow: documents and models are not trusted so far."""
    return _ACTIVE.sub(lambda found: f"\\{found[0]}", text)


def _behind(whole: Answer) -> Iterator[str]:
    """The lines behind an answer: why no model worded it, and its citations, of which nothing is markup.

    An address stands there where links may lead to its host, else the identifier as code, of which nobody makes a link.
    """
    if whole.text is not None and whole.fallback is not None:
        why = FALLBACK.get(whole.fallback, whole.fallback)
        yield f"\n\n(Quoted from the pages: the language model could not be used: {why}.)"
    for place, each in enumerate(whole.citations):
        cited = each.to_json()
        about = ", ".join(part for part in (cited["publisher"], cited["authority_tier"]) if part)
        told = " ".join(f"{cited['title']}{f' ({about})' if about else ''}".split()).translate(_MARKDOWN)
        address = neutral(cited["landing_page"] or "", whole.hosts)
        where = address if address == cited["landing_page"] else f"`{each.item.identifier.replace('`', '')}`"
        yield f"{'' if place else chr(10) * 2 + 'Sources:'}\n[{each.n}] {told}: {where}"
