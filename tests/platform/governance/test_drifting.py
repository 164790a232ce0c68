"""Drift: another page is cited than before, though no page and no rule has changed; looked for once a change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from concord.catalog.audit import events_of
from concord.catalog.engine import reading
from concord.catalog.traces import asked_since
from concord.governance.cases.drifting import SUBJECT, Drift
from concord_feedback.causes import RootCause

LEAVE = "people-handbook/leave.md"
QUESTION = "How many days of annual leave does everyone receive?"


@pytest.fixture
def drift(house):
    return Drift(house.concord.engine, {"model": "one"}, house.concord.foundation.declarations.digest)


def asked(house):
    with reading(house.concord.engine) as connection:
        return asked_since(connection, datetime.now(UTC) - timedelta(days=1), 100)[0]


def same(house):
    return house.concord.supposing(house.concord.foundation)


def other(house):
    """As if another model took every question for one about the bonus."""
    ask = same(house)
    question = "Which expenses of a relocation are claimed with a bonus?"
    return lambda trace: ask(trace.model_copy(update={"question": question}))


def test_a_question_that_cites_another_page_is_a_sign_and_the_same_page_is_none(house, drift):
    house.ask(QUESTION, "pat")
    traces = asked(house)
    assert drift.signals(traces, lambda: same(house)) == []
    (sign,) = drift.signals(traces, lambda: other(house))
    assert (sign.about.cause, sign.about.item) == (RootCause.RETRIEVAL_MISS, LEAVE)
    assert (sign.report.question, sign.report.principal) == (QUESTION, "pat")
    assert [each.partition("@")[0] for each in sign.report.expected] == [LEAVE]


def test_a_page_or_a_rule_that_changed_since_is_no_drift(house, drift):
    house.ask(QUESTION, "pat")
    traces = asked(house)
    assert replace(drift, digest="another").signals(traces, lambda: other(house)) == []
    house.workspace.replace("content/people/bonus.md", "in March", "in April")
    house.sync()
    assert drift.signals(traces, lambda: other(house)) == []  # the page that is cited now was another then
    house.workspace.replace("content/people/leave.md", "27 days", "28 days")
    house.sync()
    assert drift.signals(traces, lambda: pytest.fail("nothing is left to ask")) == []


def test_each_change_is_looked_at_once_and_the_first_time_only_noted(house, drift):
    assert not drift.due() and not drift.due()
    moved = replace(drift, facts={"model": "two"})
    assert moved.due()
    moved.note({"asked": 3})
    assert not moved.due() and drift.due()
    with reading(house.concord.engine) as connection:
        assert [each.data for each in events_of(connection, SUBJECT)] == [
            {"model": "one"},
            {"model": "two", "asked": 3},
        ]
