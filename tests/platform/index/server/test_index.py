"""The contract on the client's local mode behind its REST interface, and on a real server where one is named."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from concord.index import Index, open_server
from concord.index.server.index import ServerIndex
from concord.index.server.standin import StandIn
from concord.index.testing import DIMENSION, IndexContract

URL, KEY = os.environ.get("CONCORD_QDRANT_URL"), os.environ.get("CONCORD_QDRANT_API_KEY")


class TestLocalMode(IndexContract):
    """What is sent is what a server gets; behind it is brute force, which has no graph to lose hits.

    Local mode honours the IDF corpus, so the tests of leaking scores count here too.
    """

    @pytest.fixture(autouse=True)
    def _server(self) -> Iterator[None]:
        with StandIn(api_key="secret") as self.server:
            yield

    def open(self, directory: Path) -> ServerIndex:
        return open_server(self.server.url, directory.name, DIMENSION, api_key="secret")


@pytest.mark.skipif(URL is None, reason="CONCORD_QDRANT_URL names no server")
@pytest.mark.enable_socket
class TestRealServer(IndexContract):
    """On the server that `CONCORD_QDRANT_URL` names, in a collection of its own that is deleted afterwards."""

    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[Index]:
        self.prefix = f"concord-test-{uuid.uuid4().hex}"
        opened = self.open(tmp_path / "index")
        yield opened
        opened.close()
        again = self.open(tmp_path / "index")
        again.drop()
        again.close()

    def open(self, directory: Path) -> ServerIndex:
        assert URL is not None
        return open_server(URL, self.prefix, DIMENSION, api_key=KEY)
