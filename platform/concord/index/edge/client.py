"""`EdgeClient`: the Protocol through the index process, which it starts when none runs."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from concord.index.edge import launch, wire
from concord.index.errors import IndexMismatch, IndexUnavailable, InvalidPoint, InvalidRequest, WritesLost
from concord.index.points import check, payload_from_engine
from concord.index.protocol import Payload, Point, SearchRequest, SearchResult

_BATCH = 256
_BATCH_BYTES = 8 * 2**20
_POLL = 0.01
_TRIES = 3
_GREETINGS = (0.0, 0.02, 0.1, 0.5)
"""Seconds to wait after each process that ended before it could greet."""


class EdgeClient:
    """An index in a directory that many commands share through one process.

    Nothing starts before the first call. Where the process has died, a call connects to a new one and is repeated
    (three times at most), which is safe as every call is idempotent; a flush after such a death raises `WritesLost` if
    this client had written and not flushed. Calls may come from many threads and run one after another, as they would
    anyway: the engine holds the GIL.

        index = EdgeClient(Path(".concord/index"), dimension=384)
        index.search(SearchRequest(SearchFilter(principal.tokens), text="parental leave"))

    Seconds: `idle_seconds` without a request end the process (the first starter's value holds), `timeout_seconds`
    limit a call, `start_seconds` the start.
    """

    def __init__(
        self,
        directory: Path,
        dimension: int,
        *,
        idle_seconds: float = 300.0,
        timeout_seconds: float = 120.0,
        start_seconds: float = 60.0,
    ) -> None:
        self.directory = Path(directory)
        self.dimension = dimension
        self._idle_seconds = idle_seconds
        self._timeout_seconds = timeout_seconds
        self._start_seconds = start_seconds
        self._lock = threading.RLock()
        self._connection: socket.socket | None = None
        self._hello: dict[str, Any] = {}
        self._unflushed: set[str] = set()
        self._closed = False
        self._opened_in = 0

    def upsert(self, points: Sequence[Point]) -> None:
        """Write points, replacing those of the same id; with one broken point, none is written."""
        checked = [check(point, self.dimension) for point in points]
        with self._lock:
            for batch in list(_batches(checked)):
                self._call("upsert", batch, writes=True)

    def delete_item(self, identifier: str, keep: Sequence[str] = ()) -> None:
        """Delete an item's points except those whose ids are in `keep`."""
        self._call("delete_item", [identifier, list(keep)], writes=True)

    def flush(self) -> None:
        """Make every earlier write durable; raise `WritesLost` where the process died since one of this client's."""
        with self._lock:
            self._call("flush", None)
            self._unflushed.clear()

    def search(self, request: SearchRequest) -> SearchResult:
        """Run the legs under the filter; a dense leg that comes back short is run again exactly."""
        try:
            argument = wire.request_to_wire(request)
        except (TypeError, ValueError) as error:
            raise InvalidRequest(f"the query cannot be searched: {error}") from None
        return wire.result_from_wire(self._call("search", argument))

    def tokens_in_use(self) -> frozenset[str]:
        """The reader tokens that any point carries."""
        return frozenset(self._call("tokens_in_use", None))

    def item_points(self, identifier: str) -> frozenset[str]:
        """The ids of an item's points."""
        return frozenset(self._call("item_points", identifier))

    def identifiers(self) -> frozenset[str]:
        """The items that have a point."""
        return frozenset(self._call("identifiers", None))

    def digest(self) -> str:
        """One value for all ids and payloads: equal where two indexes hold the same."""
        return str(self._call("digest", None))

    def item_payloads(self, identifier: str) -> dict[str, Payload]:
        """The payloads of an item's points by id; for checks, never shown to a reader."""
        found = self._call("item_payloads", identifier)
        return {point: payload_from_engine(fields) for point, fields in found.items()}

    def count(self) -> int:
        """Points in all; for operators, never shown to a reader."""
        return int(self._call("count", None))

    def optimize(self) -> bool:
        """Have the process optimise the index in the background; False where it already does."""
        return bool(self._call("optimize", None))

    def process_id(self) -> int:
        """The index process's id, for operators."""
        with self._lock:
            self._connected()
            return int(self._hello["pid"])

    def close(self) -> None:
        """Close the connection; the process goes on for others. Later calls raise `IndexUnavailable`."""
        with self._lock:
            self._drop()
            self._closed = True

    def stop(self) -> None:
        """Flush and end the index process, if one runs, and return when it has let go of the directory."""
        with self._lock:
            self._drop()
            stop_process(self.directory, self._timeout_seconds)

    def _call(self, operation: str, argument: object, *, writes: bool = False) -> Any:
        frame = wire.pack([operation, argument], wire.MAX_REQUEST)
        with self._lock:
            reply = self._answered(operation, frame)
            if not reply[0]:
                raise wire.error_from_wire(reply[1], reply[2], str(self.directory))
            if writes:
                self._unflushed.add(self._hello["generation"])
            return reply[1]

    def _answered(self, operation: str, frame: bytes) -> Any:
        for _ in range(_TRIES):
            try:
                return self._exchange(operation, frame)
            except (EOFError, ConnectionError):
                self._drop()
        reason = f"its process died {_TRIES} times on {operation}: {launch.last_line(self.directory)}"
        raise IndexUnavailable(str(self.directory), reason)

    def _exchange(self, operation: str, frame: bytes) -> Any:
        connection = self._connected()
        if operation == "flush" and self._unflushed - {self._hello["generation"]}:
            self._unflushed.clear()
            raise WritesLost(str(self.directory))
        return self._talk(connection, frame)

    def _talk(self, connection: socket.socket, frame: bytes) -> Any:
        try:
            connection.sendall(frame)
            return wire.receive(connection, wire.MAX_REPLY)
        except (TimeoutError, ValueError) as error:
            # What arrives later would be taken for the answer to the next question.
            self._drop()
            reason = (
                f"no answer within {self._timeout_seconds:.0f} s" if isinstance(error, TimeoutError) else str(error)
            )
            raise IndexUnavailable(str(self.directory), reason) from None
        except BaseException:
            self._drop()
            raise

    def _connected(self) -> socket.socket:
        if self._closed:
            raise IndexUnavailable(str(self.directory), "it was closed: open it again")
        if self._connection is not None and self._opened_in != os.getpid():
            # A fork would talk over the same connection as its parent.
            self._drop()
        if self._connection is None:
            self._connection = self._open()
            self._opened_in = os.getpid()
        return self._connection

    def _open(self) -> socket.socket:
        connection = self._greet()
        if self._hello["protocol"] != wire.PROTOCOL:
            # A process that an earlier version of the program started; its successor speaks ours.
            connection.close()
            stop_process(self.directory, self._timeout_seconds)
            connection = self._greet()
        if self._hello["dimension"] != self.dimension:
            connection.close()
            has, wants = self._hello["dimension"], self.dimension
            reason = f"its vectors have {has} dimensions, the embedding model gives {wants}"
            raise IndexMismatch(str(self.directory), reason)
        return connection

    def _greet(self) -> socket.socket:
        limits = (self._idle_seconds, self._timeout_seconds, self._start_seconds)
        for wait in _GREETINGS:
            connection = launch.connect_or_start(self.directory, self.dimension, *limits)
            try:
                reply = self._talk(connection, wire.pack(["hello", None], wire.MAX_REQUEST))
            except (EOFError, ConnectionError):
                # It was about to end when we came: its successor answers.
                connection.close()
                time.sleep(wait)
                continue
            except BaseException:
                connection.close()
                raise
            self._hello = reply[1]
            return connection
        raise EOFError("no process stayed long enough to answer")

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def stop_process(directory: Path, timeout: float = 120.0) -> None:
    """Flush and end the index process of `directory`, if one runs; raise `IndexUnavailable` where it does not end."""
    connection = launch.connect(directory, timeout)
    if connection is None:
        return
    try:
        with connection:
            connection.sendall(wire.pack(["stop", None], wire.MAX_REQUEST))
            wire.receive(connection, wire.MAX_REPLY)
    except (EOFError, ConnectionError):
        pass
    except TimeoutError:
        raise IndexUnavailable(str(directory), f"its process did not answer within {timeout:.0f} s") from None
    try:
        with FileLock(directory / "owner.lock", timeout=timeout, poll_interval=_POLL, thread_local=False):
            return
    except Timeout:
        raise IndexUnavailable(str(directory), f"its process did not end within {timeout:.0f} s") from None


def _batches(points: Sequence[Point]) -> Iterator[list[Any]]:
    """Give the points in wire form, in batches of bounded number and size."""
    batch: list[Any] = []
    size = 0
    for point in points:
        ready = wire.point_to_wire(point)
        try:
            weight = len(wire.pack(ready, wire.MAX_REQUEST // 2))
        except InvalidRequest as error:
            raise InvalidPoint(point.id, str(error)) from None
        if batch and (len(batch) == _BATCH or size + weight > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(ready)
        size += weight
    if batch:
        yield batch
