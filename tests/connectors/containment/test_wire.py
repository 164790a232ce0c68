"""A process that was taken over can send anything: it gets an error, or a document of its own words, and no more."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable

import pytest

from concord_connectors.containment import wire
from concord_connectors.contract import Failure
from concord_connectors.parsers import ParsedDocument


def sent(write: Callable[[socket.socket], None], max_body: int = 1_000) -> object:
    """What is received of what `write` sends before it closes."""
    ours, theirs = socket.socketpair()
    with ours:

        def run() -> None:
            with theirs:
                write(theirs)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            return wire.receive(ours, max_body, time.monotonic() + 5)
        finally:
            thread.join()


def test_frames_cross() -> None:
    assert sent(lambda end: wire.send(end, ["é", None], b"\0body")) == (["é", None], b"\0body")


def test_large_bodies_cross() -> None:
    body = bytes(3_000_000)
    assert sent(lambda end: wire.send(end, [], body), len(body)) == ([], body)


@pytest.mark.parametrize("lengths", [(wire.MAX_HEAD + 1, 0), (2, 1_001), (0xFFFFFFFF, 2**64 - 1)])
def test_a_frame_that_is_too_large_is_refused_before_it_is_read(lengths: tuple[int, int]) -> None:
    with pytest.raises(wire.BrokenFrame):
        sent(lambda end: end.sendall(struct.pack("!IQ", *lengths)))


@pytest.mark.parametrize("head", [b"no json", b"[" * 100_000, b"\xff\xfe", b"1" * 10_000])
def test_a_head_that_is_no_json_is_refused(head: bytes) -> None:
    with pytest.raises(wire.BrokenFrame):
        sent(lambda end: end.sendall(struct.pack("!IQ", len(head), 0) + head))


def test_a_frame_that_ends_early_is_told() -> None:
    with pytest.raises(EOFError):
        sent(lambda end: end.sendall(struct.pack("!IQ", 10, 10) + b"[]"))


def test_a_frame_that_trickles_ends_at_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"\0\0")
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            wire.receive(ours, 10, began + 0.2)
        assert time.monotonic() - began < 2


GOOD = wire.pack_result(ParsedDocument("x", "t"))[0]["document"]


@pytest.mark.parametrize(
    "head",
    [
        None,
        [],
        "document",
        {},
        {"document": {}},
        {"document": {**GOOD, "more": 1}},
        {"document": {**GOOD, "title": 1}},
        {"document": {**GOOD, "metadata": []}},
        {"document": {**GOOD, "properties": None}},
        {"document": {**GOOD, "first_line": True}},
        {"document": {**GOOD, "page_starts": [1.5]}},
        {"document": {**GOOD, "warnings": [[]]}},
        {"failure": ["Not A Word", "x"]},
        {"failure": ["timeout"]},
        {"failure": [1, 2]},
    ],
)
def test_what_is_neither_a_document_nor_a_failure_is_refused(head: object) -> None:
    with pytest.raises(wire.BrokenFrame):
        wire.unpack_result(head, b"x", "a", "1")


def test_a_text_that_is_none_is_refused() -> None:
    with pytest.raises(wire.BrokenFrame):
        wire.unpack_result({"document": GOOD}, b"\xff", "a", "1")


def test_a_failure_s_words_are_bounded() -> None:
    result = wire.unpack_result({"failure": ["corrupt", "x" * 100_000]}, b"", "a", "1")
    assert isinstance(result, Failure) and len(result.detail) == wire.MAX_DETAIL


def test_values_without_a_json_form_become_text_and_circles_a_failure() -> None:
    from datetime import date

    head, body = wire.pack_result(ParsedDocument("x", metadata={"on": date(2026, 1, 2)}))
    result = wire.unpack_result(head, body, "a", "1")
    assert isinstance(result, ParsedDocument) and result.metadata == {"on": "2026-01-02"}
    circle: dict[str, object] = {}
    circle["self"] = circle
    with pytest.raises(wire.BrokenFrame, match="no JSON form"):
        wire.pack_result(ParsedDocument("x", metadata=circle))
    with pytest.raises(wire.BrokenFrame, match="shorten it"):
        wire.pack_result(ParsedDocument("x", metadata={"a": "x" * wire.MAX_HEAD}))
