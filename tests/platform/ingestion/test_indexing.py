"""Draining the outbox: interrupted anywhere and run again, it ends as if nothing had happened."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from concord.catalog import outbox
from concord.catalog.engine import reading, writing
from concord.embedding import CachedEncoder
from concord.index import Index, open_index
from concord.index.edge.client import EdgeClient
from concord.index.errors import WritesLost
from concord.index.protocol import SearchFilter, SearchRequest
from concord.ingestion import indexing
from concord.ingestion.indexing import LOSSES, IndexProgress, drain, rebuild_if_lost

READERS = frozenset({"group:staff", "group:people-leads", "group:finance"})


class Interrupted(Exception):
    """Stands for a crash."""


@dataclass
class Failing:
    """A real index that fails at the nth write, before or after it took effect."""

    index: Index
    writes_left: int
    after: bool = False
    calls: list[str] = field(default_factory=list)

    def _write(self, name: str, write: Callable[[], None]) -> None:
        self.calls.append(name)
        self.writes_left -= 1
        if self.writes_left < 0:
            if self.after:
                write()
            raise Interrupted(name)
        write()

    def upsert(self, points: Sequence[object]) -> None:
        self._write("upsert", lambda: self.index.upsert(points))

    def delete_item(self, identifier: str, keep: Sequence[str] = ()) -> None:
        self._write("delete", lambda: self.index.delete_item(identifier, keep))

    def flush(self) -> None:
        self._write("flush", self.index.flush)


def contents(index):
    """Everything that the index holds: ids, payloads, and the order and scores of a search on each leg."""
    request = SearchRequest(
        SearchFilter(READERS), dense=[1.0] * 64, text="annual leave days hotels", label_text="annual leave", limit=100
    )
    found = index.search(request)
    return {
        name: {hit.id: (hit.payload, round(hit.score, 5)) for hit in getattr(found, name)}
        for name in ("dense", "text", "label")
    }


def change(house):
    """A change of every kind: new, other text, other readers, gone, quarantined."""
    house.workspace.write(
        "content/people/parking.md", "# Parking\n\nPark behind the house.\n\n## Bicycles\n\nInside.\n"
    )
    house.workspace.replace("content/people/leave.md", "27 days", "28 days")
    house.workspace.replace("sources/people-handbook.yaml", '["group:staff"]', '["group:people-leads"]')
    house.workspace.remove("content/people/leave-2024.md")
    house.workspace.write("content/people/bonus.md", "\n")
    house.apply()


def catalog_alone(house):
    """Sync the sources and leave the index behind."""
    concord = house.concord
    for source in concord.foundation.sources.values():
        sync = concord.sync(source)
        sync.settle(sync.run())
    with reading(concord.engine) as connection:
        return outbox.depth(connection)


def unembedded(house):
    """Take in a change of one passage, and go no further."""
    house.workspace.replace("content/people/leave.md", "27 days", "28 days")
    house.concord.sync(house.concord.foundation.sources["people-handbook"]).run()


def waiting(house):
    with reading(house.concord.engine) as connection:
        return outbox.depth(connection)


@pytest.mark.parametrize("after", [False, True])
def test_interrupted_at_any_write_it_converges_to_the_undisturbed_index(house, monkeypatch, after):
    monkeypatch.setattr(indexing, "ITEMS_AT_ONCE", 2)
    change(house)
    assert catalog_alone(house) == 5  # what is gone is described anew for past dates, and waits twice
    engine, index, encoder = house.concord.engine, house.concord.index, house.concord.cached_encoder
    at, interruptions = 0, 0
    while True:
        failing = Failing(index, at, after)
        try:
            drain(engine, failing, encoder)
            break
        except Interrupted as error:
            interruptions += 1
            # Only a flush that succeeded lets entries go; what was embedded is kept.
            assert waiting(house) > 0, error
            at += 1
    # Four writes a round of two items: stopped at each of them, then at the first of each round that followed.
    assert interruptions == 6 and waiting(house) == 0
    converged = contents(index)
    house.close()
    undisturbed = fresh(house)
    assert converged == undisturbed and len(converged["dense"]) > 3


def fresh(house):
    """What an index built anew holds."""
    folder = Path(house.workspace.folder) / "fresh"
    index = open_index(folder, 64, shared=False)
    try:
        with writing(house.concord.engine) as connection:
            outbox.enqueue_all(connection)
        drain(house.concord.engine, index, house.concord.cached_encoder)
        return contents(index)
    finally:
        index.close()


def test_an_interrupted_drain_embeds_nothing_twice(house):
    unembedded(house)
    encoder = house.concord.encoder
    before = encoder.encoded
    with pytest.raises(Interrupted):
        drain(house.concord.engine, Failing(house.concord.index, 0), house.concord.cached_encoder)
    assert encoder.encoded == before + 1
    drain(house.concord.engine, house.concord.index, house.concord.cached_encoder)
    assert encoder.encoded == before + 1


def test_draining_twice_changes_nothing(house):
    before = contents(house.concord.index)
    with writing(house.concord.engine) as connection:
        assert outbox.enqueue_all(connection) == 5
        outbox.enqueue(connection, ["people-handbook/leave.md", "people-handbook/leave.md", "unknown/item"])
    done = drain(house.concord.engine, house.concord.index, house.concord.cached_encoder)
    assert done.items == 6 and done.embedded == 0
    assert contents(house.concord.index) == before


def test_an_embedding_that_fails_leaves_the_outbox_as_it_was(house):
    class Broken(type(house.concord.encoder)):
        def encode_passages(self, passages):
            raise Interrupted("encoder")

    unembedded(house)
    depth, held = waiting(house), contents(house.concord.index)
    cached = CachedEncoder(Broken(), house.concord.cached_encoder._store)
    with pytest.raises(Interrupted):
        drain(house.concord.engine, house.concord.index, cached)
    assert waiting(house) == depth and contents(house.concord.index) == held


def test_what_changes_during_a_drain_follows_in_the_next_round(house):
    """A sync of another source may write between the drain's reading and its acknowledging."""
    house.workspace.replace("content/people/leave.md", "27 days", "28 days")
    catalog_alone(house)

    @dataclass
    class Meanwhile(Failing):
        done: bool = False

        def flush(self) -> None:
            if not self.done:
                self.done = True
                house.workspace.replace("content/people/leave.md", "28 days", "29 days")
                catalog_alone(house)
            self.index.flush()

    drain(house.concord.engine, Meanwhile(house.concord.index, 1000), house.concord.cached_encoder)
    assert waiting(house) == 0
    [found] = house.concord.search("29 days of annual leave", house.principal("pat")).passages[:1]
    assert "29 days" in found.chunk.text and found.item.revision == 3


class Dying:
    """Kills the index process behind the last write of each of the first rounds, before their flush."""

    def __init__(self, index: EdgeClient, rounds: int, writes: int) -> None:
        self.index, self.left, self.writes, self.seen = index, rounds, writes, 0

    def __call__(self, items: int) -> None:
        self.seen += items
        if self.left and self.seen % self.writes == 0:
            self.left -= 1
            os.kill(self.index.process_id(), signal.SIGKILL)


@pytest.fixture
def own_process(house):
    """An empty index in a process of its own, and everything waiting for it."""
    with writing(house.concord.engine) as connection:
        assert outbox.enqueue_all(connection) == 5
    index = EdgeClient(Path(house.workspace.folder) / "own", 64, idle_seconds=20)
    yield index
    index.stop()


def test_what_died_with_the_index_process_is_written_again(house, own_process):
    dying = IndexProgress(items=Dying(own_process, rounds=1, writes=5))
    assert drain(house.concord.engine, own_process, house.concord.cached_encoder, dying).items == 5
    assert waiting(house) == 0 and contents(own_process) == contents(house.concord.index)


def test_an_index_process_that_keeps_dying_leaves_everything_waiting(house, own_process):
    dying = IndexProgress(items=Dying(own_process, rounds=LOSSES + 1, writes=5))
    with pytest.raises(WritesLost):
        drain(house.concord.engine, own_process, house.concord.cached_encoder, dying)
    assert waiting(house) == 5


def test_an_index_that_holds_too_little_is_rebuilt_unless_something_waits(house):
    engine, index = house.concord.engine, house.concord.index
    before = contents(index)
    assert rebuild_if_lost(engine, index) == 0
    index.delete_item("people-handbook/leave.md")
    assert house.concord.index_behind()
    assert rebuild_if_lost(engine, index) == 5
    assert rebuild_if_lost(engine, index) == 0  # what waits brings it
    drain(engine, index, house.concord.cached_encoder)
    assert contents(index) == before and not house.concord.index_behind()
