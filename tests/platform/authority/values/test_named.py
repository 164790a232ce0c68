"""Named values: fixed shapes, and what only resembles them."""

import pytest

from concord.authority.values.named import find_named
from concord.authority.values.typed import TypedValue, ValueType, same_value


def read(text: str) -> list[tuple[str, str]]:
    return [(found.value.unit, found.value.low) for found in find_named(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The approver is the director.", [("is", "director")]),
        ("The approver for travel is the finance director.", [("is", "finance director")]),
        ("Our payroll provider is Paychex.", [("is", "paychex")]),
        ("Overtime is approved by your line manager.", [("by", "line manager")]),
        ("The supervisor approves the request.", [("by", "supervisor")]),
        ("Use Splunk for logging.", [("use", "splunk")]),
        ("We use GitHub Actions for builds.", [("use", "github actions")]),
        ("Submit expenses in Concur.", [("in", "concur")]),
        ("You must log hours in Tock and HRLinks.", [("in", "tock"), ("in", "hrlinks")]),
    ],
)
def test_reads_a_name(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Submit your timesheet in September.",
        "Use the form below.",
        "Learn how to use Trello.",
        "The owner is the one responsible.",
        "The lead is available on request.",
        "Documents on Google Drive are private.",
        "Book a desk on Monday.",
    ],
)
def test_reads_no_name(text: str) -> None:
    assert read(text) == []


def test_a_longer_name_is_the_same() -> None:
    short, long, other = (
        TypedValue(ValueType.NAMED, low, unit="by") for low in ("manager", "line manager", "director")
    )
    assert same_value(short, long) and not same_value(long, other)
