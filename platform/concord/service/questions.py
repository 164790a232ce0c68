"""`/v1/ask` and `/v1/search`: what the asker may read, as the command line gives it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from concord.bootstrap import Concord
from concord.service.identity import Persona, Workspace
from concord.service.schemas import AnswerBody, AskRequest, PassagesBody, ProblemBody, SearchRequest
from concord.service.work import Work
from concord_taxonomy.standard import Principal

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemBody, "description": description}
    for status, description in {
        400: "The body is no JSON",
        401: "Who is asking is not known",
        403: "Not allowed here",
        404: "No such use case for you",
        413: "The request is too large",
        422: "The request is invalid",
        503: "Not ready, or too many questions at once",
        504: "The question took too long",
    }.items()
}

router = APIRouter(prefix="/v1", tags=["questions"], responses=PROBLEMS)


@router.post("/ask")
async def ask(body: AskRequest, request: Request, live: Workspace, who: Persona) -> AnswerBody:
    """Answer a question from what the asker may read, with citations and the conflicts that were decided."""

    def answered() -> dict[str, Any]:
        concord, principal = _asked(live, who)
        return concord.ask(body.question, principal, body.use_case, body.as_of).to_json()

    return AnswerBody.model_validate(await _work(request).run(answered))


@router.post("/search")
async def search(body: SearchRequest, request: Request, live: Workspace, who: Persona) -> PassagesBody:
    """List the passages that the asker may read, best first."""

    def found() -> list[dict[str, Any]]:
        concord, principal = _asked(live, who)
        passages = concord.search(body.question, principal, body.use_case, body.as_of).passages[: body.limit]
        return [{"n": number, **passage.to_json()} for number, passage in enumerate(passages, start=1)]

    return PassagesBody.model_validate({"passages": await _work(request).run(found)})


def _asked(live: Workspace, who: str) -> tuple[Concord, Principal]:
    """The workspace as it is in force, and the asker with the tokens held in it at this moment."""
    concord = live.current()
    return concord, concord.foundation.directory.principal(who)


def _work(request: Request) -> Work:
    found: Work = request.app.state.work
    return found
