"""The conflict register's rows: claims under their keys, and the contradictions that were found among them.

All of it is derived from the readings that are kept with the passages, and holds none of their text. `items.mined` says
by what an item's claims were compared; it is emptied by whatever changes the item, in the same transaction.

Hashes are numbers where statements are looked up by them: rows half as wide stand on half as many pages, and each that
changes is written as one whole page.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

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
    """A statement under a key: a hash of its value, the weight of all its words, and these as bits."""

    key: str
    statement: str
    value: str
    total: float
    sketch: int


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


def _number(hashed: str) -> int:
    """A hash as a signed number of as many bytes."""
    return int.from_bytes(bytes.fromhex(hashed), "big", signed=True)


def _numbers(hashes: Iterable[str]) -> list[int]:
    return list(map(_number, hashes))


def _statement(number: int) -> str:
    return number.to_bytes(8, "big", signed=True).hex()


_HELD = select(claims.c.statement).where(among(claims.c.identifier))
_FORGET = delete(claims).where(among(claims.c.identifier))
_ORPHANS = delete(slots).where(
    among(slots.c.statement), ~select(claims.c.statement).where(claims.c.statement == slots.c.statement).exists()
)


def replace_claims(connection: Connection, identifiers: Sequence[str], places: Mapping[Place, str]) -> None:
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
                "statement": _number(at.statement),
                "tokens": tokens,
                "crowded": False,
            }
            for at, tokens in places.items()
        ]
        connection.execute(insert(claims), rows)
    if gone := before - {_number(at.statement) for at in places}:
        connection.execute(_ORPHANS, {"keys": sorted(gone)})


_STANDING = select(slots.c.statement).where(among(slots.c.statement)).distinct()


def standing(connection: Connection, statements: Sequence[str]) -> set[str]:
    """Those of the statements that stand under keys already."""
    return set(map(_statement, connection.scalars(_STANDING, {"keys": _numbers(statements)})))


def post(connection: Connection, postings: Iterable[Posting]) -> None:
    """Write statements under keys."""
    rows = [
        {
            "key": _number(each.key),
            "statement": _number(each.statement),
            "value": _number(each.value),
            "total": round(each.total * 4),
            "sketch": each.sketch,
        }
        for each in postings
    ]
    insert_missing(connection, slots, rows)


_CROWDED = update(claims).where(claims.c.identifier.in_(bindparam("of", expanding=True)), among(claims.c.statement))


def note_crowded(connection: Connection, identifiers: Sequence[str], statements: Sequence[str]) -> None:
    """Note which statements of items share their words with more than they were compared with."""
    if statements:
        connection.execute(_CROWDED.values(crowded=True), {"of": list(identifiers), "keys": _numbers(statements)})


def crowded(connection: Connection) -> int:
    """How many claims share their words with more than they were compared with; for operators alone."""
    return connection.scalar(select(func.count()).select_from(claims).where(claims.c.crowded)) or 0


def counts(connection: Connection, keys: Sequence[str], limit: int) -> dict[str, int]:
    """Statements under each key, counted up to `limit`."""
    found = capped_counts(connection, slots.c.key, _numbers(keys), limit)
    return {key: found[_number(key)] for key in keys}


@dataclass(frozen=True, slots=True)
class Lookup:
    """A key under which one statement, number `n` of those asked about, looks for others of another value.

    `low` and `high` are the least and most that all words of the others may weigh.
    """

    n: int
    key: str
    value: str
    low: float
    high: float


class Met(NamedTuple):
    """A statement under a key of number `n`; `quarters` is the weight of all its words times four, `sketch` their bits.

    There are many, most of them of no further use: its hash is a number until it is asked for.
    """

    n: int
    number: int
    quarters: int
    sketch: int

    @property
    def statement(self) -> str:
        """The hash of what it says."""
        return _statement(self.number)

    @property
    def total(self) -> float:
        """The weight of all its words."""
        return self.quarters / 4


def meeting(connection: Connection, lookups: Sequence[Lookup], most: int | None = None) -> list[Met]:
    """The statements that stand under these keys, of each key the first `most`."""
    if not lookups:
        return []
    names = ("n", "key", "value", "low", "high")
    columns = [
        [each.n for each in lookups],
        [_number(each.key) for each in lookups],
        [_number(each.value) for each in lookups],
        [math.ceil(each.low * 4) for each in lookups],
        [math.floor(each.high * 4) for each in lookups],
    ]
    given: dict[str, Any] = {} if most is None else {"most": most}
    if connection.dialect.name == "sqlite":
        given["given"] = json.dumps(list(zip(*columns, strict=True)))
    else:
        given |= {f"{name}s": column for name, column in zip(names, columns, strict=True)}
    statement = (_ALL if most is None else _SOME)[connection.dialect.name]
    return sorted(set(map(Met._make, connection.execute(statement, given).all())))


_GIVEN = {
    "sqlite": """(SELECT value ->> 0 AS n, value ->> 1 AS key, value ->> 2 AS value, value ->> 3 AS low,
        value ->> 4 AS high FROM json_each(:given)) AS given CROSS""",
    "postgresql": """unnest(CAST(:ns AS integer[]), CAST(:keys AS integer[]), CAST(:values AS integer[]),
        CAST(:lows AS integer[]), CAST(:highs AS integer[])) AS given (n, key, value, low, high)""",
}
"""On SQLite a CROSS JOIN is read in the order in which it is written: what is given first."""
_MEET = """\
SELECT given.n, slots.statement, slots.total, slots.sketch
FROM {given} JOIN slots ON slots.key = given.key AND {which}
"""
_NEAR = "{slots}.value <> given.value AND {slots}.total BETWEEN given.low AND given.high"
_FIRST_NEAR = """slots.statement IN (
    SELECT near.statement FROM slots AS near WHERE near.key = given.key AND {near} ORDER BY near.statement LIMIT :most)
"""
_ALL, _SOME = (
    {dialect: text(_MEET.format(given=given, which=which)) for dialect, given in _GIVEN.items()}
    for which in (_NEAR.format(slots="slots"), _FIRST_NEAR.format(near=_NEAR.format(slots="near")))
)


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
    found = listed(connection, _TOKENS, _numbers(statements)) if statements else ()
    return {_statement(statement): frozenset(words.split()) for statement, words in found if words is not None}


def places(connection: Connection, statements: Sequence[str], limit: int) -> list[Place]:
    """Where statements stand, the first `limit` of each, however many say the same."""
    found = listed(connection, _FIRST, _numbers(statements), most=limit) if statements else ()
    return [Place(item, ordinal, place, _statement(statement)) for item, ordinal, place, statement in found]


_STATED = select(claims.c.identifier, claims.c.ordinal, claims.c.place, claims.c.statement, claims.c.tokens).where(
    among(claims.c.identifier)
)


def stated(connection: Connection, identifiers: Sequence[str]) -> dict[str, list[tuple[Place, frozenset[str]]]]:
    """The places of all claims of items, with their words as hashes."""
    found: dict[str, list[tuple[Place, frozenset[str]]]] = {}
    rows = connection.execute(_STATED, {"keys": identifiers}) if identifiers else ()
    for item, ordinal, place, statement, words in rows:
        at = Place(item, ordinal, place, _statement(statement))
        found.setdefault(item, []).append((at, frozenset(words.split())))
    return found


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
