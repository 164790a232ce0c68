"""How the service ends, and whether it tells the truth of how it is."""

import os
import resource
import signal
import socket
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from concord.catalog import items, outbox
from concord.catalog.engine import reading, writing
from concord.service import server

ASKED = {"question": "How many days of annual leave does everyone receive?"}
PAT = {"X-Concord-User": "pat"}
STREAM = {**PAT, "Accept": "text/event-stream"}


@pytest.fixture
def held_model(standing_in, monkeypatch):
    """A model that says nothing until it is let go, and then fails: `asked` is set once it was asked."""

    asked, go = threading.Event(), threading.Event()

    def hold(handler):
        asked.set()
        go.wait(60)
        handler.send_error(500)

    with standing_in(hold) as model:
        monkeypatch.setenv("CONCORD_ANSWER__LLM__BASE_URL", model.url)
        monkeypatch.setenv("CONCORD_ANSWER__LLM__MODEL", "held")
        monkeypatch.setenv("CONCORD_ANSWER__LLM__RETRIES", "0")
        yield SimpleNamespace(asked=asked, go=go)
        go.set()


def refused(url):
    try:
        httpx.get(f"{url}/livez", timeout=5)
    except httpx.TransportError:
        return True
    return False


def until(true):
    for _ in range(600):
        if true():
            return True
        time.sleep(0.05)
    return False


def test_what_was_begun_is_finished(synced_copy, served, held_model, monkeypatch):
    """SIGTERM: first `/readyz` says so while everything is answered; then nothing new; the stream still ends whole."""
    monkeypatch.setenv("CONCORD_SERVICE__DRAIN_SECONDS", "2")
    assert synced_copy.run("sync").code == 0
    with (
        served(synced_copy) as (url, process),
        httpx.stream("POST", f"{url}/v1/ask", json=ASKED, headers=STREAM) as told,
    ):
        assert held_model.asked.wait(60)
        process.send_signal(signal.SIGTERM)
        assert until(lambda: httpx.get(f"{url}/readyz").status_code == 503)
        assert httpx.get(f"{url}/livez").status_code == 200
        assert httpx.get(f"{url}/v1/use-cases", headers=PAT).status_code == 200
        assert until(lambda: refused(url))
        assert process.poll() is None
        held_model.go.set()
        text = told.read().decode()
        assert process.wait(30) == 0
        assert b"Traceback" not in process.stdout.read()
    assert text.count("event: answer") == 1 and "27 days" in text and "event: problem" not in text


def test_what_takes_too_long_does_not_hold_the_end(synced_copy, served, held_model, monkeypatch):
    monkeypatch.setenv("CONCORD_SERVICE__DRAIN_SECONDS", "600")
    # Longer than a busy machine takes until its first question has come to the model.
    monkeypatch.setenv("CONCORD_SERVICE__TIMEOUT_SECONDS", "10")
    monkeypatch.setenv("CONCORD_ANSWER__LLM__TIMEOUT_SECONDS", "600")
    assert synced_copy.run("sync").code == 0
    with (
        served(synced_copy) as (url, process),
        httpx.stream("POST", f"{url}/v1/ask", json=ASKED, headers=STREAM, timeout=60) as told,
    ):
        assert held_model.asked.wait(60)
        process.send_signal(signal.SIGTERM)
        assert until(lambda: httpx.get(f"{url}/readyz").status_code == 503)
        process.send_signal(signal.SIGTERM)  # again: at once
        assert "event: problem" in told.read().decode()
        assert process.wait(30) == 0
        assert b"Traceback" not in process.stdout.read()


def test_the_index_process_died_or_hangs(synced_copy, serve, monkeypatch):
    """A dead one is started anew by whoever asks, so the service is ready; one that hangs keeps it from answering."""
    assert synced_copy.run("sync").code == 0
    client = serve(synced_copy, shared=True)
    assert client.get("/readyz").status_code == 200
    index = client.app.state.live.current().index
    os.kill(index.process_id(), signal.SIGKILL)
    assert client.get("/readyz").status_code == 200
    os.kill(index.process_id(), signal.SIGKILL)
    assert client.post("/v1/ask", json=ASKED, headers=PAT).json()["answer"]
    process = index.process_id()
    os.kill(process, signal.SIGSTOP)
    while "\nState:\tT" not in Path(f"/proc/{process}/status").read_text(
        "utf-8"
    ):  # a signal takes effect in its own time
        time.sleep(0.01)
    try:
        with monkeypatch.context() as hasty:
            hasty.setattr("concord.service.health.READY_SECONDS", 0.3)
            hasty.setattr(client.app.state.work, "_seconds", 0.3)
            assert client.get("/readyz").status_code == 503 and client.get("/livez").status_code == 200
            assert client.post("/v1/ask", json=ASKED, headers=PAT).status_code == 504
    finally:
        os.kill(process, signal.SIGCONT)
    assert client.get("/readyz").status_code == 200


def test_not_ready_with_an_index_that_lost_its_points(synced_copy, serve):
    """An index that is only behind is ready; a new one in the place of a lost one is not, and the way out is told."""
    assert synced_copy.run("sync").code == 0
    client = serve(synced_copy, shared=True)
    assert client.get("/readyz").status_code == 200
    concord = client.app.state.live.current()
    index, engine = concord.index, concord.engine
    with reading(engine) as connection:
        names, settled = items.indexed_identifiers(connection), outbox.settled_points(connection)
    assert settled == index.count() > 0
    for name in names:
        index.delete_item(name)
    index.flush()
    told = client.get("/readyz")
    assert told.status_code == 503 and "concord doctor" in told.json()["detail"]
    assert f"0 of {settled} points" in told.json()["detail"] and client.get("/livez").status_code == 200
    with writing(engine) as connection:
        outbox.enqueue(connection, names)
    assert client.get("/readyz").status_code == 200
    assert synced_copy.run("sync").code == 0 and index.count() == settled
    assert client.get("/readyz").status_code == 200


def test_not_ready_without_its_catalog(client, ask, house):
    assert client.get("/readyz").status_code == 200
    file = house.workspace.folder / ".concord/catalog.db"
    file.rename(file.with_suffix(".away"))
    assert client.get("/readyz").status_code == client.post("/v1/ask", json=ASKED, headers=PAT).status_code == 503
    assert not file.exists() and client.get("/livez").status_code == 200
    file.with_suffix(".away").rename(file)
    assert client.get("/readyz").status_code == 200 and ask("pat", ASKED["question"]).json()["answer"]


def test_not_ready_where_nothing_can_be_written(client):
    """What is asked is kept, so a full disk is told before anybody asks."""
    assert client.get("/readyz").status_code == 200
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        assert client.get("/readyz").status_code == 503 and client.get("/livez").status_code == 200
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert client.get("/readyz").status_code == 200


def test_not_ready_while_nothing_can_be_kept(client, monkeypatch, caplog):
    """Whoever holds the catalog's write lock for long keeps every answer from its trace."""
    assert client.get("/readyz").status_code == 200
    with monkeypatch.context() as hasty, writing(client.app.state.live.current().engine):
        hasty.setattr("concord.service.health.READY_SECONDS", 0.5)
        assert client.get("/readyz").status_code == 503 and client.get("/livez").status_code == 200
        assert "from the catalog's write lock" in caplog.text
    assert client.get("/readyz").status_code == 200


def test_readiness_waits_for_nothing_that_hangs(client, monkeypatch):
    """A part that never answers is not ready, and however many ask, one of them finds out."""
    go, begun = threading.Event(), []

    def hanging():
        begun.append(1)
        go.wait(30)

    monkeypatch.setattr("concord.service.health.READY_SECONDS", 0.1)
    monkeypatch.setattr(client.app.state.live, "warm", hanging)
    try:
        assert {client.get("/readyz").status_code for _ in range(5)} == {503} and len(begun) == 1
    finally:
        go.set()


def test_a_head_that_never_ends_and_an_answer_that_nobody_takes(client, monkeypatch):
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(server, "STALL_SECONDS", 0.3)

    @client.app.get("/large")
    def large() -> str:
        return "x" * 20_000_000

    ours = server.Server(client.app, 0, 1, port=0, lifespan="off")
    thread = threading.Thread(target=ours.run)
    thread.start()
    assert until(lambda: ours.started)
    address = ours.servers[0].sockets[0].getsockname()
    try:
        for sent in (b"", b"GET /livez HTTP/1.1\r\nHost: 127"):
            with socket.create_connection(address[:2], 20) as slow:
                slow.sendall(sent)
                assert slow.recv(1000).startswith(b"HTTP/1.1 408 ") and slow.recv(1000) == b""
        with socket.create_connection(address[:2], 20) as kept:  # a second request that stops in its head
            kept.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            told = b""
            while b"alive" not in told:
                told += kept.recv(10_000)
            kept.sendall(b"GET /livez HTTP/1.1\r\n")
            assert kept.recv(1000).startswith(b"HTTP/1.1 408 ")
        with socket.create_connection(address[:2], 20) as deaf:
            deaf.sendall(b"GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert until(lambda: not ours.server_state.connections and not ours.server_state.tasks)
        with socket.create_connection(address[:2], 20) as good:
            good.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert b"200 OK" in good.recv(10_000)
    finally:
        ours.should_exit = True
        thread.join()
