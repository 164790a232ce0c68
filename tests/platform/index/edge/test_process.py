import os
import shutil
import signal
import socket
import stat
import struct
import threading
import time
from contextlib import suppress
from pathlib import Path

import ormsgpack
import pytest

from concord.index import IndexBusy, IndexDamaged, IndexMismatch, IndexUnavailable, WritesLost
from concord.index.edge import launch, layout, wire
from concord.index.edge.client import EdgeClient, stop_process
from concord.index.edge.shard import EdgeIndex
from concord.index.testing import DIMENSION, ask, make_point, names


def kill(client: EdgeClient) -> int:
    number = client.process_id()
    os.kill(number, signal.SIGKILL)
    wait_for(lambda: not running(number))
    return number


def running(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def wait_for(condition, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_nothing_starts_before_the_first_call(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    assert list(directory.iterdir()) == []
    client.close()


def test_the_socket_and_log_are_private(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.count()
    path = layout.socket_path(directory)
    assert path == directory.resolve() / "index.sock"
    assert stat.S_ISSOCK(path.stat().st_mode)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    client.close()


def test_a_long_path_gets_a_short_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    client = EdgeClient(deep, DIMENSION)
    client.upsert([make_point("a")])
    path = layout.socket_path(deep)
    assert len(os.fsencode(path)) <= 107
    assert not (deep / "index.sock").exists()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    client.stop()
    assert not path.exists()
    client.close()


def test_a_runtime_folder_open_to_others_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = tmp_path / f"concord-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(IndexUnavailable, match="mode 0700"):
        EdgeClient(tmp_path / ("d" * 100), DIMENSION).count()


def test_two_clients_share_one_process(directory: Path) -> None:
    one, two = EdgeClient(directory, DIMENSION), EdgeClient(directory, DIMENSION)
    one.upsert([make_point("a")])
    assert names(ask(two)) == {"a"}
    assert one.process_id() == two.process_id()
    one.close()
    assert two.count() == 1
    two.close()


def test_many_clients_starting_at_once_get_one_process(directory: Path) -> None:
    clients = [EdgeClient(directory, DIMENSION) for _ in range(8)]
    numbers: list[int] = []
    threads = [threading.Thread(target=lambda c=client: numbers.append(c.process_id())) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 8
    assert len(set(numbers)) == 1
    for client in clients:
        client.close()


def test_one_client_in_many_threads(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.upsert([make_point("a")])
    found: list[set[str]] = []
    threads = [threading.Thread(target=lambda: found.extend(names(ask(client)) for _ in range(20))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [{"a"}] * 120
    client.close()


def test_after_a_kill_flushed_points_are_there_and_reading_goes_on(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.upsert([make_point("a"), make_point("b")])
    client.flush()
    before = kill(client)
    assert names(ask(client)) == {"a", "b"}
    assert client.process_id() != before
    client.delete_item("a")
    client.flush()
    kill(client)
    assert names(ask(client)) == {"b"}
    client.close()


def test_a_flush_does_not_vouch_for_writes_that_a_dead_process_took(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.upsert([make_point("a")])
    kill(client)
    client.upsert([make_point("b")])
    with pytest.raises(WritesLost, match="write again"):
        client.flush()
    client.upsert([make_point("a"), make_point("b")])
    client.flush()
    kill(client)
    assert names(ask(client)) == {"a", "b"}
    client.close()


def test_kill_between_many_writes_loses_nothing_that_was_flushed(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    safe: set[str] = set()
    for turn in range(5):
        client.upsert([make_point(f"p{turn}-{n}") for n in range(50)])
        client.flush()
        safe |= {f"p{turn}-{n}" for n in range(50)}
        client.upsert([make_point(f"loose{turn}")])
        kill(client)
        with pytest.raises(WritesLost):
            client.flush()
    assert safe <= names(ask(client, limit=1000))
    client.close()


def test_a_stale_socket_is_replaced(directory: Path) -> None:
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(layout.socket_path(directory)))
    stale.close()
    client = EdgeClient(directory, DIMENSION)
    assert client.count() == 0
    client.close()


def test_it_ends_when_idle_and_starts_again(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION, idle_seconds=0.5)
    client.upsert([make_point("a")])
    client.flush()
    first = client.process_id()
    wait_for(lambda: not running(first))
    assert not layout.socket_path(directory).exists()
    assert names(ask(client)) == {"a"}
    assert client.process_id() != first
    client.close()


def test_asking_keeps_it_alive(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION, idle_seconds=1.0)
    first = client.process_id()
    for _ in range(10):
        client.count()
        time.sleep(0.2)
    assert client.process_id() == first
    client.close()


def test_stop_flushes_and_lets_go_of_the_directory(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.upsert([make_point("a")])
    client.stop()
    with_engine = EdgeIndex(directory, DIMENSION)
    assert names(ask(with_engine)) == {"a"}
    with_engine.close()
    client.stop()
    assert client.count() == 1
    client.close()


def test_sigterm_ends_it_tidily(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.upsert([make_point("a")])
    number = client.process_id()
    os.kill(number, signal.SIGTERM)
    wait_for(lambda: not running(number))
    assert names(ask(client)) == {"a"}
    client.close()


def test_another_dimension_is_told_by_a_running_and_by_a_new_process(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.count()
    other = EdgeClient(directory, 9)
    with pytest.raises(IndexMismatch, match="8 dimensions, the embedding model gives 9"):
        other.count()
    client.stop()
    with pytest.raises(IndexMismatch, match="8 dimensions, the embedding model gives 9"):
        other.count()
    client.close()
    other.close()


def test_a_directory_owned_by_an_engine_elsewhere_is_busy(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = EdgeIndex(directory, DIMENSION)
    client = EdgeClient(directory, DIMENSION, start_seconds=6)
    with pytest.raises(IndexBusy):
        client.count()
    owner.close()
    assert client.count() == 0
    client.close()


def test_files_that_cannot_be_opened_are_damage_that_the_doctor_repairs(directory: Path) -> None:
    EdgeIndex(directory, DIMENSION).close()
    for file in (directory / "shard-000001").rglob("*"):
        if file.is_file():
            file.write_bytes(b"broken")
    client = EdgeClient(directory, DIMENSION)
    with pytest.raises(IndexDamaged, match=r"edge_config.*`concord doctor --repair`"):
        client.count()
    assert (directory / "process.log").read_text()
    client.close()


@pytest.mark.parametrize(
    "frame",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack(">I", 2**32 - 1),
        struct.pack(">I", 3) + b"\xc1\xc1\xc1",
        struct.pack(">I", 9) + b"x",
    ],
    ids=["http", "huge", "no-msgpack", "cut"],
)
def test_noise_on_the_socket_harms_nobody_else(directory: Path, frame: bytes) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.upsert([make_point("a")])
    with socket.socket(socket.AF_UNIX) as noise:
        noise.connect(str(layout.socket_path(directory)))
        noise.sendall(frame)
        noise.shutdown(socket.SHUT_WR)
        noise.settimeout(10)
        with suppress(ConnectionResetError):
            assert noise.recv(10) == b""
    assert names(ask(client)) == {"a"}
    client.close()


@pytest.mark.parametrize("request_", [["nope", None], ["search", [1, 2]], ["upsert", [[1]]], 7, ["__class__", None]])
def test_a_request_that_makes_no_sense_is_an_invalid_request(directory: Path, request_: object) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.count()
    connection = launch.connect(directory, 10)
    assert connection is not None
    with connection:
        connection.sendall(wire.pack(request_, wire.MAX_REQUEST))
        assert wire.receive(connection, wire.MAX_REPLY)[:2] == [False, "InvalidRequest"]
    client.close()


def test_errors_survive_the_wire() -> None:
    error = IndexMismatch("/x", "it is odd")
    _, name, arguments = ormsgpack.unpackb(ormsgpack.packb(wire.error_to_wire(error)))
    again = wire.error_from_wire(name, arguments, "/x")
    assert (type(again), str(again)) == (IndexMismatch, str(error))
    assert isinstance(wire.error_from_wire("OfTheFuture", ["what"], "/x"), IndexUnavailable)
    assert isinstance(wire.error_from_wire("InvalidPoint", [], "/x"), IndexUnavailable)


def test_an_idle_process_that_is_gone_needs_no_stopping(directory: Path) -> None:
    stop_process(directory)


def test_start_up_is_light(directory: Path) -> None:
    began = time.perf_counter()
    client = EdgeClient(directory, DIMENSION)
    client.count()
    assert time.perf_counter() - began < 5.0
    maps = Path(f"/proc/{client.process_id()}/maps").read_text()
    assert not [name for name in ("torch", "numpy", "onnx", "pydantic", "sqlalchemy") if f"/{name}" in maps]
    client.close()


def test_a_process_whose_folder_was_deleted_ends_and_leaves_its_successor_alone(directory: Path) -> None:
    first = EdgeClient(directory, DIMENSION)
    orphan = first.process_id()
    first.close()
    shutil.rmtree(directory)
    directory.mkdir()
    second = EdgeClient(directory, DIMENSION)
    second.upsert([make_point("a")])
    second.flush()
    successor = second.process_id()
    wait_for(lambda: not running(orphan))
    assert successor != orphan
    third = EdgeClient(directory, DIMENSION)
    assert third.process_id() == successor
    assert third.count() == 1
    second.close()
    third.close()
    stop_process(directory)
