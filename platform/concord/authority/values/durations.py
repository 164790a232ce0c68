"""Durations: six months, five (5) days, 30-38 days, up to 18 months; working days stay apart from days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from concord.authority.values.found import FoundValue, before
from concord.authority.values.numbers import RANGE, is_range, parse_number, plain
from concord.authority.values.typed import TypedValue, ValueType

_BASE: dict[str, tuple[str, Decimal]] = {
    "second": ("second", Decimal(1)), "sec": ("second", Decimal(1)), "s": ("second", Decimal(1)),
    "minute": ("second", Decimal(60)), "min": ("second", Decimal(60)),
    "hour": ("second", Decimal(3_600)), "hr": ("second", Decimal(3_600)),
    "day": ("second", Decimal(86_400)), "night": ("second", Decimal(86_400)),
    "week": ("second", Decimal(604_800)), "fortnight": ("second", Decimal(1_209_600)),
    "month": ("month", Decimal(1)), "quarter": ("month", Decimal(3)), "year": ("month", Decimal(12)),
    "working day": ("working day", Decimal(1)),
}  # fmt: skip
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|fortnights?|months?|years?)"
_HINTS = ("sec", "min", "hour", "hr", "day", "week", "fortnight", "month", "year")
# Words that cannot stand between a number and the unit it counts ("5 of the days", "2 people every day").
_BREAK = (
    r"(?:of|the|and|or|in|to|for|per|at|on|a|an|is|are|every|each|with|by|from|within|after|before|times?|people|if"
    r"|k|m|mn|bn|b|hundred|thousand|million|billion|trillion|dozen|score|half|quarter|double|pairs?)"
)
_BETWEEN = rf"(?P<between>(?:(?!{_BREAK}\b|{_UNIT}\b)[a-z]+\s){{0,3}}?)"
_QUANTITY = re.compile(rf"(?<![\w.,/:$£€-]){RANGE}(?:[\s-]{_BETWEEN})?(?P<unit>{_UNIT})\b", re.IGNORECASE)
# "The 1990s" is no duration.
_SECONDS = re.compile(r"(?<![\w.,/:$£€-])(?!(?:19|20)\d0s)(?P<low>\d+(?:\.\d+)?)s\b")
_ARTICLE = re.compile(
    rf"\b(?:within|after|for|every|in|least|than|lasts?|to|about|is)\s(?P<all>an?\s(?P<between>(?:(?:working|business|calendar|full)\s)?)(?P<unit>{_UNIT}))\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?P<part>half(?:\sof)?|(?:a|one|three)[\s-]quarters?\sof)\s(?:an?\s)?(?P<unit>hour|day|year)\b", re.IGNORECASE
)
_PARTS = {"half": Decimal("0.5"), "thre": Decimal("0.75")}


def find_durations(text: str) -> Iterator[FoundValue]:
    """Yield the durations in `text`, in seconds, months or working days."""
    lowered = text.lower()
    if not any(hint in lowered for hint in _HINTS) and not _SECONDS.search(text):
        return
    for match in _QUANTITY.finditer(text):
        ranged = is_range(match["joint"], before(text, match.start()))
        start = match.start()
        low = parse_number(match["low"])
        high = parse_number(match["high"]) if ranged else None
        if match["high"] is not None and not ranged:
            # "between 3 and 15 years" is a range, "one or 2 days" counts the last number.
            start, low = match.start("high"), parse_number(match["high"])
        yield FoundValue(_value(low, high, match["unit"], match["between"] or ""), start, match.end())
    for match in _SECONDS.finditer(text):
        yield FoundValue(_value(parse_number(match["low"]), None, "second", ""), match.start(), match.end())
    for match in _ARTICLE.finditer(text):
        yield FoundValue(_value(Decimal(1), None, match["unit"], match["between"]), match.start("all"), match.end())
    for match in _PART.finditer(text):
        amount = _PARTS.get(match["part"][:4].lower(), Decimal("0.25"))
        yield FoundValue(_value(amount, None, match["unit"], ""), match.start(), match.end())


def _value(low: Decimal, high: Decimal | None, unit: str, between: str) -> TypedValue:
    name = unit.lower()
    name = name[:-1] if name.endswith("s") and name != "s" else name
    working = name == "day" and re.search(r"\b(?:working|business)\b", between, re.IGNORECASE)
    base, factor = _BASE["working day" if working else name]
    return TypedValue(ValueType.DURATION, plain(low * factor), plain(high * factor) if high is not None else None, base)
