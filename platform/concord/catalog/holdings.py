"""Holdings: one row per case and token that may deal with it, with all that is counted and sorted by.

They are derived, and count only while what they were derived from is what holds now (`cases.held_by`): a case that was
moved since, or whose item, people or owners changed, waits to be derived anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from concord.catalog.schema import cases, holdings
from concord.catalog.sql import listed
from concord_feedback.cases import Case


@dataclass(frozen=True, slots=True)
class Holding:
    """A case as it is counted for one token; the columns of the table say what each means."""

    token: str
    mine: bool
    open: bool
    state: str
    severity: int
    due: datetime
    found_on: date
    cause: str
    department: str
    use_case: str
    rule: str
    gap: bool
    asked: int
    people: int
    reopened: bool
    detect: int | None
    acknowledge: int | None
    fix: int | None
    confirm: int | None


_FIELDS = tuple(each.name for each in fields(Holding))


def waiting(connection: Connection, stamp: str) -> bool:
    """Whether any case was derived from something else than `stamp`."""
    return bool(pending(connection, stamp, 1))


def pending(connection: Connection, stamp: str, limit: int) -> list[Case]:
    """Cases that were derived from something else than `stamp`."""
    found: list[Case] = []
    # Three ranges of one index: together, or as "different from", they would read every row.
    for wanted in (cases.c.held_by.is_(None), cases.c.held_by < stamp, cases.c.held_by > stamp):
        if len(found) < limit:
            rows = connection.scalars(select(cases.c.data).where(wanted).limit(limit - len(found)))
            found += [Case.from_json(data) for data in rows]
    return found


_DERIVED = update(cases).where(cases.c.id == bindparam("case")).values(held_by=bindparam("stamp"))


def replace(connection: Connection, made: Mapping[int, Sequence[Holding]], stamp: str) -> None:
    """Write the holdings of cases in place of those they had, where these are others."""
    if not made:
        return
    held: dict[int, set[Holding]] = {number: set() for number in made}
    for row in connection.execute(select(holdings).where(holdings.c.case_id.in_(sorted(made)))).mappings():
        held[row["case_id"]].add(Holding(**{name: row[name] for name in _FIELDS}))
    others = {number: found for number, found in made.items() if set(found) != held[number]}
    if others:
        connection.execute(delete(holdings).where(holdings.c.case_id.in_(sorted(others))))
    rows = [{"case_id": number, **asdict(each)} for number, found in others.items() for each in found]
    if rows:
        connection.execute(insert(holdings), rows)
    connection.execute(_DERIVED, [{"case": number, "stamp": stamp} for number in made])


_HELD = "SELECT given.key FROM {given} AS given WHERE EXISTS (SELECT 1 FROM holdings WHERE holdings.token = given.key)"


def held_tokens(connection: Connection, tokens: Sequence[str]) -> list[str]:
    """Those of the tokens that hold any case."""
    return sorted(row.key for row in listed(connection, _HELD, tokens)) if tokens else []
