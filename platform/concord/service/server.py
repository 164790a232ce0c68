"""The HTTP server: how long a connection may take, and how it ends.

Told to end by SIGTERM, it says so at `/readyz` for a while and goes on answering, so that whoever sends requests here
can stop; then it accepts nothing more, finishes what was begun within its time, and the process exits with 0. Told
again, or by Ctrl+C, it leaves out the while.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
import time
from types import FrameType
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from concord.bootstrap import garbage

HEAD_SECONDS = 10.0
"""Seconds for the head of a request, from the first moment of a connection on."""
STALL_SECONDS = 30.0
"""Seconds for which whoever is sent an answer may take nothing of it."""

_TURN_SECONDS = 0.0005
"""For which a thread computes before another may; Python's 0.005 is as long as a small search takes in all."""

_log = logging.getLogger("concord.service")
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def settle() -> None:
    """Look for garbage in what is there by now never again, in what comes seldom; let threads take turns more often.

    What the index has answered waits for every thread before the one that reads it.
    """
    sys.setswitchinterval(_TURN_SECONDS)
    gc.collect()
    gc.freeze()
    garbage.look_seldom()


class Connection(H11Protocol):
    """A connection that slow clients do not hold: neither by a head that never ends, nor by not reading."""

    _waiting: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._no_head)

    def data_received(self, data: bytes) -> None:
        """Wait on while a head is not whole; between two requests, the server's own limit holds."""
        super().data_received(data)
        whole = self.conn.their_state is not h11.IDLE
        if whole and self._waiting:
            self._waiting.cancel()
            self._waiting = None
        elif not whole and self._waiting is None:
            self._waiting = self.loop.call_later(HEAD_SECONDS, self._no_head)

    def pause_writing(self) -> None:
        """Wait for whoever reads."""
        super().pause_writing()
        self._stalled = self.loop.call_later(STALL_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Somebody reads."""
        super().resume_writing()
        if self._stalled:
            self._stalled.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        for timer in filter(None, (self._waiting, self._stalled)):
            timer.cancel()
        super().connection_lost(exc)

    def _no_head(self) -> None:
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.write(_TOO_SLOW)
            self.transport.close()


class Server(uvicorn.Server):
    """Serves one application; `app.state.draining` is true from the first signal on.

    Seconds: `drain` between SIGTERM and the moment from which nothing new is accepted, `finish` for what was begun.
    """

    def __init__(self, app: FastAPI, drain: float, finish: float, **options: Any) -> None:
        self._app, self._drain = app, drain
        self._ends_at = float("inf")
        super().__init__(
            uvicorn.Config(
                app,
                http=Connection,
                log_config=None,
                server_header=False,
                access_log=False,
                timeout_graceful_shutdown=max(1, round(finish)),
                **options,
            )
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; SIGTERM is no failure, so it is not raised again behind the end."""
        again, self._app.state.draining = self._app.state.draining, True
        if sig == signal.SIGTERM and not again:
            self._ends_at = time.monotonic() + self._drain
        elif sig == signal.SIGTERM:
            self._ends_at = 0
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Whether to accept nothing more."""
        if await super().on_tick(counter):
            return True
        ended = time.monotonic() >= self._ends_at
        if ended:
            _log.info("ending: nothing new is accepted, what was begun is finished")
        return ended
