import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.values import ValueType, extract_values, same_value

DAY = 86_400
SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": DAY, "week": 7 * DAY, "fortnight": 14 * DAY}


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("six months", "6", None, "month"),
        ("two and a half years", "30", None, "month"),
        ("three years’ service", "36", None, "month"),
        ("3 months' notice", "3", None, "month"),
        ("five (5) days", str(5 * DAY), None, "second"),
        ("25 calendar days", str(25 * DAY), None, "second"),
        ("30-38 days", str(30 * DAY), str(38 * DAY), "second"),
        ("two to three weeks", str(14 * DAY), str(21 * DAY), "second"),
        ("between 3 and 15 years", "36", "180", "month"),
        ("up to 18 months", "18", None, "month"),
        ("5 business days", "5", None, "working day"),
        ("five working days", "5", None, "working day"),
        ("a 90-day limit", str(90 * DAY), None, "second"),
        ("a two-week notice", str(14 * DAY), None, "second"),
        ("1.5 hours", "5400", None, "second"),
        ("one and a half hours", "5400", None, "second"),
        ("half an hour", "1800", None, "second"),
        ("three quarters of an hour", "2700", None, "second"),
        ("timeouts of 90s", "90", None, "second"),
        ("within a week", str(7 * DAY), None, "second"),
        ("within a working day", "1", None, "working day"),
        ("one hundred and twenty days", str(120 * DAY), None, "second"),
        ("84 more annual leave hours", str(84 * 3_600), None, "second"),
    ],
)
def test_durations(text: str, low: str, high: str | None, unit: str) -> None:
    (found,) = extract_values(text)
    assert found.value.type is ValueType.DURATION
    assert (found.value.low, found.value.high, found.value.unit) == (low, high, unit)


def test_an_alternative_is_no_range() -> None:
    (found,) = extract_values("It takes 3 or 4 days.")
    assert (found.value.low, found.value.high, found.value.text) == (str(4 * DAY), None, "4 days")


@pytest.mark.parametrize(
    "text",
    ["in the 1990s", "open 24/7", "a day in the life", "5 of the days", "a 5-star hotel", "on day 3", "the year 2024"],
)
def test_what_is_no_duration(text: str) -> None:
    assert [found for found in extract_values(text) if found.value.type is ValueType.DURATION] == []


@given(st.integers(1, 500), st.sampled_from(sorted(SECONDS)), st.sampled_from(sorted(SECONDS)))
def test_seconds_minutes_hours_days_and_weeks_are_one_measure(amount: int, big: str, small: str) -> None:
    if SECONDS[big] % SECONDS[small]:
        return
    (one,) = extract_values(f"It takes {amount} {big}s.")
    (other,) = extract_values(f"It takes {amount * SECONDS[big] // SECONDS[small]:,} {small}s.")
    assert same_value(one.value, other.value)


@given(st.integers(1, 40))
def test_a_year_is_twelve_months(years: int) -> None:
    (one,), (other,) = extract_values(f"for {years} years"), extract_values(f"for {12 * years} months")
    assert same_value(one.value, other.value)


@given(st.integers(1, 400))
def test_working_days_and_months_are_never_days(amount: int) -> None:
    texts = (f"{amount} days", f"{amount} working days", f"{amount} months")
    days, working, months = (extract_values(f"It takes {text}.")[0].value for text in texts)
    assert not same_value(days, working)
    assert not same_value(days, months)
    assert days.dimension == working.dimension == months.dimension
