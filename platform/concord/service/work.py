"""Work off the event loop: so many questions at once, so many waiting, and each within its time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from contextvars import copy_context
from typing import Any, TypeVar

from concord.service.errors import Busy, TimedOut

Result = TypeVar("Result")
Item = TypeVar("Item")


class _End:
    """What stands behind the last item of a stream."""


_END = _End()


async def _before(until: float, given: asyncio.Queue[Item], seconds: float) -> Item:
    """The next item; raises `TimedOut` where there is none before a moment of the loop's clock."""
    try:
        async with asyncio.timeout_at(until):
            return await given.get()
    except TimeoutError:
        raise TimedOut(seconds) from None


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
        future = self._begin(call)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._seconds)
        except TimeoutError:
            if future.done() and not future.cancelled():
                raise  # the call's own
            raise TimedOut(self._seconds) from None

    async def stream(self, call: Callable[[], Generator[Item, None, None]]) -> AsyncGenerator[Item, None]:
        """Run the generator that `call` makes, and give what it yields as it comes, all of it within the time.

        Whoever stops reading ends it at its next step. Raises what it raises, `Busy` and `TimedOut`.
        """
        loop, given, stopped = asyncio.get_running_loop(), asyncio.Queue[Item | _End](), threading.Event()

        def tell(each: Item | _End) -> None:
            with suppress(RuntimeError):  # the loop has ended: nobody reads
                loop.call_soon_threadsafe(given.put_nowait, each)

        def produce() -> None:
            with closing(call()) as items:
                for each in items:
                    if stopped.is_set():
                        return
                    tell(each)

        future = self._begin(produce)
        future.add_done_callback(lambda _: tell(_END))
        until = loop.time() + self._seconds
        try:
            while not isinstance(each := await _before(until, given, self._seconds), _End):
                yield each
            future.result()
        finally:
            stopped.set()
            future.cancel()

    def _begin(self, call: Callable[[], Result]) -> Future[Result]:
        with self._lock:
            if self._held >= self._places:
                raise Busy(self._held)
            self._held += 1
        future = self._pool.submit(copy_context().run, call)  # the span of the request, if there is one
        future.add_done_callback(self._ended)
        return future

    @property
    def held(self) -> int:
        """Calls that run or wait."""
        return self._held

    def close(self) -> None:
        """Let go of what waits; what has begun ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ended(self, _future: Future[Any]) -> None:
        with self._lock:
            self._held -= 1
