"""The audit log: every event follows from the one before it, and whatever was done to one afterwards shows."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text

from concord.catalog.audit import GENESIS, AuditEvent, events
from concord.catalog.engine import reading, writing
from concord.catalog.errors import AuditBroken
from concord.catalog.schema import audit_events


@pytest.fixture
def log(engine):
    with writing(engine) as connection:
        for number in range(5):
            AuditEvent("source.synced", "system:sync", f"source-{number}", {"entries": number}).append(connection)
    return engine


def verified(engine):
    with reading(engine) as connection:
        return list(events(connection))


def tampered(engine, *statements):
    with writing(engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_events_come_back_as_they_were_appended(engine):
    moment = datetime(2026, 3, 29, 2, 30, 0, 123456, timezone(timedelta(hours=2)))
    event = AuditEvent("x.y", "user:zoë", "a/b@1", {"list": [1, "é", None], "nested": {"b": 1.5, "a": True}}, at=moment)
    with writing(engine) as connection:
        event.append(connection)
    [read] = verified(engine)
    assert read == event and read.at == moment


def test_each_event_carries_the_hash_of_the_one_before_it(log):
    with reading(log) as connection:
        rows = connection.execute(select(audit_events).order_by(audit_events.c.seq)).all()
    assert [row.previous for row in rows] == [GENESIS, *(row.hash for row in rows[:-1])]
    assert len({row.hash for row in rows}) == 5


def test_an_untouched_log_verifies(log):
    assert [event.subject for event in verified(log)] == [f"source-{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "'user:mallory'"),
        ("type", "'x'"),
        ("subject", "'x'"),
        ("data", "'{\"entries\": 99}'"),
        ("at", "'2020-01-01 00:00:00.000000'"),
        ("id", "'00000000-0000-0000-0000-000000000000'"),
        ("hash", f"'{GENESIS}'"),
        ("previous", f"'{GENESIS}'"),
    ],
)
def test_an_edited_event_is_detected(log, column, value):
    tampered(log, f"UPDATE audit_events SET {column} = {value} WHERE seq = 3")
    with pytest.raises(AuditBroken, match="audit event 3 was altered") as caught:
        verified(log)
    assert caught.value.seq == 3


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_deleted_event_is_detected_at_the_one_after_it(log, seq):
    tampered(log, f"DELETE FROM audit_events WHERE seq = {seq}")
    with pytest.raises(AuditBroken) as caught:
        verified(log)
    assert caught.value.seq == seq + 1


def test_events_that_changed_places_are_detected(log):
    tampered(
        log,
        "UPDATE audit_events SET seq = 100 WHERE seq = 2",
        "UPDATE audit_events SET seq = 2 WHERE seq = 3",
        "UPDATE audit_events SET seq = 3 WHERE seq = 100",
    )
    with pytest.raises(AuditBroken) as caught:
        verified(log)
    assert caught.value.seq == 2


def test_an_inserted_event_is_detected(log):
    tampered(
        log,
        "UPDATE audit_events SET seq = seq + 100 WHERE seq > 2",
        "INSERT INTO audit_events SELECT 3, 'new', at, actor, type, subject, data, previous, hash "
        "FROM audit_events WHERE seq = 2",
    )
    with pytest.raises(AuditBroken) as caught:
        verified(log)
    assert caught.value.seq == 3


def test_an_event_is_undone_with_the_transaction_that_it_tells_of(log):
    with pytest.raises(RuntimeError), writing(log) as connection:
        AuditEvent("x", "system:test", "y", at=datetime.now(UTC)).append(connection)
        raise RuntimeError
    assert len(verified(log)) == 5
