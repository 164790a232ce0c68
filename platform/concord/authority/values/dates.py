"""Dates: 12 March 2026, March 12, 2026, 12-14 March, 2026-03-12. A bare year is a period, not a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from concord.authority.values.found import FoundValue
from concord.authority.values.numbers import HAS_DIGIT
from concord.authority.values.typed import TypedValue, ValueType

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_month = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"


def _one(tag: str) -> str:
    """A date whose groups carry `tag`: day first, month first, or month and year."""
    return (
        rf"(?:(?P<d1{tag}>{_DAY})\s(?:of\s)?(?P<m1{tag}>{_month})\b\.?(?:,?\s(?P<y1{tag}>{_YEAR})\b)?"
        rf"|(?P<m2{tag}>{_month})\b\.?,?\s(?P<d2{tag}>{_DAY})\b(?!\s?[:%]|,\d)(?:,?\s(?P<y2{tag}>{_YEAR})\b)?"
        rf"|(?P<m3{tag}>{_month})\b\.?,?\s(?P<y3{tag}>{_YEAR})\b)"
    )


_ISO = re.compile(rf"(?<![\w-])(?P<iso>{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?![\w-])")
_DATE = re.compile(
    rf"\b{_one('a')}(?:\s?(?:-|–|—|to|through|until)\s?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?{_one('b')})?",
    re.IGNORECASE,
)
# Days that share a month, before it or after it: "12-14 March 2026", "March 12 to 14, 2026".
_DAYS = re.compile(
    rf"(?<![\w.,-])(?P<first1>{_DAY})\s?(?:-|–|—|to|until)\s?(?P<last1>{_DAY})\s(?:of\s)?(?P<month1>{_month})\b\.?"
    rf"(?:,?\s(?P<year1>{_YEAR})\b)?"
    rf"|\b(?P<month2>{_month})\b\.?\s(?P<first2>{_DAY})\s?(?:-|–|—|to|until)\s?(?P<last2>{_DAY})\b(?!\s?[:%]|,\d)"
    rf"(?:,?\s(?P<year2>{_YEAR})\b)?",
    re.IGNORECASE,
)


def find_dates(text: str) -> Iterator[FoundValue]:
    """Yield the dates in `text`; a range without a year on its first end takes that of its second."""
    if not HAS_DIGIT.search(text):
        return
    for match in _ISO.finditer(text):
        if _exists(match["iso"]):
            yield FoundValue(TypedValue(ValueType.DATE, match["iso"]), match.start(), match.end())
    for match in _DAYS.finditer(text):
        form = "1" if match["month1"] else "2"
        year, month = match[f"year{form}"], _month_number(match[f"month{form}"])
        low, high = (_iso(year, month, _day_number(match[f"{end}{form}"])) for end in ("first", "last"))
        if low is not None and high is not None and low < high:
            yield FoundValue(TypedValue(ValueType.DATE, low, high), match.start(), match.end())
    for match in _DATE.finditer(text):
        first, second = _parts(match, "a"), _parts(match, "b")
        if first is None:
            continue
        if second is not None and first[0] is None:
            first = (second[0], *first[1:])
        low = _iso(*first)
        high = _iso(*second) if second is not None else None
        if low is None or (second is not None and high is None):
            continue
        yield FoundValue(TypedValue(ValueType.DATE, low, high), match.start(), match.end())


def _parts(match: re.Match[str], tag: str) -> tuple[str | None, int, int | None] | None:
    for form in ("1", "2", "3"):
        name = match[f"m{form}{tag}"]
        if name is None:
            continue
        day = match[f"d{form}{tag}"] if form != "3" else None
        return match[f"y{form}{tag}"], _month_number(name), _day_number(day) if day else None
    return None


def _month_number(name: str) -> int:
    return next(index for index, full in enumerate(_MONTHS, 1) if full.startswith(name.lower()[:3]))


def _day_number(day: str) -> int:
    return int(re.sub(r"\D", "", day))


def _iso(year: str | None, month: int, day: int | None) -> str | None:
    if day is None:
        return f"{year}-{month:02}" if year else None
    text = f"{year or 2000}-{month:02}-{day:02}"
    if not _exists(text):
        return None
    return text if year else f"--{month:02}-{day:02}"


def _exists(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
