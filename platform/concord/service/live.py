"""The workspace that a long-lived process answers from: always what is in force at the moment of a request."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile

from concord.bootstrap import Concord
from concord.catalog import outbox
from concord.catalog.activations import active_digest
from concord.catalog.engine import reading, writing
from concord.catalog.errors import NothingApplied
from concord.service.errors import IndexLost, NotReady

ROOM = 256 * 1024
"""Bytes that have to be writable: what an answer leaves in the catalog."""
INDEXED_SECONDS = 30.0
"""How long the number of points that the catalog says are indexed is kept, as long as the index holds as many."""


@dataclass
class Live:
    """Gives each request the workspace as `concord apply` last left it, so that a revocation counts at once.

    Engine, model and index stay open from one activation to the next; settings (`concord.yaml`) are read at the start.
    """

    _concord: Concord
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _file: tuple[int, int] | None = None
    _indexed: tuple[float, int] = (0.0, 0)
    waits_for: str = ""
    """The part that `warm` opens now, or did last."""

    def current(self) -> Concord:
        """The workspace with the declarations in force; raises `NothingApplied`, `NotReady`."""
        with self._lock:
            self._open_anew()
            with reading(self._concord.engine) as connection:
                digest = active_digest(connection)
            if digest is None:
                raise NothingApplied
            if digest != self._concord.foundation.declarations.digest:
                self._concord = self._concord.renewed()
            return self._concord

    def warm(self) -> None:
        """Open everything that a question needs; raises what keeps questions from being answered."""
        self.waits_for = "the catalog"
        concord = self.current()
        self.waits_for = f"room in {concord.state}"
        try:
            with TemporaryFile(dir=concord.state) as file:
                file.write(bytes(ROOM))
        except OSError as error:
            raise NotReady(f"nothing can be written to {concord.state}: {error}") from error
        self.waits_for = "the model"
        concord.answerer.retriever.encoder.encode(["ready"])
        self.waits_for = "the index"
        concord.index.tokens_in_use()
        self._check_points(concord)
        self.waits_for = "the catalog's write lock, which another process holds"
        with writing(concord.engine, renews=False):
            pass

    def _check_points(self, concord: Concord) -> None:
        """Raise `IndexLost` where most points are gone; what waits in the outbox is not expected to be there yet."""
        until, wanted = self._indexed
        held = concord.index.count()
        if time.monotonic() < until and held * 2 >= wanted:
            return
        with reading(concord.engine) as connection:
            wanted = outbox.settled_points(connection)
        if held * 2 < wanted:
            raise IndexLost(held, wanted)
        self._indexed = (time.monotonic() + INDEXED_SECONDS, wanted)

    def _open_anew(self) -> None:
        """Let go of a catalog's file that is another one now: what was opened would answer by rights of the past."""
        engine = self._concord.engine
        if engine.dialect.name != "sqlite" or not engine.url.database:
            return
        try:
            found = Path(engine.url.database).stat()
        except OSError as error:
            raise NotReady("the catalog's file is gone") from error
        file = (found.st_dev, found.st_ino)
        if self._file is not None and file != self._file:
            engine.dispose()
        self._file = file

    def close(self) -> None:
        """Let go of everything."""
        self._concord.close()
