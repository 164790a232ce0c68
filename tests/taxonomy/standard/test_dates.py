from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_taxonomy.standard.dates import PartialDate, Precision, parse_date
from concord_taxonomy.standard.durations import Duration, parse_duration

TWELFTH = date(2024, 3, 12)


@pytest.mark.parametrize(
    "value",
    [
        "2024-03-12",
        "2024-3-12",
        "2024/03/12",
        "20240312",
        20240312,
        "12 March 2024",
        "12 mar 2024",
        "12th of March, 2024",
        "March 12, 2024",
        "Mar. 12th 2024",
        "Tuesday 12 March 2024",
        "12-Mar-2024",
        "2024-03-12T10:00:00Z",
        "2024-03-12 23:59",
        "Tue, 12 Mar 2024 10:00:00 +0000",
        "12 March 2024 at 5:30 pm",
        1710201600,
        "1710201600",
        1710201600000,
        1710201600.5,
        "D:20240312101500+01'00'",
        date(2024, 3, 12),
        datetime(2024, 3, 12, 8),
        " 12\tMarch\n2024 ",
        "12 mars 2024",
        "12. März 2024",
        "12 de marzo de 2024",
    ],
)
def test_common_forms(value: object) -> None:
    moment = parse_date(value)
    assert moment.day() == TWELFTH
    assert moment.precision is Precision.DAY
    assert moment.start.tzinfo is not None


@pytest.mark.parametrize(
    "value",
    [
        "",
        "rubbish",
        "yesterday",
        "today",
        "now",
        "March",
        "Tuesday",
        "in 3 days",
        "3 months ago",
        "tbd",
        "10:30",
        "10",
        "Q1 2024",
        "12.03.24",
        "31 February 2024",
        "2024-13-01",
        "yyyy-mm-dd",
        "{period}",
        "Section 12 March 2024 foo",
        "version 3 2024",
        "2024 budget",
        "May 5",
        "1.5",
        True,
        None,
        [],
        {},
        b"2024-03-12",
        float("nan"),
        float("inf"),
        -1,
        10**40,
        "9" * 5000,
    ],
)
def test_nothing_is_invented(value: object) -> None:
    with pytest.raises(ValueError, match="no date that can be read for certain"):
        parse_date(value)


def test_day_or_month_first_is_never_guessed() -> None:
    with pytest.raises(ValueError, match="could be two dates"):
        parse_date("03/12/2024")
    assert parse_date("03/12/2024", day_first=True).day() == date(2024, 12, 3)
    assert parse_date("03/12/2024", day_first=False).day() == date(2024, 3, 12)
    assert parse_date("14/05/2024").day() == date(2024, 5, 14)
    assert parse_date("05/05/2024").day() == date(2024, 5, 5)
    with pytest.raises(ValueError):
        parse_date("14/05/2024", day_first=False)


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("Mar 2024", date(2024, 3, 1), date(2024, 4, 1)),
        ("2024-03", date(2024, 3, 1), date(2024, 4, 1)),
        ("December 2024", date(2024, 12, 1), date(2025, 1, 1)),
        ("2024", date(2024, 1, 1), date(2025, 1, 1)),
        (2024, date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_periods_keep_that_they_are_periods(value: object, start: date, end: date) -> None:
    moment = parse_date(value)
    assert (moment.day(), moment.end()) == (start, end)


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30), timezones=ZONES | st.none()))
def test_iso_text_round_trips(moment: datetime) -> None:
    assert parse_date(moment.isoformat()).start == (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_written_dates_round_trip(day: date) -> None:
    for text in (f"{day:%d %B %Y}", f"{day:%B %d, %Y}", f"{day:%d/%m/%Y}"):
        assert parse_date(text, day_first=True).day() == day


@given(
    st.text(alphabet="0123456789/-.:, TZabeMarchPM", max_size=20) | st.text(max_size=20) | st.integers() | st.floats()
)
def test_never_anything_but_a_date_or_a_plain_refusal(value: object) -> None:
    try:
        assert isinstance(parse_date(value), PartialDate)
    except ValueError as error:
        assert "date" in str(error)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("6 months", Duration(months=6)),
        ("1 months", Duration(months=1)),
        ("1 year", Duration(months=12)),
        ("P6M", Duration(months=6)),
        ("p1y6m", Duration(months=18)),
        ("P2W", Duration(days=14)),
        ("six months", Duration(months=6)),
        ("1 year and 6 months", Duration(months=18)),
        ("12month", Duration(months=12)),
        ("90 days", Duration(days=90)),
        ("{period}", None),
        ("", None),
        ("6", None),
        ("P", None),
        ("6 months 6 months", None),
        ("1 year,", None),
        ("soon", None),
    ],
)
def test_durations(text: str, duration: Duration | None) -> None:
    assert parse_duration(text) == duration


def test_months_end_where_months_end() -> None:
    assert Duration(months=1).after(date(2024, 1, 31)) == date(2024, 2, 29)
    assert Duration(months=12).after(date(2024, 2, 29)) == date(2025, 2, 28)
    with pytest.raises(OverflowError):
        Duration(months=12).after(date(9999, 1, 1))
    with pytest.raises(OverflowError):
        Duration(days=400).after(date(9999, 1, 1))


def test_a_period_plus_months_stays_a_period() -> None:
    later = parse_date("Mar 2024").plus(Duration(months=6))
    assert (later.day(), later.end()) == (date(2024, 9, 1), date(2024, 10, 1))
    assert parse_date("Mar 2024").plus(Duration(days=10)).end() == date(2024, 3, 11)
