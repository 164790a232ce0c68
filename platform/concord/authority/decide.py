"""Decide a conflict set by the policy's rules, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from concord.authority.claims import Claim
from concord.authority.clauses import NOBODY, Abstention, Situation
from concord.authority.concepts import NarrowerConcepts, only_itself
from concord.authority.conflicts import ConflictSet, sides
from concord.authority.decision import Decision, Loss, Verdict
from concord.authority.errors import ReplayError
from concord.authority.explain import explain_abstention, explain_scopes, explain_tie, explain_winner
from concord.authority.facts import Facts
from concord.authority.links import superseded
from concord.authority.policy import Policy, RuleName
from concord.authority.rules import RULES, Context, apply_delegation, apply_rule
from concord.authority.subject import subject_rules
from concord.authority.values import same_value


def decide(
    conflict: ConflictSet,
    policy: Policy,
    *,
    at: date,
    narrower: NarrowerConcepts = only_itself,
    items: Iterable[Facts] = (),
    situation: Situation = NOBODY,
    accepted: str = "",
) -> Decision:
    """Decide which claim of a set holds on the date `at`, and say by which rule.

    `narrower` closes the concepts of rankings and delegations over the vocabulary. `items` are further items that the
    asker may read and that may supersede one of the set's. `situation` is what rankings may be set for besides.
    `accepted` says why the claims may differ, where people decided so: then all of them stand.
    """
    claims = tuple(sorted(conflict.claims, key=lambda each: each.key))
    context = resolve_context(claims, policy, at=at, narrower=narrower, items=items, situation=situation)
    if accepted:
        context = replace(context, accepted=accepted)
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
    situation: Situation = NOBODY,
) -> Context:
    """What the rules need for these claims: their subject's ranking and delegations, what is superseded and stale."""
    facts = {each.identifier: each for each in items} | {claim.identifier: claim.facts for claim in claims}
    ranking, delegated = subject_rules(claims, policy, narrower, situation, at)
    return Context(
        at=at,
        ranking=ranking.sources if ranking else (),
        ranked_concept=ranking.concept if ranking else None,
        ranked_for=(ranking.describe() or None) if ranking else None,
        delegated=delegated,
        superseded=_with_copies(claims, superseded(facts.values(), policy, at)),
        stale=_stale(claims, policy, narrower, at) if policy.freshness else None,
    )


def _with_copies(claims: Sequence[Claim], replaced: Mapping[str, str]) -> dict[str, str]:
    """Which of the claims' items are superseded; a copy of what one says goes with it, wherever it stands."""
    mine = {claim.identifier: replaced[claim.identifier] for claim in claims if claim.identifier in replaced}
    gone = {_copied(claim): mine[claim.identifier] for claim in reversed(claims) if claim.identifier in mine}
    for claim in claims:
        newer = gone.get(_copied(claim)) if claim.identifier not in mine else None
        if newer is not None and newer != claim.identifier:
            mine[claim.identifier] = newer
    return mine


def _copied(claim: Claim) -> tuple[object, ...]:
    """What a copy has in common with what it was copied from: words, value, scope, tier, status and dates."""
    facts = claim.facts
    dates = (claim.claim_date, facts.valid_from, facts.valid_until)
    return (claim.quote.casefold(), claim.value, claim.position, claim.scope, facts.tier, facts.status, *dates)


def _stale(claims: Sequence[Claim], policy: Policy, narrower: NarrowerConcepts, at: date) -> dict[str, date]:
    """The items past their freshness window, with its last day."""
    ends = {claim.identifier: policy.fresh_until(claim.facts, narrower) for claim in claims}
    return {identifier: end for identifier, end in ends.items() if end is not None and end < at}


def _decide(claims: tuple[Claim, ...], context: Context, policy: Policy, *, differs_by_scope: bool) -> Decision:
    made = Decision(Verdict.NONE, policy.fingerprint(), context, claims)
    if len(sides(claims)) < 2:
        return replace(made, explanation="All claims state the same value.")
    if context.accepted:
        return replace(made, verdict=Verdict.DIFFERS_BY_SCOPE, explanation=context.accepted, standing=claims)
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
            abstained="unresolved" if "unresolved" in policy.abstain else None,
        )
    winner = left[0]
    agreeing = (*left[1:], *(each.claim for each in losses if same_value(each.claim.value, winner.value)))
    losers = tuple(
        replace(each, contests=_contests(each.claim, winner, context, policy))
        for each in losses
        if not same_value(each.claim.value, winner.value)
    )
    won = replace(
        made,
        verdict=Verdict.CONTESTED if any(each.contests for each in losers) else Verdict.RESOLVED,
        rule=losers[-1].rule,
        explanation=explain_winner(winner, losers, context),
        winner=winner,
        agreeing=agreeing,
        losers=losers,
    )
    for condition in policy.abstain:
        if _holds(condition, won, policy):
            return _abstaining(won, condition)
    return won


def _holds(condition: Abstention, won: Decision, policy: Policy) -> bool:
    """Whether a condition to abstain holds of a decision that has a winner."""
    winner = won.winner
    assert winner is not None  # noqa: S101 - told apart by the caller
    stale = won.context.stale or {}
    match condition:
        case "unresolved":
            return False
        case "contested":
            return won.verdict is Verdict.CONTESTED
        case "stale":
            return all(each.identifier in stale for each in (winner, *won.agreeing))
        case "dates_alone":
            return won.rule in ("effective_date", "claim_date")
        case "no_tier":
            return winner.facts.tier not in policy.tiers


def _abstaining(won: Decision, condition: Abstention) -> Decision:
    """The decision with no winner: both sides stand, and the sentence says which one would have won."""
    assert won.winner is not None  # noqa: S101 - told apart by the caller
    return replace(
        won,
        verdict=Verdict.UNRESOLVED,
        rule=None,
        explanation=explain_abstention(won.explanation, condition),
        winner=None,
        agreeing=(),
        losers=tuple(replace(each, contests=False) for each in won.losers),
        standing=(won.winner, *won.agreeing),
        abstained=condition,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A rule applied to the claims that were left before it; `kept` are those that it leaves."""

    rule: RuleName
    before: tuple[Claim, ...]
    kept: tuple[Claim, ...]
    delegated: bool = False


def steps(claims: Sequence[Claim], context: Context, policy: Policy) -> Iterator[Step]:
    """Run the rules in order, one step each; a delegation is a step of its own before the tier."""
    left = tuple(claims)
    for name in policy.rules:
        if name == "tier" and "specificity" in policy.rules and context.delegated:
            kept = tuple(apply_delegation(left, context))
            yield Step("specificity", left, kept, delegated=True)
            left = kept
        kept = tuple(apply_rule(RULES[name], left, policy, context))
        yield Step(name, left, kept)
        left = kept


def _eliminate(claims: Sequence[Claim], context: Context, policy: Policy) -> tuple[list[Claim], list[Loss]]:
    """What the rules leave, and every loss in the order in which it happened."""
    left, losses = tuple(claims), list[Loss]()
    for step in steps(claims, context, policy):
        left = step.kept
        losses.extend(Loss(each, step.rule) for each in step.before if each not in left)
    return list(left), losses


def _contests(loser: Claim, winner: Claim, context: Context, policy: Policy) -> bool:
    """Whether a loser in force and of no worse status contests the winner.

    One of a lower tier does where it is much newer, and any newer and fresh one where the winner is past its window.
    """
    if not context.in_force(loser.facts) or policy.status_rank(loser.facts.status) > policy.status_rank(
        winner.facts.status
    ):
        return False
    if loser.claim_date is None or winner.claim_date is None:
        return False
    stale, newer = context.stale or {}, (loser.claim_date - winner.claim_date).days
    if winner.identifier in stale and loser.identifier not in stale and newer > 0:
        return True
    lower = policy.tier_rank(loser.facts.tier) > policy.tier_rank(winner.facts.tier)
    return lower and newer > policy.contested_after_days
