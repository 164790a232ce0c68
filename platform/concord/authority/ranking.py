"""Which of several items to prefer where they say the same: the copy in force, of the highest authority."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from concord.authority.concepts import NarrowerConcepts, only_itself
from concord.authority.facts import Facts
from concord.authority.links import superseded
from concord.authority.policy import Policy
from concord.authority.rules import RULES, Context
from concord.authority.scope import OPEN, Scope


@dataclass(frozen=True, slots=True)
class _Whole:
    """An item as a contender: of open scope, as old as its last change."""

    facts: Facts
    scope: Scope = OPEN

    @property
    def claim_date(self) -> date | None:
        return self.facts.modified


def rank_items(
    items: Iterable[Facts],
    policy: Policy,
    *,
    at: date,
    concepts: frozenset[str] = frozenset(),
    narrower: NarrowerConcepts = only_itself,
) -> list[Facts]:
    """Sort items that say the same, the one to quote first; the order of the input does not matter.

    Use it on near-identical passages only: between different texts authority acts inside conflict sets alone.
    `concepts` is what the passages are about, for the rankings of sources.
    """
    given = {each.identifier: each for each in items}
    ranking = policy.ranking_for(concepts, narrower)
    context = Context(
        at=at,
        ranking=ranking.sources if ranking else (),
        ranked_concept=ranking.concept if ranking else None,
        superseded=superseded(given.values(), policy, at),
    )

    def place(facts: Facts) -> tuple[tuple[int, ...], str]:
        whole = _Whole(facts)
        return tuple(RULES[name].rank(whole, policy, context) for name in policy.rules), facts.identifier

    return sorted(given.values(), key=place)
