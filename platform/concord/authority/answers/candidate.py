"""A possible answer in a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What kind of answer a question asks for."""

    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    PLACE = "place"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer: its words in normal form, where it stands, and how surely it answers (above 0)."""

    key: tuple[str, ...]
    start: int
    end: int
    weight: float


def agree(kind: Kind, left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether two answers may mean the same: a year and a day in it, a name and its longer form, a town and its state.

    In doubt they do: an invented disagreement costs more trust than a missed one.
    """
    match kind:
        case Kind.DATE:
            return all(one == other for one, other in zip(left, right, strict=False))
        case Kind.NUMBER:
            return left == right
        case _:
            return bool(set(left) & set(right))
