"""Conditions in the client's own types."""

from __future__ import annotations

from collections.abc import Collection

from qdrant_client import models

from concord.index.conditions import Conditions


def to_filter(wanted: Conditions) -> models.Filter:
    """Return the filter of a search."""
    must: list[models.Condition] = [
        models.FieldCondition(key=key, match=models.MatchAny(any=values)) for key, values in wanted.any_of.items()
    ]
    if wanted.day is not None:
        if not wanted.current:
            must.append(models.FieldCondition(key="valid_from", range=models.Range(lte=wanted.day)))
        must.append(models.FieldCondition(key="valid_until", range=models.Range(gt=wanted.day)))
    return models.Filter(must=must)


def of_item(identifier: str, keep: Collection[str] = ()) -> models.Filter:
    """Return the filter that every point of one item passes, except those whose ids are in `keep`."""
    item = models.FieldCondition(key="identifier", match=models.MatchValue(value=identifier))
    kept: list[models.Condition] = [models.HasIdCondition(has_id=list(keep))] if keep else []
    return models.Filter(must=[item], must_not=kept)
