"""What the worker did of late, and when it is due again; for who answers for a source, and for leads."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from concord.bootstrap import Concord
from concord.bootstrap.running import SYNC, jobs_of
from concord.service.web.desk.frame import frame, show
from concord.service.web.desk.params import READ
from concord.service.web.viewer import Looking
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/work", include_in_schema=False)
SHOWN = 5
"""Runs of a job."""


@router.get("/runs")
async def runs(request: Request, asker: Looking) -> Response:
    """Jobs with their last runs; whether each went well, and nothing of what it said."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        return {**frame(concord, who), "jobs": jobs_of(concord, who, SHOWN), "sync": SYNC}

    return show(request, "runs.html", await asker.read(READ, made))
