"""Hostile requests on a real socket: each gets one clear error, and the service goes on."""

import socket
import threading
import time

import pytest
import uvicorn

from concord.answering.reader import ReaderLeft, look
from concord.service import limits

GOOD = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
PATHS = ("/v1/ask", "/v1/search", "/v1/feedback", "/v1/chat/completions")


@pytest.fixture
def port(client):
    server = uvicorn.Server(uvicorn.Config(client.app, port=0, lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def send(port, *parts, pause=0.0):
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        answer = bytearray()
        while part := connection.recv(65536):
            answer += part
    return bytes(answer)


def post(path, body, headers=b"", length=None):
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Concord-User: pat\r\n".encode()
    size = len(body) if length is None else length
    return head + b"Content-Type: application/json\r\n" + headers + f"Content-Length: {size}\r\n\r\n".encode() + body


def status(answer):
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"\xff\xfe\x00", {400, 422}),
        (b"[" * 30_000 + b"]" * 30_000, {400, 422}),
        (b'{"a":' * 9_000 + b"1" + b"}" * 9_000, {400, 422}),
        (b'{"question": NaN}', {400, 422}),
        (b'{"question": "' + b"9" * 70_000 + b'"}', {413}),
        (b'{"question": ' + b"9" * 5_000 + b"}", {400, 422}),
        (b'{"question": {"a": [1]}, "trace_id": 1, "helpful": "?", "messages": "x", "model": 7}', {422}),
        (b'["a list"]', {422}),
        (b"", {400, 422}),
    ],
    ids=["no text", "deep list", "deep object", "NaN", "oversized", "long number", "wrong types", "a list", "empty"],
)
def test_bodies(port, path, body, told):
    answer = send(port, post(path, body))
    assert status(answer) in told and b"application/problem+json" in answer
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    "line",
    [
        b"X-Request-ID: a\x00b\r\n",
        b"X-Request-ID: a\rSet-Cookie: x=1\r\n",
        b"X-Concord-User: p\xff\xfet\r\n",
        b"X Bad: 1\r\n",
        b"X-Big: " + b"a" * 100_000 + b"\r\n",
    ],
    ids=["NUL", "split", "no text", "no name", "big"],
)
def test_headers(port, line):
    request = b"GET /v1/use-cases HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + line + b"\r\n"
    answer = send(port, request)
    assert status(answer) in {400, 401, 431} and b"set-cookie" not in answer.lower()
    assert status(send(port, GOOD)) == 200


@pytest.mark.parametrize("path", ["/v1/items/%ff%fe", "/v1/items/%00", "/v1/conflicts/%ed%a0%80", "/v1/traces/%2e%2e"])
def test_paths(port, path):
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Concord-User: pat\r\n\r\n"
    assert status(send(port, head.encode())) == 404


def test_a_body_that_never_comes(port, monkeypatch):
    monkeypatch.setattr(limits, "READ_SECONDS", 0.2)
    answer = send(port, post("/v1/ask", b'{"quest', length=500))
    assert status(answer) == 408 and b"too slowly" in answer
    assert status(send(port, GOOD)) == 200


def test_a_client_that_leaves(port):
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall(post("/v1/ask", b'{"question": "What?"}', b"Accept: text/event-stream\r\n"))
    assert status(send(port, GOOD)) == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/ask", b'{"question": "How many days of annual leave?"}'),
        ("/v1/chat/completions", b'{"model": "concord", "messages": [{"role": "user", "content": "Leave?"}]}'),
    ],
)
def test_whoever_hangs_up_waits_for_no_model(client, port, monkeypatch, path, body):
    waits, left = threading.Event(), threading.Event()

    def slow(*_given):
        waits.set()
        try:
            for _ in range(3_000):
                look()
                time.sleep(0.01)
            yield
        except ReaderLeft:
            left.set()
            raise

    monkeypatch.setattr(type(client.app.state.live.current()), "stream", slow)
    monkeypatch.setattr(type(client.app.state.live.current()), "ask", lambda *given: next(slow(*given)))
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(post(path, body))
        assert waits.wait(10) and not left.is_set()
    assert left.wait(10)
