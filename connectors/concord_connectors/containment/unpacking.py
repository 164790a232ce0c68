"""Containers opened in another process: a listing crosses, then the bytes of each member that is asked for."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import Any

from concord_connectors.containers.limits import ContainerLimits
from concord_connectors.containers.opening import Opened
from concord_connectors.containment import wire
from concord_connectors.containment.children import Children
from concord_connectors.containment.process import Child, ChildLost, as_lost
from concord_connectors.errors import Unparsable


class Unpacking:
    """One open container. It holds a process until `close`, and opens the container again in place of a lost one."""

    def __init__(self, children: Children, media_type: str, content: bytes, limits: ContainerLimits) -> None:
        self._children = children
        self._media_type = media_type
        self._content = content
        self._limits = limits
        self._child: Child | None = None

    def open(self) -> Opened:
        """What it holds; raises `Unparsable`."""
        while True:
            child = self._child = self._children.take()
            fresh = child.answered == 0
            try:
                head = ["open", self._media_type, asdict(self._limits)]
                opened = wire.unpack_opened(*self._answer(child, head, self._content, wire.MAX_LISTING), self._limits)
            except (ChildLost, wire.BrokenFrame) as error:
                self._lost(error, fresh)
            else:
                members = (replace(each, read=partial(self._read, at)) for at, each in enumerate(opened.members))
                return replace(opened, members=tuple(members))

    def close(self) -> None:
        """Give the process back."""
        if self._child is not None:
            self._children.give(self._child)
            self._child = None

    def _read(self, at: int) -> bytes:
        while True:
            if self._child is None:
                self.open()
            child = self._child
            assert child is not None  # noqa: S101 - `open` raises otherwise
            fresh = child.answered == 1  # nothing but the opening
            try:
                head, body = self._answer(child, ["read", at], b"", self._limits.member_bytes)
                wire.check_read(head)
            except (ChildLost, wire.BrokenFrame) as error:
                self._lost(error, fresh)
            else:
                return body

    def _answer(self, child: Child, head: list[Any], content: bytes, most: int) -> tuple[Any, bytes]:
        """An answer that is no failure; raises `Unparsable`, `ChildLost` and `BrokenFrame`."""
        try:
            answer, body = child.ask(head, content, most)
        except BaseException:
            self._child = None
            self._children.drop(child)
            raise
        match answer:
            case [_, {"failure": [str(reason), str(detail)]}] if reason.isidentifier() and reason.islower():
                if reason == "memory":
                    raise ChildLost("memory")
                raise Unparsable(reason[:40], detail[: wire.MAX_DETAIL])
            case [_, dict(parts)]:
                return parts, body
            case _:
                raise wire.BrokenFrame("no answer")

    def _lost(self, error: ChildLost | wire.BrokenFrame, fresh: bool) -> None:
        """Let go of the process; raises `Unparsable` unless a fresh one is to be asked once more."""
        if self._child is not None:
            self._children.drop(self._child)
            self._child = None
        loss = as_lost(error)
        if fresh or loss.reason == "timeout" or self._children.closed:
            raise Unparsable(loss.reason, loss.detail(self._children.containment, "unpacking")) from error
