"""When something is due: `every: 15m`, or `cron:` with the five fields of crontab(5), in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_EVERY = re.compile(r"(\d{1,6})\s*([mhd])")
_SECONDS = {"m": 60, "h": 3600, "d": 86_400}
_FIELD = re.compile(r"[\d*/,-]+")
_RANGE = re.compile(r"(\d+)-(\d+)")


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

    text: str

    def after(self, moment: datetime) -> datetime:
        """The first minute after a moment at which it is due; raises `ValueError` where there is none."""
        from croniter import croniter

        # What it calls a bug is crontab(5): a day that begins with `*`, as `*/2` does, is not given.
        found: datetime = croniter(self.text, moment.astimezone(UTC), implement_cron_bug=True).get_next(datetime)
        return found


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
    from croniter import CroniterBadDateError

    parts = text.split()
    if len(parts) != 5:
        raise ValueError("cron takes five fields: minute, hour, day of month, month, day of week")
    for part in parts:
        # Names, random and last days and ranges that go round are croniter's own, not crontab's.
        if not _FIELD.fullmatch(part) or any(int(a) > int(b) for a, b in _RANGE.findall(part)):
            raise ValueError(f"{part!r} is no field of cron: numbers, ranges (1-5), lists (1,3) and steps (*/15) are")
    made = Cron(" ".join(parts))
    try:
        made.after(datetime(2024, 1, 1, tzinfo=UTC))
    except CroniterBadDateError:
        raise ValueError("no day is ever like that") from None
    except ValueError as error:
        raise ValueError(f"this is no schedule of cron: {error}") from None
    return made
