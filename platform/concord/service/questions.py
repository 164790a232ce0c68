"""`/v1/ask` and `/v1/search`: what the asker may read, as the command line gives it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from concord.bootstrap import Concord
from concord.service.asker import Asking
from concord.service.problems import DOCUMENTED
from concord.service.schemas import AnswerBody, AskRequest, PassagesBody, SearchRequest
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/v1", tags=["questions"], responses=DOCUMENTED)


@router.post("/ask")
async def ask(body: AskRequest, asker: Asking) -> AnswerBody:
    """Answer a question from what the asker may read, with citations and the conflicts that were decided."""

    def answered(concord: Concord, who: Principal) -> dict[str, Any]:
        return concord.ask(body.question, who, body.use_case, body.as_of).to_json()

    return AnswerBody.model_validate(await asker.read(answered))


@router.post("/search")
async def search(body: SearchRequest, asker: Asking) -> PassagesBody:
    """List the passages that the asker may read, best first."""

    def found(concord: Concord, who: Principal) -> list[dict[str, Any]]:
        passages = concord.search(body.question, who, body.use_case, body.as_of).passages[: body.limit]
        return [{"n": number, **passage.to_json()} for number, passage in enumerate(passages, start=1)]

    return PassagesBody.model_validate({"passages": await asker.read(found)})
