"""Accepting what a case suggests, on its page: looked at first, then proposed; and the page of a proposal."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from concord.bootstrap import Concord
from concord.bootstrap.accepting import draft, look, propose
from concord.bootstrap.suggesting import suggestions
from concord.governance import GovernanceError, OutOfDate, State
from concord.governance.operations import read_operation
from concord.service.web.desk.case import case_context
from concord.service.web.desk.frame import frame, show
from concord.service.web.desk.params import HANDLE, READ
from concord.service.web.desk.suggested import ChangeForm, given_to, previewed
from concord.service.web.forms import form
from concord.service.web.guard import HEADERS
from concord.service.web.viewer import Looking, Viewer
from concord.workspace import FileProblem
from concord_feedback.errors import CaseNotPossible
from concord_taxonomy.errors import ConcordTaxonomyError
from concord_taxonomy.standard import Principal

router = APIRouter(include_in_schema=False)

REFUSED = (GovernanceError, CaseNotPossible, ConcordTaxonomyError, FileProblem)
"""What a change may be refused with, told on the page."""


@router.post("/cases/{case_id}/previews")
async def preview(case_id: int, request: Request, asker: Looking) -> Response:
    """What a change would do, below its form; nothing is written."""
    given = await form(request, ChangeForm)

    def done(concord: Concord, who: Principal) -> tuple[int, dict[str, Any]]:
        concord.boards.case(who, case_id)
        try:
            drafted = draft(concord, who, case_id, given.kind, _values(concord, who, case_id, given))
            seen = previewed(concord, who, look(concord, who, drafted))
        except REFUSED as refused:
            return 409, case_context(concord, who, case_id, _told(refused, who), given)
        return 200, case_context(concord, who, case_id, given=given, seen={**seen, "summary": drafted.summary})

    status, made = await asker.read(HANDLE, done)
    return show(request, "case.html", made, status)


@router.post("/cases/{case_id}/proposals")
async def proposed(case_id: int, request: Request, asker: Looking) -> Response:
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
    return show(request, "case.html", made, 409)


@router.get("/proposals/{number}")
async def proposal(number: int, request: Request, asker: Looking) -> Response:
    """A proposal that one may read; any other is like one that is not there."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        held, context = concord.proposals.find(number, who), frame(concord, who)
        viewer: Viewer = context["viewer"]
        concepts = concord.foundation.vocabulary.concepts
        operation = read_operation(held.operation) if held.operation else None
        try:
            decides = held.state is State.IN_REVIEW and concord.proposals.decides(who, concord.proposals.change(held))
            current = True
        except OutOfDate:
            decides = current = False
        return {
            **context,
            "proposal": held,
            "summary": operation.summary(lambda iri: concepts[iri].label() if iri in concepts else iri)
            if operation
            else "",
            "by": viewer.name_of(held.proposer),
            "decided_by": viewer.name_of(held.reviewer),
            "decides": decides,
            "current": current,
        }

    return show(request, "proposal.html", await asker.read(READ, made))


def _values(concord: Concord, who: Principal, case_id: int, given: ChangeForm) -> dict[str, str]:
    mine = next((each for each in suggestions(concord, who, case_id) if each.kind == given.kind), None)
    return given_to(mine, given) if mine else {}


def _told(refused: Exception, who: Principal) -> str:
    if isinstance(refused, CaseNotPossible):
        return refused.problem
    return "; ".join(str(refused).removeprefix(f"user:{who.id} may not do this: ").splitlines())
