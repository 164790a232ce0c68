"""Typed values in running text.

Numbers: money, durations, percentages, dates, times, counts, versions. Words: contacts, polarity, named values.
"""

from concord.authority.values.extract import extract_values, extract_worded
from concord.authority.values.found import FoundValue
from concord.authority.values.typed import Comparator, TypedValue, ValueType, rolled, same_value

__all__ = [
    "Comparator",
    "FoundValue",
    "TypedValue",
    "ValueType",
    "extract_values",
    "extract_worded",
    "rolled",
    "same_value",
]
