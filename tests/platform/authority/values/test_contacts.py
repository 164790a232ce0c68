"""Contacts: what is one, in which form, and what only looks like one."""

import pytest

from concord.authority.values import extract_worded
from concord.authority.values.contacts import find_contacts
from concord.authority.values.typed import TypedValue, ValueType, same_value


def read(text: str) -> list[tuple[str, str]]:
    return [(found.value.unit, found.value.low) for found in find_contacts(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Send receipts to Expenses@Corp.org.", "email", "expenses@corp.org"),
        ("Ask in #travel before you book.", "channel", "#travel"),
        ("Post it in the Slack channel #eng-incidents.", "channel", "#eng-incidents"),
        ("Call the service desk on +44 (0)20 7946 0018.", "phone", "+442079460018"),
        ("Telephone: 020 7946 0018", "phone", "02079460018"),
        ("Dial extension 4421 from any desk.", "phone", "4421"),
        ("Submit the form at https://www.Forms.corp.org/leave/.", "url", "forms.corp.org/leave"),
    ],
)
def test_reads_a_contact(text: str, kind: str, value: str) -> None:
    assert read(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "Write to your.name@corp.org or someone@example.com.",
        "See https://corp.org/handbook for more.",
        "Apply to {{base}} at https://{{host}}/apply.",
        "The brand colour is #fa3 in chat, and issue #12 is closed.",
        "## Heading",
        "Call within 30 days.",
        "The team of 2019 rang in 2020.",
        "We use C# in this channel.",
        "[apply]: https://corp.org/apply",
    ],
)
def test_reads_no_contact(text: str) -> None:
    assert read(text) == []


def test_a_page_that_was_updated_by_somebody_states_no_contact() -> None:
    assert extract_worded("Last updated by ann@corp.org") == []


def test_kinds_are_not_compared() -> None:
    mail, chat = (
        TypedValue(ValueType.CONTACT, low, unit=unit) for low, unit in (("a@b.org", "email"), ("#a", "channel"))
    )
    assert mail.dimension != chat.dimension and not same_value(mail, chat)
