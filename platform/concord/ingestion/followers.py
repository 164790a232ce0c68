"""Which indexes hold everything that the outbox has let go of.

The outbox is drained into the index in use; any other (of the other engine, of another model) falls behind without a
count that would tell. So the places that are up to date are noted, and one that is not among them is filled again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from concord.catalog import outbox
from concord.catalog.engine import writing
from concord.index import Index


@dataclass(frozen=True, slots=True)
class Followers:
    """The notes, in a file beside the indexes; the caller holds the lock of the index."""

    path: Path

    def behind(self, place: str) -> bool:
        """Whether something was drained into another index only; never so before anything was noted."""
        noted = self._read()
        return bool(noted) and place not in noted

    def only(self, place: str) -> None:
        """Note that what is drained from now on reaches `place` alone."""
        if self._read() != [place]:
            self._write([place])

    def add(self, place: str, beside: str) -> None:
        """Note that `place` was filled and holds what `beside`, the one in use, holds."""
        self._write(dict.fromkeys([*(self._read() or [beside]), place]))

    def _read(self) -> list[str]:
        try:
            noted = json.loads(self.path.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            # A broken file says nothing, as none does: counts still tell an empty index.
            return []
        return [each for each in noted if isinstance(each, str)] if isinstance(noted, list) else []

    def _write(self, places: Iterable[str]) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(list(places), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """An index for operators: what it holds and should hold, items that wait, whether it missed any."""

    engine: str
    place: str
    model: str
    points: int
    wanted: int
    waiting: int
    missed: bool

    @property
    def behind(self) -> bool:
        """Whether it has yet to follow something."""
        return self.missed or self.waiting > 0 or self.points < self.wanted

    @property
    def lost(self) -> bool:
        """Whether it holds nothing, where everything was written to it once: no question should be asked of it."""
        return not self.points and self.wanted > 0 and not self.waiting


def catch_up(engine: Engine, index: Index, followers: Followers, place: str) -> int:
    """Enqueue everything where the index missed something: live items, and what it holds beside them.

    Returns how many items were not waiting yet.
    """
    if not followers.behind(place):
        return 0
    held = index.identifiers()
    with writing(engine) as connection:
        return outbox.enqueue_all(connection, beside=held)
