"""What a reported answer told of the items that it cites, and what is known against these, without a right answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from concord.answering.model import Answer
from concord.authority.decision import Verdict
from concord.catalog import items
from concord.governance.cases.outdated import Dating
from concord_feedback import Trace
from concord_feedback.diagnosis import Doubted
from concord_taxonomy.standard import Principal

_DECIDED = frozenset({Verdict.RESOLVED, Verdict.CONTESTED, Verdict.UNRESOLVED})


def outdated(connection: Connection, trace: Trace, dating: Dating) -> Doubted:
    """Which of the cited items are past their review or validity, or replaced."""
    cited = tuple(dict.fromkeys(each.identifier for each in trace.citations))
    old, held = dating.outdated(connection, cited), items.live(connection, cited)
    overdue = [key for key, item in held.items() if not item.in_force(dating.today)]
    overdue += [key for key, each in old.items() if each.overdue]
    replaced = [(key, each.by) for key, each in old.items() if each.by]
    newer = [by for _, by in replaced if by]
    return Doubted(tuple(dict.fromkeys(overdue)), tuple(dict.fromkeys([*(key for key, _ in replaced), *newer])))


def contradicted(connection: Connection, trace: Trace, who: Principal) -> Doubted:
    """Which of the cited items other items contradict, that `who` may read too, by the decisions of the trace."""
    cited = {each.identifier for each in trace.citations}
    for conflict in trace.conflicts:
        sides = _sides(conflict)
        if conflict.get("verdict") not in _DECIDED or cited.isdisjoint(sides):
            continue
        readable = items.readable(connection, who, sides)
        named = tuple(sorted((each for each in sides if each in readable), key=lambda each: each not in cited))
        if len(named) > 1 and named[0] in cited:
            return Doubted(contradicted=named)
    return Doubted()


def told_in(trace: Trace) -> frozenset[str]:
    """The cited items whose word the answer of a trace took, rather than only showed it as what lost."""
    decided: list[Any] = [each for each in trace.conflicts if each.get("winner")]
    lost = {each["claim"]["identifier"] for decision in decided for each in decision["losers"]}
    won = {each["winner"]["identifier"] for each in decided}
    return frozenset(each.identifier for each in trace.citations) - (lost - won)


def told_by(answer: Answer) -> frozenset[str]:
    """As `told_in`, of an answer of now."""
    decisions = [each.decision for each in answer.conflicts]
    lost = {each.claim.identifier for decision in decisions for each in decision.losers}
    won = {each.winner.identifier for each in decisions if each.winner}
    return frozenset(each.item.identifier for each in answer.citations) - (lost - won)


def _sides(conflict: Mapping[str, Any]) -> tuple[str, ...]:
    """The items of a decision that state different things."""
    lost = [each["claim"] for each in conflict.get("losers") or ()]
    claims = [conflict.get("winner"), *lost, *(conflict.get("standing") or ())]
    return tuple(dict.fromkeys(each["identifier"] for each in claims if each))
