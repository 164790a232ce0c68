"""Where an index keeps its files, and the one small file that says which engine data are current.

<directory>/
    CURRENT.json     format, dimension, folder of the current shard; replaced atomically
    shard-000001/    the engine's files
    rebuilding/      an index that is being built anew, to take this one's place
    owner.lock       held by whoever has the shard open
    start.lock       held while a client starts the index process
    index.sock       the index process's socket, mode 0600
    process.log      what the index process has to say

Everything here is derived: with no process running, the directory can be deleted and the index rebuilt.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from concord.index.errors import IndexDamaged, IndexMismatch, IndexUnavailable
from concord.index.schema import FORMAT

LOG = "process.log"
REBUILDING = "rebuilding"
"""Holds an index that is being built anew (`replace`)."""
LEAST_FREE = 32 * 2**20
_CURRENT = "CURRENT.json"
# A Unix socket's path is limited to 107 bytes on Linux and 103 on macOS.
_LONGEST_SOCKET = 100


@dataclass(frozen=True, slots=True)
class Current:
    """What the directory holds."""

    dimension: int
    shard: str
    format: int = FORMAT


def read_current(directory: Path) -> Current | None:
    """Return what the directory holds, or None for a new one.

    Raises `IndexMismatch` for another format and `IndexDamaged` where that cannot be told.
    """
    try:
        fields = json.loads((directory / _CURRENT).read_text("utf-8"))
        if fields["format"] != FORMAT:
            raise IndexMismatch(str(directory), f"it has format {fields['format']}, this program writes {FORMAT}")
        return Current(**fields)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise IndexDamaged(str(directory), f"{_CURRENT} cannot be read") from None


def write_current(directory: Path, current: Current) -> None:
    """Make `current` the truth: after a crash either the old file stands or the new one."""
    with tempfile.NamedTemporaryFile("w", dir=directory, prefix=".current-", delete=False, encoding="utf-8") as file:
        json.dump(asdict(current), file)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(directory / _CURRENT)
    sync_folder(directory)


def sync_folder(directory: Path) -> None:
    """Make renames inside `directory` durable."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def next_shard(shard: str) -> str:
    """Return the folder name after `shard`."""
    return f"shard-{int(shard.removeprefix('shard-')) + 1:06d}"


def remove_other_shards(directory: Path, shard: str) -> None:
    """Delete engine data that a crash left behind: anything but `shard`."""
    for folder in directory.glob("shard-*"):
        if folder.name != shard:
            shutil.rmtree(folder)


def space_short(directory: Path) -> str | None:
    """Say how little space is left where that is less than the engine needs for its next write.

    It maps its files into memory: a write that the disk has no room for is no error then, but the process's end.
    """
    free = shutil.disk_usage(directory).free
    if free >= LEAST_FREE:
        return None
    return f"{free // 2**20} MiB are free, a write needs {LEAST_FREE // 2**20}"


def socket_path(directory: Path) -> Path:
    """Return the socket's path: in the directory, or in a private runtime folder where that would be too long.

    Raises `IndexUnavailable` where the runtime folder belongs to somebody else or is open to others.
    """
    directory = directory.resolve()
    path = directory / "index.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET:
        return path
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    folder = Path(base) / f"concord-{os.getuid()}"
    if len(os.fsencode(folder)) > _LONGEST_SOCKET - 40:
        folder = Path("/tmp") / folder.name  # noqa: S108  # checked below: private, ours, no link
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o077:
        raise IndexUnavailable(str(directory), f"{folder} must be a folder of your own with mode 0700")
    return folder / f"{hashlib.sha256(os.fsencode(directory)).hexdigest()[:24]}.sock"
