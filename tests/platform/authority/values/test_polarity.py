"""Polarity: what a rule makes of an act, and sentences that rule nothing."""

import pytest

from concord.authority.values.modality import Modality, agree
from concord.authority.values.polarity import find_polarity


def read(text: str) -> list[str]:
    return [found.value.low for found in find_polarity(text)]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Contractors must wear a badge.", "required"),
        ("Receipts are required.", "required"),
        ("Training is mandatory for managers.", "required"),
        ("You have to book by phone.", "required"),
        ("Personal devices must not be used.", "forbidden"),
        ("Alcohol is strictly prohibited on site.", "forbidden"),
        ("Guests are not allowed in the lab.", "forbidden"),
        ("You can't carry leave over.", "forbidden"),
        ("No visitor may park on site.", "forbidden"),
        ("Employees can work abroad.", "allowed"),
        ("Unused leave can be carried over.", "allowed"),
        ("Dogs are allowed.", "allowed"),
        ("Staff may leave early on Fridays.", "may"),
        ("A receipt is not required.", "optional"),
        ("Attendance is voluntary.", "optional"),
        ("You do not need to ask.", "optional"),
    ],
)
def test_reads_polarity(text: str, polarity: str) -> None:
    assert read(text) == [polarity]


@pytest.mark.parametrize(
    "text",
    [
        "Prices may vary.",
        "This can be confusing.",
        "Errors that can occur are listed here.",
        "The report is due in May.",
        "It must have been lost.",
        "Can I take leave?",
        "You can't overstate this.",
        "Staff must not smoke, and visitors may smoke outside.",
        "The tin can rusts.",
    ],
)
def test_rules_nothing(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("left", "right", "together"),
    [
        (Modality.REQUIRED, Modality.FORBIDDEN, False),
        (Modality.ALLOWED, Modality.FORBIDDEN, False),
        (Modality.MAY, Modality.FORBIDDEN, False),
        (Modality.MAY, Modality.REQUIRED, False),
        (Modality.OPTIONAL, Modality.REQUIRED, False),
        (Modality.ALLOWED, Modality.REQUIRED, True),
        (Modality.ALLOWED, Modality.OPTIONAL, True),
        (Modality.FORBIDDEN, Modality.OPTIONAL, True),
    ],
)
def test_what_goes_together(left: Modality, right: Modality, together: bool) -> None:
    assert agree(left, right) is together and agree(right, left) is together
