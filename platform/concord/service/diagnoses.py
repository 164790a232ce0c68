"""`/v1/cases/{case_id}/diagnoses`: why an answer was wrong, found by asking again as who asked."""

from __future__ import annotations

from typing import Any, cast

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.diagnosing import Asking as Diagnosed
from concord.bootstrap.diagnosing import diagnose_as
from concord.service.asker import Asking
from concord.service.board import SeenBody
from concord.service.bodies import JsonRoute
from concord.service.feedback import CaseNumber
from concord.service.problems import DOCUMENTED
from concord_feedback.causes import RootCause
from concord_feedback.diagnosis import PROBES
from concord_feedback.meaning import CAUSES
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/v1", tags=["cases"], responses=DOCUMENTED, route_class=JsonRoute)

_ASKS = {each.name: each.asks for each in PROBES}


class ProbeBody(SeenBody):
    """A stage that was looked at: what is asked of it, and what was seen there of what the asker may read.

    The first whose outcome is `failed` is where it went wrong; `could_not_run` leaves the cause undetermined.
    """

    asks: str


class DiagnosisBody(BaseModel):
    """What came of a diagnosis. `case` is where the reports are now: an older case about the same may have them.

    `routed` says that it went to others, and nothing more is told then.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case": 7,
                    "routed": False,
                    "cause": "content_error",
                    "means": CAUSES["content_error"].means,
                    "mends": CAUSES["content_error"].mends,
                    "item": "people-handbook/leave.md",
                    "owner": "user:helena.varga",
                    "role": "owner",
                    "probes": [
                        {
                            "probe": "held",
                            "asks": _ASKS["held"],
                            "outcome": "failed",
                            "saw": "no source has it; what is cited says something else",
                            "items": ["people-handbook/leave.md"],
                        }
                    ],
                }
            ]
        }
    )

    case: int
    routed: bool
    cause: RootCause | None = None
    means: str = ""
    mends: str = ""
    item: str | None = None
    owner: str | None = None
    role: str | None = None
    probes: list[ProbeBody] = Field(default_factory=list)


@router.post("/cases/{case_id}/diagnoses", status_code=201)
async def diagnosed(case_id: CaseNumber, asker: Asking) -> DiagnosisBody:
    """Find the root cause of a case that one deals with: its questions are asked again as who asked, stage by stage.

    The case goes to whoever can mend it. Whoever reported it leaves this to others. Any other case is like one that is
    not there.
    """

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        shown = diagnose_as(cast(Diagnosed, concord), who, case_id)
        if shown is None or not shown.handles:
            return {"case": case_id, "routed": True}
        told = shown.to_json()
        probes = [{**each, "asks": _ASKS.get(each["probe"], each["probe"])} for each in told["diagnosis"]]
        cause = CAUSES[told["cause"]]
        kept = {name: told[name] for name in ("cause", "item", "owner", "role")}
        return {
            "case": told["id"],
            "routed": False,
            "means": cause.means,
            "mends": cause.mends,
            "probes": probes,
            **kept,
        }

    return DiagnosisBody.model_validate(await asker.read(Action.HANDLE_CASES, made))
