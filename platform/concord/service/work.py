"""Work off the event loop: so many questions at once, so many waiting, and each within its time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from contextvars import copy_context
from typing import Any, TypeVar

from concord.answering.reader import READER, Reader, ReaderLeft
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


class _Threads:
    """Threads of which `at_once` run, while `queued` more calls wait."""

    def __init__(self, at_once: int, queued: int, name: str) -> None:
        self.pool = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self.held = 0
        self._places = at_once + queued
        self._lock = threading.Lock()

    def begin(self, call: Callable[[], Result]) -> Future[Result]:
        """Run a call when there is room; raises `Busy`."""
        with self._lock:
            if self.held >= self._places:
                raise Busy(self.held)
            self.held += 1
        future = self.pool.submit(copy_context().run, call)  # the span of the request, if there is one
        future.add_done_callback(self._ended)
        return future

    def _ended(self, _future: Future[Any]) -> None:
        with self._lock:
            self.held -= 1


class Work:
    """Runs blocking calls in threads. `at_once` of them run, `queued` more wait, and each has `seconds`.

    Answers, which may wait for a model, have as many threads and places of their own, and hold up nothing else. A call
    that is out of time is answered with `TimedOut`. Where it has begun, its thread ends it unseen and holds its place
    until then, so that slow questions never pile up.
    """

    def __init__(self, at_once: int, queued: int, seconds: float) -> None:
        self._answers, self._others = _Threads(at_once, queued, "answer"), _Threads(at_once, queued, "question")
        self._seconds = seconds

    async def run(self, call: Callable[[], Result], *, answers: bool = False, finishes: bool = False) -> Result:
        """Run `call`, among the answers or not; raises `Busy` at once when too many wait, and `TimedOut`.

        Where it is out of time or cancelled while it waits for a model, it ends at once, unless it `finishes`.
        """
        reader = Reader()

        def made() -> Result:
            READER.set(None if finishes else reader)
            return call()

        future = (self._answers if answers else self._others).begin(made)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._seconds)
        except TimeoutError:
            if future.done() and not future.cancelled() and isinstance(future.exception(), TimeoutError):
                raise  # the call's own
            raise TimedOut(self._seconds) from None
        finally:
            reader.left.set()

    async def stream(
        self, call: Callable[[], Generator[Item, None, None]], *, finishes: bool = False
    ) -> AsyncGenerator[Item, None]:
        """Run the generator that `call` makes, and give what it yields as it comes, all of it within the time.

        Whoever stops reading ends it at its next step, and at once where it waits for a model, unless it `finishes`
        whatever they do. Raises what it raises, `Busy` and `TimedOut`.
        """
        loop, given, reader = asyncio.get_running_loop(), asyncio.Queue[Item | _End](), Reader()

        def tell(each: Item | _End) -> None:
            with suppress(RuntimeError):  # the loop has ended: nobody reads
                loop.call_soon_threadsafe(given.put_nowait, each)

        def produce() -> None:
            READER.set(None if finishes else reader)
            with suppress(ReaderLeft), closing(call()) as items:
                for each in items:
                    if reader.left.is_set():
                        return
                    tell(each)

        future = self._answers.begin(produce)
        future.add_done_callback(lambda _: tell(_END))
        until = loop.time() + self._seconds
        try:
            while not isinstance(each := await _before(until, given, self._seconds), _End):
                yield each
                reader.given += 1  # whoever comes back for more has passed it on
            future.result()
        finally:
            reader.left.set()
            future.cancel()

    @property
    def held(self) -> int:
        """Calls that run or wait."""
        return self._answers.held + self._others.held

    def close(self) -> None:
        """Let go of what waits; what has begun ends by itself."""
        for each in (self._answers, self._others):
            each.pool.shutdown(wait=False, cancel_futures=True)
