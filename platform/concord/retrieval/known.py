"""Passages that were read for earlier questions, kept in memory: reading one anew costs more than all else about it.

Nothing here tells whether a passage still stands or who may read it: the catalog is asked that for every question, and
a passage is used again only where it says that neither the passage nor its item has changed since.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

from concord.authority.reading import Reading
from concord.catalog.chunks import Chunk
from concord.embedding import Embedded
from concord_taxonomy.standard import ContentItem


@dataclass(frozen=True, slots=True)
class KnownPassage:
    """A passage as it was read; `embedded` is None where its vectors are not kept."""

    item: ContentItem
    chunk: Chunk
    reading: Reading
    embedded: Embedded | None


@dataclass(frozen=True)
class KnownPassages:
    """The passages used last, at most `size` of them; about 30 KB each."""

    size: int
    _held: OrderedDict[Hashable, KnownPassage] = field(default_factory=OrderedDict, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def get(self, version: Hashable, item: ContentItem) -> KnownPassage | None:
        """The passage of this version, where it was read with the item as it is now."""
        with self._lock:
            found = self._held.get(version)
            if found is None or (found.item is not item and found.item != item):
                return None
            self._held.move_to_end(version)
            return found

    def keep(self, version: Hashable, passage: KnownPassage) -> None:
        """Keep a passage; one without vectors may get them at any moment, and is not kept."""
        if passage.embedded is None or not self.size:
            return
        with self._lock:
            self._held[version] = passage
            self._held.move_to_end(version)
            if len(self._held) > self.size:
                self._held.popitem(last=False)
