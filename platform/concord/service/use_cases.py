"""`/v1/use-cases`: the assistants that the asker may use."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.service.asker import Asking
from concord.service.problems import DOCUMENTED
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/v1", tags=["use cases"], responses=DOCUMENTED)


class UseCaseBody(BaseModel):
    """An assistant; its `id` is the `use_case` of a question."""

    id: str
    title: str
    description: str


class UseCasesBody(BaseModel):
    """The assistants that the asker may use, by id; a question without one draws on everything they may read."""

    use_cases: list[UseCaseBody] = Field(
        examples=[[{"id": "ask-meridian", "title": "Ask Meridian", "description": "Everything for everybody."}]]
    )


@router.get("/use-cases")
async def use_cases(asker: Asking) -> UseCasesBody:
    """List the use cases that the asker may use."""

    def found(concord: Concord, who: Principal) -> UseCasesBody:
        mine = [each for _, each in sorted(concord.foundation.use_cases.items()) if each.admits(who)]
        return UseCasesBody(
            use_cases=[UseCaseBody(id=each.id, title=each.title, description=each.description) for each in mine]
        )

    return await asker.read(Action.ASK, found)
