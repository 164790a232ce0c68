import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.values import TypedValue, ValueType, extract_values, same_value


def counts(text: str) -> list[TypedValue]:
    return [found.value for found in extract_values(text) if found.value.type is ValueType.COUNT]


@pytest.mark.parametrize(
    ("text", "low", "high", "noun"),
    [
        ("14 characters", "14", None, "charact"),
        ("more than 7,500 people", "7500", None, "peopl"),
        ("one of the 5 business units", "5", None, "busi unit"),
        ("10k requests", "10000", None, "request"),
        ("12+ characters", "12", None, "charact"),
        ("12 characters minimum", "12", None, "charact"),
        ("two to four reviewers", "2", "4", "review"),
        ("two or three reviewers", "3", None, "review"),
        ("three new members of the board", "3", None, "member"),
    ],
)
def test_counts(text: str, low: str, high: str | None, noun: str) -> None:
    (found,) = counts(text)
    assert (found.low, found.high, found.unit) == (low, high, noun)


@pytest.mark.parametrize(
    "text",
    [
        "step 4 says",
        "Code 50 applies",
        "in 2024 people",
        "one needs care",
        "9 out of ten",
        "section 3 covers",
        "at 5 of",
    ],
)
def test_what_is_no_count(text: str) -> None:
    assert [value.low for value in counts(text)] in ([], ["10"])


@given(st.integers(2, 9_999), st.integers(2, 9_999))
def test_counts_of_one_noun_compare_by_number(one: int, other: int) -> None:
    if 1900 <= one <= 2099 or 1900 <= other <= 2099:
        return
    (left,), (right,) = counts(f"It has {one} new laptops."), counts(f"It has {other:,} laptops.")
    assert same_value(left, right) is (one == other)
    (chairs,) = counts(f"It has {one} chairs.")
    assert not same_value(left, chairs)
    assert left.dimension == right.dimension != chairs.dimension
