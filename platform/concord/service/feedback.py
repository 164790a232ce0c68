"""`/v1/feedback`, `/v1/cases` and `/v1/traces`: how an answer came to be, what the person who got it says, disputes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.traced import correct, shown_trace
from concord.service.asker import Asking
from concord.service.bodies import JsonRoute
from concord.service.problems import DOCUMENTED
from concord_feedback import Correction, Rating, Trace
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/v1", tags=["feedback"], responses=DOCUMENTED, route_class=JsonRoute)


class FeedbackRequest(Rating):
    """What the asker says of an answer that they were given."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "trace_id": "3f0c1f5e-5c0f-4b5e-9a53-0d7f4f1f7c1a",
                    "helpful": False,
                    "reason": "outdated",
                    "comment": "That was last year's number.",
                    "right_answer": "27 days",
                    "evidence": ["people-handbook/leave.md"],
                }
            ]
        },
    )

    trace_id: str = Field(min_length=1, max_length=100, description="The `trace_id` of the answer.")


class DisputeRequest(BaseModel):
    """Why what was reported is not so."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={"examples": [{"comment": "The page says 27 days, as the answer does."}]},
    )

    comment: str = Field(min_length=1, max_length=4_000)


class DisputeBody(BaseModel):
    """The case, and how many people were told that it is disputed: who has it, and who reported it."""

    case: int
    told: int


CaseNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of the case.")]
_NOT_NOW: dict[int | str, dict[str, Any]] = {
    409: {**DOCUMENTED[422], "description": "The case is one with another by now"}
}


class TraceBody(Trace):
    """A trace; `withheld` says that what the asker may not read any more was left out, and all that rested on it."""

    withheld: bool
    corrections: list[Correction]


@router.post("/feedback", status_code=201)
async def feedback(body: FeedbackRequest, asker: Asking) -> Correction:
    """Keep a thumb or a correction with the trace of an answer and the exact revisions that are named as evidence.

    Another person's trace, and evidence that the asker may not read, are like ones that are not there.
    """

    def kept(concord: Concord, who: Principal) -> Correction:
        rating = Rating.model_validate(body.model_dump(exclude={"trace_id"}))
        per_hour = concord.settings.service.corrections_per_hour
        return correct(concord.engine, who, body.trace_id, rating, per_hour, concord.desk)

    return await asker.read(Action.CORRECT, kept)


@router.post("/cases/{case_id}/disputes", status_code=201, responses=_NOT_NOW)
async def dispute(case_id: CaseNumber, body: DisputeRequest, asker: Asking) -> DisputeBody:
    """Say that what was reported is not so, of a case that one deals with or has reported; it stays open.

    Of a closed one, that the outcome is not right: who has it is told. Any other case is like one that is not there.
    """

    def kept(concord: Concord, who: Principal) -> int:
        return concord.desk.dispute(who, case_id, body.comment)

    return DisputeBody(case=case_id, told=await asker.read(Action.CORRECT, kept))


@router.get("/traces/{trace_id}")
async def trace(trace_id: str, asker: Asking) -> TraceBody:
    """Give the trace of a question of one's own, or of another person's where a policy permits `read_others_traces`.

    Any other is like one that is not there. Of what the asker may not read now nothing is shown.
    """

    def found(concord: Concord, who: Principal) -> dict[str, Any]:
        return shown_trace(
            concord.engine, who, trace_id, others=asker.may(concord, Action.READ_OTHERS_TRACES)
        ).to_json()

    return TraceBody.model_validate(await asker.read(Action.READ_TRACES, found))
