"""What is done with a case from its page: by the very acts of the desk, whose guards answer in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse

from concord.bootstrap import Concord
from concord.bootstrap.diagnosing import Asking, diagnose_as
from concord.governance.errors import NotAllowed
from concord.service.feedback import CaseNumber
from concord.service.web.desk.case import case_context
from concord.service.web.desk.frame import show
from concord.service.web.desk.params import HANDLE
from concord.service.web.forms import form, own_path
from concord.service.web.guard import HEADERS
from concord.service.web.viewer import Looking
from concord_feedback.cases import Act, Fix, Move, Resolution, State
from concord_feedback.errors import CaseNotPossible, NoSuchCase
from concord_taxonomy.standard import Principal

router = APIRouter(include_in_schema=False)

_WORDS = 4_000


class ActForm(BaseModel):
    """What an act needs, as the pages send it; what is missing is told by the act's guard."""

    model_config = ConfigDict(extra="forbid")

    comment: str = Field(default="", max_length=_WORDS)
    what: str = Field(default="", max_length=_WORDS)
    reason: Resolution | None = None
    to: str = Field(default="", max_length=300)
    other: str = Field(default="", max_length=300)
    back: str = Field(default="", max_length=4_000)
    read: AwareDatetime | None = None
    """When the case was changed last, as its page had it: nothing is done where it has changed since."""


class MergeForm(BaseModel):
    """The case that is the same."""

    model_config = ConfigDict(extra="forbid")

    other: int = Field(ge=1, le=2**31 - 1)
    read: AwareDatetime | None = None


@router.post("/cases/{case_id}/diagnose")
async def diagnose(case_id: CaseNumber, request: Request, asker: Looking) -> Response:
    """Find the cause, by asking the case's questions again; the case goes to whoever can mend it."""

    def done(concord: Concord, who: Principal) -> str | dict[str, Any]:
        concord.boards.case(who, case_id)
        try:
            shown = diagnose_as(cast(Asking, concord), who, case_id)
        except NotAllowed as refused:
            return case_context(concord, who, case_id, str(refused).partition(": ")[2] or str(refused))
        # It may have gone to somebody else, and be this person's no more.
        return f"/cases/{shown.case.id}" if shown and shown.handles else "/work?gone=yes"

    return await _told(request, await asker.read(HANDLE, done))


@router.post("/cases/{case_id}/notify")
async def notify(case_id: CaseNumber, request: Request, asker: Looking) -> Response:
    """Tell who got an answer of what the page does not say any more that it was corrected, each once."""

    def done(concord: Concord, who: Principal) -> str:
        concord.boards.case(who, case_id)
        concord.desk.tell_answered(who, case_id)
        return f"/cases/{case_id}#answers"

    return RedirectResponse(await asker.read(HANDLE, done), 303, HEADERS)


@router.post("/cases/{case_id}/merge")
async def merge(case_id: CaseNumber, request: Request, asker: Looking) -> Response:
    """Let the case and one that is perhaps the same be one."""
    given = await form(request, MergeForm)

    def done(concord: Concord, who: Principal) -> str | dict[str, Any]:
        concord.boards.case(who, case_id)
        try:
            stays = concord.desk.merge(who, case_id, given.other, given.read)
        except CaseNotPossible as refused:
            return case_context(concord, who, case_id, refused.problem)
        try:
            return f"/cases/{concord.boards.case(who, stays.id).case.id}"
        except NoSuchCase:
            return "/work?gone=yes"

    return await _told(request, await asker.read(HANDLE, done))


@router.post("/cases/{case_id}/{name}")
async def act(case_id: CaseNumber, name: str, request: Request, asker: Looking) -> Response:
    """Do something with a case; what its guard misses is told on its page."""
    given = await form(request, ActForm)
    if name not in _MOVES and name != "dispute":
        raise NoSuchCase(case_id)

    def done(concord: Concord, who: Principal) -> str | dict[str, Any]:
        concord.boards.case(who, case_id)
        try:
            _do(concord, who, case_id, name, given)
        except CaseNotPossible as refused:
            return case_context(concord, who, case_id, refused.problem)
        except NotAllowed as refused:
            return case_context(concord, who, case_id, str(refused).partition(": ")[2] or str(refused))
        try:
            concord.boards.case(who, case_id)
        except NoSuchCase:
            return "/work?gone=yes"
        return f"{own_path(given.back)}#case-{case_id}" if given.back else f"/cases/{case_id}"

    return await _told(request, await asker.read(HANDLE, done))


async def _told(request: Request, made: str | dict[str, Any]) -> Response:
    """Where to go on, or the case's page with what was refused."""
    if isinstance(made, str):
        return RedirectResponse(made, 303, HEADERS)
    return await show(request, "case.html", made, 409)


def _do(concord: Concord, who: Principal, case_id: int, name: str, given: ActForm) -> None:
    if name == "dispute":
        concord.desk.dispute(who, case_id, given.comment)
        return
    now, by = datetime.now(UTC), f"user:{who.id}"
    made, read = _MOVES[name](given, by, now), given.read
    by_itself = made.act is Act.RESOLVE and made.resolution is not Resolution.FIXED
    if by_itself and concord.boards.case(who, case_id).case.state is State.NEW:
        if not given.comment.strip() or made.resolution is None:  # or else it would be half done
            raise CaseNotPossible(case_id, made.act.value, "give a reason, and say more in a comment")
        read = concord.act(who, case_id, Move(Act.ACKNOWLEDGE, by, now), read).changed_at
    concord.act(who, case_id, made, read)


def _assign(given: ActForm, by: str, at: datetime) -> Move:
    to = given.other.strip() or given.to
    owner = to if not to or ":" in to else f"user:{to}"
    return Move(Act.ASSIGN, by, at, given.comment, owner=owner or None)


def _resolve(given: ActForm, by: str, at: datetime, resolution: Resolution | None = None) -> Move:
    return Move(Act.RESOLVE, by, at, given.comment, resolution or given.reason)


_MOVES: dict[str, Callable[[ActForm, str, datetime], Move]] = {
    "acknowledge": lambda given, by, at: Move(Act.ACKNOWLEDGE, by, at, given.comment),
    "assign": _assign,
    "submit-fix": lambda given, by, at: Move(Act.SUBMIT_FIX, by, at, fix=Fix(at, by, given.what)),
    "resolve": _resolve,
    "fixed": lambda given, by, at: _resolve(given, by, at, Resolution.FIXED),
    "invalid": lambda given, by, at: _resolve(given, by, at, Resolution.INVALID_FEEDBACK),
    "reopen": lambda given, by, at: Move(Act.REOPEN, by, at, given.comment),
    "archive": lambda given, by, at: Move(Act.ARCHIVE, by, at, given.comment),
}
"""The acts by the last part of their address."""
