"""Telling people what became of a case: its owner what is theirs to do, who reported it that it is closed or broken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from concord.catalog.cases import CatalogCases
from concord_feedback.cases import EVENTS, Act, Case, Move, Report, Resolution

_BACK = frozenset({Act.ASSIGN, Act.ESCALATE, Act.REJECT, Act.DECLINE, Act.REGRESS, Act.DOUBT, Act.REOPEN})
"""Acts after which somebody has to do something."""
_TOLD = frozenset({Act.CONFIRM, Act.RESOLVE, Act.ARCHIVE, Act.REGRESS, Act.DOUBT})
"""Acts that those hear of who reported it."""


ANSWERED = "case.question_answered"
"""What those are told whose question is answered rightly while others of its case are not."""
UNJUDGED = "case.fixed_unjudged"
"""What those are told whose own question proves nothing of a fix that others' questions have proven."""
FIXED_SINCE = "case.fixed_since"
"""What those are told who report an answer that was given before the fix of its case was proven."""
OUTVOTED = "case.fixed_otherwise"
"""What those are told who said that something else is right than most who reported the same question."""

TAKEN_AWAY = "case.taken_away"
"""What whoever has a case is told once all who reported that a page should not be visible may read it no more."""
HIDDEN = "case.hidden_confirmed"
"""What those are told instead of a proof who reported that a page should not be visible, and may read it no more."""
UNPROVEN = "case.unproven"
"""What whoever has a case is told where only a person can say whether its fix helped, or still does."""
BY_HAND = "case.fixed_by_hand"
"""What those are told who reported what a person has confirmed to be fixed, where no replay could tell."""


def tell(held: CatalogCases, case: Case, made: Move) -> None:
    """Tell of a move, each person once, and of a proof what it says of their own questions."""
    told = {case.owner} if made.act in _BACK and case.owner else set()
    # Putting away what was closed before is no news.
    if made.act in _TOLD and (made.act is not Act.ARCHIVE or case.closed_at == made.at):
        told |= {f"user:{each.principal}" for each in held.reports(case.id) if each.principal}
    hidden = made.act is Act.CONFIRM and case.hides
    if hidden and case.owner:
        # Whoever took a page away may have taken it from themselves, and see its case no more.
        held.notify(f"{case.id}/{TAKEN_AWAY}/{case.owner}/{made.at.isoformat()}", case.owner, made.at, case, TAKEN_AWAY)
    confirmed = made.proof if made.act is Act.CONFIRM else None
    unjudged = {f"user:{each}" for each in confirmed.unjudged} if confirmed else set()
    outvoted = {f"user:{each}" for each in confirmed.outvoted} if confirmed else set()
    usual = BY_HAND if made.resolution is Resolution.FIXED else HIDDEN if hidden else EVENTS[made.act]
    for token in sorted(told):
        kind = OUTVOTED if token in outvoted else UNJUDGED if token in unjudged else usual
        if made.act is Act.DOUBT and token == case.owner:
            kind = UNPROVEN
        held.notify(f"{case.id}/{made.act}/{token}/{made.at.isoformat()}", token, made.at, case, kind)


def tell_answered(held: CatalogCases, case: Case, people: Iterable[str], at: datetime) -> None:
    """Tell people (by id) that their question is answered rightly, though the case stays open, once while it does."""
    for token in sorted(f"user:{each}" for each in people):
        held.notify(f"{case.id}/answered/{token}/{case.since.isoformat()}", token, at, case, ANSWERED)


def tell_fixed_since(held: CatalogCases, case: Case, given: Report, at: datetime) -> None:
    """Tell whoever reports an old answer of a confirmed case that it was fixed since, once for each time it was."""
    if given.principal and case.closed_at:
        token = f"user:{given.principal}"
        held.notify(f"{case.id}/fixed_since/{token}/{case.closed_at.isoformat()}", token, at, case, FIXED_SINCE)
