"""`/v1/feedback` and `/v1/traces`: how an answer came to be, and what the person who got it says of it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.traced import correct, shown_trace
from concord.service.asker import Asking
from concord.service.problems import DOCUMENTED
from concord_feedback import Correction, Rating, Trace
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/v1", tags=["feedback"], responses=DOCUMENTED)


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
