"""From a search's filter to plain conditions, which each engine puts into its own types."""

from __future__ import annotations

from dataclasses import dataclass

from concord.index.errors import InvalidRequest
from concord.index.protocol import CURRENT, SearchFilter

MAX_READERS = 1_000
MAX_VALUES = 10_000


@dataclass(frozen=True, slots=True)
class Conditions:
    """All of these hold: `key` has any of its values, and the point held on day `day` (an ordinal)."""

    any_of: dict[str, list[str]]
    day: float | None = None

    @property
    def current(self) -> bool:
        """Whether the day is the last of all: nothing begins after it."""
        return self.day == CURRENT.toordinal()


def conditions(wanted: SearchFilter, in_use: frozenset[str]) -> Conditions | None:
    """Return what every leg and the IDF corpus run under, or None where nothing can match.

    There is always a condition on the readers, those of them that are `in_use`: to the engines, an empty filter means
    everything. Raises `InvalidRequest` for more than 1,000 such reader tokens (it fails closed: a cut list would hide
    which documents are missing) and for more than 10,000 values of another field.
    """
    readers = wanted.readers & in_use
    if len(readers) > MAX_READERS:
        raise InvalidRequest(
            f"{len(readers)} reader tokens in use, at most {MAX_READERS} are searched: "
            "grant documents to fewer, larger groups"
        )
    lists = {
        "readers": tuple(sorted(readers)),
        "status": wanted.statuses,
        "source": wanted.sources,
        "publisher": wanted.publishers,
        "tier": wanted.tiers,
        "concepts": wanted.concepts,
    }
    any_of: dict[str, list[str]] = {}
    for key, values in lists.items():
        if values is None:
            continue
        if not values:
            return None
        if len(values) > MAX_VALUES:
            raise InvalidRequest(f"{len(values)} values of {key}, at most {MAX_VALUES} are searched: narrow them")
        any_of[key] = list(dict.fromkeys(values))
    return Conditions(any_of, None if wanted.at is None else float(wanted.at.toordinal()))
