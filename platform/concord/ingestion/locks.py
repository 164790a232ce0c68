"""One lock per source, so that no two syncs crawl it at once; its file's time says when it was last checked.

Another lock is the index's, for which a sync waits. Files keep the commands of one machine apart; where machines share
a catalog, an `Exclusion` keeps them apart too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from concord.ingestion.errors import SourceBusy
from concord.ingestion.exclusion import Exclusion


@dataclass(frozen=True, slots=True)
class SourceLocks:
    """The locks in a folder, one file per source.

    The time of a check is the file's own time rather than a row: a sync with nothing to do writes nothing to the
    catalog.
    """

    folder: Path
    across: Exclusion | None = None
    elsewhere: Callable[[str], datetime | None] = lambda _: None
    """When the last look at a source from end to end began that the worker of any machine took."""

    @contextmanager
    def held(self, source: str) -> Iterator[Callable[[], None]]:
        """Hold the lock of a source; raises `SourceBusy` at once where another does.

        What is given raises `CatalogUnreachable` where the lock was lost meanwhile.
        """
        path = self._path(source)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
            os.utime(path, (0, 0))
        try:
            with FileLock(path, timeout=0), self._named(source), self._across(source) as check:
                yield check
        except Timeout:
            raise SourceBusy(source, self.holder(source)) from None

    @contextmanager
    def _named(self, source: str) -> Iterator[None]:
        """Let others see which process holds a source. In a file of its own: the lock's time means something else."""
        named = self._path(source).with_suffix(".pid")
        named.write_text(str(os.getpid()), "utf-8")
        try:
            yield
        finally:
            named.unlink(missing_ok=True)

    def holder(self, source: str) -> int | None:
        """The process that syncs a source, or one that died while it did."""
        try:
            return int(self._path(source).with_suffix(".pid").read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    @contextmanager
    def index(self) -> Iterator[None]:
        """Hold the right to write to the index, waiting for it.

        Two at once would embed the same texts twice, and the slower could put back what the faster had replaced.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        elsewhere = self.across.index() if self.across else nullcontext()
        with FileLock(self.folder / "_index.lock", mode=0o600), elsewhere:
            yield

    def _across(self, source: str) -> AbstractContextManager[Callable[[], None]]:
        return self.across.held(source) if self.across else nullcontext(lambda: None)

    def checked(self, source: str, began: datetime) -> None:
        """Note that a source was looked at from end to end since it `began`. The caller holds its lock."""
        os.utime(self._path(source), (began.timestamp(), began.timestamp()))

    def last_checked(self, source: str) -> datetime | None:
        """When the last look at a source from end to end began: what it said before that is known."""
        try:
            seconds = self._path(source).stat().st_mtime
        except FileNotFoundError:
            return None
        return datetime.fromtimestamp(seconds, UTC) if seconds else None

    def last_read(self, source: str) -> datetime | None:
        """When the last look at a source from end to end began, on this machine or by the worker of another."""
        return max(filter(None, (self.last_checked(source), self.elsewhere(source))), default=None)

    def forget(self, source: str) -> None:
        """Forget a source that is no longer declared."""
        self._path(source).unlink(missing_ok=True)

    def _path(self, source: str) -> Path:
        return self.folder / f"{source}.lock"
