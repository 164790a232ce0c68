"""`ContainedParser`: parses records in a few processes, each replaced when a document has cost it its life."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from concord_connectors.containment import wire
from concord_connectors.containment.limits import DEFAULT_CONTAINMENT, Containment
from concord_connectors.containment.process import Child, ChildLost
from concord_connectors.contract import Failure, SourceRecord
from concord_connectors.parsers import DEFAULT_LIMITS, Limits, ParsedDocument

_AHEAD = 4
"""Documents parsed ahead of the one that is taken, for each process."""


class ContainedParser:
    """Parses records as `parsers.parse` does, outside of this process; for use by any number of threads.

    Processes start when they are first needed and end with `close`, with this process, or over a document.
    """

    def __init__(self, containment: Containment = DEFAULT_CONTAINMENT, limits: Limits = DEFAULT_LIMITS) -> None:
        self.containment = containment
        self._limits = limits
        self._idle: list[Child] = []
        self._all: set[Child] = set()
        self._guard = threading.Lock()
        self._free = threading.BoundedSemaphore(containment.processes)
        self._closed = False

    def __call__(self, record: SourceRecord) -> ParsedDocument | Failure:
        """The document of a record, or its failure; raises `NoContainment` where no process can be started."""
        with self._free:
            return self._parse(record)

    def map(self, records: Iterable[SourceRecord]) -> Iterator[ParsedDocument | Failure]:
        """What becomes of each record, in order; with several processes, the next ones are parsed meanwhile."""
        if self.containment.processes == 1:  # a thread for it would cost more than it gains: measured
            yield from map(self, records)
            return
        waiting: deque[Future[ParsedDocument | Failure]] = deque()
        with ThreadPoolExecutor(self.containment.processes, thread_name_prefix="parse") as threads:
            try:
                for record in records:
                    waiting.append(threads.submit(self, record))
                    if len(waiting) > _AHEAD * self.containment.processes:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                self._end_children()
                raise

    def close(self) -> None:
        """End every process; nothing is parsed any more."""
        self._closed = True
        self._end_children()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _parse(self, record: SourceRecord) -> ParsedDocument | Failure:
        while True:
            child = self._take()
            fresh = child.answered == 0
            try:
                result = self._ask(child, record)
            except (ChildLost, wire.BrokenFrame) as error:
                loss = error if isinstance(error, ChildLost) else ChildLost("crashed", f"it sent {error}")
                self._drop(child)
                # What earlier documents left behind may have been the cause; time is the document's own.
                if fresh or loss.reason == "timeout" or self._closed:
                    return self._failure(record, loss)
            except BaseException:
                self._drop(child)
                raise
            else:
                return result

    def _ask(self, child: Child, record: SourceRecord) -> ParsedDocument | Failure:
        """What a child makes of a record; raises `ChildLost`."""
        head, body = child.ask(record.media_type, record.native_id, record.content)
        match head:
            case [bool(last), dict(answer)]:
                result = wire.unpack_result(answer, body, record.native_id, record.version)
            case _:
                raise wire.BrokenFrame("no answer")
        if isinstance(result, Failure) and result.reason == "memory":
            raise ChildLost("memory")
        if last:
            self._drop(child)
        else:
            with self._guard:
                self._idle.append(child)
        return result

    def _take(self) -> Child:
        with self._guard:
            if self._idle:
                return self._idle.pop()
        child = Child(self.containment, self._limits)
        with self._guard:
            self._all.add(child)
        return child

    def _drop(self, child: Child) -> None:
        child.close()
        with self._guard:
            self._all.discard(child)

    def _end_children(self) -> None:
        with self._guard:
            children, self._all, self._idle = self._all, set(), []
        for child in children:
            child.close()

    def _failure(self, record: SourceRecord, loss: ChildLost) -> Failure:
        limits, name = self.containment, record.native_id
        match loss.reason:
            case "timeout":
                limit = f"parsing it takes more than {limits.timeout_seconds:g} s"
                detail = f"{limit}; split or exclude it, or raise parsing.timeout_seconds"
            case "memory":
                limit = f"parsing it takes more than {limits.memory_mb} MiB of memory"
                detail = f"{limit}; split or exclude it, or raise parsing.memory_mb"
            case "crashed":
                detail = (
                    f"its parser broke down over it ({loss.words}); save or export it again, or exclude it, and "
                    "report it if it opens elsewhere"
                )
        return Failure(name, record.version, loss.reason, f"{name}: {detail}")
