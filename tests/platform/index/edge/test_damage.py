"""Files of the engine that are cut, overwritten or gone: a clear error at once, never a hang, and no other index."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from concord.index import IndexDamaged, IndexUnavailable
from concord.index.edge.client import EdgeClient
from concord.index.edge.shard import EdgeIndex
from concord.index.testing import DIMENSION, ask, make_point, names

DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: os.truncate(path, 0),
    "overwritten": lambda path: path.write_bytes(b"\xff" * 64),
    "gone": lambda path: path.unlink(),
}
FATAL = (
    "edge_config.json",
    "segments/*/segment.json",
    "segments/*/version.info",
    "segments/*/payload_storage/page_0.dat",
    "segments/*/vector_storage-dense/vectors/status.dat",
    "segments/*/vector_storage-text/store/tracker.dat",
    "wal/open-1",
)


@pytest.fixture
def filled(directory: Path) -> Path:
    index = EdgeIndex(directory, DIMENSION)
    index.upsert([make_point("a"), make_point("b")])
    index.close()
    return directory


@pytest.mark.parametrize("pattern", FATAL)
def test_a_cut_file_is_told_as_damage_with_its_remedy(filled: Path, pattern: str) -> None:
    [path] = (filled / "shard-000001").glob(pattern)
    os.truncate(path, 0)
    client = EdgeClient(filled, DIMENSION, start_seconds=20)
    with pytest.raises(IndexDamaged, match=r"`concord doctor --repair` builds it anew from the catalog") as caught:
        names(ask(client))
    assert "\n" not in str(caught.value)
    client.close()


@pytest.mark.parametrize("damage", DAMAGE)
def test_whatever_breaks_a_client_gets_points_or_one_of_our_errors(filled: Path, damage: str) -> None:
    """Some damage the engine does not notice: that is what `concord doctor` compares for."""
    files = sorted(path for path in (filled / "shard-000001").rglob("*") if path.is_file())
    kinds = {(path.name, path.parent.name): path for path in files if "payload_index" not in str(path)}
    noticed = 0
    for path in list(kinds.values())[::4]:
        if not path.exists():  # a journal, which the engine has put away meanwhile
            continue
        good = path.read_bytes()
        DAMAGE[damage](path)
        try:
            index = EdgeIndex(filled, DIMENSION)
        except IndexUnavailable:
            noticed += 1
        else:
            with suppress(IndexUnavailable):
                found = ask(index)
                hits = [*found.dense, *found.text, *found.label]
                assert {hit.payload.identifier for hit in hits} <= {"a", "b"}
            with suppress(IndexUnavailable):
                index.close()
        path.write_bytes(good)
    assert noticed


def test_files_that_break_under_a_running_process_are_told_at_the_next_write(filled: Path) -> None:
    """The engine maps its files: what was cut off is the end of the process, and of the next that opens them."""
    client = EdgeClient(filled, DIMENSION, start_seconds=20)
    client.count()
    for path in (filled / "shard-000001").rglob("*.dat"):
        os.truncate(path, 0)
    with pytest.raises(IndexUnavailable):
        client.upsert([make_point(f"c{n}") for n in range(300)])
        client.flush()
        client.stop()
        client.upsert([make_point("d")])
    with pytest.raises(IndexDamaged):
        client.stop()
        client.count()
    client.close()
