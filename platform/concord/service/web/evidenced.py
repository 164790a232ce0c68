"""What somebody gave as evidence of a correction, for whoever looks at it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from concord.bootstrap.evidenced import QUOTES, is_address
from concord.catalog import items
from concord.service.web.pages import item_path
from concord_feedback import Correction
from concord_taxonomy.standard import ItemRef, Principal


@dataclass(frozen=True, slots=True)
class Given:
    """The path and title of each page that the viewer may read now, and quotes and addresses of their own."""

    pages: tuple[tuple[str, str], ...] = ()
    quoted: tuple[str, ...] = ()

    @classmethod
    def of(cls, connection: Connection, who: Principal, said: Correction) -> Given:
        """The evidence of a correction; what another wrote down may be the words of a page that `who` may not read."""
        named = {each.identifier: each.revision for each in map(ItemRef.parse, said.rating.evidence)}
        found = items.readable(connection, who, list(named))
        pages = tuple((item_path(name, named[name]), found[name].title) for name in named if name in found)
        own = said.quoted if said.principal == who.id else ()
        return cls(pages, tuple(each if is_address(each) else f"“{each.strip(QUOTES)}”" for each in own))
