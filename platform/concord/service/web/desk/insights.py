"""How it goes: cases by cause, department, use case and rule, and how long they take; for leads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from concord.bootstrap import Concord
from concord.catalog.boards import Count, Totals
from concord.governance.dashboards import Insights
from concord.service.web.desk import words
from concord.service.web.desk.charts import HEIGHT, WIDTH, Bar, bars, columns
from concord.service.web.desk.export import as_csv
from concord.service.web.desk.frame import frame, show
from concord.service.web.desk.params import DAYS, READ, Filtered
from concord.service.web.desk.proposals import overdue
from concord.service.web.viewer import Looking
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/insights", include_in_schema=False)

Table = Literal["cause", "department", "use_case", "rule", "found", "took"]
SHOWN = 12
"""Bars of a chart; the file has all of them."""


@router.get("")
async def insights(request: Request, asker: Looking, given: Filtered) -> Response:
    """Figures of the cases that one may deal with, each leading to its cases."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        context, leads = frame(concord, who), concord.ledger.open_to(who)
        found = concord.boards.insights(who, given.chosen())
        return {
            **context,
            "given": given,
            "labels": given.labels(context["titles"]),
            "found": found,
            "leads": leads,
            "undecided": overdue(concord, who) if leads else 0,
            "rate": rate(found.totals),
            "bars": {
                name: _bars(counts, named(name, context["titles"])) for name, counts in found.by.items() if counts
            },
            "columns": columns(found.days, datetime.now(UTC).date()),
            "height": HEIGHT,
            "width": WIDTH,
            "day_choices": DAYS,
        }

    return await show(request, "insights.html", await asker.read(READ, made))


@router.get("/{table}.csv")
async def file(table: Table, asker: Looking, given: Filtered) -> Response:
    """One of its tables as a file."""

    def made(concord: Concord, who: Principal) -> Insights:
        return concord.boards.insights(who, given.chosen())

    found = await asker.read(READ, made)
    if table == "found":
        rows: list[tuple[object, ...]] = [(day, cases, cases - open_, open_) for day, cases, open_ in found.days]
        return await as_csv("found", ("day", "cases", "closed", "open"), rows)
    if table == "took":
        rows = [(name, each.known, each.half, each.most) for name, each in found.took.items()]
        return await as_csv("took", ("what", "cases", "seconds_of_half", "seconds_of_nine_in_ten"), rows)
    rows = [(each.value, each.cases, each.cases - each.open, each.open) for each in found.by[table]]
    return await as_csv(table, (table, "cases", "closed", "open"), rows)


def rate(totals: Totals) -> str:
    """Of those that were closed, the share that was opened again."""
    return f"{totals.reopened / totals.closed:.0%}" if totals.closed else ""


def named(dimension: str, titles: dict[str, str]) -> dict[str, str]:
    """The names of the values of a field."""
    known = {
        "cause": {key: each.name for key, each in words.CAUSES.items()},
        "use_case": titles,
        "rule": dict(words.RULES),
    }
    return known.get(dimension, {})


def _bars(counts: list[Count], names: dict[str, str]) -> list[tuple[str, Bar]]:
    shown = bars([(each.value, each.cases, each.open) for each in counts[:SHOWN]])
    return [(names.get(each.value, each.value), each) for each in shown]
