"""Typed values in running text: money, durations, percentages, dates, times, counts and versions."""

from concord.authority.values.extract import extract_values
from concord.authority.values.found import FoundValue
from concord.authority.values.typed import Comparator, TypedValue, ValueType, rolled, same_value

__all__ = ["Comparator", "FoundValue", "TypedValue", "ValueType", "extract_values", "rolled", "same_value"]
