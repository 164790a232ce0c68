"""Conditions in the engine's own types."""

from __future__ import annotations

from qdrant_edge import FieldCondition, Filter, MatchAny, MatchValue, RangeFloat

from concord.index.conditions import Conditions


def to_filter(wanted: Conditions) -> Filter:
    """Return the filter of a search."""
    must = [FieldCondition(key, match=MatchAny(any=values)) for key, values in wanted.any_of.items()]
    if wanted.day is not None:
        if not wanted.current:
            must.append(FieldCondition("valid_from", range=RangeFloat(lte=wanted.day)))
        must.append(FieldCondition("valid_until", range=RangeFloat(gt=wanted.day)))
    return Filter(must=list(must))


def of_item(identifier: str) -> Filter:
    """Return the filter that every point of one item passes."""
    return Filter(must=[FieldCondition("identifier", match=MatchValue(identifier))])
