"""`/v1/cases`: the cases that one deals with, by deadline, and one case as far as one may see it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.catalog.boards import Chosen
from concord.service.asker import Asking
from concord.service.conflicts import EntryBody
from concord.service.feedback import CaseNumber
from concord.service.problems import DOCUMENTED
from concord_feedback.cases import Risk, Severity, State, SubState
from concord_feedback.causes import RootCause
from concord_feedback.diagnosis import Outcome
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/v1", tags=["cases"], responses=DOCUMENTED)

LISTED = 50
_LISTED: dict[str, Any] = {
    "id": 7,
    "question": "How many days of leave do I get?",
    "item": "people-handbook/leave.md",
    "title": "Annual leave",
    "cause": "content_error",
    "severity": "high",
    "state": "assigned",
    "sub_state": None,
    "owner": "user:helena.varga",
    "use_case": "ask-people",
    "people": 3,
    "answers": 4,
    "opened_at": "2026-10-12T09:30:00+00:00",
    "acknowledge_by": "2026-10-13T09:30:00+00:00",
    "fix_by": "2026-10-19T09:30:00+00:00",
    "closed_at": None,
    "rule": None,
    "proposal": None,
    "decide_by": None,
    "asked_to_decide": [],
}
_WHOLE: dict[str, Any] = {
    "id": 7,
    "state": "assigned",
    "sub_state": None,
    "question": "How many days of leave do I get?",
    "opened_at": "2026-10-12T09:30:00+00:00",
    "changed_at": "2026-10-12T10:00:00+00:00",
    "yours": True,
    "reports": [
        {
            "kind": "correction",
            "at": "2026-10-12T09:30:00+00:00",
            "by": "user:daniel.costa",
            "imported_by": None,
            "question": "How many days of leave do I get?",
            "withheld": False,
            "use_case": "ask-people",
            "reason": "wrong",
            "right_answer": "27 days",
            "comment": "",
            "expected": [],
            "quoted": [],
            "trace": "5f0c9a52-3c0f-4a7e-9a1d-0f6f3c1f9a11",
        }
    ],
}


class CaseRowBody(BaseModel):
    """A case in a list; `item` and `title` are null, and `question` empty, where one may not read what it is about."""

    id: int
    question: str
    item: str | None
    title: str | None
    cause: RootCause
    severity: Severity
    state: State
    sub_state: SubState | None
    owner: str | None
    use_case: str | None
    people: int
    answers: int
    opened_at: datetime
    acknowledge_by: datetime | None
    fix_by: datetime | None
    closed_at: datetime | None
    rule: str | None
    proposal: int | None = Field(description="The proposal that it waits for.")
    decide_by: datetime | None = Field(description="Until when that is to be decided on.")
    asked_to_decide: list[str]


class CasesBody(BaseModel):
    """Cases that one deals with; `next` is the `after` of the next page, null at the end."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"cases": [_LISTED], "next": None}]})

    cases: list[CaseRowBody]
    next: str | None


class ReportBody(BaseModel):
    """What was reported; of another's report about what one may not read, the words are `withheld`."""

    kind: str
    at: datetime
    by: str | None
    imported_by: str | None
    question: str
    withheld: bool
    use_case: str | None
    reason: str | None
    right_answer: str
    comment: str
    expected: list[str]
    quoted: list[str]
    trace: str | None


class ReachBody(BaseModel):
    """Whom an error has reached."""

    people: int
    use_cases: int
    asked: int


class SeenBody(BaseModel):
    """A probe of a diagnosis."""

    probe: str
    outcome: Outcome
    saw: str
    items: list[str]


class EventBody(BaseModel):
    """What happened to a case; what else it says is by its kind."""

    model_config = ConfigDict(extra="allow")

    at: datetime
    by: str
    what: str


class SimilarBody(BaseModel):
    """An open case that is perhaps the same."""

    id: int
    question: str


class CaseBody(BaseModel):
    """A case: where it stands and what was reported. What is not required is told to those who deal with it alone."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WHOLE]})

    id: int
    state: State
    sub_state: SubState | None
    question: str
    opened_at: datetime
    changed_at: datetime
    yours: bool = Field(description="One has reported it, or asked, and does not deal with it.")
    reports: list[ReportBody]
    cause: RootCause | None = None
    item: str | None = None
    concept: str | None = None
    use_case: str | None = None
    severity: Severity | None = None
    risk: Risk | None = None
    reach: ReachBody | None = None
    owner: str | None = None
    role: str | None = None
    by_hand: bool | None = None
    next_in_line: list[str] | None = None
    acknowledge_by: datetime | None = None
    fix_by: datetime | None = None
    escalations: int | None = None
    fix: dict[str, Any] | None = None
    decision: dict[str, Any] | None = None
    proof: dict[str, Any] | None = None
    still_wrong: list[str] | None = None
    unproven: str | None = None
    resolution: str | None = None
    comment: str | None = None
    merged_into: int | None = None
    diagnosis: list[SeenBody] | None = None
    conflicts: list[EntryBody] | None = Field(
        default=None, description="The contradictions that it was found by, as they stand now: all that one may read."
    )
    history: list[EventBody] | None = None
    similar: list[SimilarBody] | None = Field(
        default=None,
        description="Open cases that one deals with and that are perhaps the same: `merges` makes them one.",
    )


@router.get("/cases")
async def listed(
    asker: Asking,
    state: Literal["open", "closed", "all"] = "open",
    mine: Annotated[bool, Query(description="Those that are with oneself now.")] = False,
    cause: RootCause | None = None,
    use_case: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = LISTED,
    after: Annotated[str, Query(max_length=100, description="Where the page before ended: its `next`.")] = "",
) -> CasesBody:
    """The cases that one deals with: open ones by their next deadline, all others newest first."""
    is_open = {"open": True, "closed": False}.get(state)
    chosen = Chosen(open=is_open, mine=mine or None, cause=cause.value if cause else None, use_case=use_case)

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        in_order = concord.boards.by_deadline if is_open else concord.boards.newest
        try:
            found = in_order(who, chosen, limit, after)
        except ValueError:
            raise RequestValidationError([{"loc": ("query", "after"), "msg": "no list ends there"}]) from None
        return {"cases": [each.to_json() for each in found.rows], "next": found.after or None}

    return CasesBody.model_validate(await asker.read(Action.READ_CASES, made))


@router.get("/cases/{case_id}", response_model_exclude_unset=True)
async def one(case_id: CaseNumber, asker: Asking) -> CaseBody:
    """A case that one deals with or has reported, as `concord cases show --json`; another is like one not there."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        found = concord.desk.case(who, case_id)
        told = found.to_json()
        if found.handles:
            similar = concord.boards.similar(who, case_id)
            told["similar"] = [{"id": each.case.id, "question": each.question} for each in similar]
        return told

    return CaseBody.model_validate(await asker.read(Action.READ_CASES, made))
