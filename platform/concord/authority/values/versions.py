"""Versions: version 3.1, v2.4.0, Python 3.11."""

from __future__ import annotations

import re
from collections.abc import Iterator

from concord.authority.values.found import FoundValue
from concord.authority.values.numbers import HAS_DIGIT
from concord.authority.values.typed import TypedValue, ValueType

_MARKED = re.compile(
    r"\b(?:(?P<product>[A-Z][\w.+#-]*)\s)?(?:[Vv]ersion|[Rr]elease|[Vv])\.?\s?"
    r"(?P<number>\d+(?:\.\d+)*)\b(?!\.\d|\sof\b)"
)
_NAMED = re.compile(r"\b(?P<product>[A-Z][A-Za-z+#]*[a-z][\w+#]*)\s(?P<number>\d+(?:\.\d+)+)\b(?!%)")
_NEEDED = re.compile(
    r"\b(?:[Nn]eeds?|[Rr]equires?|[Rr]uns? on|[Ss]upports?)\s(?:at least\s)?"
    r"(?P<product>[A-Z][A-Za-z+#]*[a-z][\w+#]*)\s(?P<number>\d{1,3})\b(?![.,]\d|%|-)"
)
"""A whole number is a version where something runs on it: "needs Java 11"."""
# What is numbered after these is a place in a text.
_PLACES = frozenset(
    """section chapter clause article paragraph part annex appendix figure table step rule schedule page item note form
    sections chapters clauses articles paragraphs topic topics lesson module question requirement criterion
    version release grade level band tier class category priority phase stage unit room floor building gate dock
    zone""".split()  # noqa: SIM905
)


def find_versions(text: str) -> Iterator[FoundValue]:
    """Yield the versions in `text`; the product, where named right before, is the unit.

    "Version 2 of the API" names a subject and gives no value.
    """
    if not HAS_DIGIT.search(text):
        return
    for pattern in (_MARKED, _NAMED, _NEEDED):
        for match in pattern.finditer(text):
            product = (match["product"] or "").lower()
            if product in _PLACES and pattern is not _MARKED:
                continue
            number = re.sub(r"(?:\.0)+$", "", match["number"])
            yield FoundValue(TypedValue(ValueType.VERSION, number, unit=product), match.start("number"), match.end())
