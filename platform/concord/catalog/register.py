"""The conflict register's rows: claims under their keys, and the contradictions that were found among them.

All of it is derived from the readings that are kept with the passages, and holds none of their text. `items.mined` says
by what an item's claims were compared; it is emptied by whatever changes the item, in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, bindparam, delete, func, insert, or_, select, text, update

from concord.catalog.schema import claims, conflicts, items, slots
from concord.catalog.sql import among, capped_counts, insert_missing, listed, upsert


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a claim stands: its item, its passage, and its number there; and what it says, as a hash."""

    identifier: str
    ordinal: int
    place: int
    statement: str


@dataclass(frozen=True, slots=True)
class Posting:
    """A statement under a key: a hash of its value, and the weight of all its words."""

    key: str
    statement: str
    value: str
    total: float


@dataclass(frozen=True, slots=True)
class Found:
    """Two claims that contradict each other, how certain that is, and since when it is known."""

    entry: str
    left: Place
    right: Place
    certainty: float
    since: datetime


def pending(connection: Connection, by: str, limit: int) -> list[str]:
    """Items whose claims have to be compared: changed since, or compared by something else than `by`."""
    found: list[str] = []
    # Three ranges of one index, one after the other; together, or as "different from", they would read every row.
    for wanted in (items.c.mined.is_(None), items.c.mined < by, items.c.mined > by):
        if len(found) < limit:
            found += connection.scalars(select(items.c.identifier).where(wanted).limit(limit - len(found)))
    return found


def depth(connection: Connection) -> int:
    """Items whose claims wait to be compared."""
    return connection.scalar(select(func.count()).select_from(items).where(items.c.mined.is_(None))) or 0


_NOTE = update(items).where(among(items.c.identifier))


def note(connection: Connection, identifiers: Sequence[str], by: str) -> None:
    """Note that the claims of items were compared."""
    connection.execute(_NOTE.values(mined=by), {"keys": identifiers})


_HELD = select(claims.c.statement).where(among(claims.c.identifier))
_FORGET = delete(claims).where(among(claims.c.identifier))
_ORPHANS = delete(slots).where(
    among(slots.c.statement), ~select(claims.c.statement).where(claims.c.statement == slots.c.statement).exists()
)


def replace_claims(
    connection: Connection, identifiers: Sequence[str], places: Mapping[Place, str], postings: Iterable[Posting]
) -> None:
    """Write the claims of items, with their words, in place of those they had.

    What nobody says any more goes from under its keys.
    """
    before = set(connection.scalars(_HELD, {"keys": identifiers}))
    if before:
        connection.execute(_FORGET, {"keys": identifiers})
    if places:
        rows = [
            {
                "identifier": at.identifier,
                "ordinal": at.ordinal,
                "place": at.place,
                "statement": at.statement,
                "tokens": tokens,
                "crowded": False,
            }
            for at, tokens in places.items()
        ]
        connection.execute(insert(claims), rows)
    under = [
        {
            "key": each.key,
            "statement": each.statement,
            "value": each.value,
            "total": round(each.total * 4),
        }
        for each in postings
        if each.statement not in before
    ]
    insert_missing(connection, slots, under)
    if gone := before - {at.statement for at in places}:
        connection.execute(_ORPHANS, {"keys": sorted(gone)})


_CROWDED = update(claims).where(claims.c.identifier.in_(bindparam("of", expanding=True)), among(claims.c.statement))


def note_crowded(connection: Connection, identifiers: Sequence[str], statements: Sequence[str]) -> None:
    """Note which statements of items share their words with more than they were compared with."""
    if statements:
        connection.execute(_CROWDED.values(crowded=True), {"of": list(identifiers), "keys": statements})


def crowded(connection: Connection) -> int:
    """How many claims share their words with more than they were compared with; for operators alone."""
    return connection.scalar(select(func.count()).select_from(claims).where(claims.c.crowded)) or 0


def counts(connection: Connection, keys: Sequence[str], limit: int) -> dict[str, int]:
    """Statements under each key, counted up to `limit`."""
    return capped_counts(connection, slots.c.key, keys, limit)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A key under which one statement, number `n` of those asked about, looks for others of another value.

    `weight` is that of the key, `rest` that of all the statement's words that it does not look up, `total` of them all.
    """

    n: int
    key: str
    value: str
    weight: float
    rest: float
    total: float


@dataclass(frozen=True, slots=True)
class Met:
    """A statement that shares keys with number `n`; `total` is the weight of all its words."""

    n: int
    statement: str
    total: float


def meeting(connection: Connection, lookups: Sequence[Lookup], least: float) -> list[Met]:
    """The statements that may share `least` of their words (a Dice coefficient) with those that look for others."""
    if not lookups:
        return []
    statement = _MEETING[connection.dialect.name]
    given: dict[str, Any] = {"least": least}
    if connection.dialect.name == "sqlite":
        given["given"] = json.dumps(
            [[each.n, each.key, each.value, each.weight, each.rest, each.total] for each in lookups]
        )
    else:
        for name in ("n", "key", "value", "weight", "rest", "total"):
            given[f"{name}s"] = [getattr(each, name) for each in lookups]
    return [Met(n, other, total / 4) for n, other, total in connection.execute(statement, given).all()]


_MEET = """\
SELECT given.n, slots.statement, MIN(slots.total)
FROM {given} JOIN slots ON slots.key = given.key
WHERE slots.value <> given.value AND slots.total * (2 - :least) >= 4 * given.total * :least
AND slots.total * :least <= 4 * given.total * (2 - :least)
GROUP BY given.n, slots.statement
HAVING 2 * (SUM(given.weight) + MIN(given.rest)) >= :least * (MIN(given.total) + MIN(slots.total) / 4.0)
"""
_MEETING = {
    "sqlite": text(
        _MEET.format(
            given="""(SELECT value ->> 0 AS n, value ->> 1 AS key, value ->> 2 AS value, value ->> 3 AS weight,
                value ->> 4 AS rest, value ->> 5 AS total FROM json_each(:given)) AS given CROSS"""
        )
    ),
    "postgresql": text(
        _MEET.format(
            given="""unnest(CAST(:ns AS integer[]), CAST(:keys AS text[]), CAST(:values AS text[]),
                CAST(:weights AS float8[]), CAST(:rests AS float8[]), CAST(:totals AS float8[]))
                AS given (n, key, value, weight, rest, total)"""
        )
    ),
}
"""On SQLite a CROSS JOIN is read in the order in which it is written: what is given first."""


def some_under(
    connection: Connection, key: str, value: str, between: tuple[float, float], limit: int
) -> list[tuple[str, float]]:
    """Some of what is under a key with many, of another value: statement, and weight of its words (`between`)."""
    near = slots.c.total.between(int(between[0] * 4), int(between[1] * 4) + 1)
    columns = select(slots.c.statement, slots.c.total).where(slots.c.key == key)
    rows = connection.execute(columns.where(near, slots.c.value != value).limit(limit))
    return [(statement, total / 4) for statement, total in rows]


_TOKENS = """\
SELECT given.key, (SELECT claims.tokens FROM claims WHERE claims.statement = given.key LIMIT 1) FROM {given} AS given
"""
_FIRST = """\
SELECT claims.identifier, claims.ordinal, claims.place, claims.statement
FROM {given} AS given {cross} JOIN claims ON claims.statement = given.key
AND (claims.identifier, claims.ordinal, claims.place) IN (
    SELECT first.identifier, first.ordinal, first.place FROM claims AS first WHERE first.statement = given.key
    ORDER BY first.identifier, first.ordinal, first.place LIMIT :most)
ORDER BY claims.identifier, claims.ordinal, claims.place
"""


def tokens(connection: Connection, statements: Sequence[str]) -> dict[str, frozenset[str]]:
    """The words of statements, as hashes."""
    found = listed(connection, _TOKENS, statements) if statements else ()
    return {statement: frozenset(words.split()) for statement, words in found if words is not None}


def places(connection: Connection, statements: Sequence[str], limit: int) -> list[Place]:
    """Where statements stand, the first `limit` of each, however many say the same."""
    return [Place(*row) for row in listed(connection, _FIRST, statements, most=limit)] if statements else []


_LEFT, _RIGHT = among(conflicts.c.left), among(conflicts.c.right)
_KNOWN = select(conflicts.c.entry, conflicts.c.left, conflicts.c.right, conflicts.c.since).where(or_(_LEFT, _RIGHT))


def _waits(side: Column[str]) -> ColumnElement[bool]:
    return select(items.c.identifier).where(items.c.identifier == side, items.c.mined.is_(None)).exists()


_DROP = delete(conflicts).where(or_(_LEFT & (_RIGHT | ~_waits(conflicts.c.right)), _RIGHT & ~_waits(conflicts.c.left)))


def replace_conflicts(connection: Connection, identifiers: Sequence[str], found: Iterable[Found]) -> None:
    """Write the contradictions of items in place of those they had; one known before keeps its `since`.

    What stands between these and an item that waits to be compared is left until then.
    """
    held = connection.execute(_KNOWN, {"keys": identifiers}).all()
    known = {(entry, left, right): since for entry, left, right, since in held}
    if known:
        connection.execute(_DROP, {"keys": identifiers})
    rows = [
        {
            "left": each.left.identifier,
            "left_ordinal": each.left.ordinal,
            "left_place": each.left.place,
            "left_statement": each.left.statement,
            "right": each.right.identifier,
            "right_ordinal": each.right.ordinal,
            "right_place": each.right.place,
            "right_statement": each.right.statement,
            "entry": each.entry,
            "certainty": round(each.certainty * 1000),
            "since": known.get((each.entry, each.left.identifier, each.right.identifier), each.since),
        }
        for each in {(each.left, each.right): each for each in found}.values()
    ]
    upsert(connection, conflicts, rows)


def load(
    connection: Connection, least: float = 0.0, entry: str | None = None, owners: Sequence[str] | None = None
) -> list[Found]:
    """The contradictions of at least this certainty, whoever may read them; `owners` are those whom a page names."""
    chosen = select(conflicts).where(conflicts.c.certainty >= round(least * 1000))
    if entry is not None:
        chosen = chosen.where(conflicts.c.entry == entry)
    if owners is not None:
        theirs = select(items.c.identifier).where(items.c.owner.in_(owners))
        about = select(conflicts.c.entry).where(or_(conflicts.c.left.in_(theirs), conflicts.c.right.in_(theirs)))
        chosen = chosen.where(conflicts.c.entry.in_(about))
    return [
        Found(
            row.entry,
            Place(row.left, row.left_ordinal, row.left_place, row.left_statement),
            Place(row.right, row.right_ordinal, row.right_place, row.right_statement),
            row.certainty / 1000,
            row.since,
        )
        for row in connection.execute(chosen)
    ]


def sides(connection: Connection, entry: str) -> set[str]:
    """The items of an entry, whoever may read them: for routing, never shown."""
    return {at.identifier for row in load(connection, entry=entry) for at in (row.left, row.right)} if entry else set()


def loose(connection: Connection) -> int:
    """Rows that belong to no live item."""
    live = select(items.c.identifier).where(items.c.live)
    settled = items.c.mined.is_not(None)
    gone = select(items.c.identifier).where(~items.c.live, settled)
    found = connection.scalar(select(func.count()).select_from(claims).where(claims.c.identifier.in_(gone))) or 0
    waiting = select(items.c.identifier).where(items.c.mined.is_(None))
    for side in (conflicts.c.left, conflicts.c.right):
        stray = side.not_in(live), side.not_in(waiting)
        found += connection.scalar(select(func.count()).select_from(conflicts).where(*stray)) or 0
    unsaid = ~select(claims.c.statement).where(claims.c.statement == slots.c.statement).exists()
    return found + (connection.scalar(select(func.count()).select_from(slots).where(unsaid)) or 0)


def forget(connection: Connection) -> None:
    """Delete what is derived, so that everything is compared anew.

    Contradictions of live items stand until their items are compared: what is found again keeps its date.
    """
    live = select(items.c.identifier).where(items.c.live)
    gone = or_(conflicts.c.left.not_in(live), conflicts.c.right.not_in(live))
    for chosen in (delete(slots), delete(claims), delete(conflicts).where(gone)):
        connection.execute(chosen)
    connection.execute(update(items).where(items.c.mined.is_not(None)).values(mined=None))
