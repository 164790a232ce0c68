"""Asking: the empty page, a conversation, and an answer that comes while it is made."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import aclosing
from datetime import UTC, date, datetime
from itertools import zip_longest
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import RedirectResponse, StreamingResponse

from concord.access.actions import Action
from concord.answering.events import Answered, AnswerEvent, EvidenceFound, TextDelta, answer_of
from concord.answering.model import Answer
from concord.bootstrap import Concord
from concord.catalog import conversations, traces
from concord.catalog.conversations import Conversation, Turn
from concord.catalog.engine import reading, writing
from concord.service import events, problems
from concord.service.asker import Asker
from concord.service.errors import NoSuchConversation
from concord.service.schemas import QuestionText
from concord.service.web.answers import Shown, shown
from concord.service.web.forms import form
from concord.service.web.guard import HEADERS
from concord.service.web.pages import Pages, pages
from concord.service.web.viewer import Looking, Viewer
from concord.usecases import UseCase, choose
from concord_taxonomy.standard import Principal

EARLIER = 8
"""Questions of a conversation that a further one is understood by."""
_EXAMPLES = 4

router = APIRouter(include_in_schema=False)


class AskForm(BaseModel):
    """A question as the page sends it; `conversation` is the one that it goes on with."""

    model_config = ConfigDict(extra="forbid")

    question: QuestionText
    use_case: str | None = Field(default=None, max_length=200)
    as_of: date | None = None
    conversation: str | None = Field(default=None, max_length=100)


_OrNone = BeforeValidator(lambda value: value or None)


@router.get("/")
async def home(
    request: Request, asker: Looking, use_case: Annotated[str | None, _OrNone] = None, question: str = ""
) -> Response:
    """The empty page: what one may ask about, in a use case or across all departments."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        chosen = choose(concord.foundation.use_cases, use_case, who)
        viewer = Viewer(concord, who)
        return {
            "viewer": viewer,
            "history": viewer.conversations,
            "chosen": chosen,
            "use_case": use_case,
            "examples": examples(concord, viewer, chosen),
            "question": question[:2000],
        }

    return await pages(request).show(request, "home.html", **await asker.read(Action.ASK, made))


@router.get("/conversations/{conversation}")
async def conversation_page(conversation: str, request: Request, asker: Looking) -> Response:
    """A conversation of one's own; another's is like one that is not there."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        viewer = Viewer(concord, who)
        with reading(concord.engine) as connection:
            about, turns = _own(conversations.load(connection, who.id, conversation), conversation)
            known = {each.id: each for each in viewer.use_cases}
            return {
                "viewer": viewer,
                "history": viewer.conversations,
                "conversation": about,
                "use_case": about.use_case if about.use_case in known else None,
                "chosen": known.get(about.use_case or ""),
                "turns": [shown(connection, viewer, turn) for turn in turns],
            }

    return await pages(request).show(request, "conversation.html", **await asker.read(None, made))


@router.post("/ask")
async def ask(request: Request, asker: Looking) -> Response:
    """Answer a question: as a stream of parts of the page where a script asks for it, else by the page as a whole."""
    asked = await form(request, AskForm)
    if "text/event-stream" in request.headers.get("accept", ""):
        return StreamingResponse(
            _parts(request, asker, asked),
            media_type="text/event-stream",
            headers={**HEADERS, "X-Accel-Buffering": "no"},
        )

    def made(concord: Concord, who: Principal) -> dict[str, Any] | str:
        kept = _keep(concord, who, asked, answer_of(_answer(concord, who, asked)))
        return kept if isinstance(kept, str) else _alone(Viewer(*asker.now()), asked, kept)

    done = await asker.read(Action.ASK, made, answers=True, finishes=True)
    if isinstance(done, str):
        return RedirectResponse(done, 303, HEADERS)
    return await pages(request).show(request, "conversation.html", **done)


def _answer(concord: Concord, who: Principal, asked: AskForm) -> Iterator[AnswerEvent]:
    """The events of an answer: the very function that the API calls. A conversation stays in its use case."""
    use_case, earlier = asked.use_case, list[str]()
    if asked.conversation:
        with reading(concord.engine) as connection:
            about, turns = _own(conversations.load(connection, who.id, asked.conversation), asked.conversation)
        use_case, earlier = about.use_case, [turn.question for turn in turns[-EARLIER:]]
    return concord.stream(asked.question, who, use_case, asked.as_of, earlier)


def _keep(concord: Concord, who: Principal, asked: AskForm, answer: Answer) -> str | Turn:
    """Add an answer to its conversation, or to a new one; returns where that is, or the turn where none are kept."""
    now, told = datetime.now(UTC), answer.to_json()
    past = answer.as_of
    if not concord.settings.conversations.retention_days:
        return Turn("", 1, now, asked.question, past, told)
    with writing(concord.engine, renews=False) as connection:
        kept = asked.conversation or conversations.begin(connection, who.id, asked.question, asked.use_case, now)
        turn = conversations.add(connection, who.id, kept, asked.question, past, told, now)
        if turn is None:  # it was deleted meanwhile, and this goes with it
            traces.forget(connection, who.id, [answer.trace_id])
    if turn is None:
        raise NoSuchConversation(kept)
    return f"/conversations/{kept}#turn-{turn.number}"


def _alone(viewer: Viewer, asked: AskForm, turn: Turn) -> dict[str, Any]:
    """What the page shows of a turn that is not kept."""
    with reading(viewer.concord.engine) as connection:
        turns = [shown(connection, viewer, turn)]
    chosen = choose(viewer.concord.foundation.use_cases, asked.use_case, viewer.principal)
    return {
        "viewer": viewer,
        "history": [],
        "conversation": None,
        "use_case": asked.use_case,
        "chosen": chosen,
        "turns": turns,
    }


Part = dict[str, Any]
"""One event of a stream: its name under `event`, and its data."""


async def _parts(request: Request, asker: Looking, asked: AskForm) -> AsyncIterator[str]:
    """Server-sent events: `evidence` and `text` while an answer is made, then `answer`, or `failed`, as HTML."""
    site = pages(request)

    def made(concord: Concord, who: Principal) -> Generator[Part, None, None]:
        return told(site, asker, concord, who, asked)

    try:
        async with aclosing(asker.stream(Action.ASK, made, finishes=True)) as parts:
            async for part in parts:
                yield events.line(part)
    except Exception as error:
        failed = json.loads(bytes(problems.detail_of(request, error).body))
        yield events.line({"event": "failed", "html": site.fragment("_failed.html", problem=failed)})


def told(site: Pages, asker: Asker, concord: Concord, who: Principal, asked: AskForm) -> Generator[Part, None, None]:
    """The parts of an answer; whoever leaves before its end finds all of it in their history when they come back."""
    events = _answer(concord, who, asked)
    try:
        for event in events:
            if isinstance(event, Answered):
                kept = _keep(concord, who, asked, event.answer)
                yield {"event": "answer", **_whole(site, Viewer(*asker.now()), asked, kept)}
            else:
                yield _part(event)
    except GeneratorExit:
        for event in events:
            if isinstance(event, Answered):
                _keep(concord, who, asked, event.answer)
        raise


def _part(event: EvidenceFound | TextDelta) -> Part:
    if isinstance(event, TextDelta):
        return event.to_json()
    titles = (each.to_json(event.hosts)["title"] for each in event.citations)
    return {"event": "evidence", "titles": list(dict.fromkeys(titles))}


def _whole(site: Pages, viewer: Viewer, asked: AskForm, kept: str | Turn) -> dict[str, Any]:
    """The finished turn and the list of conversations, as HTML, and where the conversation is.

    A model may have taken its time over the answer: the viewer is who they are now.
    """
    with reading(viewer.concord.engine) as connection:
        if isinstance(kept, str):
            conversation = kept.removeprefix("/conversations/").partition("#")[0]
            _, turns = _own(conversations.load(connection, viewer.principal.id, conversation), conversation)
            turn: Shown = shown(connection, viewer, turns[-1])
        else:
            conversation, turn = "", shown(connection, viewer, kept)
    history = viewer.conversations
    return {
        "html": site.fragment("_turn.html", viewer=viewer, turn=turn, use_case=asked.use_case),
        "history": site.fragment("_history.html", history=history, open_id=conversation),
        "conversation": conversation,
    }


def _own(found: tuple[Conversation, list[Turn]] | None, conversation: str) -> tuple[Conversation, list[Turn]]:
    if found is None:
        raise NoSuchConversation(conversation)
    return found


def examples(concord: Concord, viewer: Viewer, chosen: UseCase | None) -> list[str]:
    """Questions to begin with: those that use cases declare, else what one may ask of their concepts."""
    cases = [chosen] if chosen else viewer.use_cases
    in_turn = zip_longest(*(each.examples for each in cases))
    declared = dict.fromkeys(question for place in in_turn for question in place if question)
    if declared:
        return list(declared)[:_EXAMPLES]
    concepts = concord.foundation.vocabulary.concepts
    labels = [concepts[iri].label() for each in cases for iri in each.concepts if iri in concepts]
    return [f"What are the rules on {label}?" for label in dict.fromkeys(labels)][:_EXAMPLES]
