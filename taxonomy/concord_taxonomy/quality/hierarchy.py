"""Who stands above whom in a hierarchy, however deep and wide it is.

Rings are strongly connected components (Tarjan 1972). Questions are answered many at once: each node takes over the
sets of those right above it, as bits, so that the whole costs a walk over the hierarchy for some thousand questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

_BITS = 1 << 28
"""Bits that the sets of one walk take up at most: 32 MiB."""

_FEWEST = 256
"""Nodes that a walk asks about at least, however many there are."""


class Hierarchy:
    """The transitive closure of a relation that leads upward, without being written out."""

    def __init__(self, ups: Mapping[str, Collection[str]]) -> None:
        self._part, self._parts = _components(ups)
        self._self = {node for node, above in ups.items() if node in above}
        above: list[set[int]] = [set() for _ in self._parts]
        for node, higher in ups.items():
            above[self._part[node]] |= {self._part[each] for each in higher} - {self._part[node]}
        # Tarjan's order puts what is above first, so that each part's parents have smaller numbers than its own.
        self._above = [tuple(each) for each in above]

    def rings(self) -> Iterator[frozenset[str]]:
        """The sets of nodes that stand above themselves."""
        for part in self._parts:
            if len(part) > 1 or part[0] in self._self:
                yield frozenset(part)

    def on_ring(self, node: str) -> bool:
        """Whether a node stands above itself."""
        part = self._part.get(node)
        return part is not None and (len(self._parts[part]) > 1 or node in self._self)

    def above(self, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of the pairs (high, low) in which `high` is reached from `low` by one step upward or more."""
        found, asked = set[tuple[str, str]](), dict[int, dict[int, list[tuple[str, str]]]]()
        for high, low in pairs:
            goal, start = self._part.get(high), self._part.get(low)
            if goal is None or start is None or goal > start:
                continue
            if goal < start:
                asked.setdefault(goal, {}).setdefault(start, []).append((high, low))
            elif high != low or self.on_ring(low):
                found.add((high, low))
        for chosen in self._dealt(sorted(asked)):
            reached = self._reached(chosen, max(start for goal in chosen for start in asked[goal]))
            for place, goal in enumerate(chosen):
                for start, given in asked[goal].items():
                    if reached[start - chosen[0]] >> place & 1:
                        found.update(given)
        return found

    def above_others(self, groups: Sequence[Collection[str]]) -> list[set[str]]:
        """For each group its nodes that stand above another one of it."""
        parts = [[self._part[node] for node in group if node in self._part] for group in groups]
        found = [{part for part, count in Counter(each).items() if count > 1} for each in parts]
        goals = sorted({part for each in parts for part in each})
        for chosen in self._dealt(goals):
            reached, bits = self._reached(chosen, goals[-1]), {goal: 1 << place for place, goal in enumerate(chosen)}
            for each, above in zip(parts, found, strict=True):
                seen = mine = 0
                for part in each:
                    own = bits.get(part, 0)
                    mine |= own
                    if part >= chosen[0]:
                        seen |= reached[part - chosen[0]] & ~own
                if hit := seen & mine:
                    above.update(part for part in each if bits.get(part, 0) & hit)
        return [
            {node for node in group if self._part.get(node) in above}
            for group, above in zip(groups, found, strict=True)
        ]

    def _dealt(self, goals: list[int]) -> Iterator[list[int]]:
        """As many goals at a time as a walk may ask about."""
        width = max(_FEWEST, _BITS // max(1, len(self._parts)))
        return (goals[first : first + width] for first in range(0, len(goals), width))

    def _reached(self, goals: list[int], last: int) -> list[int]:
        """For each part from the first of the sorted goals to `last`, which of the goals it is or has above it."""
        first = goals[0]
        reached = [0] * (last - first + 1)
        for place, goal in enumerate(goals):
            if goal <= last:
                reached[goal - first] = 1 << place
        for part in range(first + 1, last + 1):
            for parent in self._above[part]:
                if parent >= first:
                    reached[part - first] |= reached[parent - first]
        return reached


def _components(ups: Mapping[str, Collection[str]]) -> tuple[dict[str, int], list[list[str]]]:
    """The strongly connected parts, those that are reached before those that lead there."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    part: dict[str, int] = {}
    parts: list[list[str]] = []
    held: list[str] = []
    for root in ups:
        if root in number:
            continue
        number[root] = lowest[root] = len(number)
        held.append(root)
        walk = [(root, iter(ups.get(root, ())))]
        while walk:
            node, ahead = walk[-1]
            for other in ahead:
                if other not in number:
                    number[other] = lowest[other] = len(number)
                    held.append(other)
                    walk.append((other, iter(ups.get(other, ()))))
                    break
                if other not in part:
                    lowest[node] = min(lowest[node], number[other])
            else:
                walk.pop()
                if walk:
                    lowest[walk[-1][0]] = min(lowest[walk[-1][0]], lowest[node])
                if lowest[node] == number[node]:
                    members = [held.pop()]
                    while members[-1] != node:
                        members.append(held.pop())
                    part.update(dict.fromkeys(members, len(parts)))
                    parts.append(members)
    return part, parts
