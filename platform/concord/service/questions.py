"""`/v1/ask` and `/v1/search`: what the asker may read, as the command line gives it."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from concord.access.actions import Action
from concord.answering.events import AnswerEvent
from concord.answering.neutral import harmless
from concord.bootstrap import Concord
from concord.service import events
from concord.service.asker import Asking, while_heard
from concord.service.bodies import JsonRoute
from concord.service.problems import DOCUMENTED
from concord.service.schemas import AnswerBody, AskRequest, PassagesBody, SearchRequest
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/v1", tags=["questions"], responses=DOCUMENTED, route_class=JsonRoute)


_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; as events, first its evidence, then its text piece by piece, then all of it",
        "content": {
            events.MEDIA_TYPE: {
                "schema": events.EVENT,
                "example": {"event": "text", "data": '{"text": "Everyone receives 27 days. [1]"}'},
            }
        },
    }
}


@router.post("/ask", response_model=AnswerBody, responses=_STREAMED)
async def ask(body: AskRequest, request: Request, asker: Asking) -> Response:
    """Answer a question from what the asker may read, with citations and the conflicts that were decided.

    With `Accept: text/event-stream` the answer comes as events while it is made: `evidence`, any number of `text`,
    `answer`; a `problem` ends the stream early.
    """
    if events.wanted(request):

        def made(concord: Concord, who: Principal) -> Generator[AnswerEvent, None, None]:
            return concord.stream(body.question, who, body.use_case, body.as_of, body.earlier)

        return await events.streamed(request, asker.stream(Action.ASK, made))

    def answered(concord: Concord, who: Principal) -> str:
        return _json(AnswerBody, concord.ask(body.question, who, body.use_case, body.as_of, body.earlier).to_json())

    whole = await while_heard(request, asker.read(Action.ASK, answered, answers=True))
    return Response(whole, media_type="application/json")


@router.post("/search", response_model=PassagesBody)
async def search(body: SearchRequest, asker: Asking) -> Response:
    """List the passages that the asker may read, best first."""

    def found(concord: Concord, who: Principal) -> str:
        return _json(PassagesBody, passages(concord, who, body.question, body.use_case, body.as_of, body.limit))

    return Response(await asker.read(Action.SEARCH, found), media_type="application/json")


def passages(
    concord: Concord, who: Principal, question: str, use_case: str | None, as_of: date | None, limit: int
) -> dict[str, Any]:
    """What a search tells: passages that `who` may read, best first, their words harmless as those of answers."""
    found = concord.search(question, who, use_case, as_of).passages[:limit]
    hosts = concord.answerer.hosts
    return {"passages": [{"n": n, **harmless(each.to_json(), hosts)} for n, each in enumerate(found, start=1)]}


def _json(model: type[BaseModel], data: dict[str, Any]) -> str:
    """An answer as it leaves, checked against its schema once and off the event loop."""
    return model.model_validate(data).model_dump_json()
