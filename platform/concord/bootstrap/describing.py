"""Items as other declarations would describe them: derived from the records that are kept, without passages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from concord.catalog import items, records
from concord.catalog.engine import reading
from concord.catalog.quarantine import Quarantined
from concord.governance.preview import Items, Redescribed
from concord.ingestion.derive import UNSETTLED, Deriver
from concord_taxonomy.standard import ContentItem, Principal

AT_ONCE = 100
_OWN = frozenset({"revision", "generated_at", "generated_by", "field_origin", "invalidated_at", "subject"})
"""Fields that tell of the derivation itself, and the concepts, which are compared apart."""


@dataclass(frozen=True)
class Describing:
    """Items as a foundation describes them: as they are kept where a sync has followed it, else derived anew.

    `derivers` are what derives the items of each source under it.
    """

    engine: Engine
    derivers: Mapping[str, Deriver]
    _known: dict[str, ContentItem | Quarantined | None] = field(default_factory=dict)
    _followed: dict[str, bool] = field(default_factory=dict)

    def __call__(self, connection: Connection, held: Mapping[str, ContentItem]) -> Mapping[str, ContentItem]:
        """The items as the foundation describes them, without those that would not be there any more."""
        made: dict[str, ContentItem] = {}
        for identifier, item in held.items():
            described = self.described(connection, item)
            if isinstance(described, ContentItem):
                made[identifier] = described
        return made

    def described(self, connection: Connection, item: ContentItem) -> ContentItem | Quarantined | None:
        """An item as it would be described; None where its source would not be declared."""
        if self._follows(connection, item.source):
            return item
        if item.identifier not in self._known:
            self._known[item.identifier] = self._described(connection, item)
        return self._known[item.identifier]

    def _follows(self, connection: Connection, source: str) -> bool:
        """Whether the last sync derived everything of a source by this foundation."""
        if source not in self._followed:
            deriver = self.derivers.get(source)
            contexts = [deriver.context, deriver.context + UNSETTLED] if deriver else []
            self._followed[source] = bool(contexts) and not records.stale(connection, source, contexts, 1)
        return self._followed[source]

    def _described(self, connection: Connection, item: ContentItem) -> ContentItem | Quarantined | None:
        deriver = self.derivers.get(item.source)
        record = records.load(connection, item.source, item.was_derived_from.native_id)
        if deriver is None or record is None:
            return None
        described = deriver.describe(record)
        if isinstance(described, Quarantined):
            return described
        return described[0].model_copy(update={"revision": item.revision, "generated_at": item.generated_at})


def compared(held: Describing, wanted: Describing, who: Principal, limit: int, first: Collection[str] = ()) -> Items:
    """The items that `who` may read and that `wanted` describes otherwise than `held`, looking at no more than `limit`.

    The items of `first` are looked at before any other, within no limit. What both describe otherwise than it is kept,
    for no sync has followed yet, is no change.
    """
    with reading(held.engine) as connection:
        named = items.readable(connection, who, sorted(first))
        changed = [each for item in named.values() for each in _compared(connection, held, wanted, item)]
    looked = 0
    for source, deriver in sorted(held.derivers.items()):
        other = wanted.derivers.get(source)
        if other is not None and other.context == deriver.context:
            continue
        for connection, item in _readable(held.engine, source, who):
            if looked == limit:
                return Items(tuple(changed), limited=True)
            looked += 1
            if item.identifier not in named:
                changed += _compared(connection, held, wanted, item)
    return Items(tuple(changed), limited=False)


def _compared(connection: Connection, held: Describing, wanted: Describing, item: ContentItem) -> list[Redescribed]:
    before = held.described(connection, item)
    return list(_differences(before, wanted.described(connection, item))) if isinstance(before, ContentItem) else []


def _readable(engine: Engine, source: str, who: Principal) -> Iterator[tuple[Connection, ContentItem]]:
    after = ""
    while True:
        with reading(engine) as connection:
            found = items.readable_of(connection, who, source, AT_ONCE, after)
            for item in found.items:
                yield connection, item
        if found.last is None:
            return
        after = found.last


def _differences(before: ContentItem, now: ContentItem | Quarantined | None) -> Iterator[Redescribed]:
    if now is None:
        yield Redescribed(before.identifier, before.title, gone="its source would not be declared")
        return
    if isinstance(now, Quarantined):
        yield Redescribed(before.identifier, before.title, gone=f"it would be quarantined: {now.detail}")
        return
    old, new = before.model_dump(mode="json"), now.model_dump(mode="json")
    fields = tuple(name for name in old if name not in _OWN and old[name] != new[name])
    added = tuple(each for each in now.subject if each not in before.subject)
    removed = tuple(each for each in before.subject if each not in now.subject)
    if added or removed or fields:
        yield Redescribed(before.identifier, before.title, added, removed, fields)
