"""What one was told: cases that became one's own, and what became of those that one reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.accepting import to_decide
from concord.catalog.cases import CatalogCases, Told
from concord.catalog.engine import reading
from concord.service.web.desk import words
from concord.service.web.desk.export import EXPORTED, as_csv
from concord.service.web.desk.frame import frame, show
from concord.service.web.viewer import Looking
from concord_feedback import news
from concord_feedback.cases import Report
from concord_taxonomy.standard import Principal

LISTED = 50

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """One piece of news: `question` is one's own, `case` the number of one that one may deal with, else None.

    `proposal` is that of one that one may decide on, where it is about that.
    """

    at: datetime
    what: str
    question: str = ""
    case: int | None = None
    good: bool = False
    proposal: int | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """A report of one's own, and where its case stands, by its number; neither cause nor page."""

    at: datetime
    question: str
    right_answer: str
    stands: str
    done: bool
    case: int


@router.get("/notices")
async def notices(request: Request, asker: Looking) -> Response:
    """News, and one's own reports."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        with reading(concord.engine) as connection:
            mine = own_reports(connection, who, LISTED)
        return {**frame(concord, who), "notices": _news(concord, who, LISTED), "reports": mine}

    return await show(request, "notices.html", await asker.read(Action.CORRECT, made))


@router.get("/notices.csv")
async def news_file(asker: Looking) -> Response:
    """The news as a file."""

    def made(concord: Concord, who: Principal) -> list[Sequence[object]]:
        found = _news(concord, who, EXPORTED)
        return [(each.at, each.what, each.question, each.case, each.proposal) for each in found]

    return await as_csv("news", ("at", "what", "question", "case", "proposal"), await asker.read(Action.CORRECT, made))


@router.get("/notices/reports.csv")
async def reports_file(asker: Looking) -> Response:
    """One's own reports as a file."""

    def made(concord: Concord, who: Principal) -> list[Sequence[object]]:
        with reading(concord.engine) as connection:
            found = own_reports(connection, who, EXPORTED)
        return [(each.at, each.question, each.right_answer, each.stands) for each in found]

    return await as_csv("reports", ("at", "question", "right_answer", "stands"), await asker.read(Action.CORRECT, made))


def _news(concord: Concord, who: Principal, limit: int) -> list[Notice]:
    with reading(concord.engine) as connection:
        told = CatalogCases(connection).told_to(who.tokens, limit)
        asked = _asked(connection, who, [each.case for each in told if each.case is not None])
    return list(_notices(concord, who, told, asked))


def own_reports(connection: Connection, who: Principal, limit: int) -> list[Reported]:
    """What a person reported, newest first, and where it stands."""
    held = CatalogCases(connection)
    found = held.reports_of(who.id, limit)
    known = held.numbered({number for number, _ in found})
    return [
        Reported(
            each.at,
            each.question,
            each.right_answer,
            words.stands(known[number]),
            not known[number].open,
            number,
        )
        for number, each in found
    ]


def _asked(connection: Connection, who: Principal, numbers: Sequence[int]) -> dict[int, list[Report]]:
    """What the person asked or reported themselves, by case."""
    held = CatalogCases(connection)
    return {
        number: [each for each in held.reports(number) if each.principal == who.id] for number in dict.fromkeys(numbers)
    }


def _notices(
    concord: Concord, who: Principal, told: Sequence[Told], asked: Mapping[int, Sequence[Report]]
) -> Iterator[Notice]:
    held = concord.boards.held(who, [each.case for each in told if each.case is not None])
    theirs_to_decide = to_decide(concord, who, [each for each in told if each.kind in news.TO_DECIDE])
    for each in told:
        if each.kind in news.TO_DECIDE or each.case is None:
            found = theirs_to_decide.get(each)
            yield Notice(each.at, news.NEWS[each.kind], proposal=found.id if found else None)
            continue
        mine = held.get(each.case)
        theirs = next((report.question for report in reversed(asked[each.case]) if report.question), "")
        question = theirs or (mine.question or mine.title or "" if mine else "")
        what = news.told(each.kind, reported=any(report.kind == "correction" for report in asked[each.case]))
        yield Notice(each.at, what, question, each.case if mine else None, each.kind == "case.fixed_confirmed")
