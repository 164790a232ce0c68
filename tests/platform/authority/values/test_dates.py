from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.values import TypedValue, ValueType, extract_values, rolled, same_value

DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))


def day(text: str) -> TypedValue:
    (found,) = extract_values(text)
    assert found.value.type is ValueType.DATE
    return found.value


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("12 March 2026", "2026-03-12", None),
        ("the 12th of March, 2026", "2026-03-12", None),
        ("March 12, 2026", "2026-03-12", None),
        ("Mar. 12 2026", "2026-03-12", None),
        ("2026-03-12", "2026-03-12", None),
        ("March 2026", "2026-03", None),
        ("1 April", "--04-01", None),
        ("May 2nd", "--05-02", None),
        ("29 February", "--02-29", None),
        ("Oct 23 - Nov 6, 2020", "2020-10-23", "2020-11-06"),
        ("from 1 April 2025 to 31 March 2026", "2025-04-01", "2026-03-31"),
        ("12-14 March 2026", "2026-03-12", "2026-03-14"),
        ("12th to 14th of March", "--03-12", "--03-14"),
        ("March 12–14, 2026", "2026-03-12", "2026-03-14"),
    ],
)
def test_dates(text: str, low: str, high: str | None) -> None:
    found = day(text)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize("text", ["in 2026", "31 February 2026", "2026-13-01", "03/12/2026", "version 2026-03-12-1"])
def test_what_is_no_date(text: str) -> None:
    assert [found for found in extract_values(text) if found.value.type is ValueType.DATE] == []


@given(DAYS)
def test_a_date_is_one_however_it_is_written(when: date) -> None:
    forms = (
        f"{when.day} {when:%B} {when.year}",
        f"{when:%B} {when.day}, {when.year}",
        f"{when.day} {when:%b} {when.year}",
        when.isoformat(),
    )
    assert {day(f"It is due on {form}.").low for form in forms} == {when.isoformat()}


@given(DAYS, DAYS)
def test_two_dates_are_the_same_only_when_they_are(one: date, other: date) -> None:
    left, right = day(f"on {one.isoformat()}"), day(f"on {other.isoformat()}")
    assert same_value(left, right) is same_value(right, left) is (one == other)
    yearless = day(f"on {other.day} {other:%B}")
    assert same_value(left, yearless) is ((one.month, one.day) == (other.month, other.day))


@given(DAYS, st.integers(-14, 14), st.integers(1, 9))
def test_the_same_day_of_another_year_has_rolled(when: date, shift: int, years: int) -> None:
    if (when.month, when.day) == (2, 29):
        return
    near = when.replace(year=when.year + years) + timedelta(days=shift)
    left, right = day(f"on {when.isoformat()}"), day(f"on {near.isoformat()}")
    # One more day for a leap day in between.
    assert rolled(left, right, days=15) or when.year == near.year
    assert rolled(left, right, days=15) is rolled(right, left, days=15)


def test_what_has_not_rolled() -> None:
    assert rolled(day("31 March 2025"), day("31 March 2026"))
    assert rolled(day("30 December 2024"), day("2 January 2026"))
    assert not rolled(day("31 March 2025"), day("30 June 2025"))
    assert not rolled(day("31 March 2025"), day("30 June 2026"))
    assert not rolled(day("31 March"), day("31 March 2026"))
    assert rolled(day("March 2025"), day("March 2026"))
    assert not rolled(TypedValue(ValueType.MONEY, "5"), TypedValue(ValueType.MONEY, "6"))
