"""What is one's own to do: cases by deadline, disagreements, pages to look after, and what goes unanswered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.catalog import upkeep
from concord.catalog.boards import Chosen
from concord.catalog.engine import reading
from concord.catalog.upkeep import Kept
from concord.governance.register import Entry
from concord.service.asker import Asker
from concord.service.web.desk.export import EXPORTED, as_csv
from concord.service.web.desk.frame import frame, show
from concord.service.web.desk.params import READ, After
from concord.service.web.desk.proposals import undecided
from concord.service.web.viewer import Looking
from concord_taxonomy.standard import ContentItem, Principal
from concord_taxonomy.standard.item import modified_date
from concord_taxonomy.standard.tokens import EVERYONE

FIRST = 6
"""Entries of each part on the first page."""
LISTED = 50
UNUSED_DAYS = 90

router = APIRouter(prefix="/work", include_in_schema=False)

Kind = Literal["stale", "unused"]
KINDS: tuple[Kind, ...] = ("stale", "unused")


@router.get("")
async def work(request: Request, asker: Looking) -> Response:
    """The first of everything that is one's own to do."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        mine = Chosen(open=True, mine=True)
        stale, unused = (_pages(concord, who, kind, FIRST) for kind in KINDS)
        found = {
            "cases": concord.boards.by_deadline(who, mine, FIRST),
            "totals": concord.boards.totals(who, mine),
            "questions": concord.boards.most_asked(who, Chosen(open=True, mine=True, gap=True), FIRST),
            "conflicts": _conflicts(concord, who, asker),
            "stale": stale,
            "unused": unused,
            "days": _days(concord),
            "decisions": undecided(concord, who, FIRST),
        }
        return {**frame(concord, who), **found, "keeps": _keeps(concord, who), "first": FIRST}

    return await show(request, "work.html", await asker.read(READ, made))


@router.get("/conflicts")
async def conflicts(request: Request, asker: Looking, page: Annotated[int, Query(ge=1, le=1_000)] = 1) -> Response:
    """Every disagreement about a page of one's own, of which one may read both sides."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        found = _conflicts(concord, who, asker)
        start = (page - 1) * LISTED
        shown = found[start : start + LISTED]
        return {**frame(concord, who), "conflicts": shown, "page": page, "more": len(found) > start + LISTED}

    return await show(request, "conflicts.html", await asker.read(READ, made))


@router.get("/conflicts.csv")
async def conflicts_file(asker: Looking) -> Response:
    """The same as a file: a line for each page of each side."""

    def made(concord: Concord, who: Principal) -> list[Sequence[object]]:
        found = (row for entry in _conflicts(concord, who, asker) for row in _sides(entry))
        return list(islice(found, EXPORTED))

    head = ("entry", "about", "severity", "verdict", "answers", "since", "value", "page", "title", "quote")
    return await as_csv("conflicts", head, await asker.read(READ, made))


def _sides(entry: Entry) -> Iterator[Sequence[object]]:
    about = (entry.id, entry.about, entry.severity.value, entry.decision.verdict.value, entry.asked, entry.since)
    for side in entry.sides():
        for each in side:
            yield (*about, side[0].claim.value.text, each.item.identifier, each.item.title, each.claim.quote)


@router.get("/pages")
async def pages(request: Request, asker: Looking, kind: Kind = "stale", after: After = "") -> Response:
    """Pages of one's own that are past their review, or that no answer quoted."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        found = _pages(concord, who, kind, LISTED, after)
        return {**frame(concord, who), "kept": found, "kind": kind, "after": after, "days": _days(concord)}

    return await show(request, "pages.html", await asker.read(READ, made))


@router.get("/pages.csv")
async def pages_file(asker: Looking, kind: Kind = "stale") -> Response:
    """The same as a file."""

    def made(concord: Concord, who: Principal) -> list[Sequence[object]]:
        return [_page_row(each) for each in _pages(concord, who, kind, EXPORTED).items]

    head = ("page", "title", "source", "department", "last_changed", "review_due", "valid_until", "address")
    return await as_csv(f"pages-{kind}", head, await asker.read(READ, made))


def _page_row(item: ContentItem) -> Sequence[object]:
    return (
        item.identifier,
        item.title,
        item.source,
        item.publisher,
        modified_date(item),
        item.review_due,
        item.valid_until,
        item.landing_page,
    )


def _owners(who: Principal) -> list[str]:
    return sorted(who.tokens - {EVERYONE})


def _days(concord: Concord) -> int:
    """Days of questions that are looked at: no more than are kept."""
    return min(UNUSED_DAYS, concord.settings.traces.retention_days)


def _pages(concord: Concord, who: Principal, kind: Kind, limit: int, after: str = "") -> Kept:
    now = datetime.now(UTC)
    with reading(concord.engine) as connection:
        if kind == "stale":
            return upkeep.stale(connection, who, _owners(who), now.date(), limit, after)
        if not _days(concord):  # no questions are kept: nobody knows what was used
            return Kept((), None)
        since = now - timedelta(days=_days(concord))
        return upkeep.unused(connection, who, _owners(who), since, limit, after)


def _keeps(concord: Concord, who: Principal) -> bool:
    """Whether any page is theirs."""
    with reading(concord.engine) as connection:
        return upkeep.keeps(connection, _owners(who))


def _conflicts(concord: Concord, who: Principal, asker: Asker) -> Sequence[Entry]:
    allowed = asker.may(concord, Action.READ_CONFLICTS)
    found: Iterable[Entry] = concord.register.owned(who, _owners(who)) if allowed else ()
    return list(found)
