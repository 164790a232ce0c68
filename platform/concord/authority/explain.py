"""One plain sentence on why a decision came out as it did."""

from __future__ import annotations

from collections.abc import Sequence

from concord.authority.claims import Claim
from concord.authority.clauses import Abstention
from concord.authority.decision import Loss
from concord.authority.declared import describe
from concord.authority.rules import RULES, Context


def explain_winner(winner: Claim, losers: Sequence[Loss], context: Context) -> str:
    """Name the winner, the claim that held out longest, the rule between them, and who contests it."""
    last = losers[-1]
    text = f"{winner.facts.describe()} outranks {last.claim.facts.describe()}: {_reason(winner, last, context)}"
    contesting = [each.claim for each in losers if each.contests]
    if contesting:
        newest = max(contesting, key=lambda each: (each.claim_date is not None, each.claim_date, each.key))
        end = (context.stale or {}).get(winner.identifier)
        much = "" if end else "much "
        text += f", but {f'its freshness window ended on {end}, and ' if end else ''}{newest.facts.title} says "
        text += f"{newest.value.text} and is {much}newer ({newest.claim_date})"
    return text + "."


_WHERE: dict[str, str] = {
    "contested": "something newer contests the winner",
    "stale": "the winner is past its freshness window",
    "dates_alone": "nothing but dates decides",
    "no_tier": "the winner is of no listed tier",
}


def explain_abstention(won: str, condition: Abstention) -> str:
    """Say under which condition the policy names no winner, and what would have won."""
    return f"The policy names no winner where {_WHERE[condition]}. Otherwise: {won}"


def explain_tie(standing: Sequence[Claim]) -> str:
    """Name the sides between which no rule decides."""
    return f"No rule decides between {_sides(standing)}."


def explain_scopes(standing: Sequence[Claim]) -> str:
    """Name the values and the scopes in which they hold."""
    return f"The value depends on the scope: {_sides(standing, scoped=True)}."


def _sides(claims: Sequence[Claim], *, scoped: bool = False) -> str:
    named = dict.fromkeys(
        f"{claim.value.text} ({(_scope(claim) if scoped else '') or claim.facts.title})" for claim in claims
    )
    *first, last = named
    return f"{', '.join(first)} and {last}" if first else last


def _scope(claim: Claim) -> str:
    """What the sentence says of its scope, else what its page declares."""
    return claim.scope.describe() or describe(claim.facts)


def _reason(winner: Claim, loss: Loss, context: Context) -> str:
    loser = loss.claim.facts
    match loss.rule:
        case "in_force":
            newer = (context.superseded or {}).get(loser.identifier)
            if newer == winner.identifier:
                return "it replaces the other"
            if newer is not None:
                return f"the other was replaced by {newer}"
            if loser.valid_until is not None and loser.valid_until <= context.at:
                return f"the other expired on {loser.valid_until}"
            if loser.valid_from is not None and loser.valid_from > context.at:
                return f"the other takes effect only on {loser.valid_from}"
            return f"the other is {loser.status}"
        case "status":
            return f"{winner.facts.status} stands above {loser.status}"
        case "source_ranking":
            return f"{winner.facts.source} ranks above {loser.source} {_ranked(context)}"
        case "specificity":
            scope = winner.scope.describe()
            return f"narrower scope ({scope})" if scope else RULES[loss.rule].reason
        case "effective_date":
            return f"in effect from {winner.facts.valid_from or winner.claim_date}"
        case "claim_date":
            return f"stated more recently ({winner.claim_date})"
        case _:
            return RULES[loss.rule].reason


def _ranked(context: Context) -> str:
    """What the ranking is set for: "on expenses, in use case ask-finance"."""
    on = f"on {_short(context.ranked_concept)}" if context.ranked_concept or not context.ranked_for else ""
    return ", ".join(part for part in (on, context.ranked_for) if part)


def _short(concept: str | None) -> str:
    return (concept or "this subject").rstrip("/").replace("#", "/").rsplit("/", 1)[-1].replace("-", " ")
