"""Frames between a platform process and a parsing process: a JSON head and a body of bytes, each with its length.

Nothing that arrives is executed or unpickled, and nothing is taken for what it should be: a parser that was taken over
by its document can send what it likes, and gets a `BrokenFrame`, or a document made of its own words.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from dataclasses import fields
from datetime import datetime
from typing import Any

from concord_connectors.containers.limits import ContainerLimits
from concord_connectors.containers.member import Member
from concord_connectors.containers.opening import Opened
from concord_connectors.contract import Failure
from concord_connectors.names import name_problem, plain
from concord_connectors.parsers.contract import ParsedDocument

MAX_HEAD = 4 * 1024 * 1024
"""Bytes of a frame's head: metadata, properties, offsets of pages."""
MAX_LISTING = 64 * 1024 * 1024
"""Bytes of a container's listing: a line of JSON for it, and one for each member."""
MAX_DETAIL = 1_000
_LENGTHS = struct.Struct("!IQ")
_CHUNK = 1 << 20


class BrokenFrame(ValueError):
    """What arrived is no frame, or what is to be sent fits none."""


def send(connection: socket.socket, head: Any, body: bytes) -> None:
    """Send one frame; raises `TimeoutError` and `OSError`."""
    packed = json.dumps(head).encode("ascii")
    start = _LENGTHS.pack(len(packed), len(body)) + packed
    if len(body) <= _CHUNK:
        connection.sendall(start + body)  # at once: the other side wakes once
    else:
        connection.sendall(start)
        connection.sendall(body)


def receive(connection: socket.socket, max_body: int, deadline: float | None = None) -> tuple[Any, bytes]:
    """Receive one frame until `deadline` (monotonic); raises `EOFError`, `TimeoutError`, `BrokenFrame`, `OSError`."""
    head_length, body_length = _LENGTHS.unpack(_exactly(connection, _LENGTHS.size, deadline))
    if head_length > MAX_HEAD or body_length > max_body:
        raise BrokenFrame(f"a frame of {head_length + body_length} bytes")
    packed = _exactly(connection, head_length, deadline)
    body = _exactly(connection, body_length, deadline)
    try:
        return json.loads(packed), body
    except (ValueError, RecursionError) as error:
        raise BrokenFrame("a head that is no JSON") from error


def _exactly(connection: socket.socket, count: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        if deadline is not None:
            connection.settimeout(max(deadline - time.monotonic(), 0.001))
        part = connection.recv(min(_CHUNK, count - len(parts)))
        if not part:
            raise EOFError("the other side has gone")
        parts += part
    return bytes(parts)


def pack_result(result: ParsedDocument | Failure) -> tuple[dict[str, Any], bytes]:
    """Head and body of what a parser gave; values that JSON does not have become their text.

    Raises `BrokenFrame` for metadata that no frame can hold.
    """
    if isinstance(result, Failure):
        return {"failure": [result.reason, result.detail[:MAX_DETAIL]]}, b""
    parts = {each.name: getattr(result, each.name) for each in fields(result) if each.name != "markdown"}
    try:
        packed = json.dumps(parts, default=str)
    except (TypeError, ValueError, RecursionError) as error:
        raise BrokenFrame(f"its metadata has no JSON form ({error}); simplify it") from error
    if len(packed) > MAX_HEAD - 1_000:
        raise BrokenFrame(f"its metadata takes {len(packed)} characters, more than {MAX_HEAD}; shorten it")
    return {"document": json.loads(packed)}, result.markdown.encode("utf-8", "surrogatepass")


def unpack_result(head: Any, body: bytes, native_id: str, version: str) -> ParsedDocument | Failure:
    """What a parser gave, every part looked at; raises `BrokenFrame`."""
    match head:
        case {"failure": [str(reason), str(detail)]} if reason.isidentifier() and reason.islower():
            return Failure(native_id, version, reason[:40], detail[:MAX_DETAIL])
        case {"document": dict(parts)} if parts.keys() == _CHECKS.keys():
            for name, value in parts.items():
                if not _CHECKS[name](value):
                    raise BrokenFrame(f"a document whose {name} is none")
            given: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in parts.items()
            }
            try:
                return ParsedDocument(body.decode("utf-8", "surrogatepass"), **given)
            except UnicodeDecodeError as error:
                raise BrokenFrame("a text that is none") from error
        case _:
            raise BrokenFrame("neither a document nor a failure")


def pack_opened(opened: Opened) -> tuple[dict[str, Any], bytes]:
    """Head and body of what a container holds; raises `BrokenFrame` for a listing that no frame can hold."""
    lines = [_line(opened.metadata)]
    for each in opened.members:
        modified = each.modified.isoformat() if each.modified else None
        lines.append(
            _line([each.name, each.stamp, each.media_type, modified, each.author, each.metadata, each.problem])
        )
    if sum(map(len, lines)) + len(lines) > MAX_LISTING or max(map(len, lines)) > MAX_HEAD:
        raise BrokenFrame("what it says of itself and its content is too long for a listing; split it")
    return {"members": len(opened.members)}, b"\n".join(lines)


def unpack_opened(head: Any, body: bytes, limits: ContainerLimits) -> Opened:
    """What a container holds, every part looked at, its members without their bytes; raises `BrokenFrame`."""
    count = body.count(b"\n")
    if head != {"members": count} or count > max(limits.members, limits.messages, limits.attachments):
        raise BrokenFrame("no listing")
    try:
        first, *rest = (json.loads(line) for line in body.split(b"\n") if len(line) <= MAX_HEAD)
        if not isinstance(first, dict) or len(rest) != count:
            raise BrokenFrame("no listing")
        return Opened(first, tuple(_member(each) for each in rest))
    except (ValueError, RecursionError, OverflowError) as error:
        raise BrokenFrame("no listing") from error


def check_read(head: Any) -> None:
    """Raise `BrokenFrame` for what is not the head of a member's bytes."""
    match head:
        case {"read": int()}:
            return
    raise BrokenFrame("no member")


def _line(value: Any) -> bytes:
    try:
        return json.dumps(value, default=str).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise BrokenFrame(f"what it says of itself has no JSON form ({error}); simplify it") from error


def _member(parts: Any) -> Member:
    match parts:
        case [str(name), str(stamp), str(media_type), modified, author, dict(metadata), problem]:
            pass
        case _:
            raise BrokenFrame("a member that is none")
    told: tuple[str, str] | None = None
    match problem:
        case [str(reason), str(detail)] if reason.isidentifier() and reason.islower():
            told = (reason[:40], detail[:MAX_DETAIL])
        case None if name_problem(name) is None:
            pass
        case _:
            raise BrokenFrame("a member with a name that is none")
    if plain(name) != name or not isinstance(author, str | None) or not isinstance(modified, str | None):
        raise BrokenFrame("a member that is none")
    when = datetime.fromisoformat(modified) if modified is not None else None
    return Member(name, stamp[:200], _unread, media_type[:200], when, author, metadata, told)


def _unread() -> bytes:
    raise BrokenFrame("a member that cannot be read")


def _all(kind: type) -> Any:
    return lambda value: isinstance(value, list) and all(type(each) is kind for each in value)


_CHECKS = {
    "title": lambda value: value is None or isinstance(value, str),
    "metadata": lambda value: isinstance(value, dict),
    "properties": lambda value: isinstance(value, dict),
    "first_line": lambda value: value is None or type(value) is int,
    "page_starts": _all(int),
    "warnings": _all(str),
}
"""One check for each part of a document but its text."""
