"""Charts as SVG that the server draws: figures beside them, colours by the style sheet, in both themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH = 1000
"""Units of a chart's width."""
HEIGHT = 160
_MOST = 40
"""Columns of a chart at most; longer times are drawn by month."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its figures, and the widths of what is closed and open of it."""

    value: str
    cases: int
    open: int
    closed_width: float
    open_width: float

    @property
    def closed(self) -> int:
        """Those that are closed."""
        return self.cases - self.open


@dataclass(frozen=True, slots=True)
class Column:
    """A span of days with its figures, and where its column stands."""

    begin: date
    cases: int
    open: int
    x: float
    width: float
    height: float
    open_height: float


def bars(found: Sequence[tuple[str, int, int]]) -> list[Bar]:
    """Bars of (value, cases, open), all on one scale."""
    most = max((cases for _, cases, _ in found), default=0) or 1
    return [
        Bar(value, cases, open_, round(WIDTH * (cases - open_) / most, 1), round(WIDTH * open_ / most, 1))
        for value, cases, open_ in found
    ]


def columns(days: Sequence[tuple[date, int, int]], until: date) -> list[Column]:
    """Columns of (day, cases, open) by week, or by month where these would be too many; empty times are drawn too."""
    if not days:
        return []
    first = days[0][0]
    monthly = (until - first).days > 7 * _MOST
    begin = _month(first) if monthly else first - timedelta(days=first.weekday())
    spans: list[date] = []
    while begin <= until and len(spans) < 12 * 30:
        spans.append(begin)
        begin = _month(begin + timedelta(days=32)) if monthly else begin + timedelta(days=7)
    spans = spans[-_MOST:]
    sums = {each: [0, 0] for each in spans}
    for day, cases, open_ in days:
        place = _month(day) if monthly else day - timedelta(days=day.weekday())
        if place in sums:
            sums[place][0] += cases
            sums[place][1] += open_
    most = max(cases for cases, _ in sums.values()) or 1
    step = WIDTH / len(spans)
    return [
        Column(
            each,
            sums[each][0],
            sums[each][1],
            round(number * step + step * 0.12, 1),
            round(step * 0.76, 1),
            round(HEIGHT * sums[each][0] / most, 1),
            round(HEIGHT * sums[each][1] / most, 1),
        )
        for number, each in enumerate(spans)
    ]


def _month(day: date) -> date:
    return day.replace(day=1)
