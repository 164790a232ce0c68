"""What keeps commands on several machines apart: a contract for whatever they share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Exclusion(Protocol):
    """Locks by name that are gone with the process that holds them, however it ends."""

    def held(self, source: str) -> AbstractContextManager[Callable[[], None]]:
        """Hold the lock of a source; raises `SourceBusy` at once where another does.

        What is given raises `CatalogUnreachable` where the lock was lost meanwhile.
        """
        ...

    def index(self) -> AbstractContextManager[None]:
        """Hold the right to let the index follow, waiting for it."""
        ...
