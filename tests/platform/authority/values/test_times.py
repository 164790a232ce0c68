import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.values import TypedValue, ValueType, extract_values, same_value


def clock(text: str) -> TypedValue:
    (found,) = extract_values(text)
    assert found.value.type is ValueType.TIME
    return found.value


@pytest.mark.parametrize(
    ("text", "low", "high", "zone"),
    [
        ("3:30 PM Eastern", "15:30", None, "ET"),
        ("5 p.m. each day", "17:00", None, ""),
        ("09:30", "09:30", None, ""),
        ("13:00 UTC", "13:00", None, "UTC"),
        ("9 AM - 11 AM", "09:00", "11:00", ""),
        ("10:30 to 11:30am", "10:30", "11:30", ""),
        ("11:30 to 12:30 PM", "11:30", "12:30", ""),
        ("open 9-5pm", "09:00", "17:00", ""),
        ("by noon", "12:00", None, ""),
        ("until midnight", "00:00", None, ""),
        ("12 am", "00:00", None, ""),
        ("12 pm", "12:00", None, ""),
    ],
)
def test_times(text: str, low: str, high: str | None, zone: str) -> None:
    found = clock(text)
    assert (found.low, found.high, found.unit) == (low, high, zone)


@pytest.mark.parametrize("text", ["25:00", "13 pm", "a ratio of 3.5", "chapter 10", "9.30 euros"])
def test_what_is_no_time(text: str) -> None:
    assert [found for found in extract_values(text) if found.value.type is ValueType.TIME] == []


@given(st.integers(0, 23), st.integers(0, 59))
def test_both_clocks_tell_one_time(hour: int, minute: int) -> None:
    half = "am" if hour < 12 else "PM"
    long, short = clock(f"at {hour:02}:{minute:02}"), clock(f"at {(hour - 1) % 12 + 1}:{minute:02} {half}")
    assert long.low == short.low == f"{hour:02}:{minute:02}"


def test_a_time_without_a_zone_is_that_time_in_any() -> None:
    eastern, pacific, anywhere = clock("3:30 PM Eastern"), clock("3:30 PM PT"), clock("15:30")
    assert same_value(eastern, anywhere)
    assert same_value(pacific, anywhere)
    assert not same_value(eastern, pacific)
