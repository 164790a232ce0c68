"""An index that is built anew takes the other's place at once, or not at all."""

from pathlib import Path

import pytest

from concord.index import IndexDamaged, replacing_index
from concord.index.edge import layout
from concord.index.edge.client import EdgeClient
from concord.index.edge.shard import EdgeIndex
from concord.index.testing import DIMENSION, ask, make_point, names


def test_the_old_one_answers_until_the_new_one_is_complete(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.upsert([make_point("old")])
    client.flush()
    with replacing_index(directory, DIMENSION) as fresh:
        fresh.upsert([make_point("new")])
        assert names(ask(client)) == {"old"}
    assert names(ask(client)) == {"new"}
    assert {path.name for path in directory.glob("shard-*")} == {"shard-000002"}
    assert not (directory / layout.REBUILDING).exists()
    client.close()


def test_one_that_fails_leaves_the_old_one(directory: Path) -> None:
    client = EdgeClient(directory, DIMENSION)
    client.upsert([make_point("old")])
    with pytest.raises(ZeroDivisionError), replacing_index(directory, DIMENSION) as fresh:
        fresh.upsert([make_point("new")])
        raise ZeroDivisionError
    assert names(ask(client)) == {"old"}
    assert not (directory / layout.REBUILDING).exists()
    client.close()


@pytest.mark.parametrize("broken", ["CURRENT.json", "shard-000001/edge_config.json"])
def test_a_broken_one_is_replaced(directory: Path, broken: str) -> None:
    EdgeIndex(directory, DIMENSION).close()
    (directory / broken).write_text("broken")
    client = EdgeClient(directory, DIMENSION)
    with pytest.raises(IndexDamaged):
        client.count()
    with replacing_index(directory, DIMENSION) as fresh:
        fresh.upsert([make_point("new")])
    assert names(ask(client)) == {"new"}
    client.close()


def test_one_of_another_model_is_replaced(directory: Path) -> None:
    EdgeIndex(directory, 9).close()
    with replacing_index(directory, DIMENSION) as fresh:
        fresh.upsert([make_point("new")])
    index = EdgeIndex(directory, DIMENSION)
    assert names(ask(index)) == {"new"}
    index.close()
