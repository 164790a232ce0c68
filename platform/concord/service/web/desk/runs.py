"""What the worker did of late, and when it is due again; for who answers for a source, and for leads."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from concord.bootstrap import Concord
from concord.bootstrap.running import SYNC, jobs_of
from concord.service.web.desk.frame import frame, show
from concord.service.web.desk.params import READ
from concord.service.web.viewer import Looking
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/work", include_in_schema=False)
SHOWN = 5
"""Runs of a job."""
LISTED = 50
"""Jobs on a page."""


@router.get("/runs")
async def runs(request: Request, asker: Looking, page: Annotated[int, Query(ge=1, le=1_000)] = 1) -> Response:
    """Jobs with their last runs; whether each went well, and nothing of what it said."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        start = (page - 1) * LISTED
        found = jobs_of(concord, who, SHOWN, slice(start, start + LISTED + 1))
        return {
            **frame(concord, who),
            "jobs": found[:LISTED],
            "sync": SYNC,
            "page": page,
            "more": len(found) > LISTED,
        }

    return show(request, "runs.html", await asker.read(READ, made))
