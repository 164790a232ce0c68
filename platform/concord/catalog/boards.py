"""What dashboards ask of holdings: counted, sorted and paged by the database, for the tokens of one person.

Every function takes the tokens that hold anything (`holdings.held_tokens`), and nothing is counted for any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, false, func, select

from concord.catalog.schema import holdings

Dimension = Literal["cause", "department", "use_case", "rule"]
Span = Literal["detect", "acknowledge", "fix", "confirm"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which cases are meant; None leaves a field open. `mine` are those that are with the person now."""

    since: date | None = None
    open: bool | None = None
    mine: bool | None = None
    overdue_at: datetime | None = None
    cause: str | None = None
    department: str | None = None
    use_case: str | None = None
    rule: str | None = None
    state: str | None = None
    severity: int | None = None
    gap: bool | None = None
    reopened: bool | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases have a value, and how many of them are open."""

    value: str
    cases: int
    open: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Cases in all; those that are open, past their deadline, and that were closed and opened again."""

    cases: int = 0
    open: int = 0
    overdue: int = 0
    closed: int = 0
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class Spans:
    """How long something took: of how many cases it is known, and within how many seconds of half, and nine in ten."""

    known: int
    half: int | None
    most: int | None


def by_deadline(
    connection: Connection, tokens: Sequence[str], chosen: Chosen, limit: int, after: tuple[datetime, int] | None = None
) -> list[tuple[int, datetime]]:
    """Cases by their next deadline, behind `after`: number and deadline."""
    due, number = holdings.c.due, holdings.c.case_id
    rows = _among(select(number, due), tokens, chosen).order_by(due, number).limit(limit)
    if after:
        rows = rows.where((due > after[0]) | ((due == after[0]) & (number > after[1])))
    return [(row.case_id, row.due) for row in connection.execute(rows)]


def newest(
    connection: Connection, tokens: Sequence[str], chosen: Chosen, limit: int, after: int | None = None
) -> list[int]:
    """Cases by number, the newest first, behind the number `after`."""
    rows = _among(select(holdings.c.case_id), tokens, chosen).order_by(holdings.c.case_id.desc()).limit(limit)
    if after is not None:
        rows = rows.where(holdings.c.case_id < after)
    return list(connection.scalars(rows))


def most_asked(
    connection: Connection,
    tokens: Sequence[str],
    chosen: Chosen,
    limit: int,
    after: tuple[int, int, int] | None = None,
) -> list[tuple[int, int, int]]:
    """Cases by how many people and answers they reach, the most first: people, answers, number."""
    people, asked, number = holdings.c.people, holdings.c.asked, holdings.c.case_id
    rows = _among(select(people, asked, number), tokens, chosen)
    if after:
        rows = rows.where(
            (people < after[0])
            | ((people == after[0]) & (asked < after[1]))
            | ((people == after[0]) & (asked == after[1]) & (number < after[2]))
        )
    rows = rows.order_by(people.desc(), asked.desc(), number.desc()).limit(limit)
    return [(row.people, row.asked, row.case_id) for row in connection.execute(rows)]


def holds(connection: Connection, tokens: Sequence[str], case_id: int) -> bool:
    """Whether any of the tokens may deal with a case."""
    mine = select(holdings.c.case_id).where(holdings.c.token.in_(tokens), holdings.c.case_id == case_id)
    return connection.scalar(mine.limit(1)) is not None


def use_cases(connection: Connection, tokens: Sequence[str]) -> dict[int, str]:
    """Every case that the tokens may deal with, with its use case ("" for none)."""
    rows = _among(select(holdings.c.case_id, holdings.c.use_case), tokens, Chosen())
    return {row.case_id: row.use_case for row in connection.execute(rows)}


def counted(connection: Connection, tokens: Sequence[str], chosen: Chosen, by: Dimension) -> list[Count]:
    """How many cases there are by one of their fields, the most first; cases without it are left out."""
    column = holdings.c[by]
    open_ = func.count().filter(holdings.c.open)
    rows = _among(select(column, func.count().label("cases"), open_.label("open")), tokens, chosen).group_by(column)
    found = [Count(row[0], row.cases, row.open) for row in connection.execute(rows) if row[0]]
    return sorted(found, key=lambda each: (-each.cases, each.value))


def totals(connection: Connection, tokens: Sequence[str], chosen: Chosen, now: datetime) -> Totals:
    """The cases in all."""
    is_open, again = func.count().filter(holdings.c.open), func.count().filter(holdings.c.reopened)
    closed = func.count().filter(~holdings.c.open | holdings.c.reopened)
    every = _among(select(func.count(), is_open, closed, again), tokens, chosen)
    row: Any = connection.execute(every).one()
    cases, open_, closed_, reopened = row
    late = _among(select(func.count()), tokens, chosen).where(holdings.c.open, holdings.c.due < now)
    return Totals(cases, open_, connection.scalar(late) or 0, closed_, reopened)


def by_day(connection: Connection, tokens: Sequence[str], chosen: Chosen) -> list[tuple[date, int, int]]:
    """Cases by the day on which they were found: day, how many, and how many of these are open."""
    day = holdings.c.found_on
    open_ = func.count().filter(holdings.c.open)
    rows = (
        _among(select(day, func.count().label("cases"), open_.label("open")), tokens, chosen)
        .group_by(day)
        .order_by(day)
    )
    return [(row.found_on, row.cases, row.open) for row in connection.execute(rows)]


def took(connection: Connection, tokens: Sequence[str], chosen: Chosen, span: Span) -> Spans:
    """How long it took to find or acknowledge cases, or until their fix was proven, or confirmed by a person."""
    column = holdings.c[span]
    known = connection.scalar(_among(select(func.count()), tokens, chosen).where(column.is_not(None))) or 0
    if not known:
        return Spans(0, None, None)
    ordered = _among(select(column), tokens, chosen).where(column.is_not(None)).order_by(column).limit(1)
    half = connection.scalar(ordered.offset((known - 1) // 2))
    return Spans(known, half, connection.scalar(ordered.offset((known - 1) * 9 // 10)))


def _among(rows: Any, tokens: Sequence[str], chosen: Chosen) -> Any:
    """The rows of the tokens, each case once however many of them hold it."""
    if not tokens:
        return rows.where(false())
    wanted: list[ColumnElement[bool]] = [holdings.c.token == tokens[0]]
    if len(tokens) > 1:
        wanted = [holdings.c.token.in_(tokens)]
        other = holdings.alias("other")
        again = [other.c.case_id == holdings.c.case_id, other.c.token.in_(tokens), other.c.token < holdings.c.token]
        if chosen.mine is not None:
            again.append(other.c.mine == chosen.mine)
        wanted.append(~select(other.c.case_id).where(*again).exists())
    return rows.where(and_(*wanted, *_conditions(chosen)))


def _conditions(chosen: Chosen) -> list[ColumnElement[bool]]:
    names = ("open", "mine", "cause", "department", "use_case", "rule", "state", "severity", "gap", "reopened")
    given = {name: getattr(chosen, name) for name in names}
    found = [holdings.c[name] == value for name, value in given.items() if value is not None]
    if chosen.since is not None:
        found.append(holdings.c.found_on >= chosen.since)
    if chosen.overdue_at is not None:
        found += [holdings.c.open, holdings.c.due < chosen.overdue_at]
    return found
