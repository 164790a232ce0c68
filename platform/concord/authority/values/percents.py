"""Percentages: 8%, 3.5 percent, 5-10 per cent, between 5% and 10%."""

from __future__ import annotations

import re
from collections.abc import Iterator

from concord.authority.values.found import FoundValue, before
from concord.authority.values.numbers import NUMBER, is_range, parse_number, plain
from concord.authority.values.typed import TypedValue, ValueType

_SIGN = r"\s?(?:%|\bper\s?cent\b)"
_HINT = re.compile(r"%|cent", re.IGNORECASE)
_PERCENT = re.compile(
    rf"(?<![\w.,-])(?P<low>{NUMBER})(?P<sign>{_SIGN})?"
    rf"(?:\s?(?P<joint>-|–|—|\bto\b|\band\b|\bor\b)\s?(?P<high>{NUMBER}){_SIGN})?",
    re.IGNORECASE,
)


def find_percents(text: str) -> Iterator[FoundValue]:
    """Yield the percentages in `text`."""
    if not _HINT.search(text):
        return
    for match in _PERCENT.finditer(text):
        low = plain(parse_number(match["low"]))
        if match["high"] is None:
            if match["sign"]:
                yield _found(low, None, match.start(), match.end())
            continue
        high = plain(parse_number(match["high"]))
        if is_range(match["joint"], before(text, match.start())):
            yield _found(low, high, match.start(), match.end())
            continue
        if match["sign"]:
            yield _found(low, None, match.start(), match.end("sign"))
        yield _found(high, None, match.start("high"), match.end())


def _found(low: str, high: str | None, start: int, end: int) -> FoundValue:
    return FoundValue(TypedValue(ValueType.PERCENT, low, high, "%"), start, end)
