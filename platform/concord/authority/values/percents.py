"""Percentages: 8%, 3.5 percent, 5-10 per cent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from concord.authority.values.found import FoundValue
from concord.authority.values.numbers import RANGE, is_range, parse_number, plain
from concord.authority.values.typed import TypedValue, ValueType

_PERCENT = re.compile(rf"(?<![\w.,-]){RANGE}\s?(?:%|\bper\s?cent\b)", re.IGNORECASE)


def find_percents(text: str) -> Iterator[FoundValue]:
    """Yield the percentages in `text`."""
    for match in _PERCENT.finditer(text):
        ranged = is_range(match["joint"], text[: match.start()])
        first, start = (match["low"], match.start())
        if match["high"] is not None and not ranged:
            first, start = match["high"], match.start("high")
        high = plain(parse_number(match["high"])) if ranged else None
        yield FoundValue(TypedValue(ValueType.PERCENT, plain(parse_number(first)), high, "%"), start, match.end())
