"""Fusing the legs of a hybrid search: weighted reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

K = 60
"""The constant of the paper: how flat the first ranks are."""


@dataclass(frozen=True, slots=True)
class Fused:
    """A point with its fused score and its 1-based rank in each leg that found it."""

    id: str
    score: float
    ranks: Mapping[str, int]


def reciprocal_rank_fusion(legs: Mapping[str, Sequence[str]], weights: Mapping[str, float]) -> list[Fused]:
    """Fuse ranked ids: the sum over legs of weight / (K + rank), best first, ties by id."""
    ranks: dict[str, dict[str, int]] = {}
    for leg, ids in legs.items():
        for rank, point in enumerate(ids, start=1):
            ranks.setdefault(point, {})[leg] = rank
    fused = [
        Fused(point, sum(weights[leg] / (K + rank) for leg, rank in found.items()), found)
        for point, found in ranks.items()
    ]
    return sorted(fused, key=lambda each: (-each.score, each.id))
