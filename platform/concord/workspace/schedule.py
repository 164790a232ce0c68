"""When something is due: `every: 15m`, or `cron:` with the five fields of crontab(5), in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_EVERY = re.compile(r"(\d{1,6})\s*([mhd])")
_SECONDS = {"m": 60, "h": 3600, "d": 86_400}
_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 7))
_PART = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?")
_YEARS = 8
"""Years looked ahead: a leap day is at most eight years away."""


@dataclass(frozen=True, slots=True)
class Every:
    """Due again some time after it was begun."""

    interval: timedelta

    def after(self, moment: datetime) -> datetime:
        """When it is due next."""
        return moment + self.interval


@dataclass(frozen=True, slots=True)
class Cron:
    """Due at each minute that all five fields name; of the two kinds of day, one is enough where both are given."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool

    def after(self, moment: datetime) -> datetime:
        """The first minute after a moment at which it is due."""
        start = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        return next(self._from(start))

    def _from(self, start: datetime) -> Iterator[datetime]:
        day = start
        for _ in range(366 * _YEARS):
            if self._on(day):
                for hour in sorted(each for each in self.hours if each >= day.hour):
                    first = day.minute if hour == day.hour else 0
                    for minute in sorted(each for each in self.minutes if each >= first):
                        yield day.replace(hour=hour, minute=minute)
            day = (day + timedelta(days=1)).replace(hour=0, minute=0)

    def _on(self, day: datetime) -> bool:
        by_month, by_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and ((by_month or by_week) if self.either_day else (by_month and by_week))


Schedule = Every | Cron


def parse_schedule(data: Any) -> Schedule:
    """Read `{every: 15m}` or `{cron: "0 6 * * 1-5"}`; raises `ValueError` that says what to write."""
    if not isinstance(data, dict) or len(data) != 1 or not set(data) <= {"every", "cron"}:
        raise ValueError('must be either {every: 15m} or {cron: "0 6 * * 1-5"}')
    kind, text = next(iter(data.items()))
    if not isinstance(text, str):
        raise ValueError(f'{kind} must be a text, as in 15m or "0 6 * * 1-5"')
    return _every(text) if kind == "every" else _cron(text)


def _every(text: str) -> Every:
    found = _EVERY.fullmatch(text.strip())
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 60 <= seconds <= 366 * 86_400:
        raise ValueError("every takes minutes, hours or days from 1m to 366d, as in 15m, 6h or 1d")
    return Every(timedelta(seconds=seconds))


def _cron(text: str) -> Cron:
    parts = text.split()
    if len(parts) != len(_FIELDS):
        raise ValueError("cron takes five fields: minute, hour, day of month, month, day of week")
    read = [_field(part, *field) for part, field in zip(parts, _FIELDS, strict=True)]
    minutes, hours, days, months, weekdays = read
    either = not parts[2].startswith("*") and not parts[4].startswith("*")
    made = Cron(minutes, hours, days, months, frozenset(each % 7 for each in weekdays), either)
    if next(made._from(datetime(2024, 1, 1, tzinfo=UTC)), None) is None:
        raise ValueError("no day is ever like that")
    return made


def _field(text: str, name: str, least: int, most: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        matched = _PART.fullmatch(part)
        if matched is None:
            raise ValueError(f"{part!r} is no {name}: numbers, ranges (1-5), lists (1,3) and steps (*/15) are")
        first, last, step = matched.groups()
        begin = least if first is None else int(first)
        end = most if first is None or (last is None and step) else int(last or first)
        if not least <= begin <= end <= most or step == "0" or step == "00":
            raise ValueError(f"{part!r} is no {name}: it goes from {least} to {most}")
        found.update(range(begin, end + 1, int(step or 1)))
    return frozenset(found)
