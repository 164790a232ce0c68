"""What the catalog says of items and passages, kept in memory until something is written to it.

Every question asks the catalog for its generation, in the transaction in which it reads all else. While that is the
same as before, so is what was read; with any other, nothing that was kept is used again, whatever was written. What is
kept is told to nobody before it is checked who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection

from concord.catalog import generation, items
from concord.catalog.chunks import ChunkState, load_states
from concord.catalog.embeddings import Matrix, load_pages
from concord.catalog.items import Replacement
from concord_taxonomy.standard import ContentItem

MOST = 20_000
"""Items, and passages, of which something is kept; with more, all is read anew. About 2 KB a passage, 8 KB an item."""

_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class _Generation:
    """What was read of one generation, whoever may read it; None stands for what is not there."""

    value: str | None
    items: dict[str, ContentItem | None] = field(default_factory=dict)
    states: dict[str, ChunkState | None] = field(default_factory=dict)
    pages: dict[str, Matrix | None] = field(default_factory=dict)
    links: dict[str, tuple[Replacement, ...] | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """The catalog as a transaction sees it; it is asked for what no earlier one of the same generation read."""

    connection: Connection
    _held: _Generation

    def items(self, keys: Iterable[str]) -> dict[str, ContentItem]:
        """Those of the items that are live."""
        return _kept(self._held.items, keys, lambda missing: items.live(self.connection, missing))

    def states(self, keys: Iterable[str]) -> dict[str, ChunkState]:
        """The states of passages."""
        return _kept(self._held.states, keys, lambda missing: load_states(self.connection, missing))

    def pages(self, model: str, keys: Iterable[str]) -> dict[str, Matrix]:
        """The vectors of items, of the one model in use."""
        return _kept(self._held.pages, keys, lambda missing: load_pages(self.connection, model, missing))

    def links(self, keys: Iterable[str]) -> set[Replacement]:
        """The links in which any of the items stands on either side."""
        return {link for links in _kept(self._held.links, keys, self._links).values() for link in links}

    def _links(self, missing: list[str]) -> dict[str, tuple[Replacement, ...]]:
        found: dict[str, tuple[Replacement, ...]] = {}
        for link in items.links(self.connection, missing):
            for end in {link.successor, link.predecessor}:
                found[end] = (*found.get(end, ()), link)
        return found


class Memory:
    """What was read of the generation that was met last."""

    def __init__(self) -> None:
        self._last = _Generation(None)

    def view(self, connection: Connection) -> View:
        """The catalog as a transaction sees it that has begun with this."""
        now, last = generation.current(connection), self._last
        if now is None or now != last.value:
            last = self._last = _Generation(now)
        return View(connection, last)


def _kept(
    memory: dict[str, _V | None], keys: Iterable[str], load: Callable[[list[str]], Mapping[str, _V]]
) -> dict[str, _V]:
    """The values of those keys that have one, each key in its place; those not met before are loaded."""
    known: dict[str, _V | None] = dict.fromkeys(keys)
    missing = []
    for key in known:
        # Another thread may clear it at any moment: each key is looked up once.
        try:
            known[key] = memory[key]
        except KeyError:
            missing.append(key)
    if missing:
        found = load(missing)
        fresh = {key: found.get(key) for key in missing}
        known.update(fresh)
        if len(memory) + len(fresh) > MOST:
            memory.clear()
        memory.update(fresh)
    return {key: each for key, each in known.items() if each is not None}
