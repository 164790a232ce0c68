"""Telling people what became of a case: its owner what is theirs to do, and who reported it that it is closed."""

from __future__ import annotations

from concord.catalog.cases import CatalogCases
from concord_feedback.cases import EVENTS, Act, Case, Move

_BACK = frozenset({Act.ASSIGN, Act.ESCALATE, Act.REJECT, Act.DECLINE, Act.REGRESS, Act.REOPEN})
"""Acts after which somebody has to do something."""
_CLOSED = frozenset({Act.CONFIRM, Act.RESOLVE})


def tell(held: CatalogCases, case: Case, made: Move) -> None:
    """Tell of a move, each person once."""
    stamp = made.at.isoformat()
    if made.act in _BACK and case.owner:
        held.notify(f"{case.id}/{made.act}/{case.owner}/{stamp}", case.owner, made.at, case, EVENTS[made.act])
    if made.act in _CLOSED:
        for name in sorted({each.principal for each in held.reports(case.id) if each.principal}):
            held.notify(f"{case.id}/{made.act}/{name}/{stamp}", f"user:{name}", made.at, case, EVENTS[made.act])
