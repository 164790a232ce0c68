"""Readers, a sync and a rebuild at once on one workspace: nobody waits for ever, and nobody sees what is not theirs."""

import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from concord.bootstrap import Concord
from concord.catalog import items, texts
from concord.catalog.engine import reading, writing
from concord.index.edge.client import EdgeClient
from concord.index.testing import DIMENSION, ask, make_point, names

CONCORD = Path(sys.executable).with_name("concord")
SECRET = "zanzibar"


@contextmanager
def readers(workspace, people):
    """Long-lived readers, each like a service: they ask until the block ends; gives what they saw and what failed."""
    stop, failed, asked = threading.Event(), [], []

    def read(who: str) -> None:
        concord = Concord.open(workspace.folder)
        try:
            principal = concord.foundation.directory.principal(who)
            while not stop.is_set():
                found = concord.search("annual leave expenses zanzibar", principal).passages
                asked.append(who)
                failed.extend(
                    f"{who} saw {each.item.identifier}" for each in found if SECRET in each.chunk.text.lower()
                )
        except Exception as error:
            failed.append(f"{who}: {error!r}")
        finally:
            concord.close()

    threads = [threading.Thread(target=read, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    try:
        yield asked, failed
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


@pytest.fixture
def shared(synced_copy):
    """A synced workspace whose index process every command shares."""
    concord = Concord.open(synced_copy.folder)
    concord.rebuild_index()
    yield synced_copy, concord
    concord.index.stop()
    concord.close()


def test_syncs_and_a_rebuild_go_on_under_readers(shared):
    workspace, concord = shared
    for number in range(12):
        workspace.write(f"content/people/new-{number}.md", f"# New {number}\n\nRoom {number} has annual leave.\n")
    with readers(workspace, ["pat", "fay", "carl", "pat"]) as (asked, failed):
        command = [str(CONCORD), "--workspace", str(workspace.folder)]
        sync = subprocess.Popen([*command, "sync", "people-handbook"], stderr=subprocess.PIPE, text=True)
        one = subprocess.run([*command, "ask", "How much annual leave?", "--as", "pat"], capture_output=True, text=True)
        concord.rebuild_index()
        _, told = sync.communicate(timeout=120)
        assert (sync.returncode, told) == (0, "")
        assert (
            one.returncode == 0
            and not one.stderr.replace("concord: the index is behind the catalog: run `concord sync`", "").strip()
        )
        before = len(asked)
        while len(asked) < before + 8 and not failed:
            time.sleep(0.01)
    assert not failed
    assert {"pat", "fay", "carl"} <= set(asked)
    assert workspace.run("doctor").code == 0
    with reading(concord.engine) as connection:
        assert "people-handbook/new-11.md" in items.indexed_identifiers(connection)


def test_two_syncs_of_one_source_at_once_name_the_other(shared):
    workspace, concord = shared
    with concord.locks.held("people-handbook"):
        done = workspace.run("sync", "people-handbook")
    assert done.code == 2 and "is being synced by another command (process " in done.err
    assert len(done.err.splitlines()) == 1
    assert workspace.run("sync", "people-handbook").code == 0


def test_readers_never_keep_the_write_ahead_log_from_being_written_back(shared):
    """Each question reads in short transactions: the log stays near its usual 4 MB however long a reader lives."""
    workspace, concord = shared
    log = concord.state / "catalog.db-wal"
    largest = 0
    with readers(workspace, ["pat", "fay"]) as (asked, failed):
        for turn in range(60):
            with writing(concord.engine) as connection:
                texts.keep(connection, [f"{turn} {'x' * 500_000}"])
            largest = max(largest, log.stat().st_size)
    assert not failed and asked
    assert largest < 16 * 2**20, f"{largest:,} bytes after 30 MB of writes"


def test_a_process_that_ends_when_idle_is_never_an_error(tmp_path):
    """Between connecting and asking, the process may have decided to end."""
    client = EdgeClient(tmp_path, DIMENSION, idle_seconds=0.05)
    client.upsert([make_point("a")])
    client.flush()
    for turn in range(25):
        assert names(ask(client)) == {"a"}
        time.sleep(0.03 + turn % 5 * 0.01)
    client.stop()
    client.close()


def test_a_client_that_is_killed_in_the_middle_of_a_frame_harms_nobody(tmp_path):
    client = EdgeClient(tmp_path, DIMENSION, idle_seconds=20)
    client.upsert([make_point("a")])
    code = (
        "import os, signal, struct, sys; from pathlib import Path; from concord.index.edge import launch\n"
        "connection = launch.connect(Path(sys.argv[1]), 10)\n"
        "connection.sendall(struct.pack('>I', 1000) + b'x' * 500)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    for _ in range(3):
        assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == -9
        assert names(ask(client)) == {"a"}
    client.stop()
    client.close()
