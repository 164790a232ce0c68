"""How long answers took."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that is not exceeded by `share` of them (nearest rank); None without values."""
    if not 0 < share <= 1:
        raise ValueError(f"{share} is no share: give more than 0, and at most 1")
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None
