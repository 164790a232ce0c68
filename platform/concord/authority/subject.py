"""Which ranking of sources, and which delegations, hold for a set of claims: those of what the claims are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from concord.authority.claims import Claim
from concord.authority.clauses import Ranking, Situation
from concord.authority.concepts import NarrowerConcepts
from concord.authority.policy import Policy

_Named = list[tuple[Claim, frozenset[str]]]


def subject_rules(
    claims: Sequence[Claim], policy: Policy, narrower: NarrowerConcepts, situation: Situation, at: date
) -> tuple[Ranking | None, frozenset[str]]:
    """The ranking and the delegations of what the claims are about: their sentences first, else what stands around.

    Claims of one set fill one slot, so one that names no concept, or none that is ranked, is about the others' subject:
    were it heard, any page that words the rule without its usual name could set the policy aside. Where the claims
    bring several rankings, that of the best of them by force, status and tier holds, so that no lower page sways the
    rest; where these bring several, none. A ranking that is set for no concept holds where no other does.
    """
    if not policy.rankings and not policy.delegations:
        return None, frozenset()
    regions = _regions(claims)
    best_first = sorted(claims, key=lambda each: _standing(each, policy, at))
    ranking: Ranking | None = None
    delegated = frozenset(
        claim.facts.source
        for claim in claims
        if claim.facts.source in policy.delegated(frozenset(claim.attribute.concepts), narrower)
    )
    for level in range(3):
        named = [(claim, concepts) for claim in best_first if (concepts := _concepts(claim, level))]
        if not named:
            continue
        if ranking is None:
            ranking, settled = _of_the_best(named, policy, narrower, situation, regions, at)
            if settled and ranking is None:
                break
        if not delegated:
            delegated = frozenset.intersection(*(policy.delegated(each, narrower) for _, each in named))
        if _shared(named, policy, at):
            break
    if ranking is None:
        ranking = policy.ranking_for(frozenset(), narrower, situation, regions)
    return ranking, delegated


def _concepts(claim: Claim, level: int) -> frozenset[str]:
    """The concepts of a claim's sentence; with what stands around it; with its item's."""
    attribute = claim.attribute
    around = attribute.context_concepts if level else ()
    return frozenset((*attribute.concepts, *around, *(claim.facts.subject if level > 1 else ())))


def _standing(claim: Claim, policy: Policy, at: date) -> tuple[int, int, int]:
    facts = claim.facts
    return (0 if facts.in_force(at) else 1, policy.status_rank(facts.status), policy.tier_rank(facts.tier))


def _of_the_best(
    named: _Named,
    policy: Policy,
    narrower: NarrowerConcepts,
    situation: Situation,
    regions: frozenset[str],
    at: date,
) -> tuple[Ranking | None, bool]:
    """The ranking that the best claims bring which bring any, and whether any was brought."""
    for _, group in groupby(named, key=lambda each: _standing(each[0], policy, at)):
        given = (policy.ranking_for(concepts, narrower, situation, regions) for _, concepts in group)
        found = [each for each in given if each is not None]
        if found:
            return (found[0] if all(each == found[0] for each in found) else None), True
    return None, False


def _shared(named: _Named, policy: Policy, at: date) -> bool:
    """Whether the best claims that name concepts have one in common: then that is what the set is about."""
    first = _standing(named[0][0], policy, at)
    return bool(frozenset.intersection(*(each for claim, each in named if _standing(claim, policy, at) == first)))


def _regions(claims: Sequence[Claim]) -> frozenset[str]:
    """The places that every claim names which names any: in its scope, or as its item's jurisdiction."""
    named = (
        frozenset(
            word.casefold()
            for word in (*each.scope.region, *each.scope.organisation, *each.scope.product, *each.facts.spatial)
        )
        for each in claims
    )
    places = [each for each in named if each]
    return frozenset.intersection(*places) if places else frozenset()
