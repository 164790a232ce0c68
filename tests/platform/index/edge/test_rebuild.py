import threading
import time
from pathlib import Path

import pytest

from concord.index.edge import layout, rebuild
from concord.index.edge.client import EdgeClient
from concord.index.edge.rebuild import Rebuilder
from concord.index.edge.shard import EdgeIndex
from concord.index.testing import DIMENSION, ask, make_point, names


def finish(rebuilder: Rebuilder) -> None:
    deadline = time.monotonic() + 60
    while rebuilder.running:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def shards(directory: Path) -> set[str]:
    return {folder.name for folder in directory.glob("shard-*")}


def test_a_rebuilt_index_answers_as_before_and_survives(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, DIMENSION)
    index.upsert([make_point(f"p{n}", text=f"leave {n % 7}") for n in range(500)])
    before = ask(index, text="leave 3")
    rebuilder = Rebuilder(index)
    assert rebuilder.start()
    finish(rebuilder)
    assert shards(tmp_path) == {"shard-000002"}
    assert layout.read_current(tmp_path) == layout.Current(DIMENSION, "shard-000002")
    assert {hit.id: hit.score for hit in ask(index, text="leave 3").text}.keys() == {hit.id for hit in before.text}
    assert [hit.score for hit in ask(index, text="leave 3").text] == [hit.score for hit in before.text]
    index.close()
    again = EdgeIndex(tmp_path, DIMENSION)
    assert again.count() == 500
    again.close()


def test_writes_and_searches_go_on_meanwhile_and_are_carried_over(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, DIMENSION)
    index.upsert([make_point(f"p{n}") for n in range(500)])
    rebuilder = Rebuilder(index)
    rebuilder.start()
    turn = 0
    while rebuilder.running:
        index.upsert([make_point(f"new{turn}"), make_point("p1", readers=("user:ann",))])
        index.delete_item(f"p{100 + turn}")
        assert names(ask(index, limit=1000))
        turn += 1
        time.sleep(0.01)
    assert turn, "nothing was written meanwhile"
    assert shards(tmp_path) == {"shard-000002"}
    expected = {f"p{n}" for n in range(500) if n != 1 and not 100 <= n < 100 + turn} | {f"new{n}" for n in range(turn)}
    assert names(ask(index, limit=1000)) == expected
    assert names(ask(index, readers=frozenset({"user:ann"}))) == {"p1"}
    assert index.tokens_in_use() == {"group:staff", "user:ann"}
    assert index.touched is None
    index.close()


def test_one_run_at_a_time_and_none_after_stop(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, DIMENSION)
    index.upsert([make_point("a")])
    rebuilder = Rebuilder(index)
    assert rebuilder.start()
    assert not rebuilder.start()
    rebuilder.stop()
    assert not rebuilder.start()
    assert len(shards(tmp_path)) == 1
    assert names(ask(index)) == {"a"}
    index.close()


def test_a_failed_run_changes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    index = EdgeIndex(tmp_path, DIMENSION)
    index.upsert([make_point("a")])
    # Something stands where the copy would go.
    (tmp_path / "shard-000002").mkdir()
    rebuilder = Rebuilder(index)
    rebuilder.start()
    finish(rebuilder)
    assert "could not be optimised" in caplog.text
    assert names(ask(index)) == {"a"}
    index.close()


def test_a_copy_that_a_crash_left_is_removed_at_the_next_open(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, DIMENSION)
    index.upsert([make_point("a")])
    index.close()
    (tmp_path / "shard-000002" / "segments").mkdir(parents=True)
    again = EdgeIndex(tmp_path, DIMENSION)
    assert shards(tmp_path) == {"shard-000001"}
    assert names(ask(again)) == {"a"}
    again.close()


def test_it_starts_by_itself_once_enough_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "LEAST_WRITES", 100)
    index = EdgeIndex(tmp_path, DIMENSION)
    rebuilder = Rebuilder(index)
    index.upsert([make_point(f"p{n}") for n in range(99)])
    rebuilder.consider()
    assert not rebuilder.running
    index.upsert([make_point("last")])
    rebuilder.consider()
    assert rebuilder.running
    finish(rebuilder)
    assert index.count() == 100
    assert index.writes == 0
    index.close()


def test_through_the_process(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.upsert([make_point(f"p{n}") for n in range(200)])
    client.flush()
    assert client.optimize()
    deadline = time.monotonic() + 60
    while shards(directory) != {"shard-000002"}:
        assert time.monotonic() < deadline
        assert client.count() == 200
        time.sleep(0.05)
    client.upsert([make_point("later")])
    client.flush()
    client.stop()
    assert client.count() == 201
    client.close()
    assert threading.active_count() < 10
