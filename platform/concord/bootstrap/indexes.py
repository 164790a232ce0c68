"""The indexes of a catalog: which one is in use, where each is, and how another takes its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from concord.catalog import audit, outbox
from concord.catalog.engine import reading
from concord.embedding import CachedEncoder
from concord.index import Index, open_index, open_server, replacing_index
from concord.ingestion.errors import AlreadyInUse
from concord.ingestion.followers import Followers, IndexFacts
from concord.ingestion.indexing import Drained, IndexProgress, drain, fill
from concord.ingestion.locks import SourceLocks
from concord.ingestion.moving import Moved, move
from concord.workspace import Settings

if TYPE_CHECKING:
    from concord.index.server.index import ServerIndex


@dataclass(frozen=True)
class Indexes:
    """Opens, moves and rebuilds the indexes of one model. `state` is the folder of what is derived.

    A URL names a Qdrant server; None stands for Qdrant Edge in the workspace.
    """

    state: Path
    settings: Settings
    engine: Engine
    encoder: CachedEncoder
    locks: SourceLocks

    @property
    def model(self) -> str:
        """The embedding model whose vectors they hold."""
        return self.encoder.encoder.model

    @property
    def folder(self) -> Path:
        """Where Qdrant Edge's index of this model is."""
        return self.state / "index" / "".join(char if char.isalnum() else "-" for char in self.model)

    @property
    def collection(self) -> str:
        """The name of this model's index on a server: readable, and no other catalog's."""
        with reading(self.engine) as connection:
            parts = [audit.origin(connection) or "", self.settings.name, self.model]
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
        words = re.findall(r"[a-z0-9]+", f"{self.settings.name} {Path(self.model).name}".lower())
        return "-".join(["concord", *words])[:80] + f"-{digest}"

    @property
    def followers(self) -> Followers:
        """Which indexes are up to date."""
        return Followers(self.state / "index-followers.json")

    @property
    def in_use(self) -> str:
        """The place of the index that the settings name."""
        return self.place(self.settings.index.url)

    def place(self, url: str | None) -> str:
        """The name of this model's index on the server at `url`, or of Qdrant Edge's in the workspace."""
        return f"{url}/{self.collection}" if url else f"edge:{self.folder.name}"

    def facts(self, index: Index) -> IndexFacts:
        """What there is to know of the index in use; for operators, as it counts what nobody else may see."""
        with reading(self.engine) as connection:
            wanted, waiting = outbox.indexed_points(connection), outbox.depth(connection)
        kind, missed = "server" if self.settings.index.url else "edge", self.followers.behind(self.in_use)
        return IndexFacts(kind, self.in_use, self.model, index.count(), wanted, waiting, missed)

    def open(self, url: str | None) -> Index:
        """The index on the server at `url`, or Qdrant Edge's in the process that all commands share."""
        if url is not None:
            return self._on_server(url)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return open_index(self.folder, self._dimension, idle_seconds=self.settings.index.idle_seconds)

    def move(self, url: str | None, progress: Callable[[int, int], None]) -> Moved:
        """Fill the index on the server at `url`, or Qdrant Edge's; raises `AlreadyInUse` and `MoveFailed`.

        On a server a new collection is filled and then put in place. The settings are left as they are.
        """
        used, place = self.in_use, self.place(url)
        if place == used:
            raise AlreadyInUse(place)
        journal = self.state / "index-move.journal"
        with self.locks.index():
            if url is None:
                with closing(self.open(None)) as edge:
                    moved = move(self.engine, self.model, edge, place, journal, progress)
            else:
                with closing(self._on_server(url, beside=True)) as server:
                    moved = move(self.engine, self.model, server, server.where(), journal, progress)
                    server.switch()
            self.followers.add(place, used)
        return replace(moved, place=place)

    def rebuild(self, in_use: Callable[[], Index], progress: IndexProgress | None = None) -> Drained:
        """Build the index anew from the catalog beside the one in use, and put it in its place.

        `in_use` opens it afterwards, for what came meanwhile.
        """
        with self.locks.index():
            with self._replacing() as fresh:
                done = fill(self.engine, fresh, self.encoder, progress)
            late = drain(self.engine, in_use(), self.encoder, progress)
        return Drained(done.items + late.items, done.embedded + late.embedded)

    @contextmanager
    def _replacing(self) -> Iterator[Index]:
        url = self.settings.index.url
        if url is None:
            with replacing_index(self.folder, self._dimension) as fresh:
                yield fresh
            return
        with closing(self._on_server(url, beside=True)) as beside:
            yield beside
            beside.switch()

    def _on_server(self, url: str, *, beside: bool = False) -> ServerIndex:
        key = self.settings.index.api_key
        secret = key.get_secret_value() if key else None
        return open_server(url, self.collection, self._dimension, api_key=secret, beside=beside)

    @property
    def _dimension(self) -> int:
        return self.encoder.encoder.dimension
