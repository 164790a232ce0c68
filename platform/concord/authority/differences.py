"""Accepted differences: what people decided to leave as it is contradicts itself no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from concord.authority.claims import Claim
from concord.authority.conflicts import ConflictSet, sides
from concord.authority.register import Statement, entry_of

if TYPE_CHECKING:
    from concord.catalog.differences import Difference

Accepted = Callable[[Sequence[str]], Sequence["Difference"]]
"""Gives the decisions that stand about entries of the conflict register."""


def nothing_accepted(_entries: Sequence[str]) -> Sequence[Difference]:
    """No decision stands about anything."""
    return ()


def set_aside(conflict: ConflictSet, accepted: Accepted) -> tuple[ConflictSet, str]:
    """The set without claims that only differ as was accepted; where nothing else is left, all of it and the reason."""
    said = {claim: Statement(claim).id for claim in conflict.claims}
    pairs = _opposed(conflict.claims)
    decisions = accepted(sorted({entry_of(said[one], said[other]) for one, other in pairs}))
    if not decisions:
        return conflict, ""
    why: dict[str, None] = {}
    left: set[Claim] = set()
    for one, other in pairs:
        entry = entry_of(said[one], said[other])
        made = [each for each in decisions if each.entry == entry and each.covers(one.identifier, other.identifier)]
        if made:
            why[made[0].describe()] = None
        else:
            left |= {one, other}
    if left:
        return replace(conflict, claims=tuple(each for each in conflict.claims if each in left)), ""
    return conflict, " ".join(why)


def _opposed(claims: Sequence[Claim]) -> list[tuple[Claim, Claim]]:
    """The pairs of claims that state different values."""
    by_value = sides(claims)
    return [
        (one, other)
        for place, mine in enumerate(by_value)
        for theirs in by_value[place + 1 :]
        for one in mine
        for other in theirs
    ]
