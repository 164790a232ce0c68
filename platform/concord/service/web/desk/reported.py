"""What one reported: where it stands, and saying that it was not so, or that what came of it is not right."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.governance.cases import ShownCase
from concord.service.feedback import CaseNumber
from concord.service.web.desk import words
from concord.service.web.desk.frame import frame, show
from concord.service.web.forms import form
from concord.service.web.guard import HEADERS
from concord.service.web.viewer import Looking
from concord_feedback.errors import CaseNotPossible
from concord_taxonomy.standard import Principal

router = APIRouter(include_in_schema=False)


class DisputeForm(BaseModel):
    """Why it is not so."""

    model_config = ConfigDict(extra="forbid")

    comment: str = Field(default="", max_length=4_000)


@router.get("/notices/{case_id}")
async def one(case_id: CaseNumber, request: Request, asker: Looking, disputed: bool = False) -> Response:
    """A case that one has reported; whoever deals with it is led to its own page, and any other is not there."""

    def made(concord: Concord, who: Principal) -> str | dict[str, Any]:
        shown = concord.desk.case(who, case_id)
        return f"/cases/{case_id}" if shown.handles else {**_context(concord, who, shown), "disputed": disputed}

    return await _told(request, await asker.read(Action.CORRECT, made), 200)


@router.post("/notices/{case_id}/dispute")
async def dispute(case_id: CaseNumber, request: Request, asker: Looking) -> Response:
    """Say that what one reported was not so, or that what came of it is not right."""
    given = await form(request, DisputeForm)

    def made(concord: Concord, who: Principal) -> str | dict[str, Any]:
        shown = concord.desk.case(who, case_id)
        try:
            concord.desk.dispute(who, case_id, given.comment)
        except CaseNotPossible as refused:
            return {**_context(concord, who, shown), "problem": refused.problem}
        return f"/notices/{case_id}?disputed=yes"

    return await _told(request, await asker.read(Action.CORRECT, made), 409)


async def _told(request: Request, made: str | dict[str, Any], status: int) -> Response:
    if isinstance(made, str):
        return RedirectResponse(made, 303, HEADERS)
    return await show(request, "reported.html", made, status)


def _context(concord: Concord, who: Principal, shown: ShownCase) -> dict[str, Any]:
    """What who reported a case may know of it: neither cause nor page, and of its reports their own."""
    case = shown.case
    mine = [each for each in shown.to_json()["reports"] if each["by"] == f"user:{who.id}"]
    stands = words.stands(case)
    named = {"number": case.id, "question": shown.question, "reports": mine}
    return {**frame(concord, who), **named, "stands": stands, "open": case.open, "disputed": False, "problem": ""}
