"""What goes wrong on the way, and what is sent."""

import socket
from collections.abc import Iterator

import pytest
from qdrant_client import models

from concord.index import IndexMismatch, IndexUnavailable, InvalidPoint, open_server
from concord.index.server import connection, points
from concord.index.server.index import ServerIndex
from concord.index.server.standin import StandIn
from concord.index.testing import DIMENSION, ask, make_point, names


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_PAUSES", (0.01, 0.01))


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as made:
        yield made


@pytest.fixture
def index(server: StandIn) -> Iterator[ServerIndex]:
    made = open_server(server.url, "handbook", DIMENSION)
    yield made
    made.close()


def test_nothing_is_sent_before_the_first_call(server: StandIn, index: ServerIndex) -> None:
    assert server.asked == []
    index.count()
    assert server.asked


def test_a_search_is_one_request_and_a_short_one_two(server: StandIn, index: ServerIndex) -> None:
    index.upsert([make_point(f"p{n}") for n in range(5)])
    index.tokens_in_use()  # counted again after a write
    del server.asked[:]
    ask(index, limit=5)
    assert [path for _, path, _ in server.asked] == ["/collections/handbook/points/query/batch"]
    ask(index, limit=6)
    assert len(server.asked) == 3
    ask(index, limit=6, exact=True)
    assert len(server.asked) == 4
    assert names(ask(index, readers=frozenset())) == set()
    assert len(server.asked) == 4


def test_every_write_waits_until_it_is_applied(server: StandIn, index: ServerIndex) -> None:
    index.upsert([make_point("a")])
    index.delete_item("a")
    writes = [query for method, path, query in server.asked if path.endswith(("/points", "/points/delete", "/index"))]
    assert len(writes) == 11
    assert all(query["wait"] == ["true"] for query in writes)


def test_tokens_are_not_counted_at_every_question(
    server: StandIn, index: ServerIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_server(server.url, "handbook", DIMENSION)
    index.upsert([make_point("a")])
    for _ in range(5):
        assert index.tokens_in_use() == {"group:staff"}
    assert sum(path.endswith("/facet") for _, path, _ in server.asked) == 1
    other.upsert([make_point("b", readers=("user:ann",))])
    assert other.tokens_in_use() == {"group:staff", "user:ann"}
    monkeypatch.setattr("time.monotonic", lambda: float("inf"))
    assert index.tokens_in_use() == {"group:staff", "user:ann"}
    other.close()


def test_a_facet_that_is_full_is_asked_for_more(index: ServerIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concord.index.server.index._VALUES", 2)
    index.upsert([make_point(f"p{n}", readers=(f"user:{n}",)) for n in range(30)])
    assert len(index.tokens_in_use()) == len(index.identifiers()) == 30


@pytest.mark.parametrize("failure", [0, 429, 502, 503, 504])
def test_what_fails_on_the_way_is_sent_again(server: StandIn, index: ServerIndex, failure: int) -> None:
    index.upsert([make_point("a")])
    server.failures = [failure, failure]
    assert names(ask(index)) == {"a"}
    server.failures = [failure] * 3
    with pytest.raises(IndexUnavailable) as caught:
        index.count()
    assert server.url in str(caught.value)
    assert "\n" not in str(caught.value)
    assert index.count() == 1


def test_an_error_of_the_server_is_told_at_once(server: StandIn, index: ServerIndex) -> None:
    index.count()
    server.failures = [500]
    with pytest.raises(IndexUnavailable, match="the server says: on purpose"):
        index.count()
    assert not server.failures


def test_a_server_that_is_not_there(unused: str) -> None:
    index = open_server(unused, "handbook", DIMENSION)
    with pytest.raises(IndexUnavailable, match=r"no connection .*: check index.url"):
        index.count()
    index.close()


@pytest.fixture
def unused() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("key", [None, "wrong-key"])
def test_a_key_that_is_refused_is_never_told(key: str | None) -> None:
    with StandIn(api_key="right-key") as server:
        index = open_server(server.url, "handbook", DIMENSION, api_key=key)
        with pytest.raises(IndexUnavailable, match="CONCORD_INDEX__API_KEY") as caught:
            index.count()
        assert "-key" not in str(caught.value)
        index.close()


@pytest.mark.parametrize(("version", "fits"), [("1.18.9", False), ("1.9.0", False), ("odd", False), ("2.0.1", True)])
def test_a_server_that_mixes_frequencies_is_refused(version: str, fits: bool) -> None:
    with StandIn(version=version) as server:
        index = open_server(server.url, "handbook", DIMENSION)
        if fits:
            assert index.count() == 0
        else:
            with pytest.raises(IndexMismatch, match=r"at least 1.19 is needed; upgrade it"):
                index.count()
        index.close()


def test_another_dimension_is_refused_and_says_what_to_do(server: StandIn, index: ServerIndex) -> None:
    index.upsert([make_point("a")])
    other = open_server(server.url, "handbook", 9)
    with pytest.raises(IndexMismatch, match=r"/handbook-1 .* 8 dimensions, the embedding model gives 9; delete it"):
        other.count()
    other.close()


@pytest.mark.parametrize("metadata", [None, {"concord_format": 99}])
def test_a_collection_of_another_make_is_refused(server: StandIn, index: ServerIndex, metadata: object) -> None:
    server.client.create_collection(
        "handbook-1",
        vectors_config={"dense": models.VectorParams(size=DIMENSION, distance=models.Distance.COSINE)},
        metadata=metadata,
    )
    with pytest.raises(IndexMismatch, match="this program writes 1"):
        index.count()


def test_what_is_no_qdrant_server_is_told(server: StandIn) -> None:
    index = open_server(f"{server.url}/wrong", "handbook", DIMENSION)
    with pytest.raises(IndexUnavailable, match=r"the server says: no GET /wrong"):
        index.count()
    index.close()


def test_a_making_that_was_cut_short_is_taken_up(server: StandIn, index: ServerIndex) -> None:
    index.count()
    server.client.update_collection_aliases(
        [models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name="handbook"))]
    )
    again = open_server(server.url, "handbook", DIMENSION)
    assert again.count() == 0
    again.close()


def test_a_new_collection_is_filled_beside_and_put_in_its_place(server: StandIn, index: ServerIndex) -> None:
    index.upsert([make_point("old")])
    beside = open_server(server.url, "handbook", DIMENSION, beside=True)
    beside.upsert([make_point("new")])
    assert names(ask(index)) == {"old"}
    assert names(ask(beside)) == {"new"}
    resumed = open_server(server.url, "handbook", DIMENSION, beside=True)
    assert names(ask(resumed)) == {"new"}
    resumed.switch()
    resumed.switch()
    assert names(ask(index)) == {"new"}
    assert [each.name for each in server.client.get_collections().collections] == ["handbook-2"]
    index.drop()
    assert server.client.get_collections().collections == []
    for each in (beside, resumed):
        each.close()


def test_other_indexes_are_left_alone(server: StandIn, index: ServerIndex) -> None:
    others = [open_server(server.url, name, DIMENSION) for name in ("handbook-old", "handbook-1-b", "hand")]
    for other in others:
        other.upsert([make_point("a")])
    index.count()
    index.drop()
    for other in others:
        assert other.count() == 1
        other.close()


@pytest.mark.parametrize("text", ["\ud800", "x" * 1_000_001])
def test_what_cannot_travel_is_refused(index: ServerIndex, text: str) -> None:
    point = make_point("a", publisher=text) if len(text) == 1 else make_point("a", text=text)
    with pytest.raises(InvalidPoint):
        index.upsert([make_point("b"), point])
    assert index.count() == 0


def test_large_points_travel_in_several_requests(
    server: StandIn, index: ServerIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "_BATCH_BYTES", 20_000)
    index.upsert([make_point(f"p{n}", text=" ".join(f"word{each}" for each in range(300))) for n in range(6)])
    assert sum(path.endswith("/points") for _, path, _ in server.asked) == 6
    assert index.count() == 6
