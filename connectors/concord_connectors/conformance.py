"""The conformance kit: what every connector owes its callers, as tests to inherit.

Give it a source and a way to change it, and run it with pytest:

    class TestMyConnector(ConnectorContract):
        @pytest.fixture
        def world(self, tmp_path):
            return MyWorld(tmp_path)      # a ConnectorWorld

The world's source must hold at least three good records and one that fails, and its connector must give batches of at
most two entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from concord_connectors.contract import (
    Batch,
    Checkpoint,
    Connector,
    Entry,
    Failure,
    PastVersion,
    SourceRecord,
    Tombstone,
)

# ruff: noqa: D102, S101 - assertions are what a test kit is made of, and its tests' names say what they hold


class ConnectorWorld(Protocol):
    """A small source under test, and the changes that the contract speaks of."""

    def connector(self) -> Connector:
        """A connector on the source as it stands, with a batch size of 2."""
        ...

    def change(self) -> str:
        """Change the content of one good record; gives its native id."""
        ...

    def remove(self) -> str:
        """Remove one good record from the source; gives its native id."""
        ...

    def lose(self) -> None:
        """Make the source unreachable."""
        ...


class ConnectorContract:
    """Tests that hold for every connector; a subclass gives the fixture `world` (a fresh source for each test)."""

    def test_is_a_connector_with_a_name(self, world: ConnectorWorld) -> None:
        connector = world.connector()
        assert isinstance(connector, Connector)
        assert connector.name

    def test_a_crawl_ends_with_its_only_complete_checkpoint(self, world: ConnectorWorld) -> None:
        batches = crawl(world.connector())
        assert [batch.checkpoint.complete for batch in batches] == [False] * (len(batches) - 1) + [True]

    def test_failures_are_data(self, world: ConnectorWorld) -> None:
        entries = entries_of(crawl(world.connector()))
        failures = [entry for entry in entries if isinstance(entry, Failure)]
        assert failures, "the world needs a record that fails"
        for failure in failures:
            assert failure.native_id and failure.version and failure.detail
            assert failure.reason.replace("_", "").isalpha() and failure.reason == failure.reason.lower()

    def test_records_are_whole_and_met_once(self, world: ConnectorWorld) -> None:
        entries = present(entries_of(crawl(world.connector())))
        records = [entry for entry in entries if isinstance(entry, SourceRecord)]
        assert len(records) >= 3, "the world needs three good records"
        assert len({entry.native_id for entry in entries}) == len(entries)
        for record in records:
            assert record.native_id and record.version and record.media_type
            assert not any(ord(character) < 32 for character in record.native_id)

    def test_a_first_crawl_has_no_tombstones(self, world: ConnectorWorld) -> None:
        assert not tombstones_of(crawl(world.connector()))

    def test_two_crawls_give_the_same(self, world: ConnectorWorld) -> None:
        assert crawl(world.connector()) == crawl(world.connector())

    def test_checkpoints_are_json(self, world: ConnectorWorld) -> None:
        import json

        for batch in crawl(world.connector()):
            assert json.loads(json.dumps(batch.checkpoint.state)) == batch.checkpoint.state

    def test_a_crawl_resumes_behind_every_checkpoint(self, world: ConnectorWorld) -> None:
        batches = crawl(world.connector())
        assert len(batches) >= 2, "the world's connector must give batches of two"
        for stop in range(1, len(batches)):
            stored = batches[:stop]
            rest = crawl(world.connector(), stored[-1].checkpoint, versions(entries_of(stored)))
            assert [*entries_of(stored), *entries_of(rest)] == entries_of(batches)
            # Checkpoints may remember how they came about; what counts is that nothing is left to give.
            assert rest[-1].checkpoint.complete
            held = versions([*entries_of(stored), *entries_of(rest)])
            assert not entries_of(crawl(world.connector(), rest[-1].checkpoint, held))

    def test_a_resumed_crawl_needs_no_known_versions(self, world: ConnectorWorld) -> None:
        batches = crawl(world.connector())
        rest = crawl(world.connector(), batches[0].checkpoint, {})
        assert entries_of(rest) == entries_of(batches[1:])

    def test_known_versions_give_nothing(self, world: ConnectorWorld) -> None:
        batches = crawl(world.connector())
        known = versions(entries_of(batches))
        assert entries_of(crawl(world.connector(), None, known)) == []
        assert entries_of(crawl(world.connector(), batches[-1].checkpoint, known)) == []

    def test_only_a_changed_record_is_given_again(self, world: ConnectorWorld) -> None:
        batches = crawl(world.connector())
        known = versions(entries_of(batches))
        changed = world.change()
        for checkpoint in (None, batches[-1].checkpoint):
            entries = present(entries_of(crawl(world.connector(), checkpoint, known)))
            assert [type(entry) for entry in entries] == [SourceRecord]
            assert entries[0].native_id == changed
            assert versions(entries)[changed] != known[changed]

    def test_past_versions_stand_before_their_record_oldest_first(self, world: ConnectorWorld) -> None:
        world.change()
        before: list[PastVersion] = []
        for entry in entries_of(crawl(world.connector())):
            if isinstance(entry, PastVersion):
                assert entry.version and entry.since.tzinfo is not None
                assert not before or (entry.native_id == before[-1].native_id and not entry.first)
                before.append(entry)
                continue
            assert not before or entry.native_id == before[-1].native_id
            assert len({each.version for each in before}) == len(before)
            before = []
        assert not before

    def test_a_removed_record_becomes_a_tombstone_at_the_end(self, world: ConnectorWorld) -> None:
        batches = crawl(world.connector())
        known = versions(entries_of(batches))
        removed = world.remove()
        after = crawl(world.connector(), batches[-1].checkpoint, known)
        assert [entry.native_id for entry in entries_of(after)] == [removed]
        assert [entry.native_id for entry in tombstones_of(after)] == [removed]
        assert not tombstones_of(crawl(world.connector(), after[-1].checkpoint, without(known, removed)))

    def test_no_tombstone_comes_before_everything_was_looked_at(self, world: ConnectorWorld) -> None:
        removed = world.remove()
        batches = crawl(world.connector(), None, {removed: "as it was"})
        kinds = [isinstance(entry, Tombstone) for entry in entries_of(batches)]
        assert kinds == sorted(kinds) and kinds.count(True) == 1
        first = next(iter(world.connector().pull(None, {removed: "as it was"})))
        assert not tombstones_of([first])

    def test_a_resumed_crawl_finds_what_was_removed(self, world: ConnectorWorld) -> None:
        first = crawl(world.connector())[0]
        removed = world.remove()
        known = versions(first.entries) | {removed: "as it was"}
        assert [entry.native_id for entry in tombstones_of(crawl(world.connector(), first.checkpoint, known))] == [
            removed
        ]

    def test_a_source_that_cannot_be_reached_raises_instead_of_removing(self, world: ConnectorWorld) -> None:
        import pytest

        from concord_connectors.errors import SourceError

        batches = crawl(world.connector())
        known = versions(entries_of(batches))
        connector = world.connector()
        world.lose()
        for checkpoint in (None, batches[0].checkpoint, batches[-1].checkpoint):
            with pytest.raises(SourceError):
                crawl(connector, checkpoint, known)
        with pytest.raises(SourceError):
            list(connector.sample(1))

    def test_a_sample_is_bounded_and_part_of_the_source(self, world: ConnectorWorld) -> None:
        everything = versions(entries_of(crawl(world.connector())))
        assert list(world.connector().sample(0)) == []
        assert len(list(world.connector().sample(2))) == 2
        sample = list(world.connector().sample(1000))
        assert {entry.native_id: entry.version for entry in sample} == everything


def crawl(
    connector: Connector, checkpoint: Checkpoint | None = None, known: Mapping[str, str] | None = None
) -> list[Batch]:
    """All batches of one crawl."""
    return list(connector.pull(checkpoint, known or {}))


def entries_of(batches: Iterable[Batch]) -> list[Entry]:
    """The entries of some batches, in order."""
    return [entry for batch in batches for entry in batch.entries]


def tombstones_of(batches: Iterable[Batch]) -> list[Tombstone]:
    """The tombstones of some batches, in order."""
    return [entry for entry in entries_of(batches) if isinstance(entry, Tombstone)]


def present(entries: Iterable[Entry]) -> list[SourceRecord | Failure | Tombstone]:
    """`entries` without past versions."""
    return [entry for entry in entries if not isinstance(entry, PastVersion)]


def versions(entries: Iterable[Entry]) -> dict[str, str]:
    """What a catalog holds after storing `entries`: native id to version, failures too."""
    return {entry.native_id: entry.version for entry in present(entries) if not isinstance(entry, Tombstone)}


def without(known: Mapping[str, str], native_id: str) -> dict[str, str]:
    """`known` after a record has been removed."""
    return {key: version for key, version in known.items() if key != native_id}
