"""Pages that no answer should stand on any more: past their review, or replaced by what all who read them may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from concord.access.recipients import MayRead
from concord.authority.facts import Facts
from concord.authority.links import superseded
from concord.authority.policy import Policy
from concord.catalog import items
from concord_taxonomy.standard import EVERYONE, ContentItem

_CHAIN = 8
"""Steps that a chain of replacements is followed."""


@dataclass(frozen=True, slots=True)
class Outdated:
    """A live page that is past its review (`overdue`), or in whose place another one stands (`by`), or both."""

    item: ContentItem
    overdue: bool
    by: str | None

    @property
    def why(self) -> str:
        """Its revision, and for what it is outdated: the same as long as nobody has changed that."""
        return f"{self.item.revision} {self.item.review_due if self.overdue else ''} {self.by or ''}".strip()


@dataclass(frozen=True, slots=True)
class Dating:
    """Tells which pages are outdated on a day, by the policy; `may_read` says whether a token may read an item.

    A replacement counts that has taken effect, and that may be read by whoever may read the old page: to all others it
    must not be told, and for them the old page holds.
    """

    policy: Policy
    may_read: MayRead
    today: date

    def outdated(self, connection: Connection, identifiers: Collection[str]) -> dict[str, Outdated]:
        """Those of the live items that are past their review, or replaced."""
        held = items.live(connection, sorted(identifiers)) if identifiers else {}
        by = self._replaced(connection, held)
        found = (Outdated(item, self._overdue(item), by.get(key)) for key, item in held.items())
        return {each.item.identifier: each for each in found if each.overdue or each.by}

    def _replaced(self, connection: Connection, held: Mapping[str, ContentItem]) -> dict[str, str | None]:
        """Page to what stands in its place."""
        newer: dict[str, set[str]] = defaultdict(set)
        known, fresh = dict(held), dict(held)
        for _ in range(_CHAIN):
            for link in items.links(connection, sorted(fresh)):
                if link.predecessor in fresh:
                    newer[link.predecessor].add(link.successor)
            missing = {each for key in fresh for each in newer.get(key, ())} - known.keys()
            fresh = items.live(connection, sorted(missing)) if missing else {}
            if not fresh:
                break
            known |= fresh
        linked = [key for key in held if newer.get(key)]
        return {
            key: superseded(self._open_chain(held[key], known, newer), self.policy, self.today).get(key)
            for key in linked
        }

    def _open_chain(
        self, old: ContentItem, known: Mapping[str, ContentItem], newer: Mapping[str, Collection[str]]
    ) -> list[Facts]:
        """A page with what replaces it, step by step, as far as all who may read the page may read that too."""
        chain, waiting = {old.identifier: old}, [old.identifier]
        while waiting:
            for each in newer.get(waiting.pop(), ()):
                if each not in chain and each in known and self._open_to(known[each], old):
                    chain[each] = known[each]
                    waiting.append(each)
        return [Facts.of(item) for item in chain.values()]

    def _open_to(self, newer: ContentItem, old: ContentItem) -> bool:
        readers = newer.readers
        return EVERYONE in readers or all(each in readers or self.may_read(each, readers) for each in old.readers)

    def _overdue(self, item: ContentItem) -> bool:
        return item.review_due is not None and item.review_due < self.today
