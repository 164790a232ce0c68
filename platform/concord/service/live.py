"""The workspace that a long-lived process answers from: always what is in force at the moment of a request."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from concord.bootstrap import Concord
from concord.catalog.activations import active_digest
from concord.catalog.engine import reading
from concord.catalog.errors import NothingApplied


@dataclass
class Live:
    """Gives each request the workspace as `concord apply` last left it, so that a revocation counts at once.

    Engine, model and index stay open from one activation to the next; settings (`concord.yaml`) are read at the start.
    """

    _concord: Concord
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Concord:
        """The workspace with the declarations in force; raises `NothingApplied`."""
        with self._lock:
            with reading(self._concord.engine) as connection:
                digest = active_digest(connection)
            if digest is None:
                raise NothingApplied
            if digest != self._concord.foundation.declarations.digest:
                self._concord = self._concord.renewed()
            return self._concord

    def warm(self) -> None:
        """Open everything that a question needs; raises what keeps questions from being answered."""
        concord = self.current()
        concord.answerer.retriever.encoder.encode(["ready"])
        concord.index.tokens_in_use()

    def close(self) -> None:
        """Let go of everything."""
        self._concord.close()
