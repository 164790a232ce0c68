"""Cases whose fix is a proposed change: one that was turned down gives them back to their owners, with the reason."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from concord.catalog.cases import CatalogCases
from concord.catalog.proposals import Proposal, State, load
from concord.governance.cases.telling import tell
from concord_feedback.cases import CLERK, Act, Case, Fix, Move, move
from concord_feedback.cases import State as Stands
from concord_feedback.errors import CaseNotPossible

TURNED_DOWN = frozenset({State.REJECTED, State.WITHDRAWN})


def may_await(connection: Connection, case_id: int, fix: Fix | None) -> None:
    """Raise `CaseNotPossible` for a fix that is a proposal which was turned down already: nobody would look at it."""
    if fix is None or fix.proposal is None:
        return
    found = load(connection, [fix.proposal]).get(fix.proposal)
    if found is None or found.state in TURNED_DOWN:
        told = f"was {found.state.value}" if found else "is not there"
        raise CaseNotPossible(case_id, Act.SUBMIT_FIX.value, f"proposal {fix.proposal} {told}")


def put_back(connection: Connection, proposal: Proposal) -> list[Case]:
    """Give the cases that wait for a proposal which was turned down back to their owners; returns them.

    Part of the transaction that decides on the proposal, so that no case waits for what will never come.
    """
    if proposal.state not in TURNED_DOWN:
        return []
    held, found = CatalogCases(connection), []
    by = proposal.reviewer if proposal.state is State.REJECTED and proposal.reviewer else CLERK
    why = f"proposal {proposal.id} was {proposal.state.value}" + (f": {proposal.comment}" if proposal.comment else "")
    for case in held.in_states([Stands.FIX_SUBMITTED]):
        if case.fix is not None and case.fix.proposal == proposal.id:
            made = Move(Act.DECLINE, by, proposal.decided_at or datetime.now(UTC), why)
            back = move(held, case.id, made)
            tell(held, back, made)
            found.append(back)
    return found
