"""What the worker did of late, and when it is due again; for who answers for a source, and for leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from concord.bootstrap import Concord
from concord.bootstrap.running import jobs_of
from concord.catalog.runs import SYNC
from concord.service.web.desk.export import EXPORTED, as_csv
from concord.service.web.desk.frame import frame, show
from concord.service.web.desk.params import READ
from concord.service.web.viewer import Looking
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/work", include_in_schema=False)
SHOWN = 5
"""Runs of a job."""
LISTED = 50
"""Jobs on a page."""


@router.get("/runs.csv")
async def runs_file(asker: Looking) -> Response:
    """The same as a file: a line for each run, and one for a job that never ran."""

    def made(concord: Concord, who: Principal) -> list[Sequence[object]]:
        rows: list[Sequence[object]] = []
        for job in jobs_of(concord, who, SHOWN):
            rows += [(job.name, job.due, run.state, run.started_at, run.ended_at) for run in job.runs]
            rows += [] if job.runs else [(job.name, job.due, None, None, None)]
        return rows[:EXPORTED]

    return await as_csv("runs", ("job", "due", "state", "started_at", "ended_at"), await asker.read(READ, made))


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

    return await show(request, "runs.html", await asker.read(READ, made))
