"""Pages of an owner that want looking after: past their review or validity, or never told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, or_, select

from concord.catalog.schema import items, told
from concord_taxonomy.standard import ContentItem, Principal

_LOOKED_AT = 200
"""Rows that are read at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Some pages in order, and the identifier behind which there are more; None at the end."""

    items: tuple[ContentItem, ...]
    more: str | None


def keeps(connection: Connection, owners: Sequence[str]) -> bool:
    """Whether any live page names one of the owners."""
    mine = select(items.c.identifier).where(items.c.owner.in_(owners), items.c.live).limit(1)
    return bool(owners) and connection.scalar(mine) is not None


def stale(
    connection: Connection, who: Principal, owners: Sequence[str], today: date, limit: int, after: str = ""
) -> Kept:
    """Live pages of the owners (tokens), past their review or their validity, that `who` may read."""
    ended = items.c.item["valid_until"].as_string() < today.isoformat()
    return _pages(connection, who, owners, or_(items.c.review_due < today, ended), limit, after)


def unused(
    connection: Connection, who: Principal, owners: Sequence[str], since: datetime, limit: int, after: str = ""
) -> Kept:
    """Live pages of the owners (tokens) that no answer has cited since a moment, and that `who` may read."""
    cited = select(told.c.trace).where(told.c.identifier == items.c.identifier, told.c.at >= since, told.c.cited)
    return _pages(connection, who, owners, ~cited.exists(), limit, after)


def _pages(
    connection: Connection, who: Principal, owners: Sequence[str], wanted: ColumnElement[bool], limit: int, after: str
) -> Kept:
    found: list[ContentItem] = []
    while owners:
        mine = items.c.owner.in_(owners) & items.c.live & (items.c.identifier > after)
        rows = select(items.c.item).where(mine, wanted).order_by(items.c.identifier).limit(_LOOKED_AT)
        read = list(connection.scalars(rows))
        for data in read:
            if not who.may_read(data["readers"]):
                continue
            if len(found) == limit:
                return Kept(tuple(found), found[-1].identifier)
            found.append(ContentItem.model_validate(data))
        if len(read) < _LOOKED_AT:
            break
        after = read[-1]["identifier"]
    return Kept(tuple(found), None)
