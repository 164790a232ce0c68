"""A real server beside `sync` and `ask` of other processes on one workspace."""

import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import httpx

ASKED = "How many days of annual leave does everyone receive?"


@contextmanager
def served(workspace):
    """`concord serve` as its own process, ready; gives its base URL and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "concord.cli.main", "--workspace", str(workspace.folder), "serve"]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            assert process.poll() is None, process.stdout.read().decode()
            try:
                if httpx.get(f"{url}/readyz", timeout=30).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url, process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def ask(url, who):
    return httpx.post(f"{url}/v1/ask", json={"question": ASKED}, headers={"X-Concord-User": who}, timeout=60)


def test_served_synced_and_asked_at_once(synced_copy):
    """While one process serves, another reads new content in, and a third asks: each sees a whole state."""
    assert synced_copy.run("sync").code == 0
    answers, done = [], threading.Event()

    def asking(url):
        while not done.is_set():
            answers.append(ask(url, "pat"))

    with served(synced_copy) as (url, _):
        thread = threading.Thread(target=asking, args=(url,))
        thread.start()
        try:
            for days in (28, 29, 30):
                old = synced_copy.folder / "content/people/leave.md"
                old.write_text(old.read_text("utf-8").replace(f"{days - 1} days", f"{days} days"), "utf-8")
                synced = synced_copy.run("sync")
                assert synced.code == 0, synced.err
                printed = synced_copy.run("ask", ASKED, "--as", "pat")
                assert f"{days} days" in printed.out, printed.err
                assert f"{days} days" in ask(url, "pat").json()["answer"]
        finally:
            done.set()
            thread.join()
    assert answers and {answer.status_code for answer in answers} == {200}
    # A page that changed is not found until the index has followed; where it is, it says what it said at some moment.
    found = [citation for answer in answers for citation in answer.json()["citations"]]
    quotes = {each["quote"] for each in found if each["identifier"] == "people-handbook/leave.md"}
    wordings = {quote for quote in quotes if "annual leave a year" in quote}
    assert wordings <= {f"Everyone receives {days} days of annual leave a year." for days in (27, 28, 29, 30)}


def test_it_ends_quietly_when_told_to(synced_copy):
    assert synced_copy.run("sync").code == 0
    with served(synced_copy) as (url, process):
        ask(url, "pat")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in {0, -signal.SIGTERM}
        assert b"Traceback" not in process.stdout.read()
