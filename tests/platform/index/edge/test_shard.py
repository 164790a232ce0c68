import uuid
from pathlib import Path

import pytest

from concord.index import IndexBusy, IndexDamaged, IndexMismatch, InvalidRequest, open_index
from concord.index.edge import engine, layout
from concord.index.edge.shard import EdgeIndex
from concord.index.testing import DIMENSION, IndexContract, ask, make_point, names


class TestEdgeIndex(IndexContract):
    def open(self, directory: Path) -> EdgeIndex:
        return EdgeIndex(directory, DIMENSION)


def test_one_owner_per_directory(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, DIMENSION)
    with pytest.raises(IndexBusy, match="another process owns"):
        EdgeIndex(tmp_path, DIMENSION)
    index.close()
    EdgeIndex(tmp_path, DIMENSION).close()


def test_the_engine_s_own_lock_reads_as_busy(tmp_path: Path) -> None:
    shard = engine.create(tmp_path / "shard-000001", DIMENSION)
    with pytest.raises(IndexBusy):
        engine.load(tmp_path / "shard-000001", DIMENSION)
    shard.close()


def test_another_dimension_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    EdgeIndex(tmp_path, DIMENSION).close()
    with pytest.raises(IndexMismatch, match="8 dimensions, the embedding model gives 9; run"):
        EdgeIndex(tmp_path, 9)
    EdgeIndex(tmp_path, DIMENSION).close()


def test_another_format_is_refused(tmp_path: Path) -> None:
    EdgeIndex(tmp_path, DIMENSION).close()
    layout.write_current(tmp_path, layout.Current(DIMENSION, "shard-000001", format=99))
    with pytest.raises(IndexMismatch, match="format 99"):
        EdgeIndex(tmp_path, DIMENSION)
    (tmp_path / "CURRENT.json").write_text("{")
    with pytest.raises(IndexDamaged, match=r"cannot be read.*`concord doctor --repair`"):
        EdgeIndex(tmp_path, DIMENSION)


def test_a_creation_that_was_cut_short_begins_again(tmp_path: Path) -> None:
    engine.create(tmp_path / "shard-000001", DIMENSION).close()
    index = EdgeIndex(tmp_path, DIMENSION)
    assert index.count() == 0
    index.close()


@pytest.mark.parametrize("dimension", [0, -3])
def test_a_dimension_is_positive(tmp_path: Path, dimension: int) -> None:
    with pytest.raises(InvalidRequest):
        EdgeIndex(tmp_path, dimension)


def test_optimize_in_place_keeps_every_point(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, DIMENSION)
    index.upsert([make_point(f"p{n}") for n in range(300)])
    before = names(ask(index, limit=1000))
    index.optimize()
    assert names(ask(index, limit=1000)) == before
    index.close()


def test_deleting_an_item_of_many_points(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, DIMENSION)
    index.upsert([make_point(f"p{n}", identifier="big") for n in range(2_500)])
    assert len(index.item_points("big")) == 2_500
    index.delete_item("big", keep=[str(uuid.uuid4())])
    assert index.count() == 0
    index.close()


def test_the_factory_opens_the_engine_here_or_shared(tmp_path: Path) -> None:
    here = open_index(tmp_path, DIMENSION, shared=False)
    assert isinstance(here, EdgeIndex)
    here.close()
    shared = open_index(tmp_path, DIMENSION)
    assert type(shared).__name__ == "EdgeClient"
    shared.close()
    assert not (tmp_path / "index.sock").exists()
