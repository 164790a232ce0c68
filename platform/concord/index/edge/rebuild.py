"""Optimising a large index while it goes on answering: on a copy, in another process, then a swap.

The engine's `optimize` holds the GIL for as long as it builds the graph (about two minutes at 200,000 points), so the
index process would answer nobody. Instead: flush, copy the files while writes wait, optimise the copy in a child at low
priority, carry over what was written meanwhile, and serve from the copy. `CURRENT.json` is replaced last, so a
crash at any point leaves the old shard or the new one, each whole.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from qdrant_edge import EdgeShard, Point, UpdateOperation

from concord.index.edge import engine, layout
from concord.index.edge.shard import EdgeIndex

if TYPE_CHECKING:
    from qdrant_edge import PointId

_log = logging.getLogger(__name__)
_BATCH = 256

# Below the first, scanning is as fast as a graph; the second keeps steady small syncs from copying the index each time.
LEAST_WRITES = 20_000
_LEAST_SHARE = 0.2


class Rebuilder:
    """Optimises an index in the background, one run at a time."""

    def __init__(self, index: EdgeIndex) -> None:
        self._index = index
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = False

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._thread is not None and self._thread.is_alive()

    def consider(self) -> None:
        """Start a run where enough was written since the last one."""
        if self._index.writes >= max(LEAST_WRITES, _LEAST_SHARE * self._index.count()):
            self.start()

    def start(self) -> bool:
        """Start a run and return True, or False where one is under way."""
        with self._guard:
            if self.running or self._stopping:
                return False
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
            return True

    def stop(self) -> None:
        """Give up a run that is under way; its copy is deleted."""
        with self._guard:
            self._stopping = True
            if self._child is not None:
                self._child.terminate()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        index = self._index
        name = layout.next_shard(index.current.shard)
        path = index.directory / name
        try:
            with index.writing:
                index.flush()
                index.touched, index.writes = set(), 0
                shutil.copytree(index.directory / index.current.shard, path)
            if self._optimize(path):
                self._swap(path)
                _log.info("optimised into %s", name)
        except Exception:
            # The index that is served has not changed, so the next run may do better.
            _log.exception("the index could not be optimised; it goes on as it is")
        finally:
            with index.using:
                index.touched = None
            if index.current.shard != name:
                shutil.rmtree(path, ignore_errors=True)

    def _optimize(self, path: Path) -> bool:
        command = [sys.executable, "-P", "-m", __name__, str(path), str(self._index.dimension)]
        with self._guard:
            if self._stopping:
                return False
            self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  # our own module
        status = self._child.wait()
        with self._guard:
            self._child = None
        if status and not self._stopping:
            raise RuntimeError(f"optimising {path.name} ended with status {status}")
        return status == 0

    def _swap(self, path: Path) -> None:
        index = self._index
        shard = engine.load(path, index.dimension)
        with index.writing, index.using:
            before = index.current
            _carry_over(index.shard, shard, sorted(index.touched or ()))
            shard.flush()
            current = replace(before, shard=path.name)
            layout.write_current(index.directory, current)
            old = index.replace_shard(current, shard)
            old.close()
        shutil.rmtree(index.directory / before.shard)


def _carry_over(old: EdgeShard, new: EdgeShard, touched: list[str]) -> None:
    """Make the points `touched` in `new` what they are in `old`, there or gone."""
    for start in range(0, len(touched), _BATCH):
        ids = cast("list[PointId]", touched[start : start + _BATCH])
        records = old.retrieve(ids, with_payload=True, with_vector=True)
        points = [Point(record.id, record.vector or {}, record.payload) for record in records]
        gone = set(ids) - {str(record.id) for record in records}
        if points:
            new.update(UpdateOperation.upsert_points(points))
        if gone:
            new.update(UpdateOperation.delete_points(list(gone)))


def main(path: str, dimension: str) -> None:
    """Optimise the shard in `path`; this is what the child runs."""
    with suppress(OSError):
        os.nice(10)
    shard = engine.load(Path(path), int(dimension))
    shard.optimize()
    shard.flush()
    shard.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
