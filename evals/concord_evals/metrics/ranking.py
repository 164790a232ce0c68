"""How well a ranking finds what is wanted: hit, recall, reciprocal rank, discounted gain (Manning et al. 2008, ch. 8).

A ranking is a sequence of sets: for each place, which of the wanted things stand there (by number). So one function
serves items and passages, and a place that holds two wanted things, or two places that hold one, count right.
An empty ranking is a failure: every metric of it is 0.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

from concord_taxonomy.standard import ItemRef

Ranking = Sequence[Collection[int]]
Found = tuple[str, int]
"""An item's identifier and its revision."""


def items(found: Iterable[Found], wanted: Sequence[ItemRef]) -> list[set[int]]:
    """A ranking of items from that of their passages: each item stands where its first passage does."""
    return [_covering(each, wanted) for each in dict.fromkeys(found)]


def passages(found: Iterable[tuple[Found, bool]], wanted: Sequence[ItemRef]) -> list[set[int]]:
    """A ranking of passages, each with whether it is one that answers."""
    return [_covering(each, wanted) if answers else set() for each, answers in found]


def _covering(found: Found, wanted: Sequence[ItemRef]) -> set[int]:
    return {number for number, reference in enumerate(wanted) if reference.covers(*found)}


def hit(ranking: Ranking, k: int) -> bool:
    """Whether anything wanted is among the first `k`."""
    return any(_first(ranking, k))


def recall(ranking: Ranking, wanted: int, k: int) -> float:
    """The share of `wanted` things that are among the first `k`."""
    _check(k, wanted)
    return len(set().union(*_first(ranking, k))) / wanted


def reciprocal_rank(ranking: Ranking) -> float:
    """One over the first place (from 1) that holds anything wanted; 0 where none does."""
    return next((1 / place for place, each in enumerate(ranking, start=1) if each), 0.0)


def ndcg(ranking: Ranking, wanted: int, k: int) -> float:
    """Discounted gain at `k` over that of the best order (Järvelin and Kekäläinen 2002), each wanted thing worth 1.

    A thing counts where it stands first.
    """
    _check(k, wanted)
    seen: set[int] = set()
    gained = 0.0
    for place, each in enumerate(_first(ranking, k), start=1):
        if set(each) - seen:
            gained += 1 / math.log2(place + 1)
        seen |= set(each)
    best = math.fsum(1 / math.log2(place + 1) for place in range(1, min(wanted, k) + 1))
    return min(1.0, gained / best)


def _first(ranking: Ranking, k: int) -> Ranking:
    _check(k)
    return ranking[:k]


def _check(k: int, wanted: int = 1) -> None:
    if k < 1:
        raise ValueError(f"k is {k}: count at least the first place")
    if wanted < 1:
        raise ValueError("nothing is wanted: leave the question out")
