"""Dates as sources write them, read without guessing.

A date is read from what is written and from nothing else: words such as "yesterday", parts that are missing, and
numbers that could be day or month are never completed. "Mar 2024" and "2024" name a period, and keep that they do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from concord_taxonomy.standard.durations import Duration
from concord_taxonomy.standard.text import clean, shown


class Precision(StrEnum):
    """How much of a date was written."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A point in time, timezone-aware, and how much of it was written; a period stands for its first day."""

    start: datetime
    precision: Precision = Precision.DAY

    def day(self) -> date:
        """Return the first calendar day meant."""
        return self.start.date()

    def end(self) -> date:
        """Return the first day no longer meant where a period was written, the day itself otherwise."""
        if self.precision is Precision.DAY:
            return self.day()
        return Duration(months=1 if self.precision is Precision.MONTH else 12).after(self.day())

    def plus(self, duration: Duration) -> PartialDate:
        """Return the date a duration later; adding days to a period counts from its first day."""
        later = duration.after(self.day())
        precision = Precision.DAY if duration.days else self.precision
        return PartialDate(datetime.combine(later, self.start.timetz()), precision)


def parse_date(value: Any, *, day_first: bool | None = None) -> PartialDate:
    """Read a date from text, an epoch number or a YAML date.

    `day_first` says which comes first in "03/12/2024"; None refuses what could be both. A time without a zone is
    UTC. Raises `ValueError` with a plain sentence where no date can be read.
    """
    try:
        match value:
            case datetime():
                return PartialDate(_aware(value))
            case date():
                return PartialDate(datetime(value.year, value.month, value.day, tzinfo=UTC))
            case bool():
                found = None
            case int() | float():
                found = _from_number(value)
            case str():
                found = _from_text(" ".join(clean(value).split()), day_first)
            case _:
                found = None
    except OverflowError:
        found = None
    if found is None:
        raise ValueError(f"{shown(value)!r} is no date that can be read for certain: write one as in 2026-03-12")
    return found


_TIME = r"(?:,?[ T]+(?:at )?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?(am|pm))?(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?)?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
_MONTH = r"([a-z]{3,9})\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"([12]\d{3})"
_NUMERIC = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2{_YEAR}{_TIME}", re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"{_YEAR}([./-])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"{_WEEKDAY}(?:the )?{_DAY}[ -](?:of )?{_MONTH},?[ -]{_YEAR}{_TIME}", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"{_WEEKDAY}{_MONTH} {_DAY},? {_YEAR}{_TIME}", re.IGNORECASE)
_MONTH_YEAR = re.compile(rf"{_MONTH},?[ -]{_YEAR}", re.IGNORECASE)
_ISO_MONTH = re.compile(rf"{_YEAR}-(\d{{2}})")
_PDF = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:Z|([+-])(\d{2})'?(?:(\d{2})'?)?)?.{0,8}")
_ISO = re.compile(r"\d{4}-(?:\d{2}-\d{2}|W\d{2}).*|\d{8}T.*")
_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTHS: Mapping[str, int] = (
    {name: number for number, name in enumerate(_NAMES, start=1)}
    | {name[:3]: number for number, name in enumerate(_NAMES, start=1)}
    | {"sept": 9}
)


def _from_text(text: str, day_first: bool | None) -> PartialDate | None:
    if not text or len(text) > 60:
        return None
    if re.fullmatch(r"\d+(?:\.\d+)?", text, re.ASCII):
        return _from_number(float(text) if "." in text else int(text))
    if _ISO.fullmatch(text) and not _ISO_MONTH.fullmatch(text):
        try:
            return PartialDate(_aware(datetime.fromisoformat(text)))
        except ValueError:
            return None
    for form in (_partial, _named, _numeric, _pdf):
        found = form(text, day_first)
        if found is not None:
            return found
    return _other_language(text)


def _partial(text: str, _: bool | None) -> PartialDate | None:
    if match := _ISO_MONTH.fullmatch(text):
        return _built(match[1], match[2], "1", precision=Precision.MONTH)
    if match := _MONTH_YEAR.fullmatch(text):
        return _built(match[2], _MONTHS.get(match[1].lower()), "1", precision=Precision.MONTH)
    return None


def _named(text: str, _: bool | None) -> PartialDate | None:
    if match := _DAY_MONTH.fullmatch(text):
        day, month, year, *time = match.groups()
        return _built(year, _MONTHS.get(month.lower()), day, *time)
    if match := _MONTH_DAY.fullmatch(text):
        month, day, year, *time = match.groups()
        return _built(year, _MONTHS.get(month.lower()), day, *time)
    return None


def _numeric(text: str, day_first: bool | None) -> PartialDate | None:
    if match := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, *time = match.groups()
        return _built(year, month, day, *time)
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    first, _, second, year, *time = match.groups()
    if day_first is None:
        if first != second and int(first) <= 12 and int(second) <= 12:
            raise ValueError(
                f"{text!r} could be two dates: say `day_first: true` (day/month/year) or `day_first: false` in the "
                "mapping"
            )
        day_first = int(first) > 12
    day, month = (first, second) if day_first else (second, first)
    return _built(year, month, day, *time)


def _pdf(text: str, _: bool | None) -> PartialDate | None:
    match = _PDF.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    zone = f"{sign}{zone_hours}:{zone_minutes or '00'}" if sign else None
    return _built(year, month or "1", day or "1", hour or "0", minute or "0", second, None, zone, precision=precision)


def _built(
    year: str,
    month: str | int | None,
    day: str,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
    half: str | None = None,
    zone: str | None = None,
    *,
    precision: Precision = Precision.DAY,
) -> PartialDate | None:
    if month is None:
        return None
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    try:
        moment = datetime(
            int(year), int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=_zone(zone)
        )  # fmt: skip
    except ValueError:
        return None
    return PartialDate(moment, precision)


def _zone(zone: str | None) -> timezone:
    if not zone or zone.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if zone[0] == "-" else offset)


def _from_number(value: float) -> PartialDate | None:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and 1000 <= value <= 2999:
        return PartialDate(datetime(value, 1, 1, tzinfo=UTC), Precision.YEAR)
    if isinstance(value, int) and 1900_01_01 <= value <= 2100_12_31:  # 20240312: no epoch begins in August 1970
        return _built(str(value)[:4], str(value)[4:6], str(value)[6:])
    if 1e8 <= value < 1e11:  # seconds since 1970, from March 1973 on
        return PartialDate(datetime.fromtimestamp(value, UTC))
    if 1e11 <= value < 1e14:  # milliseconds
        return PartialDate(datetime.fromtimestamp(value / 1000, UTC))
    return None


def _other_language(text: str) -> PartialDate | None:
    """Leave month names of other languages to dateparser, and believe it only where the text names every part."""
    numbers = [int(number) for number in re.findall(r"\d+", re.sub(r"\d{1,2}:\d{2}(:\d{2})?", "", text))]
    if len(numbers) != 2 or not re.search(r"[^\W\d_]{3}", text) or not re.search(r"(?<!\d)[12]\d{3}(?!\d)", text):
        return None
    import dateparser  # 0.2 s and the languages' data; most dates never come here

    settings = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    moment: datetime | None = dateparser.parse(text, settings={**settings, "TIMEZONE": "UTC"})
    if moment is None or sorted((moment.day, moment.year)) != sorted(numbers):
        return None
    return PartialDate(_aware(moment))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
