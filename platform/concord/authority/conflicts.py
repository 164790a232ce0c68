"""Conflict sets: claims that fill one slot in compatible scopes and state different values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from concord.authority.candidates import block_of, find_candidates
from concord.authority.claims import Claim
from concord.authority.questions import Question
from concord.authority.slots import SAME_SLOT, Features, Relation, comparable, features, relate, score
from concord.authority.values import ValueType, same_value

_ANCHORED = 0.5
"""The match score that is enough where both claims answer the question asked."""
_ANSWERS = 0.75
_TELLING = 3.0


@dataclass(frozen=True, slots=True)
class ConflictSet:
    """Claims of one slot, in one order whatever order they were found in.

    With `differs_by_scope` the claims hold side by side, each in its scope; otherwise they contradict each other.
    """

    claims: tuple[Claim, ...]
    differs_by_scope: bool = False

    @property
    def value_type(self) -> ValueType:
        """The type of the claims' values."""
        return self.claims[0].value.type

    def sides(self) -> tuple[tuple[Claim, ...], ...]:
        """The claims by value: each side says one thing."""
        return sides(self.claims)


@dataclass(frozen=True, slots=True)
class ConflictSets:
    """What was found: contradictions, and slots whose value depends on the scope.

    `overflow` counts claims that had more candidates than could be compared.
    """

    conflicts: tuple[ConflictSet, ...] = ()
    by_scope: tuple[ConflictSet, ...] = ()
    overflow: int = 0

    def __iter__(self) -> Iterator[ConflictSet]:
        return iter((*self.conflicts, *self.by_scope))


def find_conflicts(
    claims: Iterable[Claim], *, question: Question | None = None, about: Collection[Claim] | None = None
) -> ConflictSets:
    """Find the conflict sets among claims; with a question, only in the slots that it asks about, nearest first.

    `about` restricts them to sets with one of these claims, at the cost of comparing those and what they relate to.
    Copies of one sentence are compared once and stay in the set, each with its own item. Claims of one item are not
    held against each other.
    """
    if question is not None:
        claims = question.select(claims)
    if about is not None:
        blocks = set(map(block_of, about))
        claims = [claim for claim in claims if block_of(claim) in blocks]
    groups = _groups(claims)
    heads = [group[0] for group in groups]
    described = [features(head) for head in heads]
    candidates = find_candidates(heads, described)
    compare = _Comparison(groups, described, question)
    if about is None:
        edges = compare.edges(candidates.pairs)
    else:
        # Every two claims of a set are related, so whatever stands in one with a claim is that claim's neighbour.
        anchors = {place for place, group in enumerate(groups) if not set(group).isdisjoint(about)}
        edges = compare.edges(pair for pair in candidates.pairs if not anchors.isdisjoint(pair))
        near = {place for pair in edges for place in pair} - anchors
        edges |= compare.edges(pair for pair in candidates.pairs if near.issuperset(pair))
    conflicts = _grow(edges, Relation.CONFLICT)
    inside = {position for cluster in conflicts for position in cluster}
    scoped: list[tuple[int, ...]] = []
    for cluster in _grow(edges, Relation.OTHER_SCOPE):
        # Beside a contradiction, or another such set of the same claims, it would say nothing new.
        if not set(cluster) <= inside:
            scoped.append(cluster)
            inside.update(cluster)
    found = ConflictSets(_sets(conflicts, groups, False), _sets(scoped, groups, True), candidates.overflow)
    return found if question is None else _by_relevance(found, question)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Compares groups of copies, by their first claims."""

    groups: Sequence[tuple[Claim, ...]]
    described: Sequence[Features]
    question: Question | None

    def edges(self, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], tuple[Relation, float]]:
        """The relations of those pairs that are related, and how strongly."""
        found: dict[tuple[int, int], tuple[Relation, float]] = {}
        for left, right in pairs:
            one, other = self.groups[left], self.groups[right]
            if not comparable(one[0], other[0]) or len({each.identifier for each in (*one, *other)}) < 2:
                continue
            strength = score(self.described[left], self.described[right])
            linked, enough = _linked(one, other), _enough(one[0], other[0], self.question)
            relation = relate(one[0], other[0], strength, linked=linked, enough=enough)
            if relation is not Relation.UNRELATED:
                found[left, right] = (relation, strength)
        return found


def _by_relevance(found: ConflictSets, question: Question) -> ConflictSets:
    def distance(each: ConflictSet) -> float:
        return -sum(question.coverage(claim) for claim in each.claims) / len(each.claims)

    return replace(
        found,
        conflicts=tuple(sorted(found.conflicts, key=distance)),
        by_scope=tuple(sorted(found.by_scope, key=distance)),
    )


def sides(claims: Sequence[Claim]) -> tuple[tuple[Claim, ...], ...]:
    """Group claims by value, in the order of the claims."""
    grouped: list[list[Claim]] = []
    for claim in claims:
        for group in grouped:
            if same_value(group[0].value, claim.value):
                group.append(claim)
                break
        else:
            grouped.append([claim])
    return tuple(tuple(group) for group in grouped)


def _groups(claims: Iterable[Claim]) -> list[tuple[Claim, ...]]:
    """Copies of one sentence in one scope together."""
    grouped: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda each: each.key):
        series = (claim.facts.source, claim.identifier.rsplit("/", 1)[0])
        identity = (claim.quote.casefold(), claim.position, claim.value, claim.scope, claim.attribute.context, series)
        grouped[identity].append(claim)
    return [tuple(group) for group in grouped.values()]


def _linked(left: Sequence[Claim], right: Sequence[Claim]) -> bool:
    return any(
        other.identifier in (*one.facts.replaces, *one.facts.is_replaced_by)
        or one.identifier in (*other.facts.replaces, *other.facts.is_replaced_by)
        for one in left
        for other in right
    )


def _enough(left: Claim, right: Claim, question: Question | None) -> float:
    """A question that both claims answer anchors them to one slot, however differently they are worded.

    It has to say something, though: one concept alone ("annual leave") is the subject of many slots.
    """
    if question is None or question.weight < _TELLING:
        return SAME_SLOT
    if min(question.coverage(left), question.coverage(right)) >= _ANSWERS:
        return _ANCHORED
    return SAME_SLOT


def _grow(edges: dict[tuple[int, int], tuple[Relation, float]], wanted: Relation) -> list[tuple[int, ...]]:
    """Clusters around the wanted relation in which every two claims are related and none is another's scope's.

    Complete linkage, strongest pair first, so that claims are not chained together through a third. A claim that
    contradicts two which do not meet each other stands in two clusters.
    """
    fits = {wanted, Relation.AGREE}
    neighbours: dict[int, set[int]] = defaultdict(set)
    for (left, right), (relation, _) in edges.items():
        if relation in fits:
            neighbours[left].add(right)
            neighbours[right].add(left)
    seeds = sorted(
        (pair for pair, (relation, _) in edges.items() if relation is wanted), key=lambda pair: (-edges[pair][1], pair)
    )
    covered: set[tuple[int, int]] = set()
    clusters: list[tuple[int, ...]] = []
    for seed in seeds:
        if seed in covered:
            continue
        cluster = set(seed)
        for other in sorted(neighbours[seed[0]] & neighbours[seed[1]]):
            if cluster <= neighbours[other]:
                cluster.add(other)
        ordered = tuple(sorted(cluster))
        covered.update((one, two) for one in ordered for two in ordered if one < two)
        clusters.append(ordered)
    return clusters


def _sets(
    clusters: Sequence[tuple[int, ...]], groups: Sequence[tuple[Claim, ...]], by_scope: bool
) -> tuple[ConflictSet, ...]:
    return tuple(
        ConflictSet(
            tuple(sorted((claim for position in cluster for claim in groups[position]), key=lambda each: each.key)),
            by_scope,
        )
        for cluster in clusters
    )
