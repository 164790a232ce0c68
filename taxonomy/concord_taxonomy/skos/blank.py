"""Blank nodes named by what is said of them: equal triples get equal names, and a change renames next to nothing.

A node that no other looks like is called after its own statements. Those that look alike take in what their neighbours
look like, step by step; what is alike even then is told apart by RDFC-1.0, unless too many of them hang together: that
tries every order of like neighbours, and twelve nodes all related to each other would take hours and all memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from math import factorial, prod
from typing import TYPE_CHECKING, Any

from concord_taxonomy.skos.errors import NotWritable

if TYPE_CHECKING:
    import pyoxigraph as ox

_ORDERS, _NODES = 10**7, 500
"""How many orders of like neighbours, and how many nodes, one knot of blank nodes that look alike may have."""

_LOOKS = 2_000_000
"""How many looks at a neighbour may be taken to tell blank nodes apart before they count as alike."""

_NAMED = "urn:concord:blank:"


def named(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """The triples with names for blank nodes that are equal for equal triples; raises `NotWritable` for large knots."""
    import pyoxigraph as ox

    held = set(triples)
    looks = _looks(held)
    if not looks:
        return list(held)
    alike = Counter(looks.values())
    told = {node: look for node, look in looks.items() if alike[look] == 1}

    def renamed(triple: ox.Triple, names: Mapping[Any, Any]) -> ox.Triple:
        subject, value = (names.get(each, each) for each in (triple.subject, triple.object))
        return ox.Triple(subject, triple.predicate, value)

    blank = {node: ox.BlankNode(f"b{look}") for node, look in told.items()}
    if len(told) == len(looks):
        return [renamed(each, blank) for each in held]
    stand_in = {node: ox.NamedNode(_NAMED + look) for node, look in told.items()}
    known = canonical(renamed(each, stand_in) for each in held)
    back = {stand_in[node]: blank[node] for node in told}
    return [renamed(quad.triple, back) for quad in known]


def _looks(triples: Iterable[ox.Triple]) -> dict[ox.BlankNode, str]:
    """What each blank node looks like, as a hash: unlike nodes differ, as far as that can be told step by step."""
    import pyoxigraph as ox

    said: dict[ox.BlankNode, list[str]] = defaultdict(list)
    links: dict[ox.BlankNode, list[tuple[str, ox.BlankNode]]] = defaultdict(list)
    for triple in triples:
        ends = triple.subject, triple.object
        for way, node, other in ((">", *ends), ("<", *reversed(ends))):
            if not isinstance(node, ox.BlankNode):
                continue
            step = f"{way} {triple.predicate}"
            if isinstance(other, ox.BlankNode) and other != node:
                links[node].append((step, other))
                said[node].append(step)
            else:
                said[node].append(f"{step} {'self' if other == node else other}")
    looks = {node: _hash(*sorted(each)) for node, each in said.items()}
    taken = 0
    while taken < _LOOKS:
        alike = Counter(looks.values())
        waiting = [node for node, look in looks.items() if alike[look] > 1]
        nearer = {
            node: _hash(looks[node], *sorted(f"{step} {looks[other]}" for step, other in links[node]))
            for node in waiting
        }
        if len(set(nearer.values())) == len({looks[node] for node in waiting}):
            break
        looks |= nearer
        taken += sum(len(links[node]) + 1 for node in waiting)
    return looks


def _hash(*parts: str) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()


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
