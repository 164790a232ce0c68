"""The parsing process: `python -m concord_connectors.containment.child SOCKET LIFELINE LIMITS`, started by `process`.

It answers one document after the other until the socket closes, and leaves early where memory has been used up: then
the answer says that it was the last.
"""

from __future__ import annotations

import json
import os
import socket
import sys

from concord_connectors.containment import sandbox, wire
from concord_connectors.contract import Failure
from concord_connectors.parsers import Limits, ParsedDocument, parse_content

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
        while True:
            try:
                (media_type, name), content = wire.receive(connection, sys.maxsize)
            except EOFError:
                return 0
            sandbox.begin_document(given["timeout_seconds"])
            result = parse_content(content, media_type, name, limits)
            del content
            last = _answer(connection, result, given["memory_mb"])
            sandbox.end_document()
            if last:
                return 0


def _answer(connection: socket.socket, result: ParsedDocument | Failure, memory_mb: int) -> bool:
    """Send what became of a document, and tell whether it was the last answer."""
    try:
        head, body = wire.pack_result(result)
    except MemoryError:
        head, body = {"failure": ["memory", ""]}, b""
    except wire.BrokenFrame as error:
        head, body = {"failure": ["too_large", str(error)]}, b""
    beyond = "failure" in head and head["failure"][0] == "memory"
    last = beyond or sandbox.resident_mb() > _TIRED * memory_mb
    wire.send(connection, [last, head], body)
    return last


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
