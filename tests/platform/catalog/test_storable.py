"""What no database holds is decided once: both hold the same, and lengths and offsets stay."""

import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from concord.catalog import chunks, items
from concord.catalog.audit import AuditEvent, events
from concord.catalog.engine import reading, writing
from concord.catalog.history import readable_history
from concord.catalog.schema import audit_events, tags
from concord.catalog.storable import storable, storable_value, to_json
from concord_taxonomy.standard import Principal

words = st.text(st.characters(), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(words, each, max_size=3),
    max_leaves=8,
)


@given(words)
def test_text_keeps_its_length_and_everything_that_utf8_has(text):
    kept = storable(text)
    assert len(kept) == len(text) and "\0" not in kept
    kept.encode()
    assert storable(kept) == kept
    assert all(a == b or b == "\ufffd" for a, b in zip(text, kept, strict=True))


@given(values)
def test_json_is_what_json_can_hold(value):
    text = to_json(value)
    assert json.loads(text, parse_constant=lambda name: 1 / 0) == json.loads(json.dumps(storable_value(value)))
    assert "\\u0000" not in text.replace("\\\\", "")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(words, values, max_size=3), words, words)
def test_every_event_can_be_kept_and_its_chain_holds(engine, data, actor, subject):
    with writing(engine) as connection:
        connection.execute(audit_events.delete())
        for _ in range(2):
            AuditEvent("x", actor, subject, data).append(connection)
    with reading(engine) as connection:
        kept = list(events(connection))
    assert [event.subject for event in kept] == [storable(subject)] * 2
    assert kept[0].data == storable_value(data)


def test_what_cannot_be_kept_is_looked_for_and_not_found(engine):
    who = Principal("pat")
    with reading(engine) as connection:
        assert items.at_addresses(connection, who, ["http://x/a\0b"]) == []
        assert chunks.stating(connection, ["three words \0 and more"], 5) == []
        assert items.readable(connection, who, ["a\0b"]) == {}
        assert readable_history(connection, who, "a\0b") is None


def test_an_error_says_nothing_of_what_was_looked_for(engine):
    with reading(engine) as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(text("SELECT * FROM nowhere WHERE x = :secret"), {"secret": "zanzibar"})
    assert "nowhere" in str(failed.value) and "zanzibar" not in str(failed.value)


def test_numbers_and_order_of_keys_come_back(engine):
    data = {"z": 1, "a": 1.0, "b": 10**30, "c": 1e-320, "d": 0.1 + 0.2, "e": -0.0, "f": math.pi, "é": "\U0001f600"}
    with writing(engine) as connection:
        AuditEvent("x", "a", "s", data).append(connection)
    with reading(engine) as connection:
        kept = connection.scalar(select(audit_events.c.data))
    assert list(kept.items()) == list(data.items())
    assert [type(each) for each in kept.values()] == [type(each) for each in data.values()]


def test_what_was_mended_is_found_by_what_it_was(engine):
    with writing(engine) as connection:
        row = {"identifier": "s/\0a", "concept": "\ud800", "origin": "rule", "score": 1, "matched": ["\0"]}
        connection.execute(insert(tags).values(**row))
        wanted = select(tags).where(tags.c.identifier.in_(["s/\0a", "other"]), tags.c.concept == "\ud800")
        assert connection.execute(wanted).one().matched == ["\ufffd"]
