"""Timers: taken by one, held for a while, and due again where whoever had them died."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from concord.catalog import jobs
from concord.catalog.engine import reading, writing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOLD = timedelta(minutes=2)


@pytest.fixture
def two(engine):
    with writing(engine) as connection:
        jobs.declare(connection, jobs.news(connection, dict.fromkeys(("a", "b"), (NOW, NOW + HOLD))))
    return engine


def take(engine, now=NOW, worker="one", wanted=("a", "b", "c")):
    with writing(engine) as connection:
        return jobs.take(connection, wanted, worker, now, HOLD)


def test_each_is_taken_once_however_many_want_it(two):
    with ThreadPoolExecutor(8) as pool:
        taken = [run.job for run in pool.map(lambda _: take(two), range(16)) if run]
    assert sorted(taken) == ["a", "b"]


def test_what_was_taken_by_one_that_died_is_due_again_and_its_end_changes_nothing(two):
    first, _ = take(two), take(two)
    assert take(two, NOW + HOLD - timedelta(seconds=1)) is None
    again = take(two, NOW + HOLD, "two")
    assert again is not None and again.job == first.job
    with writing(two) as connection:
        assert not jobs.renew(connection, first, NOW + 9 * HOLD)
        jobs.end(connection, first, NOW + HOLD, NOW, "done")
        kept = jobs.runs(connection, [first.job], 9)
    assert [(each.state, each.worker) for each in kept] == [("running", "two"), ("lost", "one")]
    assert take(two, NOW + HOLD + timedelta(seconds=1)).job != first.job


def test_a_renewed_one_stays_with_whoever_has_it(two):
    first = take(two)
    with writing(two) as connection:
        assert jobs.renew(connection, first, NOW + 3 * HOLD)
    assert [take(two, NOW + 2 * HOLD).job, take(two, NOW + 2 * HOLD)] == ["b", None]


def test_failures_are_counted_until_it_works(two):
    for state, attempts in (("failed", 0), ("failed", 1), ("done", 2), ("done", 0)):
        run = take(two)
        assert (run.job, run.attempts) == ("a", attempts)
        with writing(two) as connection:
            jobs.end(connection, run, NOW, NOW - timedelta(days=1), state)


def test_jobs_follow_what_is_declared(two):
    with writing(two) as connection:
        found = jobs.news(connection, {"a": (NOW, NOW - HOLD), "c": (NOW + HOLD, NOW + HOLD)})
        assert found == {"a": NOW - HOLD, "c": NOW + HOLD}
        jobs.declare(connection, found)
        assert jobs.due(connection) == {"a": NOW - HOLD, "b": NOW, "c": NOW + HOLD}
    with reading(two) as connection:
        assert not jobs.news(connection, {"a": (NOW, NOW), "c": (NOW, NOW + HOLD)})


def test_two_whose_settings_differ_leave_each_others_times_and_failures(engine):
    taken = []

    def step(worker, wanted, now):
        with writing(engine) as connection:
            jobs.declare(connection, jobs.news(connection, dict.fromkeys(wanted, (now, now + 15 * HOLD))))
        if run := take(engine, now, worker, wanted):
            taken.append((worker, run.job, run.attempts))
            with writing(engine) as connection:
                jobs.end(connection, run, now, now + 9 * HOLD, "failed")

    for round_ in range(10):
        step("older", ("a",), NOW + round_ * HOLD)
        step("newer", ("b",), NOW + round_ * HOLD)
    assert taken == [("older", "a", 0), ("newer", "b", 0), ("older", "a", 1), ("newer", "b", 1)]


def test_what_nobody_wants_for_long_is_forgotten(two):
    with writing(two) as connection:
        jobs.forget(connection, ("a",), NOW)
        assert set(jobs.due(connection)) == {"a", "b"}
        jobs.forget(connection, ("a",), NOW + HOLD)
        assert set(jobs.due(connection)) == {"a"}
