"""The parsing process: `python -m concord_connectors.containment.child SOCKET LIFELINE LIMITS`, started by `process`.

It answers one document after the other until the socket closes, and leaves early where memory has been used up: then
the answer says that it was the last.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from typing import Any

from concord_connectors.containers.limits import ContainerLimits
from concord_connectors.containers.opening import Opened, load, read
from concord_connectors.containment import sandbox, wire
from concord_connectors.errors import Unparsable
from concord_connectors.parsers import Limits, parse_content

_Answer = tuple[dict[str, Any], bytes]

_TIRED = 0.5
"""Share of its memory above which a process is replaced, so that no document pays for those before it."""


def main(socket_number: str, lifeline: str, argument: str) -> int:
    """Serve until the socket closes; return the exit status."""
    given = json.loads(argument)
    limits = Limits(**given["limits"])
    # Libraries may print: their words go where errors go, never between two frames.
    os.dup2(2, 1)
    with socket.socket(fileno=int(socket_number)) as connection:
        sandbox.confine(given["memory_mb"], int(lifeline))
        wire.send(connection, "ready", b"")
        work = _Work(limits)
        while True:
            try:
                head, content = wire.receive(connection, sys.maxsize)
            except EOFError:
                return 0
            sandbox.begin_document(given["timeout_seconds"])
            answer, body = work.answer(head, content)
            del content
            beyond = "failure" in answer and answer["failure"][0] == "memory"
            tired = head[0] == "parse" and sandbox.resident_mb() > _TIRED * given["memory_mb"]
            wire.send(connection, [beyond or tired, answer], body)
            del body
            sandbox.end_document()
            if beyond or tired:
                return 0


class _Work:
    """What is asked of this process: to parse a document, to open a container, to read what the open one holds."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._opened = Opened({}, ())

    def answer(self, head: list[Any], content: bytes) -> _Answer:
        """What became of a request."""
        try:
            return self._answer(head, content)
        except Unparsable as problem:
            return {"failure": [problem.reason, problem.detail[: wire.MAX_DETAIL]]}, b""
        except MemoryError:
            return {"failure": ["memory", ""]}, b""
        except wire.BrokenFrame as error:
            return {"failure": ["too_large", str(error)]}, b""

    def _answer(self, head: list[Any], content: bytes) -> _Answer:
        match head:
            case ["read", int(at)]:
                return {"read": at}, read(self._opened.members[at])
            case ["open", str(media_type), dict(limits)]:
                self._opened = load(media_type, content, ContainerLimits(**limits))
                return wire.pack_opened(self._opened)
            case ["parse", str(media_type), str(name)]:
                self._opened = Opened({}, ())
                return wire.pack_result(parse_content(content, media_type, name, self._limits))
            case _:
                raise ValueError(head)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
