"""What owners and leads see of the cases that they may deal with; nobody else learns anything of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection

from concord.authority.words import content_stems
from concord.catalog import boards, items
from concord.catalog.boards import Chosen, Count, Spans, Totals
from concord.catalog.cases import CatalogCases
from concord.catalog.holdings import held_tokens
from concord.governance.cases import CaseDesk, ShownCase
from concord.governance.cases.awaiting import awaited
from concord.governance.cases.shown import closed_to
from concord.governance.dashboards.holding import Holders
from concord_feedback.cases import Case, State
from concord_feedback.errors import NoSuchCase
from concord_feedback.routing import decide_by
from concord_taxonomy.standard import ContentItem, Principal


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list.

    `title` is that of its item, where it may be read now, `question` what was asked first, where the person may read
    all that it is about: these, and nothing else of the case's words, may be shown. `decide_by` is until when the
    proposal that it waits for is to be decided on; None where it waits for none.
    """

    case: Case
    question: str
    title: str | None
    item: str | None
    mine: bool
    decide_by: datetime | None = None

    @property
    def due(self) -> datetime | None:
        """The next deadline; None for what is closed."""
        if not self.case.open:
            return None
        return self.case.acknowledge_by if self.case.state is State.NEW else self.case.fix_by

    def to_json(self) -> dict[str, Any]:
        """The row as JSON values: what may be shown of the case in a list."""
        case = self.case
        waits = case.fix if self.decide_by else None
        return {
            "id": case.id,
            "question": self.question,
            "item": self.item,
            "title": self.title,
            "cause": case.about.cause.value,
            "severity": case.severity.value,
            "state": case.state.value,
            "sub_state": case.sub_state.value if case.sub_state else None,
            "owner": case.owner,
            "use_case": case.about.scope or None,
            "people": case.reach.people,
            "answers": case.reach.asked,
            "opened_at": _moment(case.opened_at),
            "acknowledge_by": _moment(case.acknowledge_by),
            "fix_by": _moment(case.fix_by),
            "closed_at": _moment(case.closed_at),
            "rule": case.rule or None,
            "proposal": waits.proposal if waits else None,
            "decide_by": _moment(self.decide_by),
            "asked_to_decide": list(waits.asked) if waits else [],
        }


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list; `after` is where the next one begins, "" at the end."""

    rows: tuple[CaseRow, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Insights:
    """What leads see: cases in all, by each of their fields, by day, and how long they took."""

    totals: Totals
    by: dict[boards.Dimension, list[Count]]
    days: list[tuple[date, int, int]]
    took: dict[boards.Span, Spans]
    gaps: Listed


DIMENSIONS: Sequence[boards.Dimension] = ("cause", "department", "use_case", "rule")
SPANS: Sequence[boards.Span] = ("detect", "acknowledge", "fix", "confirm")
COMPARED = 200
"""Open cases, the newest, that a case is compared with."""
SIMILAR = 3
"""Similar cases that are named."""
ALIKE, ALIKE_ON_A_PAGE, LEAST_SHARED = 0.6, 0.4, 2
"""Share of content words in common from which two questions are alike, less for one page, and words at least."""
TOP = 5
"""Gaps beside the figures."""


@dataclass(frozen=True, slots=True)
class Boards:
    """The dashboards of a workspace under what is in force."""

    desk: CaseDesk
    holders: Holders

    def by_deadline(self, who: Principal, chosen: Chosen, limit: int, after: str = "") -> Listed:
        """Cases by their next deadline; raises `ValueError` for an `after` that no list gave."""
        behind = _behind(after)
        with self.holders.settled() as connection:
            found = boards.by_deadline(connection, _tokens(connection, who), chosen, limit + 1, behind)
            more = f"{found[limit - 1][1].isoformat()},{found[limit - 1][0]}" if len(found) > limit else ""
            return Listed(self._rows(connection, who, [number for number, _ in found[:limit]]), more)

    def newest(self, who: Principal, chosen: Chosen, limit: int, after: str = "") -> Listed:
        """Cases by number, the newest first; raises `ValueError` for an `after` that no list gave."""
        behind = _number(after) if after else None
        with self.holders.settled() as connection:
            found = boards.newest(connection, _tokens(connection, who), chosen, limit + 1, behind)
            more = str(found[limit - 1]) if len(found) > limit else ""
            return Listed(self._rows(connection, who, found[:limit]), more)

    def most_asked(self, who: Principal, chosen: Chosen, limit: int, after: str = "") -> Listed:
        """Cases by whom they reach; raises `ValueError` for an `after` that no list gave."""
        people, asked, number = map(_number, after.split(",")) if after else (0, 0, 0)
        behind = (people, asked, number) if after else None
        with self.holders.settled() as connection:
            return self._most_asked(connection, who, chosen, limit, behind)

    def totals(self, who: Principal, chosen: Chosen) -> Totals:
        """The cases in all."""
        with self.holders.settled() as connection:
            return boards.totals(connection, _tokens(connection, who), chosen, datetime.now(UTC))

    def values(self, who: Principal, field: boards.Dimension) -> list[str]:
        """The values of a field among the cases, to choose from."""
        with self.holders.settled() as connection:
            found = boards.counted(connection, _tokens(connection, who), Chosen(), field)
        return sorted(each.value for each in found)

    def insights(self, who: Principal, chosen: Chosen) -> Insights:
        """What leads see."""
        with self.holders.settled() as connection:
            tokens = _tokens(connection, who)
            return Insights(
                boards.totals(connection, tokens, chosen, datetime.now(UTC)),
                {each: boards.counted(connection, tokens, chosen, each) for each in DIMENSIONS},
                boards.by_day(connection, tokens, chosen),
                {each: boards.took(connection, tokens, chosen, each) for each in SPANS},
                self._most_asked(connection, who, _gaps(chosen), TOP, None),
            )

    def use_cases(self, who: Principal) -> dict[int, str]:
        """The numbers of the cases that `who` may deal with, with their use cases ("" for none)."""
        with self.holders.settled() as connection:
            return boards.use_cases(connection, _tokens(connection, who))

    def case(self, who: Principal, case_id: int) -> ShownCase:
        """A case that `who` may deal with, whole; raises `NoSuchCase` for any other as for a missing one."""
        with self.holders.settled() as connection:
            if not boards.holds(connection, _tokens(connection, who), case_id):
                raise NoSuchCase(case_id)
        shown = self.desk.case(who, case_id)
        if not shown.handles:
            raise NoSuchCase(case_id)
        return shown

    def similar(self, who: Principal, case_id: int) -> list[CaseRow]:
        """Open cases that ask much the same as one that `who` may deal with, or are of one cause about one page.

        Perhaps they are one error; the most alike come first.

        Looked at are the newest open ones that they may deal with, by words that they may read.
        """
        mine = self.held(who, [case_id]).get(case_id)
        if mine is None or not mine.case.open:
            return []
        others = self.newest(who, Chosen(open=True), COMPARED).rows
        found = [(_alike(mine, each), each) for each in others if each.case.id != case_id]
        chosen = sorted((each for each in found if each[0]), key=lambda each: (-each[0], each[1].case.id))
        return [each for _, each in chosen[:SIMILAR]]

    def held(self, who: Principal, numbers: Sequence[int]) -> dict[int, CaseRow]:
        """Those of the cases that `who` may deal with."""
        with self.holders.settled() as connection:
            tokens = _tokens(connection, who)
            mine = [number for number in dict.fromkeys(numbers) if boards.holds(connection, tokens, number)]
            return {each.case.id: each for each in self._rows(connection, who, mine)}

    def _most_asked(
        self,
        connection: Connection,
        who: Principal,
        chosen: Chosen,
        limit: int,
        behind: tuple[int, int, int] | None,
    ) -> Listed:
        found = boards.most_asked(connection, _tokens(connection, who), chosen, limit + 1, behind)
        more = ",".join(map(str, found[limit - 1])) if len(found) > limit else ""
        return Listed(self._rows(connection, who, [number for _, _, number in found[:limit]]), more)

    def _rows(self, connection: Connection, who: Principal, numbers: Sequence[int]) -> tuple[CaseRow, ...]:
        held = CatalogCases(connection).numbered(numbers)
        readable = items.readable(connection, who, {each.about.item for each in held.values() if each.about.item})
        named = {identifier for each in held.values() for identifier in each.named}
        closed = closed_to(who, items.readers_of(connection, sorted(named)))
        waits, ownership = awaited(connection, held.values()), self.desk.places.ownership
        return tuple(
            _row(case, who, readable, closed, decide_by(case, ownership) if case.id in waits else None)
            for case in (held[number] for number in numbers)
        )


def _alike(one: CaseRow, other: CaseRow) -> float:
    """The share of content words that two questions have in common, 0 where that is too little to be about the same.

    1 where both are of one cause about one page, and name other sections or contradictions of it.
    """
    mine, others_about = one.case.about, other.case.about
    same_page = bool(one.item) and one.item == other.item
    if same_page and mine.cause is others_about.cause and mine.place != others_about.place:
        return 1.0
    words, others = set(content_stems(one.question)), set(content_stems(other.question))
    shared = len(words & others)
    least = ALIKE_ON_A_PAGE if same_page else ALIKE
    share = shared / len(words | others) if shared else 0.0
    return share if shared >= LEAST_SHARED and share >= least else 0.0


def _gaps(chosen: Chosen) -> Chosen:
    return Chosen(
        since=chosen.since,
        open=True,
        mine=chosen.mine,
        gap=True,
        department=chosen.department,
        use_case=chosen.use_case,
    )


def _tokens(connection: Connection, who: Principal) -> list[str]:
    return held_tokens(connection, sorted(who.tokens))


def _row(
    case: Case, who: Principal, readable: Mapping[str, ContentItem], closed: frozenset[str], until: datetime | None
) -> CaseRow:
    item = readable.get(case.about.item)
    question = case.question if closed.isdisjoint(case.named) else ""
    title, identifier = (item.title, item.identifier) if item else (None, None)
    return CaseRow(case, question, title, identifier, _has(case, who), until)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _has(case: Case, who: Principal) -> bool:
    return case.owner in who.tokens


def _behind(after: str) -> tuple[datetime, int] | None:
    if not after:
        return None
    moment, _, number = after.rpartition(",")
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return at, _number(number)


def _number(written: str) -> int:
    """A number that the catalog can hold."""
    number = int(written)
    if not 0 <= number < 2**31:
        raise ValueError("no number that a list gives")
    return number
