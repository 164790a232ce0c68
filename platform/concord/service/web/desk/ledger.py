"""The curation ledger: handwork by kind and use case; for leads, and for anybody else a page that is not there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request, Response

from concord.bootstrap import Concord
from concord.governance.dashboards import Entry
from concord.service.web.desk.export import as_csv
from concord.service.web.desk.frame import frame, show
from concord.service.web.desk.params import DAYS, READ
from concord.service.web.viewer import Looking
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/insights", include_in_schema=False)
Days = Annotated[Literal["0", "30", "90", "365"], Query()]


@router.get("/ledger")
async def ledger(request: Request, asker: Looking, days: Days = "90") -> Response:
    """Handwork within some days."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        return {**frame(concord, who), "entries": _entries(concord, who, days), "days": days, "day_choices": DAYS}

    return await show(request, "ledger.html", await asker.read(READ, made))


@router.get("/ledger.csv")
async def file(asker: Looking, days: Days = "90") -> Response:
    """The same as a file."""

    def made(concord: Concord, who: Principal) -> list[Entry]:
        return _entries(concord, who, days)

    head = ("kind", "use_case", "interventions", "people", "minutes", "basis", "automates")
    rows = [tuple(each.to_json()[name] for name in head) for each in await asker.read(READ, made)]
    return await as_csv("ledger", head, rows)


def _entries(concord: Concord, who: Principal, days: str) -> list[Entry]:
    if not concord.ledger.open_to(who):
        raise HTTPException(404)
    since = datetime.now(UTC) - timedelta(days=int(days)) if int(days) else None
    return concord.ledger.entries(who, since)
