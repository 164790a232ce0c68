from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.authority.values import Comparator, TypedValue, ValueType, extract, extract_values, same_value

PARTS = st.sampled_from(
    """12 5 2026 one hundred and to between March days month a per hours pm people version half EUR at least or more k
    million leave p £ $ € % : . , - – ( ) / ½""".split()  # noqa: SIM905
)


@pytest.mark.parametrize(
    "text",
    [
        "Last updated on 3 May 2024.",
        "This page was reviewed on 3 May 2024",
        "Next review: 3 May 2025",
        "Copyright 2024 Meridian, 12 pages",
        "Signed on 3 May 2024",
        "No number here.",
    ],
)
def test_the_pages_own_dates_are_no_values(text: str) -> None:
    assert extract_values(text) == []


def test_what_is_approved_by_whom_is_no_date_of_the_page() -> None:
    assert [each.value.low for each in extract_values("Claims up to £500 are approved by the line manager.")] == ["500"]
    assert extract_values("Adopted by the board on 3 May 2024.") == []


@pytest.mark.parametrize(
    "text",
    [
        "five (5) days",
        "a quarter of an hour (15 minutes)",
        "half an hour (30 minutes)",
        "£100 (GBP 100)",
        "noon (12:00)",
    ],
)
def test_a_value_said_twice_counts_once(text: str) -> None:
    assert len(extract_values(f"It is {text} in all.")) == 1


def test_other_values_in_parentheses_count() -> None:
    assert [found.value.low for found in extract_values("5 days (7 days in winter)")] == ["432000", "604800"]


def test_a_sentence_gives_all_its_values_in_order() -> None:
    text = "From 1 April 2026, 3 managers may claim up to £1.2m (8%) within 5 days, by 17:00, in version 2.1."
    found = extract_values(text)
    assert [each.value.type for each in found] == [
        ValueType.DATE,
        ValueType.COUNT,
        ValueType.MONEY,
        ValueType.PERCENT,
        ValueType.DURATION,
        ValueType.TIME,
        ValueType.VERSION,
    ]
    assert [text[each.start : each.end] for each in found] == [each.value.text for each in found]


@pytest.mark.parametrize("part", ["£1", "five days, ", "v1.2 ", "one of 5 people "])
def test_beside_each_of_many_values_little_is_looked_at(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[int]()

    def comparator(ahead: str, behind: str, **_: bool) -> Comparator:
        seen.append(len(ahead) + len(behind))
        return Comparator.EXACT

    monkeypatch.setattr(extract, "read_comparator", comparator)
    assert len(extract_values(part * 700)) == len(seen) >= 700
    assert max(seen) <= 400


@settings(max_examples=300)
@given(st.lists(PARTS, max_size=14).map(" ".join) | st.lists(PARTS, max_size=14).map("".join) | st.text(max_size=60))
def test_values_stand_in_the_text_apart_from_each_other(text: str) -> None:
    found = extract_values(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for each in found:
        assert 0 <= each.start < each.end <= len(text)
        assert each.value.text == " ".join(text[each.start : each.end].split())
        assert same_value(each.value, each.value)


VALUES = st.builds(
    TypedValue,
    st.sampled_from(ValueType),
    st.sampled_from(["5", "6", "2026-03-12", "2025-03-12", "--03-12"]),
    st.sampled_from([None, "7", "2026-03-14"]),
    st.sampled_from(["", "second", "month", "busi unit", "unit"]),
)


@given(VALUES, VALUES)
def test_being_the_same_goes_both_ways_and_needs_one_dimension(one: TypedValue, other: TypedValue) -> None:
    assert same_value(one, other) is same_value(other, one)
    if same_value(one, other):
        assert (one.type, one.dimension) == (other.type, other.dimension)
