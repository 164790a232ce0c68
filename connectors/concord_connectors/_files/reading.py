"""Reads one regular file below a root, never following a link out of it."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)  # a link put in place after the check fails to open
    | getattr(os, "O_NONBLOCK", 0)  # opening a pipe does not wait for its writer
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file's bytes and the time of its last modification."""

    content: bytes = field(repr=False)
    modified: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file is not read; `stamp` changes when the file does."""

    reason: str
    detail: str
    stamp: str


def read_inside(
    root: Path, relative: str, max_bytes: int, follow: Callable[[str], bool] = lambda _: False
) -> FileContent | Problem:
    """Read `relative` below `root` (resolved); `follow` says of a link's target, relative to `root`, if it may be read.

    Raises `FileNotFoundError` when there is no such file (any more).
    """
    path = root / relative
    own = path.lstat()
    stamp = f"{own.st_size}:{own.st_mtime_ns}"
    try:
        target = path.resolve(strict=True)
        if not target.is_relative_to(root):
            return Problem("symlink", f"{relative}: a link leads out of the folder; put the file itself there", stamp)
        inside = target.relative_to(root).as_posix()
        if inside != relative and not follow(inside):
            return Problem("symlink", f"{relative}: the link leads to {inside}, which is no content", stamp)
        return _read(root, inside, relative, max_bytes)
    except FileNotFoundError:
        if stat.S_ISLNK(own.st_mode):
            return Problem("symlink", f"{relative}: the link leads nowhere; remove it", stamp)
        raise
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before Python 3.13
        if isinstance(error, RuntimeError) or error.errno == errno.ELOOP:
            return Problem("symlink", f"{relative}: the link leads in a circle; remove it", stamp)
        detail = f"{relative}: the file cannot be read ({error.strerror}); grant access to it"
        return Problem("unreadable", detail, stamp)


def _read(root: Path, inside: str, shown: str, max_bytes: int) -> FileContent | Problem:
    # A socket or device cannot be opened safely, so it is looked at before and, against swaps, after opening.
    if not stat.S_ISREG((root / inside).lstat().st_mode):
        return _special(shown)
    descriptor = open_below(root, inside)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return _special(shown)
        # One byte more than allowed, and not the size alone: the file may be growing.
        content = b"" if status.st_size > max_bytes else file.read(max_bytes + 1)
    if max(status.st_size, len(content)) > max_bytes:
        detail = f"{shown}: the file has more than {max_bytes} bytes; split it or raise max_bytes"
        return Problem("too_large", detail, f"{status.st_size}:{status.st_mtime_ns}")
    return FileContent(content, datetime.fromtimestamp(status.st_mtime, UTC))


def open_below(root: Path, inside: str) -> int:
    """Open `inside` for reading, folder by folder from `root`, so that a folder swapped for a link fails as well.

    Raises `OSError`, with `ELOOP` or `ENOTDIR` where a part is a link.
    """
    *folders, name = inside.split("/")
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            below = os.open(folder, _FLAGS | os.O_DIRECTORY, dir_fd=here)
            os.close(here)
            here = below
        return os.open(name, _FLAGS, dir_fd=here)
    finally:
        os.close(here)


def _special(shown: str) -> Problem:
    return Problem("special_file", f"{shown}: a pipe, socket or device holds no document; remove it", "special")
