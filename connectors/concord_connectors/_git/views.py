"""Folders for as long as a repository is read: whoever is killed cannot remove theirs, so the next one does."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "concord-git-"
SURE_SECONDS = 600
"""Age from which a folder that nobody has locked was left: before, it may be about to be locked."""
_LOCK = "lock"


@contextmanager
def view() -> Iterator[Path]:
    """An empty folder, locked by this process and gone afterwards."""
    _sweep()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        with (folder / _LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder


def _sweep() -> None:
    """Remove the folders of this user's processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else removes it, or is at work in it
            found = folder.lstat()
            left = time.time() - found.st_mtime > SURE_SECONDS and found.st_uid == os.getuid()
            if left and stat.S_ISDIR(found.st_mode):
                with (folder / _LOCK).open("ab") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder)
