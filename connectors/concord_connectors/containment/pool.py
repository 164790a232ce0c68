"""`ContainedParser`: parses records in a few processes, each replaced when a document has cost it its life."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from concord_connectors.containers.limits import ContainerLimits
from concord_connectors.containers.opening import Opened
from concord_connectors.containment import wire
from concord_connectors.containment.children import Children
from concord_connectors.containment.limits import DEFAULT_CONTAINMENT, Containment
from concord_connectors.containment.process import Child, ChildLost, as_lost
from concord_connectors.containment.unpacking import Unpacking
from concord_connectors.contract import Failure, SourceRecord
from concord_connectors.parsers import DEFAULT_LIMITS, Limits, ParsedDocument

_BYTES_PER_CHARACTER = 4
_AHEAD = 4
"""Documents parsed ahead of the one that is taken, for each process."""


class ContainedParser:
    """Parses records as `parsers.parse` does, outside of this process; for use by any number of threads.

    Processes start when they are first needed and end with `close`, with this process, or over a document.
    """

    def __init__(self, containment: Containment = DEFAULT_CONTAINMENT, limits: Limits = DEFAULT_LIMITS) -> None:
        self.containment = containment
        self._most = _BYTES_PER_CHARACTER * limits.characters
        self._children = Children(containment, limits)
        self._free = threading.BoundedSemaphore(containment.processes)

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
                self._children.end()
                raise

    @contextmanager
    def open(self, media_type: str, content: bytes, limits: ContainerLimits) -> Iterator[Opened]:
        """Open a container as `containers.open_here` does, outside of this process; raises `Unparsable`.

        It keeps a process of its own, beside those that parse, while it is open: what it holds may be opened and
        parsed meanwhile.
        """
        unpacking = Unpacking(self._children, media_type, content, limits)
        try:
            yield unpacking.open()
        finally:
            unpacking.close()

    def close(self) -> None:
        """End every process; nothing is parsed any more."""
        self._children.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _parse(self, record: SourceRecord) -> ParsedDocument | Failure:
        while True:
            child = self._children.take()
            fresh = child.answered == 0
            try:
                result = self._ask(child, record)
            except (ChildLost, wire.BrokenFrame) as error:
                loss = as_lost(error)
                self._children.drop(child)
                # What earlier documents left behind may have been the cause; time is the document's own.
                if fresh or loss.reason == "timeout" or self._children.closed:
                    detail = f"{record.native_id}: {loss.detail(self.containment, 'parsing')}"
                    return Failure(record.native_id, record.version, loss.reason, detail)
            except BaseException:
                self._children.drop(child)
                raise
            else:
                return result

    def _ask(self, child: Child, record: SourceRecord) -> ParsedDocument | Failure:
        """What a child makes of a record; raises `ChildLost`."""
        head, body = child.ask(["parse", record.media_type, record.native_id], record.content, self._most)
        match head:
            case [bool(last), dict(answer)]:
                result = wire.unpack_result(answer, body, record.native_id, record.version)
            case _:
                raise wire.BrokenFrame("no answer")
        if isinstance(result, Failure) and result.reason == "memory":
            raise ChildLost("memory")
        if last:
            self._children.drop(child)
        else:
            self._children.give(child)
        return result
