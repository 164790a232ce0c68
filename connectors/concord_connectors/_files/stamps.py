"""Stamps of files: what differs once a file was written to, read from its directory entry without opening it."""

from __future__ import annotations

import hashlib
import os
import stat as kinds
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from concord_connectors._files.walk import Listing
from concord_connectors.containers import may_hold_others
from concord_connectors.sidecar import SIDECAR_SUFFIXES

_TICK = 20_000_000
"""Nanoseconds within which a local file system may give two changes the same time."""
_SECOND = 1_000_000_000


class Stamps:
    """The stamps `found` in a crawl, next to those that were there `before` it."""

    def __init__(self, listing: Listing, known: Mapping[str, str], before: Mapping[str, str]) -> None:
        self.found: dict[str, str] = {}
        self._listing = listing
        self._known = known
        self._before = before

    def unchanged(self, native_id: str) -> bool:
        """Note the stamp of a file with its side-cars, and say whether it is that of what is known.

        Containers have none: what they hold is looked at again.
        """
        if may_hold_others(native_id):
            return False
        beside = (native_id + suffix for suffix in SIDECAR_SUFFIXES)
        own = stamp(self._listing.root, [native_id, *(path for path in beside if path in self._listing.sidecars)])
        if own is None:
            return False
        self.found[native_id] = own
        return native_id in self._known and self._before.get(native_id) == own


def stamp(root: Path, paths: Iterable[str]) -> str | None:
    """One stamp for files below `root`; None where none can be trusted: links, no plain files, times in whole seconds.

    Take it before reading: what is changed afterwards has another. Of a file that was changed just now it waits for
    the clock to go on, so that the next change cannot have the same time.
    """
    whole = hashlib.blake2b(digest_size=12)
    for path in paths:
        try:
            status = os.lstat(root / path)
        except OSError:
            return None
        changed = max(status.st_mtime_ns, status.st_ctime_ns)
        if not kinds.S_ISREG(status.st_mode) or not (status.st_mtime_ns % _SECOND or status.st_ctime_ns % _SECOND):
            return None
        age = time.time_ns() - changed
        if age < 0:
            return None
        if age < _TICK:
            time.sleep((_TICK - age) / _SECOND)
        whole.update(
            f"{path}\0{status.st_ino}:{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}\0".encode(
                "utf-8", "surrogateescape"
            )
        )
    return whole.hexdigest()
