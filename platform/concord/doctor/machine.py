"""Checks of the machine's side: disk space, and what processes that died have left behind."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from concord.doctor.model import Check, Level, fine
from concord.ingestion.locks import SourceLocks

LEAST_FREE = 256 * 2**20
_MIB = 2**20


def disk(state: Path) -> Check:
    """Whether there is room for the next sync, and for the copy on which a large index is optimised."""
    free = shutil.disk_usage(state).free
    held = sum(_allocated(path) for path in state.rglob("*"))
    found = f"{free // _MIB:,} MiB free where the workspace's state is; it takes {held // _MIB:,} MiB"
    if free < LEAST_FREE:
        return Check("disk", Level.PROBLEM, found, f"free at least {LEAST_FREE // _MIB} MiB in {state}")
    if free < held:
        return Check("disk", Level.WARNING, found, "free as much as it takes: a large index is optimised on a copy")
    return fine("disk", found)


def _allocated(path: Path) -> int:
    try:
        status = path.lstat()
    except FileNotFoundError:  # a process has just deleted it
        return 0
    return 0 if path.is_dir() else status.st_blocks * 512


def leftovers(locks: SourceLocks, sources: list[str]) -> Check:
    """Which sources are being synced, and whether a sync died. Its locks died with it: nothing has to be freed."""
    holders = {source: locks.holder(source) for source in sources}
    dead = sorted(source for source, process in holders.items() if process and not _runs(process))
    busy = sorted(source for source, process in holders.items() if process and source not in dead)
    if dead:
        found = f"a sync of {', '.join(dead)} ended before its end"
        return Check("syncs", Level.WARNING, found, "run `concord sync`, which goes on where it stopped")
    return fine("syncs", f"under way for {', '.join(busy)}" if busy else "none was cut short")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
