"""Telling people what became of a case: its owner what is theirs to do, who reported it that it is closed or broken."""

from __future__ import annotations

from concord.catalog.cases import CatalogCases
from concord_feedback.cases import EVENTS, Act, Case, Move

_BACK = frozenset({Act.ASSIGN, Act.ESCALATE, Act.REJECT, Act.DECLINE, Act.REGRESS, Act.REOPEN})
"""Acts after which somebody has to do something."""
_TOLD = frozenset({Act.CONFIRM, Act.RESOLVE, Act.REGRESS})
"""Acts that those hear of who reported it."""


def tell(held: CatalogCases, case: Case, made: Move) -> None:
    """Tell of a move, each person once."""
    told = {case.owner} if made.act in _BACK and case.owner else set()
    if made.act in _TOLD:
        told |= {f"user:{each.principal}" for each in held.reports(case.id) if each.principal}
    for token in sorted(told):
        held.notify(f"{case.id}/{made.act}/{token}/{made.at.isoformat()}", token, made.at, case, EVENTS[made.act])
