"""A typed value in normal form, and when two of them say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from concord.authority.values.modality import agree


class ValueType(StrEnum):
    """Kinds of values that claims state."""

    MONEY = "money"
    DURATION = "duration"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    COUNT = "count"
    VERSION = "version"
    CONTACT = "contact"
    POLARITY = "polarity"
    NAMED = "named"

    @property
    def measured(self) -> bool:
        """Whether such values are numbers, with their units."""
        return self not in _IN_WORDS


_IN_WORDS = frozenset({ValueType.CONTACT, ValueType.POLARITY, ValueType.NAMED})


class Comparator(StrEnum):
    """How the text bounds a value."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A value in normal form.

    `low` is the value (of a range: its lower end, with `high` the upper): a plain decimal number; for dates ISO 8601
    (`2026-03-12`, `2026-03`, or `--03-12` where no year is stated), for times `HH:MM`. `unit` is a currency code, a
    base unit of time (`second`, `working day`, `month`), a time zone, the stems of a counted noun, the product of a
    version, the kind of a contact (`email`) or how a value is named (`use`). `per` is what a rate is measured in
    (`week`, `mile`). `text` is the value as written.
    """

    type: ValueType
    low: str
    high: str | None = None
    unit: str = ""
    per: str = ""
    comparator: Comparator = Comparator.EXACT
    text: str = ""

    @property
    def dimension(self) -> str:
        """What may be compared at all: durations of every unit, money of every currency, counts of one noun."""
        match self.type:
            case ValueType.COUNT:
                return self.unit.rsplit(" ", 1)[-1]
            case ValueType.VERSION | ValueType.CONTACT | ValueType.NAMED:
                return self.unit
            case _:
                return str(self.type)


def same_value(left: TypedValue, right: TypedValue) -> bool:
    """Whether two values say the same in whatever words: `six months` and `6 months`, `1 year` and `12 months`.

    Comparators are left aside: "up to 5 days" and "5 days" name one value. A time without a zone equals that time in
    any zone, a date without a year that day of any year, a name a longer form of it ("manager", "line manager").
    """
    if left.type is not right.type or left.dimension != right.dimension:
        return False
    match left.type:
        case ValueType.DATE:
            return _same_day(left.low, right.low) and _same_day(left.high or left.low, right.high or right.low)
        case ValueType.TIME:
            zones = {left.unit, right.unit} - {""}
            return (left.low, left.high) == (right.low, right.high) and len(zones) < 2
        case ValueType.POLARITY:
            return agree(left.low, right.low)
        case ValueType.COUNT | ValueType.VERSION | ValueType.CONTACT:
            return (left.low, left.high) == (right.low, right.high)
        case ValueType.NAMED:
            one, other = set(left.low.split()), set(right.low.split())
            return one <= other or other <= one
        case _:
            return (left.low, left.high, left.unit) == (right.low, right.high, right.unit)


def rolled(left: TypedValue, right: TypedValue, *, days: int = 14) -> bool:
    """Whether two dates are one recurring date in two years: anniversaries, give or take `days`."""
    if left.type is not ValueType.DATE or right.type is not ValueType.DATE:
        return False
    ends = ((left.low, right.low), (left.high or left.low, right.high or right.low))
    return all(_anniversary(one, other, days) for one, other in ends)


def _same_day(left: str, right: str) -> bool:
    if "--" in (left[:2], right[:2]):
        return left[-5:] == right[-5:]
    return left == right


def _anniversary(left: str, right: str, days: int) -> bool:
    if left[:4] == right[:4] or "--" in (left[:2], right[:2]):
        return False
    if len(left) == 7 or len(right) == 7:
        return left[5:7] == right[5:7]
    here = date.fromisoformat(left)
    there = date.fromisoformat(right)
    distance = abs((date(2000, here.month, here.day) - date(2000, there.month, there.day)).days)
    return min(distance, 366 - distance) <= days
