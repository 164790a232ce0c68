"""From the engine-neutral filter to Qdrant's, never to an empty one (which the engine reads as "everything")."""

from __future__ import annotations

from qdrant_edge import FieldCondition, Filter, MatchAny, MatchValue, RangeFloat

from concord.index.errors import InvalidRequest
from concord.index.protocol import SearchFilter

MAX_READERS = 1_000
MAX_VALUES = 10_000


def build_filter(wanted: SearchFilter) -> Filter | None:
    """Return the filter that every leg and the IDF corpus run under, or None where nothing can match.

    Raises `InvalidRequest` for more than 1,000 reader tokens (it fails closed: a cut list would hide which documents
    are missing) and for more than 10,000 values of another field.
    """
    if len(wanted.readers) > MAX_READERS:
        raise InvalidRequest(
            f"{len(wanted.readers)} reader tokens, at most {MAX_READERS} are searched: keep those that "
            "tokens_in_use() names, or grant documents to fewer, larger groups"
        )
    lists = {
        "readers": tuple(sorted(wanted.readers)),
        "status": wanted.statuses,
        "source": wanted.sources,
        "publisher": wanted.publishers,
        "tier": wanted.tiers,
        "concepts": wanted.concepts,
    }
    conditions: list[FieldCondition] = []
    for key, values in lists.items():
        if values is None:
            continue
        if not values:
            return None
        if len(values) > MAX_VALUES:
            raise InvalidRequest(f"{len(values)} values of {key}, at most {MAX_VALUES} are searched: narrow them")
        conditions.append(FieldCondition(key, match=MatchAny(any=list(dict.fromkeys(values)))))
    if wanted.at is not None:
        day = float(wanted.at.toordinal())
        conditions.append(FieldCondition("valid_from", range=RangeFloat(lte=day)))
        conditions.append(FieldCondition("valid_until", range=RangeFloat(gt=day)))
    return Filter(must=list(conditions))


def of_item(identifier: str) -> Filter:
    """Return the filter that every point of one item passes."""
    return Filter(must=[FieldCondition("identifier", match=MatchValue(identifier))])
