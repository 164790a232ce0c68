"""`/v1/cases/{case_id}/…`: what is done with a case by who deals with it, by its life cycle's own acts and guards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.service.asker import Asker, Asking
from concord.service.bodies import JsonRoute
from concord.service.feedback import CaseNumber
from concord.service.problems import DOCUMENTED
from concord_feedback.cases import Act, Case, Fix, Move, Resolution, State, SubState
from concord_taxonomy.standard import Principal

_NOT_NOW: dict[int | str, dict[str, Any]] = {
    409: {**DOCUMENTED[422], "description": "The case does not allow it now, or has changed since it was read"}
}
router = APIRouter(
    prefix="/v1/cases/{case_id}", tags=["cases"], responses={**DOCUMENTED, **_NOT_NOW}, route_class=JsonRoute
)

_WORDS = 4_000
_READ = "2026-10-12T10:00:00.123456+00:00"


class ActRequest(BaseModel):
    """What may be said of every act."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, json_schema_extra={"examples": [{}, {"changed_at": _READ}]}
    )

    comment: str = Field(default="", max_length=_WORDS, description="Why; kept in the case's history.")
    changed_at: AwareDatetime | None = Field(
        default=None, description="The case's `changed_at` as it was read: nothing is done where it has changed since."
    )


class ReasonedActRequest(ActRequest):
    """An act that needs a reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"comment": "The page was moved, and says it still."}]})

    comment: str = Field(min_length=1, max_length=_WORDS, description="Why; kept in the case's history.")


class AssignmentRequest(ActRequest):
    """Who is to have the case."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "user:helena.varga", "changed_at": _READ}]})

    to: str = Field(pattern=r"^(user|group):\S.*$", max_length=300, description="`user:ID` or `group:ID`.")


class FixRequest(ActRequest):
    """What was done."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"what": "The page says 27 days now."}]})

    what: str = Field(min_length=1, max_length=_WORDS)


class ResolutionRequest(ReasonedActRequest):
    """Why the case is closed without the proof of a replay."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "will_not_fix", "comment": "Both are right, each in its country."}]}
    )

    reason: Resolution


class MergeRequest(BaseModel):
    """The case that is the same."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"other": 8, "changed_at": _READ}]})

    other: int = Field(strict=True, ge=1, le=2**31 - 1, description="Its number, such as one of the `similar` ones.")
    changed_at: AwareDatetime | None = Field(
        default=None, description="The case's `changed_at` as it was read: nothing is done where it has changed since."
    )


class MovedBody(BaseModel):
    """Where the case stands now; by what was done it may have become others' to deal with."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case": 7,
                    "state": "assigned",
                    "sub_state": None,
                    "owner": "user:helena.varga",
                    "changed_at": _READ,
                }
            ]
        }
    )

    case: int
    state: State
    sub_state: SubState | None
    owner: str | None
    changed_at: datetime


@router.post("/acknowledgements", status_code=201)
async def acknowledged(case_id: CaseNumber, body: ActRequest, asker: Asking) -> MovedBody:
    """Say that a new case is seen to. Any case that one may not see is like one that is not there."""
    return await _moved(asker, case_id, Act.ACKNOWLEDGE, body)


@router.post("/assignments", status_code=201)
async def assigned(case_id: CaseNumber, body: AssignmentRequest, asker: Asking) -> MovedBody:
    """Give a case to somebody who may read what it is about; a change of ownership then moves it no more."""
    return await _moved(asker, case_id, Act.ASSIGN, body, owner=body.to)


@router.post("/fixes", status_code=201)
async def fixed(case_id: CaseNumber, body: FixRequest, asker: Asking) -> MovedBody:
    """Say that a case is mended; the next sync asks its questions again, and confirms or rejects that."""
    return await _moved(asker, case_id, Act.SUBMIT_FIX, body, what=body.what)


@router.post("/resolutions", status_code=201)
async def resolved(case_id: CaseNumber, body: ResolutionRequest, asker: Asking) -> MovedBody:
    """Close a case by hand, without the proof of a replay; a new one is acknowledged or assigned first."""
    return await _moved(asker, case_id, Act.RESOLVE, body, resolution=body.reason)


@router.post("/reopenings", status_code=201)
async def reopened(case_id: CaseNumber, body: ReasonedActRequest, asker: Asking) -> MovedBody:
    """Open a resolved case again, unless another about the same is open."""
    return await _moved(asker, case_id, Act.REOPEN, body)


@router.post("/archivals", status_code=201)
async def archived(case_id: CaseNumber, body: ReasonedActRequest, asker: Asking) -> MovedBody:
    """Put a case away: nothing is done about it."""
    return await _moved(asker, case_id, Act.ARCHIVE, body)


@router.post("/merges", status_code=201)
async def merged(case_id: CaseNumber, body: MergeRequest, asker: Asking) -> MovedBody:
    """Let two open cases that one deals with be one: that on which more was done, else the older, which is returned.

    It has the reports of both; the other is archived, and who had or reported it is told.
    """

    def made(concord: Concord, who: Principal) -> MovedBody:
        return _body(concord.desk.merge(who, case_id, body.other, body.changed_at))

    return await asker.read(Action.HANDLE_CASES, made)


async def _moved(
    asker: Asker, case_id: int, act: Act, body: ActRequest, what: str | None = None, **given: Any
) -> MovedBody:
    def made(concord: Concord, who: Principal) -> MovedBody:
        now, by = datetime.now(UTC), f"user:{who.id}"
        fix = Fix(now, by, what) if what is not None else None
        move = Move(act, by, now, body.comment, fix=fix, **given)
        return _body(concord.act(who, case_id, move, body.changed_at))

    return await asker.read(Action.HANDLE_CASES, made)


def _body(case: Case) -> MovedBody:
    return MovedBody(
        case=case.id, state=case.state, sub_state=case.sub_state, owner=case.owner, changed_at=case.changed_at
    )
