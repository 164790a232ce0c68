"""Cases in a list, by what the address narrows them to; as a page and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from concord.bootstrap import Concord
from concord.catalog.boards import Chosen
from concord.governance.dashboards import CaseRow, Listed
from concord.service.web.desk import words
from concord.service.web.desk.export import EXPORTED, as_csv
from concord.service.web.desk.frame import frame, no_such_part, show
from concord.service.web.desk.params import DAYS, READ, STATES, After, Filtered, Filters
from concord.service.web.viewer import Looking
from concord_taxonomy.standard import Principal

LISTED = 50
_AT_ONCE = 500
HEAD = (
    "case",
    "question",
    "item",
    "title",
    "cause",
    "severity",
    "state",
    "sub_state",
    "owner",
    "use_case",
    "people",
    "answers",
    "opened_at",
    "acknowledge_by",
    "fix_by",
    "closed_at",
    "rule",
    "proposal",
    "decide_by",
    "asked_to_decide",
)

router = APIRouter(include_in_schema=False)


@router.get("/cases")
async def listed(request: Request, asker: Looking, given: Filtered, after: After = "") -> Response:
    """Cases that one may deal with: what is open by its deadline, gaps by whom they reach, all others newest first."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        context = frame(concord, who)
        return {
            **context,
            "listed": part(concord, who, given, LISTED, after),
            "total": concord.boards.totals(who, given.chosen()).cases,
            "given": given,
            "labels": given.labels(context["titles"]),
            "after": after,
            "departments": concord.boards.values(who, "department"),
            "used_in": concord.boards.values(who, "use_case"),
            "states": {**STATES, **{key: words.STATES[key] for key in ("new", "acknowledged", "assigned")}},
            "day_choices": DAYS,
        }

    return await show(request, "cases.html", await asker.read(READ, made))


@router.get("/cases.csv")
async def file(asker: Looking, given: Filtered, after: After = "") -> Response:
    """The same as a file, from a place in the list on."""

    def made(concord: Concord, who: Principal) -> list[Sequence[object]]:
        rows: list[Sequence[object]] = []
        behind = after
        while len(rows) < EXPORTED:
            found = part(concord, who, given, _AT_ONCE, behind)
            rows += [_line(each) for each in found.rows]
            behind = found.after
            if not behind:
                break
        return rows[:EXPORTED]

    return await as_csv("cases", HEAD, await asker.read(READ, made))


def part(concord: Concord, who: Principal, given: Filters, limit: int, after: str) -> Listed:
    """A part of the list; raises `RequestValidationError` for a place that no list gave."""
    chosen = given.chosen()
    try:
        if chosen.gap:
            return concord.boards.most_asked(who, chosen, limit, after)
        if _open(chosen, given):
            return concord.boards.by_deadline(who, chosen, limit, after)
        return concord.boards.newest(who, chosen, limit, after)
    except ValueError:
        raise no_such_part() from None


def _open(chosen: Chosen, given: Filters) -> bool:
    return chosen.open is True or given.state in ("overdue", "new", "acknowledged", "assigned", "fix_submitted")


def _line(row: CaseRow) -> Sequence[object]:
    values = row.to_json().values()
    return [" ".join(each) if isinstance(each, list) else each for each in values]
