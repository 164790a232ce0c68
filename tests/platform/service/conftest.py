import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial

import httpx
import pytest
from fastapi.testclient import TestClient

from concord.bootstrap import Concord
from concord.index import open_index
from concord.service import create_app


@pytest.fixture(autouse=True)
def _however_sure(monkeypatch):
    """The stand-in for a model knows nothing of meaning."""
    monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "0")


@pytest.fixture
def serve():
    """Open the service of a workspace: `serve(workspace)`. Its index is in this process unless it is `shared`."""
    clients = []

    def open_(workspace, shared=False):
        concord = Concord.open(workspace.folder)
        if not shared:
            concord.index_folder.mkdir(parents=True, exist_ok=True)
            vars(concord)["index"] = open_index(concord.index_folder, concord.encoder.dimension, shared=False)
        client = TestClient(create_app(concord), base_url="http://127.0.0.1")
        client.__enter__()
        clients.append(client)
        return client

    yield open_
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def serve_with(house, serve):
    """Serve a synced workspace of one's own with further settings: `serve_with("auth: oidc\\n")`."""

    def open_(settings=""):
        house.close()
        before = (house.workspace.folder / "concord.yaml").read_text("utf-8")
        house.workspace.write("concord.yaml", before + settings)
        return serve(house.workspace)

    return open_


@pytest.fixture
def client(serve_with):
    """The service of a synced workspace of one's own."""
    return serve_with()


@pytest.fixture
def ask(client):
    """Ask as a person: `ask("pat", "How many days …?", use_case="ask-people")`."""
    return partial(post, client)


def post(client, who, question, path="/v1/ask", **body):
    return client.post(path, json={"question": question, **body}, headers={"X-Concord-User": who})


@pytest.fixture
def served():
    """`with served(workspace) as (url, process)`: `concord serve` as a process of its own, ready."""
    return _served


@contextmanager
def _served(workspace):
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
