"""The outbox: in order, forgotten only when acknowledged, and never a number used twice."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from concord.catalog import outbox, texts
from concord.catalog.engine import reading, writing
from concord.catalog.schema import items


def test_entries_come_oldest_first_and_go_when_acknowledged(engine):
    with writing(engine) as connection:
        outbox.enqueue(connection, ["s/b", "s/a", "s/b"])
        outbox.enqueue(connection, [])
    with writing(engine) as connection:
        held = outbox.pending(connection, 2)
        assert [identifier for _, identifier in held] == ["s/b", "s/a"]
        assert outbox.depth(connection) == 3
        outbox.acknowledge(connection, [seq for seq, _ in held])
        assert [identifier for _, identifier in outbox.pending(connection, 10)] == ["s/b"]


def test_a_number_is_never_used_again(engine):
    # Else a drain that began before could acknowledge what was enqueued after it.
    with writing(engine) as connection:
        outbox.enqueue(connection, ["s/a"])
        [(first, _)] = outbox.pending(connection, 1)
        outbox.acknowledge(connection, [first])
        outbox.enqueue(connection, ["s/a"])
        [(second, _)] = outbox.pending(connection, 1)
    assert second > first


def test_an_entry_is_undone_with_its_transaction(engine):
    with pytest.raises(RuntimeError), writing(engine) as connection:
        outbox.enqueue(connection, ["s/a"])
        raise RuntimeError
    with reading(engine) as connection:
        assert outbox.depth(connection) == 0


def test_many_entries_are_acknowledged_at_once(engine):
    with writing(engine) as connection:
        outbox.enqueue(connection, [f"s/{number}" for number in range(1203)])
        outbox.acknowledge(connection, [seq for seq, _ in outbox.pending(connection, 1201)])
        assert [identifier for _, identifier in outbox.pending(connection, 9)] == ["s/1201", "s/1202"]


def test_a_rebuild_waits_for_every_live_item_once(engine):
    with writing(engine) as connection:
        texts.keep(connection, ["body"])
        for name, live in (("a", True), ("b", True), ("gone", False)):
            row = {
                "identifier": f"s/{name}",
                "source": "s",
                "native_id": name,
                "revision": 1,
                "item": {"generated_at": datetime.now(UTC).isoformat()},
                "body": texts.text_hash("body"),
                "live": live,
                "labels": "",
                "record_version": "1",
                "context": "",
                "index_state": "",
            }
            connection.execute(insert(items).values(**row))
        outbox.enqueue(connection, ["s/b"])
        assert outbox.enqueue_all(connection) == 1
        assert [identifier for _, identifier in outbox.pending(connection, 9)] == ["s/b", "s/a"]
        assert outbox.enqueue_all(connection) == 0
