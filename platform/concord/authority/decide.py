"""Decide a conflict set by the policy's rules, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from concord.authority.claims import Claim
from concord.authority.concepts import NarrowerConcepts, only_itself
from concord.authority.conflicts import ConflictSet, sides
from concord.authority.decision import Decision, Loss, Verdict
from concord.authority.errors import ReplayError
from concord.authority.explain import explain_scopes, explain_tie, explain_winner
from concord.authority.facts import Facts
from concord.authority.links import superseded
from concord.authority.policy import Policy, Ranking, RuleName
from concord.authority.rules import RULES, Context, apply_delegation, apply_rule
from concord.authority.values import same_value


def decide(
    conflict: ConflictSet,
    policy: Policy,
    *,
    at: date,
    narrower: NarrowerConcepts = only_itself,
    items: Iterable[Facts] = (),
) -> Decision:
    """Decide which claim of a set holds on the date `at`, and say by which rule.

    `narrower` closes the concepts of rankings and delegations over the vocabulary. `items` are further items that the
    asker may read and that may supersede one of the set's.
    """
    claims = tuple(sorted(conflict.claims, key=lambda each: each.key))
    context = resolve_context(claims, policy, at=at, narrower=narrower, items=items)
    return _decide(claims, context, policy, differs_by_scope=conflict.differs_by_scope)


def replay(decision: Decision, policy: Policy) -> Decision:
    """Decide again from what a decision recorded; raise `ReplayError` under another policy than it names."""
    if policy.fingerprint() != decision.policy:
        raise ReplayError(decision.policy, policy.fingerprint())
    scoped = decision.verdict is Verdict.DIFFERS_BY_SCOPE
    return _decide(decision.claims, decision.context, policy, differs_by_scope=scoped)


def resolve_context(
    claims: Sequence[Claim],
    policy: Policy,
    *,
    at: date,
    narrower: NarrowerConcepts = only_itself,
    items: Iterable[Facts] = (),
) -> Context:
    """What the rules need for these claims: the ranking and delegations of their subject, and who is superseded."""
    mine = {claim.identifier for claim in claims}
    facts = {each.identifier: each for each in items} | {claim.identifier: claim.facts for claim in claims}
    replaced = {older: newer for older, newer in superseded(facts.values(), policy, at).items() if older in mine}
    ranking, delegated = _subject_rules(claims, policy, narrower)
    return Context(
        at=at,
        ranking=ranking.sources if ranking else (),
        ranked_concept=ranking.concept if ranking else None,
        delegated=delegated,
        superseded=replaced,
    )


def _subject_rules(
    claims: Sequence[Claim], policy: Policy, narrower: NarrowerConcepts
) -> tuple[Ranking | None, frozenset[str]]:
    """The ranking and the delegations of what the claims are about: their sentences first, else what stands around.

    Claims of one set fill one slot, so one that names no concept, or none that is ranked, is about the others' subject:
    were it heard, any page that words the rule without its usual name could set the policy aside. Where the claims
    bring several rankings, none applies.
    """
    levels = (
        [frozenset(claim.attribute.concepts) for claim in claims],
        [frozenset((*claim.attribute.concepts, *claim.attribute.context_concepts)) for claim in claims],
        [
            frozenset((*claim.attribute.concepts, *claim.attribute.context_concepts, *claim.facts.subject))
            for claim in claims
        ],
    )
    ranking: Ranking | None = None
    delegated = frozenset(
        claim.facts.source
        for claim, concepts in zip(claims, levels[0], strict=True)
        if claim.facts.source in policy.delegated(concepts, narrower)
    )
    for concepts in levels:
        named = [each for each in concepts if each]
        if not named:
            continue
        found = [each for each in (policy.ranking_for(each, narrower) for each in named) if each is not None]
        if ranking is None and found and all(each == found[0] for each in found):
            ranking = found[0]
        if not delegated:
            delegated = frozenset.intersection(*(policy.delegated(each, narrower) for each in named))
        if frozenset.intersection(*named):
            break
    return ranking, delegated


def _decide(claims: tuple[Claim, ...], context: Context, policy: Policy, *, differs_by_scope: bool) -> Decision:
    made = Decision(Verdict.NONE, policy.fingerprint(), context, claims)
    if len(sides(claims)) < 2:
        return replace(made, explanation="All claims state the same value.")
    if differs_by_scope:
        return replace(made, verdict=Verdict.DIFFERS_BY_SCOPE, explanation=explain_scopes(claims), standing=claims)
    if "in_force" in policy.rules and not any(claim.facts.in_force(context.at) for claim in claims):
        return replace(made, explanation=f"None of these is in force on {context.at}.")
    left, losses = _eliminate(claims, context, policy)
    if len(sides(left)) > 1:
        return replace(
            made,
            verdict=Verdict.UNRESOLVED,
            explanation=explain_tie(left),
            losers=tuple(losses),
            standing=tuple(left),
        )
    winner = left[0]
    agreeing = (*left[1:], *(each.claim for each in losses if same_value(each.claim.value, winner.value)))
    losers = tuple(
        replace(each, contests=_contests(each.claim, winner, context, policy))
        for each in losses
        if not same_value(each.claim.value, winner.value)
    )
    rule = losers[-1].rule
    return replace(
        made,
        verdict=Verdict.CONTESTED if any(each.contests for each in losers) else Verdict.RESOLVED,
        rule=rule,
        explanation=explain_winner(winner, losers, context),
        winner=winner,
        agreeing=agreeing,
        losers=losers,
    )


def _eliminate(claims: Sequence[Claim], context: Context, policy: Policy) -> tuple[list[Claim], list[Loss]]:
    """Run the rules in order; what is left, and every loss in the order in which it happened."""
    left, losses = list(claims), list[Loss]()

    def keep(kept: list[Claim], rule: RuleName) -> None:
        nonlocal left
        losses.extend(Loss(each, rule) for each in left if each not in kept)
        left = kept

    for name in policy.rules:
        if name == "tier" and "specificity" in policy.rules:
            keep(apply_delegation(left, context), "specificity")
        keep(apply_rule(RULES[name], left, policy, context), name)
    return left, losses


def _contests(loser: Claim, winner: Claim, context: Context, policy: Policy) -> bool:
    """Whether a loser of a lower tier, itself in force and of no worse status, is much newer than the winner."""
    if policy.tier_rank(loser.facts.tier) <= policy.tier_rank(winner.facts.tier):
        return False
    if not context.in_force(loser.facts) or policy.status_rank(loser.facts.status) > policy.status_rank(
        winner.facts.status
    ):
        return False
    if loser.claim_date is None or winner.claim_date is None:
        return False
    return (loser.claim_date - winner.claim_date).days > policy.contested_after_days
