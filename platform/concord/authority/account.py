"""A full account of why: what an item counts and from where, and what each rule had to go by in a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from concord.authority.claims import Claim
from concord.authority.concepts import NarrowerConcepts, only_itself
from concord.authority.conflicts import sides
from concord.authority.decide import Step, steps
from concord.authority.decision import Decision, Verdict
from concord.authority.facts import Facts
from concord.authority.links import replaces_links, superseded
from concord.authority.policy import Policy, RuleName
from concord.authority.rules import RULES, Context
from concord_taxonomy.standard.item import ContentItem

_DATES = ("modified", "issued", "created", "valid_from", "valid_until", "last_reviewed", "review_due")


def account_of_decision(decision: Decision, policy: Policy) -> dict[str, Any]:
    """A decision as JSON values: its claims with slot and scope, every rule with what each claim had, what decided."""
    number = {claim: place for place, claim in enumerate(decision.claims, start=1)}
    tried = [] if decision.verdict in (Verdict.NONE, Verdict.DIFFERS_BY_SCOPE) else _tried(decision, policy)
    return {
        "verdict": decision.verdict.value,
        "rule": decision.rule,
        "explanation": decision.explanation,
        "abstained": decision.abstained,
        "at": decision.context.at.isoformat(),
        "ranking": {
            "sources": list(decision.context.ranking),
            "concept": decision.context.ranked_concept,
            "for": decision.context.ranked_for,
        }
        if decision.context.ranking
        else None,
        "delegated": sorted(decision.context.delegated),
        "claims": [{"n": place, **_claim(claim, decision.context)} for claim, place in number.items()],
        "sides": [[number[claim] for claim in side] for side in sides(decision.claims)],
        "winner": number[decision.winner] if decision.winner else None,
        "rules": [
            {
                "rule": step.rule,
                "delegation": step.delegated,
                "had": [
                    {
                        "n": number[each],
                        "had": had(step.rule, each, policy, decision.context),
                        "stays": each in step.kept,
                    }
                    for each in step.before
                ],
                "decides": decision.rule is not None and step is decisive(tried),
            }
            for step in tried
        ],
    }


def _tried(decision: Decision, policy: Policy) -> list[Step]:
    """The rules up to the one after which a single value is left; all of them where none is."""
    tried = []
    for step in steps(decision.claims, decision.context, policy):
        tried.append(step)
        if len(sides(step.kept)) == 1:
            break
    return tried


def decisive(tried: list[Step]) -> Step | None:
    """The step after which a single value is left."""
    return tried[-1] if tried and len(sides(tried[-1].kept)) == 1 else None


def _claim(claim: Claim, context: Context) -> dict[str, Any]:
    attribute = claim.attribute
    return {
        "identifier": claim.identifier,
        "revision": claim.revision,
        "title": claim.facts.title,
        "value": claim.value.text,
        "quote": claim.quote,
        "slot": {
            "concept": claim.block.concept,
            "type": claim.block.value_type.value,
            "dimension": claim.block.dimension,
            "words": list(attribute.words),
            "role": attribute.role.value,
        },
        "scope": claim.scope.describe() or None,
        "inherited_scope": list(claim.scope.inherited),
        "first_seen": claim.first_seen.isoformat() if claim.first_seen else None,
        "fresh_until": end.isoformat() if (end := (context.stale or {}).get(claim.identifier)) else None,
    }


def had(rule: RuleName, claim: Claim, policy: Policy, context: Context) -> str:
    """What a claim had for a rule to go by, in words."""
    facts = claim.facts
    match rule:
        case "in_force":
            return in_force_words(facts, context.at, context.superseded or {})
        case "status":
            return facts.status
        case "source_ranking":
            if facts.source in context.ranking:
                return f"{facts.source}, place {context.ranking.index(facts.source) + 1} of {len(context.ranking)}"
            return f"{facts.source}, not ranked"
        case "tier":
            return facts.tier or "no tier"
        case "specificity":
            return claim.scope.describe() or "everything open"
        case "effective_date":
            day = facts.valid_from or claim.claim_date
            return f"{day}{'' if facts.valid_from else ' (stated)'}" if day else "no date"
        case "claim_date":
            return str(claim.claim_date or "no date")


def in_force_words(facts: Facts, at: date, replaced: Mapping[str, str]) -> str:
    """Whether an item stands on a date, and why not."""
    if facts.status == "withdrawn":
        return "withdrawn"
    if facts.invalidated:
        return "gone from its source"
    if facts.valid_from is not None and facts.valid_from > at:
        return f"in effect only from {facts.valid_from}"
    if facts.valid_until is not None and facts.valid_until <= at:
        return f"expired on {facts.valid_until}"
    newer = replaced.get(facts.identifier)
    return f"replaced by {newer}" if newer else "in force"


def account_of_item(
    item: ContentItem,
    policy: Policy,
    at: date,
    related: Iterable[ContentItem] = (),
    narrower: NarrowerConcepts = only_itself,
) -> dict[str, Any]:
    """What authority makes of an item, as JSON values, each with who gave it; `related` are those it is linked with.

    Links tell of what stands at their other end: give only what the viewer may read.
    """
    facts = Facts.of(item)
    others = [Facts.of(each) for each in related if each.identifier != item.identifier]
    replaced = superseded([facts, *others], policy, at)
    end = policy.fresh_until(facts, narrower)
    subject = frozenset(item.subject)

    def given(name: str) -> str | None:
        origin = item.field_origin.get(name)
        return origin.value if origin else None

    return {
        "identifier": item.identifier,
        "revision": item.revision,
        "title": item.title,
        "source": item.source,
        "owner": item.contact_point,
        "in_force": in_force_words(facts, at, replaced),
        "tier": {
            "value": facts.tier,
            "place": policy.tier_rank(facts.tier) + 1 if facts.tier in policy.tiers else None,
            "of": len(policy.tiers),
            "given_by": given("authority_tier"),
        },
        "status": {
            "value": facts.status,
            "place": policy.status_rank(facts.status) + 1,
            "of": len(policy.statuses),
            "given_by": given("status"),
        },
        "dates": {
            name: {"value": str(value)[:10], "given_by": given(name)}
            for name in _DATES
            if (value := getattr(item, name)) is not None
        },
        "fresh_until": end.isoformat() if end else None,
        "stale": end is not None and end < at,
        "rankings": [
            {
                "concept": ranking.concept,
                "for": ranking.describe() or None,
                "sources": list(ranking.sources),
                "place": ranking.sources.index(item.source) + 1 if item.source in ranking.sources else None,
            }
            for ranking in policy.rankings
            if ranking.concept is None or not (narrower(ranking.concept) | {ranking.concept}).isdisjoint(subject)
        ],
        "delegated": [
            each.concept
            for each in policy.delegations
            if each.source == item.source and not (narrower(each.concept) | {each.concept}).isdisjoint(subject)
        ],
        "links": [
            {"newer": link.newer, "older": link.older, "basis": link.basis.value, "effective": link.effective}
            for link in replaces_links([facts, *others], policy)
            if item.identifier in (link.newer, link.older)
        ],
        "rules": [{"rule": name, "asks": RULES[name].reason} for name in policy.rules],
    }
