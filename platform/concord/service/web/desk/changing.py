"""Accepting what a case suggests, on its page: looked at first, then proposed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from concord.bootstrap import Concord
from concord.bootstrap.accepting import draft, look, propose
from concord.bootstrap.suggesting import suggestions
from concord.governance import GovernanceError
from concord.service.feedback import CaseNumber
from concord.service.web.desk.case import case_context
from concord.service.web.desk.frame import show
from concord.service.web.desk.params import HANDLE
from concord.service.web.desk.suggested import ChangeForm, given_to, previewed
from concord.service.web.forms import form
from concord.service.web.guard import HEADERS
from concord.service.web.viewer import Looking
from concord.workspace import FileProblem
from concord_feedback.errors import CaseNotPossible
from concord_taxonomy.errors import ConcordTaxonomyError
from concord_taxonomy.standard import Principal

router = APIRouter(include_in_schema=False)

REFUSED = (GovernanceError, CaseNotPossible, ConcordTaxonomyError, FileProblem)
"""What a change may be refused with, told on the page."""


@router.post("/cases/{case_id}/previews")
async def preview(case_id: CaseNumber, request: Request, asker: Looking) -> Response:
    """What a change would do, below its form; nothing is written."""
    given = await form(request, ChangeForm)

    def done(concord: Concord, who: Principal) -> tuple[int, dict[str, Any]]:
        concord.boards.case(who, case_id)
        try:
            drafted = draft(concord, who, case_id, given.kind, _values(concord, who, case_id, given))
            seen = previewed(concord, who, look(concord, who, drafted.change, drafted.operation))
        except REFUSED as refused:
            return 409, case_context(concord, who, case_id, _told(refused, who), given)
        told = {**seen, "summary": drafted.summary, "warnings": drafted.warnings}
        return 200, case_context(concord, who, case_id, given=given, seen=told)

    status, made = await asker.read(HANDLE, done)
    return await show(request, "case.html", made, status)


@router.post("/cases/{case_id}/proposals")
async def proposed(case_id: CaseNumber, request: Request, asker: Looking) -> Response:
    """Propose a change; what keeps it from being made is told with the form as it was sent."""
    given = await form(request, ChangeForm)

    def done(concord: Concord, who: Principal) -> dict[str, Any] | None:
        concord.boards.case(who, case_id)
        try:
            propose(concord, who, case_id, given.kind, _values(concord, who, case_id, given))
        except REFUSED as refused:
            return case_context(concord, who, case_id, _told(refused, who), given)
        return None

    made = await asker.read(HANDLE, done)
    if made is None:
        return RedirectResponse(f"/cases/{case_id}", 303, HEADERS)
    return await show(request, "case.html", made, 409)


def _values(concord: Concord, who: Principal, case_id: int, given: ChangeForm) -> dict[str, str]:
    mine = next((each for each in suggestions(concord, who, case_id) if each.kind == given.kind), None)
    return given_to(mine, given) if mine else {}


def _told(refused: Exception, who: Principal) -> str:
    if isinstance(refused, CaseNotPossible):
        return refused.problem
    return "; ".join(str(refused).removeprefix(f"user:{who.id} may not do this: ").splitlines())
