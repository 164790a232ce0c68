"""How often Python looks for garbage in circles: seldom, for what reads passages and answers questions makes little."""

from __future__ import annotations

import gc

ALLOCATIONS = 20_000
"""Objects made and kept between two looks for garbage; Python's 700 are a fraction of what one question makes."""


def look_seldom() -> None:
    """Look for garbage seldom from now on, in the whole process.

    A fifth of the time of an answer, and a third of that of mining an item, went into looking for it.
    """
    gc.set_threshold(ALLOCATIONS, 10, 10)
