"""The index process: `python -m concord.index.edge.process DIRECTORY DIMENSION IDLE_SECONDS WAIT_SECONDS`.

It leaves its starter behind, opens the index, binds the socket, and says on standard output how that went: `ready`,
or the error as msgpack. From then on it talks through the socket and its log. Clients start it (`launch`); people need
not.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path

import ormsgpack

from concord.index.edge import layout, wire
from concord.index.edge.server import Server
from concord.index.edge.shard import EdgeIndex
from concord.index.errors import VectorIndexError

_log = logging.getLogger(__name__)
_LARGEST_LOG = 2**20


def main(directory: str, dimension: str, idle_seconds: str, wait_seconds: str) -> int:
    """Run until idle or stopped; return the exit status. It waits for the directory's last owner to let go."""
    if os.fork():
        # The starter waits for this half only, so no zombie stays behind it.
        return 0
    os.setsid()
    folder = Path(directory)
    answer = _detach(folder)
    try:
        index = EdgeIndex(folder, int(dimension), wait_seconds=float(wait_seconds))
        server = Server(index, layout.socket_path(folder), float(idle_seconds))
    except Exception as error:
        failed = error if isinstance(error, VectorIndexError) else None
        _log.error("%s: %s", type(error).__name__, error, exc_info=None if failed else error)
        os.write(answer, ormsgpack.packb(wire.error_to_wire(failed)) if failed else b"")
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    _log.info("serving %s, process %s", folder, os.getpid())
    os.write(answer, wire.READY)
    os.close(answer)
    server.serve()
    _log.info("ended")
    return 0


def _detach(folder: Path) -> int:
    """Point the standard streams at the log and return a handle to what was standard output."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / layout.LOG
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    answer = os.dup(1)
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
    os.chdir("/")
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    return answer


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
