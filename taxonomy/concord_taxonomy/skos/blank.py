"""Blank nodes named by what is said of them (RDFC-1.0), unless too many of them say the same of each other.

Naming tries every order of like neighbours: twelve nodes all related to each other would take hours and all memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import factorial, prod
from typing import TYPE_CHECKING

from concord_taxonomy.skos.errors import NotWritable

if TYPE_CHECKING:
    import pyoxigraph as ox

_ORDERS, _NODES = 10**7, 500
"""How many orders of like neighbours, and how many nodes, one knot of blank nodes that look alike may have."""


def canonical(triples: Iterable[ox.Triple]) -> ox.Dataset:
    """The triples as a graph that is equal for equal triples; raises `NotWritable` where that would take too long."""
    import pyoxigraph as ox

    held = list(triples)
    _check(held)
    graph = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in held)
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return graph


def _check(triples: Sequence[ox.Triple]) -> None:
    import pyoxigraph as ox

    said: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    links: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for triple in set(triples):
        subject, predicate, value = map(str, (triple.subject, triple.predicate, triple.object))
        blank, to_blank = isinstance(triple.subject, ox.BlankNode), isinstance(triple.object, ox.BlankNode)
        if blank:
            said[subject].append(("", predicate, "" if to_blank else value))
        if to_blank:
            said[value].append(("" if blank else subject, predicate, "self"))
        if blank and to_blank and subject != value:
            links[subject].append((">", predicate, value))
            links[value].append(("<", predicate, subject))
    looks = {node: tuple(sorted(each)) for node, each in said.items()}
    alike = Counter(looks.values())
    waiting = {node for node, look in looks.items() if alike[look] > 1}
    while waiting:
        knot, found = list[str](), [waiting.pop()]
        orders = 1
        while found:
            node = found.pop()
            knot.append(node)
            near = [each for each in links[node] if alike[looks[each[2]]] > 1]
            groups = Counter((way, predicate, looks[other]) for way, predicate, other in near)
            orders *= prod(map(factorial, groups.values()))
            new = {other for _, _, other in near} & waiting
            waiting -= new
            found += new
        if len(knot) > _NODES or orders > _ORDERS:
            problem = f"{len(knot)} blank nodes that look alike are tied to each other: give them IRIs"
            raise NotWritable(f"a blank node ({knot[0]})", problem)
