"""What answers told: which sentences of which items, by trace; derived from traces, and gone with them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from concord.catalog.schema import corrections, told, traces
from concord.catalog.sql import ROWS_AT_ONCE

MOST = 1_000
"""Answers up to which a sentence or an item is counted: more than these says nothing more."""


def sentence(quote: str) -> str:
    """The hash under which a quotation is counted, in whatever letters it stands."""
    return hashlib.sha256(quote.casefold().encode("utf-8", "surrogatepass")).hexdigest()[:16]


def keep(connection: Connection, trace: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Note what a trace (its JSON) told: each sentence once."""
    if rows := list(rows_of(trace, at, data)):
        connection.execute(insert(told), rows)


def fill(connection: Connection) -> None:
    """Note what every trace told, where nothing is noted yet."""
    last = ""
    while True:
        found = select(traces.c.id, traces.c.at, traces.c.data).where(traces.c.id > last).order_by(traces.c.id)
        rows = connection.execute(found.limit(ROWS_AT_ONCE)).all()
        if not rows:
            return
        made = [each for row in rows for each in rows_of(row.id, row.at, row.data)]
        if made:
            connection.execute(insert(told), made)
        last = rows[-1].id


def forget_before(connection: Connection, moment: datetime) -> None:
    """Forget what traces older than `moment` told, those of corrected answers left out."""
    corrected = select(corrections.c.trace)
    connection.execute(delete(told).where(told.c.at < moment, told.c.trace.not_in(corrected)))


def times_told(connection: Connection, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """In how many answers a sentence (item, quotation) was cited or stood in a conflict, counted up to `MOST`."""
    found: dict[tuple[str, str], int] = {}
    for identifier, quote in pairs:
        mine = (told.c.identifier == identifier) & (told.c.sentence == sentence(quote))
        some = select(told.c.trace).where(mine).limit(MOST).subquery()
        found[identifier, quote] = connection.scalar(select(func.count()).select_from(some)) or 0
    return found


def rows_of(trace: str, at: datetime, data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What a trace (its JSON) told, as the table has it."""
    cited = {(each["identifier"], sentence(each["quote"])) for each in data["citations"]}
    claims = (claim for conflict in data["conflicts"] for claim in conflict.get("claims") or ())
    stated = {(each["identifier"], sentence(each["quote"])) for each in claims}
    for place, (identifier, quoted) in enumerate(sorted(cited | stated)):
        yield {
            "trace": trace,
            "place": place,
            "at": at,
            "identifier": identifier,
            "sentence": quoted,
            "cited": (identifier, quoted) in cited,
        }
