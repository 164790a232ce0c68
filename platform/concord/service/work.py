"""Work off the event loop: so many questions at once, so many waiting, and each within its time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from concord.service.errors import Busy, TimedOut

Result = TypeVar("Result")


class Work:
    """Runs blocking calls in threads. `at_once` of them run, `queued` more wait, and each has `seconds`.

    A call that is out of time is answered with `TimedOut`. Where it has begun, its thread ends it unseen and holds its
    place until then, so that slow questions never pile up.
    """

    def __init__(self, at_once: int, queued: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="question")
        self._places = at_once + queued
        self._seconds = seconds
        self._held = 0
        self._lock = threading.Lock()

    async def run(self, call: Callable[[], Result]) -> Result:
        """Run `call`; raises `Busy` at once when too many wait, and `TimedOut`."""
        with self._lock:
            if self._held >= self._places:
                raise Busy(self._held)
            self._held += 1
        future = self._pool.submit(call)
        future.add_done_callback(self._ended)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._seconds)
        except TimeoutError:
            if future.done() and not future.cancelled():
                raise  # the call's own
            raise TimedOut(self._seconds) from None

    def close(self) -> None:
        """Let go of what waits; what has begun ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ended(self, _future: Future[Any]) -> None:
        with self._lock:
            self._held -= 1
