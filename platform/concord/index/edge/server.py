"""The index process's inside: one `EdgeIndex`, one thread per connection, and an end when nobody asks any more."""

from __future__ import annotations

import logging
import os
import select
import socket
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from concord.index.edge import wire
from concord.index.edge.rebuild import Rebuilder
from concord.index.edge.shard import EdgeIndex
from concord.index.errors import IndexDamaged, IndexUnavailable, InvalidRequest, VectorIndexError
from concord.index.points import payload_to_engine

_log = logging.getLogger(__name__)


class Server:
    """Serves an index on a Unix socket until `stop` is called or `idle_seconds` pass without a request."""

    def __init__(self, index: EdgeIndex, path: Path, idle_seconds: float) -> None:
        self._index = index
        self._path = path
        self._idle_seconds = idle_seconds
        self._rebuilder = Rebuilder(index)
        # Clients compare it to learn whether what they wrote and did not flush is still there.
        self._generation = uuid.uuid4().hex
        self._stopping = threading.Event()
        self._guard = threading.Lock()
        self._running = 0
        self._damaged = False
        self._last_used = time.monotonic()
        self._connections: set[socket.socket] = set()
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._listener = self._listen()

    def _listen(self) -> socket.socket:
        # Only the owner of the index gets here, so whatever lies at the path is a dead process's.
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            listener.bind(str(self._path))
        finally:
            os.umask(before)
        self._bound = self._identity()
        listener.listen(64)
        listener.setblocking(False)
        return listener

    def serve(self) -> None:
        """Answer until stopped or idle, then flush and let go of the index."""
        try:
            while not self._stopping.is_set() and not self._is_idle() and self._is_mine():
                # Wakes for a connection, for `stop`, and now and then to see whether it is idle.
                select.select([self._listener, self._woken], [], [], min(1.0, self._idle_seconds))
                with suppress(BlockingIOError):
                    connection, _ = self._listener.accept()
                    threading.Thread(target=self._attend, args=(connection,), daemon=True).start()
        finally:
            self._shut()

    def stop(self) -> None:
        """Let `serve` return soon; for signal handlers and the stop operation."""
        self._stopping.set()
        with suppress(OSError):
            self._wake.send(b"x")

    def _identity(self) -> tuple[int, int] | None:
        """What lies at the socket's path."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _is_mine(self) -> bool:
        """Whether the socket is still ours: a folder that was deleted may hold another process's by now."""
        return self._bound is not None and self._identity() == self._bound

    def _is_idle(self) -> bool:
        with self._guard:
            if self._running or self._rebuilder.running:
                self._last_used = time.monotonic()
            return time.monotonic() - self._last_used > self._idle_seconds

    def _shut(self) -> None:
        self._stopping.set()
        # The path goes first: whoever finds none starts a process, which waits for this one's lock.
        if self._is_mine():
            self._path.unlink(missing_ok=True)
        for end in (self._listener, self._wake, self._woken):
            end.close()
        self._rebuilder.stop()
        self._index.close()
        with self._guard:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _attend(self, connection: socket.socket) -> None:
        connection.setblocking(True)
        with self._guard:
            self._connections.add(connection)
        try:
            with connection:
                while not self._stopping.is_set():
                    request = wire.receive(connection, wire.MAX_REQUEST)
                    reply = self._answer(request)
                    if self._stopping.is_set() and request != ["stop", None]:
                        # No reply: the client asks the next process, which is right where an error is not.
                        break
                    connection.sendall(reply)
                    if self._damaged:
                        # After a panic the engine's state is unknown: no answer of it, and no flush, can be trusted.
                        os._exit(1)
        except (EOFError, OSError):
            pass
        except ValueError as error:
            _log.warning("a connection was dropped: %s", error)
        finally:
            with self._guard:
                self._connections.discard(connection)

    def _answer(self, request: Any) -> bytes:
        with self._guard:
            self._running += 1
        try:
            operation, argument = request
            return wire.pack([True, self._operations()[operation](argument)], wire.MAX_REPLY)
        except VectorIndexError as error:
            if isinstance(error, IndexDamaged):
                _log.critical("%s", error, exc_info=error)
                self._damaged = True
            return wire.pack(wire.error_to_wire(error), wire.MAX_REPLY)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            _log.exception("a request could not be read")
            return wire.pack(wire.error_to_wire(InvalidRequest(f"it could not be read: {error!r}")), wire.MAX_REPLY)
        except Exception as error:
            _log.exception("a request failed")
            failure = IndexUnavailable(str(self._index.directory), f"{type(error).__name__}: {error}")
            return wire.pack(wire.error_to_wire(failure), wire.MAX_REPLY)
        finally:
            with self._guard:
                self._running -= 1
                self._last_used = time.monotonic()

    def _operations(self) -> dict[str, Callable[[Any], Any]]:
        index = self._index
        return {
            "hello": lambda _: self._hello(),
            "upsert": lambda points: index.upsert([wire.point_from_wire(point) for point in points]),
            "delete_item": lambda argument: index.delete_item(argument[0], argument[1]),
            "flush": lambda _: self._flush(),
            "search": lambda request: wire.result_to_wire(index.search(wire.request_from_wire(request))),
            "tokens_in_use": lambda _: sorted(index.tokens_in_use()),
            "item_points": lambda identifier: sorted(index.item_points(identifier)),
            "identifiers": lambda _: sorted(index.identifiers()),
            "digest": lambda _: index.digest(),
            "item_payloads": lambda identifier: {
                point: payload_to_engine(payload) for point, payload in index.item_payloads(identifier).items()
            },
            "count": lambda _: index.count(),
            "optimize": lambda _: self._rebuilder.start(),
            "stop": lambda _: self.stop(),
        }

    def _hello(self) -> dict[str, Any]:
        return {
            "protocol": wire.PROTOCOL,
            "dimension": self._index.dimension,
            "generation": self._generation,
            "pid": os.getpid(),
        }

    def _flush(self) -> None:
        self._index.flush()
        self._rebuilder.consider()
