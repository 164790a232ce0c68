"""What a policy says that can never count, contradicts itself, or names nothing that there is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from concord.authority.clauses import Delegation, Ranking, Window
from concord.authority.concepts import NarrowerConcepts, only_itself
from concord.authority.policy import Policy

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to look at: `place` is where in `authority.yaml`, `repair` what to do. An error cannot be meant."""

    severity: Severity
    check: str
    place: str
    detail: str
    repair: str

    def to_json(self) -> dict[str, str]:
        """The finding as JSON values."""
        return {name: getattr(self, name) for name in ("check", "severity", "place", "detail", "repair")}


@dataclass(frozen=True, slots=True)
class Declared:
    """What there is for a policy to name; None where that is not known, and not checked.

    `label` gives a concept's label.
    """

    sources: Collection[str] | None = None
    concepts: Collection[str] | None = None
    departments: Collection[str] | None = None
    use_cases: Collection[str] | None = None
    narrower: NarrowerConcepts = only_itself
    label: Callable[[str], str] = field(default=lambda iri: iri)


def lint(policy: Policy, declared: Declared) -> tuple[Finding, ...]:
    """Everything found in a policy by itself, errors first."""
    found = [*_unknown(policy, declared), *_unreachable(policy, declared), *_contradictory(policy, declared)]
    return tuple(sorted(set(found)))


def without_record(policy: Policy, contents: Mapping[str, Collection[str]], declared: Declared) -> Iterator[Finding]:
    """The concepts of which several sources have content and no ranking says whose counts: no system of record.

    `contents` are the sources of each concept's items; give only what the viewer may read.
    """
    covered = {
        narrower
        for ranking in policy.rankings
        if ranking.concept is not None and not ranking.conditions
        for narrower in declared.narrower(ranking.concept) | {ranking.concept}
    }
    for concept, sources in sorted(contents.items()):
        if len(set(sources)) > 1 and concept not in covered:
            yield Finding(
                "warning",
                "no-system-of-record",
                "rankings",
                f"{declared.label(concept)} ({concept}) is written about in {', '.join(sorted(set(sources)))}, and no "
                "ranking covers it",
                "rank its sources, or those of a broader concept",
            )


def circles(found: Iterable[tuple[str, ...]]) -> Iterator[Finding]:
    """Items that replace each other in a circle (`concord.authority.links.cycles`)."""
    for ring in found:
        yield Finding(
            "error",
            "replaces-circle",
            "",
            f"{', '.join(ring)} replace each other in a circle, so that none is taken to replace another",
            "correct replaces or is_replaced_by in one of them",
        )


def _unknown(policy: Policy, declared: Declared) -> Iterator[Finding]:
    for place, kind, name in _names(policy):
        known = getattr(declared, f"{kind.replace(' ', '_')}s")
        folded = {each.casefold() for each in known or ()} if kind == "department" else known
        if known is not None and (name.casefold() if kind == "department" else name) not in (folded or ()):
            yield Finding(
                "error", "unknown-name", place, f"there is no {kind} {name!r}", "correct the name, or declare it"
            )


def _names(policy: Policy) -> Iterator[tuple[str, str, str]]:
    clauses: list[tuple[str, Ranking | Delegation | Window]] = [
        *((f"rankings[{number}]", each) for number, each in enumerate(policy.rankings)),
        *((f"delegations[{number}]", each) for number, each in enumerate(policy.delegations)),
        *((f"freshness[{number}]", each) for number, each in enumerate(policy.freshness)),
    ]
    for place, clause in clauses:
        for name in ("concept", "source", "department", "use_case"):
            value = getattr(clause, name, None)
            if value is not None:
                yield f"{place}.{name}", name.replace("_", " "), value
        for number, source in enumerate(getattr(clause, "sources", ())):
            yield f"{place}.sources[{number}]", "source", source


def _unreachable(policy: Policy, declared: Declared) -> Iterator[Finding]:
    """Clauses that no decision ever comes to."""
    rules = policy.rules

    def never(place: str, detail: str, repair: str) -> Finding:
        return Finding("warning", "unreachable", place, detail, repair)

    if policy.rankings and "source_ranking" not in rules:
        yield never("rankings", "source_ranking is not among the rules", "add it to rules, or drop the rankings")
    if "source_ranking" in rules and not policy.rankings:
        place = f"rules[{rules.index('source_ranking')}]"
        yield never(place, "source_ranking has no ranking to go by", "add rankings, or drop the rule")
    if policy.delegations and not {"tier", "specificity"} <= set(rules):
        yield never("delegations", "a delegation needs the rules tier and specificity", "add both to rules")
    elif policy.delegations and rules.index("specificity") < rules.index("tier"):
        detail = "specificity comes before tier, so that every narrower scope beats a higher tier"
        yield never("delegations", detail, "put tier before specificity, or drop the delegations")
    if "in_force" not in rules:
        detail = "without in_force, what is withdrawn, expired or superseded may win"
        yield Finding("warning", "missing-rule", "rules", detail, "add in_force as the first rule")
    for later, ranking in enumerate(policy.rankings):
        for earlier, other in enumerate(policy.rankings[:later]):
            if ranking.conditions == other.conditions and _subtree(ranking, declared) == _subtree(other, declared):
                detail = f"rankings[{earlier}] is set for the same, and comes first"
                yield never(f"rankings[{later}]", detail, "merge the two")
    for later, window in enumerate(policy.freshness):
        for earlier, other_window in enumerate(policy.freshness[:later]):
            if _covers(other_window, window, declared):
                detail = f"freshness[{earlier}] matches everything that it matches, and comes first"
                yield never(f"freshness[{later}]", detail, "put the narrower window first")
    if "stale" in policy.abstain and not policy.freshness:
        yield never("abstain", "without a freshness window nothing is stale", "add freshness, or drop the condition")


def _contradictory(policy: Policy, declared: Declared) -> Iterator[Finding]:
    """Rankings that may both hold, neither set for less than the other, and order two sources differently."""
    for (one, left), (other, right) in combinations(enumerate(policy.rankings), 2):
        pair = _turned(left, right)
        if pair is None or not _overlap(left, right, declared) or _one_within(left, right, declared):
            continue
        yield Finding(
            "warning",
            "contradictory-rankings",
            f"rankings[{other}]",
            f"rankings[{one}] puts {pair[0]} above {pair[1]}, this one the other way round, and both may hold at once",
            "set one of them for something narrower, or agree on the order",
        )


def _turned(left: Ranking, right: Ranking) -> tuple[str, str] | None:
    """Two sources that both rankings name, in the first one's order, where the second has the other."""
    places = {source: place for place, source in enumerate(right.sources)}
    shared = [source for source in left.sources if source in places]
    return next(((a, b) for a, b in combinations(shared, 2) if places[a] > places[b]), None)


def _overlap(left: Ranking, right: Ranking, declared: Declared) -> bool:
    """Whether some claims are about both, in some situation: different values of a condition exclude each other.

    A ranking of a subject goes before one that is set for none, so that these two never meet.
    """
    one, other = dict(left.conditions), dict(right.conditions)
    if any(one[name].casefold() != other[name].casefold() for name in one.keys() & other.keys()):
        return False
    mine, theirs = _subtree(left, declared), _subtree(right, declared)
    return (not mine and not theirs) or bool(mine & theirs)


def _one_within(left: Ranking, right: Ranking, declared: Declared) -> bool:
    """Whether one is set for less: it goes before the other, as it is meant to."""
    mine, theirs = _subtree(left, declared), _subtree(right, declared)
    if mine != theirs:
        return mine < theirs or theirs < mine
    return set(left.conditions) < set(right.conditions) or set(right.conditions) < set(left.conditions)


def _subtree(ranking: Ranking, declared: Declared) -> frozenset[str]:
    return declared.narrower(ranking.concept) | {ranking.concept} if ranking.concept else frozenset()


def _covers(wide: Window, narrow: Window, declared: Declared) -> bool:
    if wide.tier not in (None, narrow.tier) or wide.source not in (None, narrow.source):
        return False
    if wide.concept is None:
        return True
    return narrow.concept is not None and narrow.concept in declared.narrower(wide.concept) | {wide.concept}
