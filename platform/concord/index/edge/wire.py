"""What travels over the index process's socket: frames of msgpack, vectors as float32 bytes, errors by name.

A frame is its length (4 bytes, big-endian) and one msgpack value. A request is `[operation, argument]`; a reply is
`[True, value]` or `[False, error name, error arguments]`. Nothing that arrives is executed or looked up beyond the
tables here and in `server`.
"""

from __future__ import annotations

import socket
import struct
from datetime import date
from typing import Any

import ormsgpack

from concord.index import sparse
from concord.index.errors import ERRORS, IndexUnavailable, InvalidRequest, VectorIndexError
from concord.index.points import payload_from_engine, payload_to_engine, to_float32
from concord.index.protocol import LegHit, Point, SearchFilter, SearchRequest, SearchResult

PROTOCOL = 2
READY = b"ready"
MAX_REQUEST = 64 * 2**20
MAX_REPLY = 256 * 2**20
_LENGTH = struct.Struct(">I")


def pack(value: object, largest: int) -> bytes:
    """Return the frame for `value`; raise `InvalidRequest` where it cannot travel or is larger than `largest`."""
    try:
        body = ormsgpack.packb(value)
    except (TypeError, ValueError) as error:
        raise InvalidRequest(f"this cannot be sent to the index: {error}") from None
    if len(body) > largest:
        raise InvalidRequest(f"{len(body)} bytes at once, at most {largest} travel: ask for less or send less")
    return _LENGTH.pack(len(body)) + body


def receive(connection: socket.socket, largest: int) -> Any:
    """Return the next value; raise `EOFError` where the other side has gone, `ValueError` for what is no frame."""
    (size,) = _LENGTH.unpack(_read(connection, _LENGTH.size))
    if size > largest:
        raise ValueError(f"a frame of {size} bytes is larger than {largest}")
    return ormsgpack.unpackb(_read(connection, size))


def _read(connection: socket.socket, size: int) -> bytearray:
    data = bytearray(size)
    view, done = memoryview(data), 0
    while done < size:
        count = connection.recv_into(view[done:])
        if count == 0:
            raise EOFError("the connection was closed")
        done += count
    return data


def error_to_wire(error: VectorIndexError) -> list[Any]:
    """Return the reply for a failure."""
    return [False, type(error).__name__, [str(part) for part in error.args]]


def error_from_wire(name: str, arguments: list[str], directory: str) -> VectorIndexError:
    """Return the error that a reply names; one of a newer program becomes `IndexUnavailable`."""
    kind = ERRORS.get(name)
    try:
        return kind(*arguments) if kind else IndexUnavailable(directory, f"{name}: {' '.join(arguments)}")
    except TypeError:
        return IndexUnavailable(directory, f"{name}: {' '.join(arguments)}")


def point_to_wire(point: Point) -> list[Any]:
    """Return a checked point as plain values."""
    dense = to_float32(point.dense).tobytes()
    return [point.id, dense, point.text, point.label_text, payload_to_engine(point.payload)]


def point_from_wire(values: list[Any]) -> Point:
    """Return the point that `point_to_wire` wrote."""
    identity, dense, text, label_text, payload = values
    return Point(identity, memoryview(dense).cast("f"), text, label_text, payload_from_engine(payload))


def request_to_wire(request: SearchRequest) -> list[Any]:
    """Return a search as plain values."""
    wanted = request.filter
    lists = (wanted.statuses, wanted.sources, wanted.publishers, wanted.tiers, wanted.concepts)
    return [
        sorted(wanted.readers),
        [None if values is None else list(values) for values in lists],
        None if wanted.at is None else wanted.at.toordinal(),
        None if request.dense is None else to_float32(request.dense).tobytes(),
        None if request.text is None else sparse.clean(request.text),
        None if request.label_text is None else sparse.clean(request.label_text),
        request.limit,
        request.exact,
    ]


def request_from_wire(values: list[Any]) -> SearchRequest:
    """Return the search that `request_to_wire` wrote."""
    readers, lists, at, dense, text, label_text, limit, exact = values
    statuses, sources, publishers, tiers, concepts = (None if part is None else tuple(part) for part in lists)
    day = None if at is None else date.fromordinal(at)
    return SearchRequest(
        filter=SearchFilter(frozenset(readers), statuses, sources, publishers, tiers, concepts, day),
        dense=None if dense is None else memoryview(dense).cast("f"),
        text=text,
        label_text=label_text,
        limit=limit,
        exact=exact,
    )


def result_to_wire(result: SearchResult) -> list[Any]:
    """Return the hits as plain values."""
    legs = (result.dense, result.text, result.label)
    return [[[hit.id, hit.score, payload_to_engine(hit.payload)] for hit in leg] for leg in legs]


def result_from_wire(values: list[Any]) -> SearchResult:
    """Return the hits that `result_to_wire` wrote."""
    dense, text, label = (
        tuple(LegHit(identity, score, payload_from_engine(payload)) for identity, score, payload in leg)
        for leg in values
    )
    return SearchResult(dense=dense, text=text, label=label)
