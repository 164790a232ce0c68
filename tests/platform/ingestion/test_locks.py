"""Two syncs of one source exclude each other: on one machine by files, and across machines by the shared catalog."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from sqlalchemy import text

from concord.catalog import postgresql
from concord.catalog.engine import create_catalog_engine
from concord.catalog.errors import CatalogUnreachable
from concord.ingestion.advisory_locks import AdvisoryLocks
from concord.ingestion.errors import SourceBusy
from concord.ingestion.locks import SourceLocks

HOLD = """
import sys
from pathlib import Path
from concord.catalog.engine import create_catalog_engine
from concord.ingestion.advisory_locks import AdvisoryLocks
from concord.ingestion.locks import SourceLocks
folder, url = sys.argv[1:]
with SourceLocks(Path(folder), AdvisoryLocks(create_catalog_engine(url)) if url else None).held("wiki"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def machines(new_catalog, tmp_path):
    """The locks of two commands (url, folder, locks), on two machines where the catalog is shared."""
    url = new_catalog()
    engines = [create_catalog_engine(url) for _ in range(2)] if url else []
    if url:
        yield url, [SourceLocks(tmp_path / str(n), AdvisoryLocks(engine)) for n, engine in enumerate(engines)]
    else:
        yield url, [SourceLocks(tmp_path / "0"), SourceLocks(tmp_path / "0")]
    for engine in engines:
        engine.dispose()


def test_a_source_is_held_once_and_told_of_with_its_process(machines):
    _, (here, there) = machines
    with here.held("wiki"):
        with pytest.raises(SourceBusy, match=rf"'wiki' is being synced by another command \(process {os.getpid()}\)"):
            there.held("wiki").__enter__()
        with there.held("handbook"):
            pass
    with there.held("wiki"):
        pass
    with pytest.raises(RuntimeError), there.held("wiki"):
        raise RuntimeError
    with here.held("wiki"):
        pass


def test_a_lock_is_gone_with_its_process(machines):
    url, (here, there) = machines
    command = [sys.executable, "-c", HOLD, str(here.folder), url or ""]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(SourceBusy, match=rf"process {holder.pid}\)"):
        there.held("wiki").__enter__()
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    for _ in range(100):  # the server notices in a moment
        try:
            with there.held("wiki"):
                return
        except SourceBusy:
            threading.Event().wait(0.05)
    pytest.fail("the lock outlived its process")


def test_the_index_is_waited_for(machines):
    _, (here, there) = machines
    entered = threading.Event()

    def wait() -> None:
        with there.index():
            entered.set()

    with here.index():
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not entered.wait(0.3)
    assert entered.wait(30)
    waiting.join()


def test_another_machine_is_named(postgres, new_catalog, tmp_path, monkeypatch):
    url = new_catalog()
    monkeypatch.setattr(postgresql, "whoami", lambda: "concord far-away 4711")
    far = create_catalog_engine(url)
    monkeypatch.undo()
    near = create_catalog_engine(url)
    with AdvisoryLocks(far).held("wiki"), pytest.raises(SourceBusy, match=r"\(process 4711 on far-away\)"):
        AdvisoryLocks(near).held("wiki").__enter__()
    far.dispose()
    near.dispose()


def test_a_session_that_was_lost_is_told_of(postgres, new_catalog):
    engine = create_catalog_engine(new_catalog())
    with pytest.raises(CatalogUnreachable), AdvisoryLocks(engine).held("wiki"):
        with engine.connect() as connection:
            database = connection.scalar(text("SELECT current_database()"))
        postgres.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
            f"AND database = (SELECT oid FROM pg_database WHERE datname = '{database}')"
        )
    engine.dispose()


def test_a_sync_on_another_machine_keeps_this_one_out(postgres, synced_copy):
    engine = create_catalog_engine(synced_copy.catalog)
    with AdvisoryLocks(engine).held("people-handbook"):
        done = synced_copy.run("sync")
    engine.dispose()
    assert done.code == 2 and "'people-handbook' is being synced by another command" in done.err
    assert synced_copy.run("sync").code == 0
