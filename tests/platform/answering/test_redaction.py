"""What is kept of a question, by the settings `traces`."""

import re

import pytest
from sqlalchemy import select

from concord.answering.redaction import _taken_out
from concord.catalog.engine import reading
from concord.catalog.schema import traces
from concord.catalog.traces import load_trace
from concord.workspace.settings import NAMED_PATTERNS, TraceSettings

PAGE = "# Annual leave\n\nEveryone receives 27 days of annual leave a year. Ask leave@small.example about it.\n"
ASKED = "How many days of annual leave does everyone receive? I am jane.doe+x@mail.example, badge EMP-4711."


@pytest.fixture
def kept(answering, model, monkeypatch):
    """What is kept of a question that a model answered: the trace, and every word of its row."""

    def ask(**settings):
        for name, value in settings.items():
            monkeypatch.setenv(f"CONCORD_TRACES__{name.upper()}", value)
        house = answering({"policies/leave.md": PAGE})
        model.script = "Everyone gets 40 days [{27 days}]. You receive 27 days of annual leave a year [{27 days}]."
        answer = house.concord.ask(ASKED, house.principal("pat"))
        assert "27 days" in answer.text  # who asked is told all of it
        with reading(house.concord.engine) as connection:
            row = connection.execute(select(traces)).one()
            return load_trace(connection, answer.trace_id, "pat"), str(tuple(row))

    return ask


def test_everything_is_kept_where_nothing_else_is_said(kept):
    trace, row = kept()
    assert "jane.doe" in trace.question and "27 days" in row and trace.stage("prompt").data["user"]


def test_parts_that_are_left_out_are_nowhere_in_the_row(kept):
    trace, row = kept(leave_out='["evidence", "answer", "prompt"]')
    assert trace.question == ASKED and "27 days" not in row and "40 days" not in row and "leave@" not in row
    assert (trace.answer, trace.evidence[0].text, trace.citations[0].quote) == ("[left out]",) * 3
    assert trace.evidence[0].identifier == "policies/leave.md" and trace.stage("rank").data["passages"]
    assert trace.stage("answer").data["model"] == "stand-in" and len(trace.stage("check").data["removed"]) == 1


def test_the_prompt_goes_with_the_evidence_that_it_holds(kept):
    trace, row = kept(leave_out='["prompt"]')
    assert trace.stage("prompt").data["user"] == "[left out]" and "27 days" in trace.evidence[0].text
    _, row = kept(leave_out='["evidence"]')
    assert "Ask leave@" not in row


def test_a_decision_keeps_its_values_and_no_sentence_of_pages(answering, monkeypatch):
    monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "0")
    monkeypatch.setenv("CONCORD_TRACES__LEAVE_OUT", '["evidence"]')
    house = answering({"policies/leave.md": PAGE, "wiki/leave.md": PAGE.replace("27", "26")})
    answer = house.concord.ask(ASKED, house.principal("pat"))
    with reading(house.concord.engine) as connection:
        trace = load_trace(connection, answer.trace_id, "pat")
    (conflict,), decided = trace.conflicts, trace.stage("decide").data
    claim = conflict["claims"][0]
    assert (claim["attribute"]["template"], claim["quote"], claim["identifier"]) == (
        "[left out]",
        "[left out]",
        "policies/leave.md",
    )
    assert claim["value"]["low"]
    assert {each["text"] for each in decided["claims"]} == {"[left out]"}


def test_what_patterns_match_is_nowhere_in_the_row(kept):
    trace, row = kept(redact='["email", "EMP-[0-9]+"]')
    assert "jane.doe" not in row and "4711" not in row and "leave@small" not in row
    assert trace.question.endswith("I am [redacted], badge [redacted].") and "27 days" in trace.answer
    assert trace.principal == "pat" and trace.evidence[0].identifier == "policies/leave.md"


@pytest.mark.parametrize(
    ("name", "text", "whole"),
    [
        ("email", "a.b@c-d.example", True),
        ("phone", "+44 (0)20 7946 0958", True),
        ("phone", "27 days in 2026", False),
        ("phone", "2026-01-31", False),
        ("phone", "01.23.45.67.89", True),
        ("phone", "212.555.0134", True),
        ("phone", "1.000.000.000", False),
        ("card", "4111 1111 1111 1111", True),
        ("card", "12345", False),
        ("iban", "DE89 3704 0044 0532 0130 00", True),
        ("iban", "GB29NWBK60161331926819", True),
        ("iban", "ISO 27001", False),
    ],
)
def test_named_patterns(name, text, whole):
    found = re.search(NAMED_PATTERNS[name], f"It is {text}, they say")
    assert (found is not None and found[0] == text) if whole else found is None


@pytest.mark.parametrize(
    "number", ["DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19", "4111 1111 1111 1111"]
)
def test_no_pattern_leaves_a_part_of_what_another_takes(number):
    patterns = [re.compile(each) for each in NAMED_PATTERNS.values()]
    assert _taken_out(f"Pay to {number}, please.", patterns) == "Pay to [redacted], please."


@pytest.mark.parametrize("pattern", ["(", "a*", ""])
def test_a_pattern_that_cannot_be_used(pattern):
    with pytest.raises(ValueError, match=r"regular expression|everywhere"):
        TraceSettings(redact=(pattern,))
