"""Building an index anew beside the one in use, and putting it in its place.

The new one grows in `<directory>/rebuilding`, which no process opens. Its shard then moves next to the old one and
`CURRENT.json` is replaced: a crash at any point leaves the old index or the new one, each whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from concord.index.edge import layout, rebuild
from concord.index.edge.client import stop_process
from concord.index.edge.shard import EdgeIndex
from concord.index.errors import IndexBusy


@contextmanager
def replacing(directory: Path, dimension: int, *, wait_seconds: float = 120.0) -> Iterator[EdgeIndex]:
    """Give an empty index to fill; it takes the place of the one in `directory` when the block ends without an error.

    Until then the old one goes on answering, if it can. One caller at a time: the caller holds the right to write.
    Raises `IndexBusy` where something keeps the old one open for `wait_seconds`.
    """
    building = directory / layout.REBUILDING
    shutil.rmtree(building, ignore_errors=True)
    try:
        index = EdgeIndex(building, dimension)
        try:
            yield index
            if index.writes >= rebuild.LEAST_WRITES:
                index.optimize()
        finally:
            index.close()
        _put_in_place(directory, building, dimension, wait_seconds)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _put_in_place(directory: Path, building: Path, dimension: int, wait_seconds: float) -> None:
    shard = layout.next_shard(max((folder.name for folder in directory.glob("shard-*")), default="shard-000000"))
    try:
        # With both locks, no process of the old index runs and none is being started.
        with FileLock(directory / "start.lock", timeout=wait_seconds, thread_local=False):
            stop_process(directory, wait_seconds)
            with FileLock(directory / "owner.lock", timeout=wait_seconds, thread_local=False):
                current = layout.read_current(building)
                if current is None:
                    raise AssertionError("an index that was filled says what it holds")
                (building / current.shard).rename(directory / shard)
                layout.sync_folder(directory)
                layout.write_current(directory, layout.Current(dimension, shard))
                layout.remove_other_shards(directory, shard)
    except Timeout:
        raise IndexBusy(str(directory)) from None
