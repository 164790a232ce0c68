"""Items as other declarations would describe them: derived from the records that are kept, without passages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import Connection, Engine

from concord.bootstrap.foundation import Foundation
from concord.catalog import items, records
from concord.catalog.engine import reading
from concord.catalog.quarantine import Quarantined
from concord.governance.preview import Items, Redescribed
from concord.ingestion.derive import Deriver
from concord_taxonomy.standard import ContentItem, Principal

AT_ONCE = 100
_OWN = frozenset({"revision", "generated_at", "generated_by", "field_origin", "invalidated_at", "subject"})
"""Fields that tell of the derivation itself, and the concepts, which are compared apart."""


@dataclass(frozen=True)
class Describing:
    """The derivations of two foundations, and what the second makes of the items of the first.

    `derivers` gives what would derive the items of each source under a foundation.
    """

    engine: Engine
    derivers: Callable[[Foundation], Mapping[str, Deriver]]
    before: Foundation
    after: Foundation
    _known: dict[str, ContentItem | Quarantined | None] = field(default_factory=dict)

    @cached_property
    def _held(self) -> Mapping[str, Deriver]:
        return self.derivers(self.before)

    @cached_property
    def _wanted(self) -> Mapping[str, Deriver]:
        return self.derivers(self.after)

    def changes(self, source: str) -> bool:
        """Whether anything of a source could be described otherwise."""
        held, wanted = self._held.get(source), self._wanted.get(source)
        return held is None or wanted is None or held.context != wanted.context

    def __call__(self, connection: Connection, held: Mapping[str, ContentItem]) -> Mapping[str, ContentItem]:
        """The items as the second foundation describes them, without those that would not be there any more."""
        made: dict[str, ContentItem] = {}
        for identifier, item in held.items():
            described = self.described(connection, item)
            if isinstance(described, ContentItem):
                made[identifier] = described
        return made

    def described(self, connection: Connection, item: ContentItem) -> ContentItem | Quarantined | None:
        """An item as it would be described; None where its source would not be declared."""
        if not self.changes(item.source):
            return item
        if item.identifier not in self._known:
            self._known[item.identifier] = self._described(connection, item)
        return self._known[item.identifier]

    def compared(self, who: Principal, limit: int) -> Items:
        """The items that `who` may read and that would be described otherwise, looking at no more than `limit`."""
        changed, looked = list[Redescribed](), 0
        for source in sorted(self._held):
            if not self.changes(source):
                continue
            for connection, item in self._readable(source, who):
                if looked == limit:
                    return Items(tuple(changed), limited=True)
                looked += 1
                if difference := self._difference(connection, item):
                    changed.append(difference)
        return Items(tuple(changed), limited=False)

    def _readable(self, source: str, who: Principal) -> Iterator[tuple[Connection, ContentItem]]:
        after = ""
        while True:
            with reading(self.engine) as connection:
                found = items.readable_of(connection, who, source, AT_ONCE, after)
                for item in found.items:
                    yield connection, item
            if found.last is None:
                return
            after = found.last

    def _described(self, connection: Connection, item: ContentItem) -> ContentItem | Quarantined | None:
        deriver = self._wanted.get(item.source)
        record = records.load(connection, item.source, item.was_derived_from.native_id)
        if deriver is None or record is None:
            return None
        described = deriver.describe(record)
        if isinstance(described, Quarantined):
            return described
        return described[0].model_copy(update={"revision": item.revision, "generated_at": item.generated_at})

    def _difference(self, connection: Connection, item: ContentItem) -> Redescribed | None:
        now = self.described(connection, item)
        if now is None:
            return Redescribed(item.identifier, item.title, gone="its source would not be declared")
        if isinstance(now, Quarantined):
            return Redescribed(item.identifier, item.title, gone=f"it would be quarantined: {now.detail}")
        old, new = item.model_dump(mode="json"), now.model_dump(mode="json")
        fields = tuple(name for name in old if name not in _OWN and old[name] != new[name])
        added = tuple(each for each in now.subject if each not in item.subject)
        removed = tuple(each for each in item.subject if each not in now.subject)
        return Redescribed(item.identifier, item.title, added, removed, fields) if added or removed or fields else None
