"""Times of day: 3:30 PM Eastern, 9 AM - 11 AM, 10:30 to 11:30am, 09:30, noon."""

from __future__ import annotations

import re
from collections.abc import Iterator

from concord.authority.values.found import FoundValue
from concord.authority.values.numbers import HAS_DIGIT
from concord.authority.values.typed import TypedValue, ValueType

_HALF = r"[ap]\.?m\.?(?![a-z])"
_ZONES = {
    "eastern": "ET", "et": "ET", "est": "ET", "edt": "ET", "central": "CT", "ct": "CT", "cst": "CT", "cdt": "CT",
    "mountain": "MT", "mt": "MT", "pacific": "PT", "pt": "PT", "pst": "PT", "pdt": "PT",
    "utc": "UTC", "gmt": "UTC", "bst": "BST", "cet": "CET", "cest": "CET",
}  # fmt: skip
_ZONE = rf"(?:\s?\(?(?P<zone>{'|'.join(sorted(_ZONES, key=len, reverse=True))})\b\)?)?"
_TIME = re.compile(
    rf"(?<![\w.:£$€,])(?P<h1>\d{{1,2}})(?:[:.](?P<m1>[0-5]\d))?\s?(?P<p1>{_HALF})?"
    rf"(?:\s?(?:-|–|—|to|and|until)\s?(?P<h2>\d{{1,2}})(?:[:.](?P<m2>[0-5]\d))?\s?(?P<p2>{_HALF})?)?"
    rf"(?![\w:%])(?!\.\d){_ZONE}",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?P<name>noon|midday|midnight)\b", re.IGNORECASE)


def find_times(text: str) -> Iterator[FoundValue]:
    """Yield the times of day in `text` on a 24-hour clock; a number needs minutes after a colon, or am/pm."""
    for match in _TIME.finditer(text) if HAS_DIGIT.search(text) else ():
        found = _read(match)
        if found is not None:
            yield found
    for match in _NAMED.finditer(text):
        clock = "00:00" if match["name"].lower() == "midnight" else "12:00"
        yield FoundValue(TypedValue(ValueType.TIME, clock), match.start(), match.end())


def _read(match: re.Match[str]) -> FoundValue | None:
    colon = match["m1"] is not None and match.string[match.end("h1")] == ":"
    ranged = match["h2"] is not None and (match["p2"] is not None or (colon and match["m2"] is not None))
    half = match["p1"] or (match["p2"] if ranged else None)
    if half is None and not colon:
        return None
    low = _clock(match["h1"], match["m1"], half)
    high = _clock(match["h2"], match["m2"], match["p2"] or match["p1"]) if ranged else None
    if low is None or (ranged and high is None):
        return None
    if high is not None and match["p1"] is None and match["p2"] is not None and low > high:
        # "11:30 to 12:30 PM", "9 to 1 PM": the first end is in the morning.
        low = _clock(match["h1"], match["m1"], "am") or low
    end = match.end() if ranged or match["h2"] is None else match.end("p1") if match["p1"] else match.end("m1")
    zone = _ZONES[match["zone"].lower()] if match["zone"] and end == match.end() else ""
    return FoundValue(TypedValue(ValueType.TIME, low, high, zone), match.start(), end)


def _clock(hour: str, minute: str | None, half: str | None) -> str | None:
    hours = int(hour)
    if half is not None:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower().startswith("p") else 0)
    return f"{hours:02}:{minute or '00'}" if hours < 24 else None
