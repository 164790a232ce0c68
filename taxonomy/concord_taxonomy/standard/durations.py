"""Durations of review cycles: "6 months", "1 year", "1 year and 6 months", "P6M" (ISO 8601)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTS = {word: count for count, word in enumerate(_WORDS, start=1)} | {"a": 1, "an": 1}
_ISO = re.compile(r"P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?", re.IGNORECASE)
_PART = re.compile(rf"(\d{{1,6}}|{'|'.join(_COUNTS)})[\s-]*(year|month|week|day)s?", re.IGNORECASE)
_JOIN = re.compile(r"\s*(?:,|and|\s)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of calendar months and days; a year is 12 months, a week 7 days."""

    months: int = 0
    days: int = 0

    def after(self, start: date) -> date:
        """Return the date this long after `start`; a day the month lacks becomes its last (31 Jan + 1 month).

        Raises `OverflowError` beyond the year 9999.
        """
        month = start.month - 1 + self.months
        year = start.year + month // 12
        if year > date.max.year:
            raise OverflowError("the date lies beyond the year 9999")
        last = calendar.monthrange(year, month % 12 + 1)[1]
        return date(year, month % 12 + 1, min(start.day, last)) + timedelta(days=self.days)


def parse_duration(text: str) -> Duration | None:
    """Read a duration, or None where `text` is none."""
    text = text.strip()
    if iso := _ISO.fullmatch(text):
        years, months, weeks, days = (int(group or 0) for group in iso.groups())
        return Duration(12 * years + months, 7 * weeks + days)
    units: dict[str, int] = {}
    position = 0
    while part := _PART.match(text, position):
        unit = part[2].lower()
        if unit in units:
            return None
        units[unit] = _COUNTS.get(part[1].lower()) or int(part[1])
        position = part.end()
        if position == len(text):
            return Duration(
                12 * units.get("year", 0) + units.get("month", 0), 7 * units.get("week", 0) + units.get("day", 0)
            )
        join = _JOIN.match(text, position)
        position = join.end() if join else position
    return None
