import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from concord.index import Index, InvalidPoint, SearchFilter, SearchRequest
from concord.index.edge.client import EdgeClient, stop_process
from concord.index.testing import DIMENSION, STAFF, IndexContract, ask, make_point


class TestEdgeClient(IndexContract):
    def open(self, directory: Path) -> EdgeClient:
        return EdgeClient(directory, DIMENSION, idle_seconds=60)

    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[Index]:
        index = self.open(tmp_path / "index")
        yield index
        index.close()
        stop_process(tmp_path / "index")


def test_numpy_vectors_are_as_good_as_lists(directory: Path) -> None:
    numpy = pytest.importorskip("numpy")
    client = EdgeClient(directory, DIMENSION)
    vectors = numpy.random.default_rng(0).normal(size=(3, DIMENSION))
    client.upsert(
        [
            make_point("f4", dense=vectors[0].astype("float32")),
            make_point("f8", dense=vectors[1]),
            make_point("column", dense=numpy.asfortranarray(vectors)[2]),
        ]
    )
    for row, name in enumerate(["f4", "f8", "column"]):
        (hit,) = client.search(SearchRequest(SearchFilter(STAFF), vectors[row].astype("float32"), limit=1)).dense
        assert (hit.payload.identifier, hit.score) == (name, pytest.approx(1.0, abs=1e-5))
    client.close()


def test_a_broken_point_of_a_later_batch_stops_all(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    points = [make_point(f"p{n}") for n in range(600)]
    with pytest.raises(InvalidPoint):
        client.upsert([*points, make_point("bad", dense=[0.0] * DIMENSION)])
    assert client.count() == 0
    client.upsert(points)
    assert client.count() == 600
    assert len(ask(client, limit=1000).dense) == 600
    client.close()


@pytest.mark.parametrize("text", ["\ud800", "x" * 1_000_001])
def test_what_cannot_travel_is_refused(directory: Path, text: str) -> None:
    client = EdgeClient(directory, DIMENSION)
    point = make_point("a", publisher=text) if len(text) == 1 else make_point("a", text=text)
    with pytest.raises(InvalidPoint):
        client.upsert([point])
    assert client.count() == 0
    client.close()


def test_large_points_travel_in_several_frames(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.upsert([make_point(f"p{n}", text="leave " * 150_000) for n in range(12)])
    assert client.count() == 12
    client.close()


def test_a_fork_has_a_connection_of_its_own(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.upsert([make_point("a")])
    program = f"""
import os
from pathlib import Path
from concord.index.edge.client import EdgeClient
client = EdgeClient(Path({str(directory)!r}), {DIMENSION})
client.count()
child = os.fork()
for _ in range(200):
    assert client.item_points("a") and client.count() == 1
client.close()
assert not child or os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    client.close()
