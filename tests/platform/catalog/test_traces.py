"""Traces: kept by value, shown to who asked alone, and gone after their time."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from concord.catalog import conversations
from concord.catalog.engine import reading, writing
from concord.catalog.schema import told
from concord.catalog.traces import forget_before, load_trace, store_trace
from concord_feedback import Trace
from concord_feedback.traces import Citation, Evidence, Stage

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def trace(name="t1", at=NOW, principal="ann"):
    return Trace(
        id=name,
        at=at,
        principal=principal,
        use_case="ask-people",
        question="How many days of leave?",
        as_of=date(2026, 11, 2),
        policy_version="abc",
        stages=(Stage(name="search", started=1.5, ms=2.5, data={"candidates": 3, "more": [None, {"é": True}]}),),
        evidence=(Evidence(identifier="p/leave.md", revision=2, ordinal=0, text="27 days", score=0.5),),
        answer="27 days [1].",
        citations=(Citation(number=1, identifier="p/leave.md", revision=2, quote="27 days"),),
        conflicts=({"verdict": "resolved", "rule": "tier"},),
    )


def test_a_trace_comes_back_as_it_was(engine):
    with writing(engine) as connection:
        store_trace(connection, trace())
    with reading(engine) as connection:
        assert load_trace(connection, "t1", "ann") == trace()


def test_anothers_trace_is_like_a_missing_one(engine):
    with writing(engine) as connection:
        store_trace(connection, trace())
    with reading(engine) as connection:
        assert load_trace(connection, "t1", "pat") is None
        assert load_trace(connection, "missing", "ann") is None
        for odd in ("", "user:ann", "ANN", "%"):
            assert load_trace(connection, "t1", odd) is None


def test_traces_go_after_their_time_and_not_before(engine):
    with writing(engine) as connection:
        for days in (1, 89, 90, 91, 400):
            store_trace(connection, trace(f"d{days}", NOW - timedelta(days=days)))
        assert forget_before(connection, NOW - timedelta(days=90)) == 2
        kept = [days for days in (1, 89, 90, 91, 400) if load_trace(connection, f"d{days}", "ann")]
        assert kept == [1, 89, 90]
        assert forget_before(connection, NOW - timedelta(days=90)) == 0


def test_moments_of_other_zones_are_compared_as_moments(engine):
    west, east = timezone(timedelta(hours=-9)), timezone(timedelta(hours=9))
    with writing(engine) as connection:
        store_trace(connection, trace("west", NOW.astimezone(west)))
        assert forget_before(connection, NOW - timedelta(hours=1)) == 0
        assert forget_before(connection, (NOW + timedelta(minutes=1)).astimezone(east)) == 1


def test_a_moment_without_a_zone_is_refused(engine):
    with pytest.raises(StatementError, match="has no time zone"), writing(engine) as connection:
        forget_before(connection, datetime(2026, 1, 1))


def test_traces_go_with_their_conversation(engine):
    """Those that were named in it, and are whose it is."""
    with writing(engine) as connection:
        for name, principal in (("t1", "ann"), ("t2", "ann"), ("t3", "pat")):
            store_trace(connection, trace(name, principal=principal))
        made = conversations.begin(connection, "ann", "How many?", None, NOW)
        for name in ("t1", "t3"):
            conversations.add(connection, "ann", made, "How many?", None, {"trace_id": name}, NOW)
        assert conversations.forget(connection, "pat", made) == 0 and load_trace(connection, "t1", "ann")
        assert conversations.forget(connection, "ann", made) == 1
        assert load_trace(connection, "t1", "ann") is None
        assert load_trace(connection, "t2", "ann") and load_trace(connection, "t3", "pat")
        assert set(connection.scalars(select(told.c.trace))) == {"t2", "t3"}
