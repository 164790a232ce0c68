"""Claims in words: contradictions between contacts, named values and polarity, and what is none."""

import pytest

from concord.authority.claims import SourceText
from concord.authority.conflicts import find_conflicts
from concord.authority.extraction import extract_all
from concord.authority.questions import Question
from concord.authority.values import ValueType

from .conftest import make_passage


def conflicts(one: str, other: str, title: str = "Travel", other_title: str = "Travel") -> list[ValueType]:
    sources: list[SourceText] = [make_passage("a/1", one, title=title), make_passage("b/1", other, title=other_title)]
    return [each.value_type for each in find_conflicts(extract_all(sources)).conflicts]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Send travel receipts to expenses@corp.org.", "Send travel receipts to finance@corp.org.", ValueType.CONTACT),
        ("For travel questions, ask in #travel.", "Travel questions: ask in #trips on Slack.", ValueType.CONTACT),
        ("Trips are approved by your line manager.", "Trips are approved by the finance director.", ValueType.NAMED),
        ("Submit travel expenses in Concur.", "Submit travel expenses in Workday.", ValueType.NAMED),
        ("Personal devices must not be used on trips.", "Personal devices may be used on trips.", ValueType.POLARITY),
        ("Receipts are required for taxi rides.", "Receipts are not required for taxi rides.", ValueType.POLARITY),
    ],
)
def test_contradictions(one: str, other: str, kind: ValueType) -> None:
    assert conflicts(one, other) == [kind]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Submit travel expenses in Concur.", "Submit travel expenses in Concur or Workday."),
        ("Use Splunk for logs.", "Use Datadog for metrics."),
        ("Personal devices must not be used without approval.", "Personal devices may be used with approval."),
        ("Receipts are required for taxi rides.", "Receipts are not required for bus rides."),
        ("Receipts are required for taxi rides.", "Receipts are requested: you can be required to show them."),
        ("For example, receipts are required for taxi rides.", "Receipts are not required for taxi rides."),
        ("Trips are approved by your line manager.", "Trips are approved by the manager."),
        ("Send [your name] receipts to expenses@corp.org.", "Send [your name] receipts to finance@corp.org."),
    ],
)
def test_no_contradiction(one: str, other: str) -> None:
    assert conflicts(one, other) == []


def test_help_pages_of_two_subjects_name_a_contact_each() -> None:
    one, other = "If you have questions, contact travel@corp.org.", "If you have questions, contact payroll@corp.org."
    assert conflicts(one, other, "Travel booking", "Payroll dates") == []
    assert conflicts(one, other, "Travel booking", "Travel booking") == [ValueType.CONTACT]


@pytest.mark.parametrize(
    ("question", "found"),
    [("Who approves trips?", True), ("How many trips are approved?", False), ("When are trips approved?", False)],
)
def test_a_question_asks_for_words_or_numbers(question: str, found: bool) -> None:
    claims = extract_all(
        [
            make_passage("a/1", "Trips are approved by your line manager."),
            make_passage("b/1", "Trips are approved by the finance director."),
        ]
    )
    assert bool(find_conflicts(claims, question=Question.read(question)).conflicts) is found


def test_a_number_beside_must_is_the_only_claim() -> None:
    claims = extract_all([make_passage("a/1", "You must book 14 days ahead.")])
    assert [claim.value.type for claim in claims] == [ValueType.DURATION]


@pytest.mark.parametrize(
    "text",
    [
        "For example, you get 5 days of leave.",
        "Dear Ann, you have 5 days of leave.",
        "You get [number of days] within 5 days.",
        "Some benefits, such as 5 days of leave, are new.",
        "This takes a day or two: support runs 24/7 with 3 people.",
    ],
)
def test_examples_templates_and_figures_of_speech_are_no_claims(text: str) -> None:
    assert extract_all([make_passage("a/1", text)]) == []
