"""The rules by name, as data: each keeps the best of the contenders that are left.

A rule never looks at what was ruled out before it, so a claim that loses at one rule cannot sway a later one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from concord.authority.facts import Facts
from concord.authority.policy import Policy, RuleName
from concord.authority.scope import Scope, narrower, specificity


class Contender(Protocol):
    """What rules compare: a claim, or an item as a whole."""

    @property
    def facts(self) -> Facts:
        """The item's facts."""
        ...

    @property
    def scope(self) -> Scope:
        """For whom it holds."""
        ...

    @property
    def claim_date(self) -> date | None:
        """Since when it has been stated."""
        ...


C = TypeVar("C", bound=Contender)


@dataclass(frozen=True, slots=True)
class Context:
    """What rules need besides the contenders, resolved before they run and recorded with the decision.

    `ranking` are the sources in the order that applies, `ranked_concept` the concept it is set for and `ranked_for` its
    other conditions in words; `delegated` are the sources whose narrower scope may beat a higher tier; `superseded`
    maps an item to the one that replaced it, `stale` one to the last day of its freshness window; `accepted` says why
    people let the claims differ, where they do.
    """

    at: date
    ranking: tuple[str, ...] = ()
    ranked_concept: str | None = None
    delegated: frozenset[str] = frozenset()
    superseded: Mapping[str, str] | None = None
    ranked_for: str | None = None
    stale: Mapping[str, date] | None = None
    accepted: str = ""

    def in_force(self, facts: Facts) -> bool:
        """Whether an item stands on the date: valid then, and not superseded."""
        return facts.in_force(self.at) and facts.identifier not in (self.superseded or {})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `rank` gives a contender's place (the smallest stays), `reason` says in words why it won."""

    name: RuleName
    reason: str
    rank: Callable[[Contender, Policy, Context], int]


def _in_force(each: Contender, policy: Policy, context: Context) -> int:
    """In force; then superseded though valid by its own dates; then not valid on the date at all."""
    if context.in_force(each.facts):
        return 0
    return 1 if each.facts.in_force(context.at) else 2


def _status(each: Contender, policy: Policy, context: Context) -> int:
    return policy.status_rank(each.facts.status)


def _source_ranking(each: Contender, policy: Policy, context: Context) -> int:
    ranking = context.ranking
    return ranking.index(each.facts.source) if each.facts.source in ranking else len(ranking)


def _tier(each: Contender, policy: Policy, context: Context) -> int:
    return policy.tier_rank(each.facts.tier)


def _specificity(each: Contender, policy: Policy, context: Context) -> int:
    return -specificity(each.scope)


def _effective_date(each: Contender, policy: Policy, context: Context) -> int:
    return _newest(each.facts.valid_from or each.claim_date)


def _claim_date(each: Contender, policy: Policy, context: Context) -> int:
    return _newest(each.claim_date)


def _newest(day: date | None) -> int:
    return -day.toordinal() if day else 0


RULES: Mapping[RuleName, Rule] = {
    rule.name: rule
    for rule in (
        Rule("in_force", "in force on the date asked for", _in_force),
        Rule("status", "better status", _status),
        Rule("source_ranking", "its source ranks higher on this subject", _source_ranking),
        Rule("tier", "higher tier", _tier),
        Rule("specificity", "narrower scope", _specificity),
        Rule("effective_date", "in effect from a later date", _effective_date),
        Rule("claim_date", "stated more recently", _claim_date),
    )
}
"""Every rule; the policy says in which order they apply."""


def apply_rule(rule: Rule, contenders: Sequence[C], policy: Policy, context: Context) -> list[C]:
    """The contenders that a rule leaves; never none.

    Where nobody states a date of effect, `effective_date` would only repeat `claim_date` and leaves all.
    """
    if rule.name == "effective_date" and not any(each.facts.valid_from for each in contenders):
        return list(contenders)
    ranks = [rule.rank(each, policy, context) for each in contenders]
    best = min(ranks)
    return [each for each, rank in zip(contenders, ranks, strict=True) if rank == best]


def apply_delegation(contenders: Sequence[C], context: Context) -> list[C]:
    """Drop what a delegated source states more narrowly; only where the policy delegates does this precede the tier."""
    special = [each for each in contenders if each.facts.source in context.delegated]
    return [
        each
        for each in contenders
        if each.facts.source in context.delegated or not any(narrower(one.scope, each.scope) for one in special)
    ]
