"""Who stands above whom in a hierarchy, however deep it is: rings are found once, and most questions take one look.

Rings are strongly connected components (Tarjan 1972). A spanning tree of what is left numbers its nodes so that most
ancestors are seen by comparing intervals (as in GRAIL, Yildirim, Chaoji & Zaki 2010); only second parents are walked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping


class Hierarchy:
    """The transitive closure of a relation that leads upward, without being written out."""

    def __init__(self, ups: Mapping[str, Collection[str]]) -> None:
        self._part, self._parts = _components(ups)
        self._self = {node for node, above in ups.items() if node in above}
        above: list[set[int]] = [set() for _ in self._parts]
        for node, higher in ups.items():
            above[self._part[node]] |= {self._part[each] for each in higher} - {self._part[node]}
        # Tarjan's order puts what is above first, so that each part's parents have smaller numbers than its own.
        tree = [min(higher, default=-1) for higher in above]
        self._others = [tuple(sorted(higher - {tree[part]})) for part, higher in enumerate(above)]
        self._begin, self._end = _intervals(tree)
        # The part itself or the nearest one above it in the tree that has a second parent.
        self._fork = list(range(len(tree)))
        for part, parent in enumerate(tree):
            if not self._others[part]:
                self._fork[part] = self._fork[parent] if parent >= 0 else -1
        self._tree = tree

    def rings(self) -> Iterator[frozenset[str]]:
        """The sets of nodes that stand above themselves."""
        for part in self._parts:
            if len(part) > 1 or part[0] in self._self:
                yield frozenset(part)

    def on_ring(self, node: str) -> bool:
        """Whether a node stands above itself."""
        part = self._part.get(node)
        return part is not None and (len(self._parts[part]) > 1 or node in self._self)

    def is_above(self, high: str, low: str) -> bool:
        """Whether `high` is reached from `low` by one step upward or more."""
        if high == low:
            return self.on_ring(low)
        goal, start = self._part.get(high), self._part.get(low)
        if goal is None or start is None:
            return False
        if goal == start:
            return True
        pending, seen = [start], {start}
        while pending:
            part = pending.pop()
            if self._begin[goal] <= self._begin[part] and self._end[part] <= self._end[goal]:
                return True
            fork = self._fork[part]
            if fork > goal:  # what is above the goal or beside it has nothing to say
                for parent in (self._tree[fork], *self._others[fork]):
                    if parent >= goal and parent not in seen:
                        seen.add(parent)
                        pending.append(parent)
        return False


def _intervals(tree: list[int]) -> tuple[list[int], list[int]]:
    """For each node of a forest, given by its parent (-1 for none), the numbers that its subtree takes up."""
    below: list[list[int]] = [[] for _ in tree]
    for node, parent in enumerate(tree):
        if parent >= 0:
            below[parent].append(node)
    begin, end, number = [0] * len(tree), [0] * len(tree), 0
    for root in (node for node, parent in enumerate(tree) if parent < 0):
        pending = [(root, True)]
        while pending:
            node, entering = pending.pop()
            if entering:
                begin[node] = number
                number += 1
                pending.append((node, False))
                pending += [(child, True) for child in below[node]]
            else:
                end[node] = number
    return begin, end


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
