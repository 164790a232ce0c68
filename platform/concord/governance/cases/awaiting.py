"""Proposed changes: whoever decides on one that a case waits for is asked, in turn; on any other they are told once.

One that was turned down gives its cases back to their owners, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from concord.catalog.cases import CatalogCases
from concord.catalog.proposals import Proposal, State, in_states, load
from concord.governance.cases.telling import tell
from concord_feedback import Ownership
from concord_feedback.cases import CLERK, Act, Case, Fix, Move, move
from concord_feedback.cases import State as Stands
from concord_feedback.errors import CaseNotPossible
from concord_feedback.routing import undecided

SETTLED = timedelta(minutes=1)
"""How long a proposal has been in review from which it is known whether a case waits for it."""
RECENT = timedelta(days=2)
"""How long ago a proposal was submitted at most, of which somebody is told by itself: older news are sent to nobody."""
TURNED_DOWN = frozenset({State.REJECTED, State.WITHDRAWN})

Line = tuple[tuple[str, ...], ...]
"""Tokens of those who may decide on a proposal: who is asked first, and who next."""
Deciding = Callable[[Connection, Proposal], Line]


def nobody(_connection: Connection, _proposal: Proposal) -> Line:
    """Nobody decides: proposals are none of this workspace's."""
    return ()


def awaited(connection: Connection, cases: Iterable[Case]) -> dict[int, Proposal]:
    """The proposals in review that cases wait for, by the number of the case."""
    submitted = (each for each in cases if each.state is Stands.FIX_SUBMITTED)
    named = {each.id: each.fix.proposal for each in submitted if each.fix and each.fix.proposal is not None}
    found = load(connection, set(named.values())) if named else {}
    return {id_: found[each] for id_, each in named.items() if each in found and found[each].state is State.IN_REVIEW}


def ask_to_decide(
    connection: Connection, case: Case, deciding: Deciding, ownership: Ownership, now: datetime
) -> Case | None:
    """Ask whoever is next to decide on the proposal that a case waits for, once a term; None where it is not due.

    Where nobody is left, who has the case is told, once.
    """
    if case.fix is None or not undecided(case, now, ownership):
        return None
    proposal = awaited(connection, [case]).get(case.id)
    if proposal is None:
        return None
    held, before = CatalogCases(connection), case.fix.asked
    line = deciding(connection, proposal)
    step = next((each for each in line if not set(each) <= set(before)), ())
    kind = "proposal.escalated" if before else "proposal.waits"
    for token in step:
        held.notify(f"{case.id}/decide/{proposal.id}/{token}", token, now, case, kind)
    last = case.owner or ownership.roles.triage
    if not step and last:
        held.notify(f"{case.id}/undecided/{proposal.id}/{last}", last, now, case, "proposal.undecided")
    fix = replace(case.fix, asked=tuple(dict.fromkeys((*before, *step))), terms=case.fix.terms + 1)
    case = replace(case, fix=fix)
    held.save(case)
    if step:
        told = f"{', '.join(step)} asked to decide on it"
        held.record("case.decision_asked", CLERK, now, case, {"proposal": proposal.id, "comment": told})
    return case if step else None


def untold(connection: Connection, now: datetime) -> list[Proposal]:
    """The proposals in review that no case waits for, and of which nobody was told yet."""
    held = CatalogCases(connection)
    fresh = [
        each for each in in_states(connection, [State.IN_REVIEW]) if now - RECENT <= each.changed_at <= now - SETTLED
    ]
    if not fresh:
        return []
    waits = awaited(connection, held.in_states([Stands.FIX_SUBMITTED])).values()
    known = held.told_of([each.id for each in fresh]) | {each.id for each in waits}
    return [each for each in fresh if each.id not in known]


def tell_deciders(connection: Connection, deciding: Deciding, now: datetime) -> int:
    """Tell whoever may decide on a proposal that no case waits for, each once; returns how many were told."""
    held = CatalogCases(connection)
    return sum(
        held.notify_of(proposal.id, token, now, "proposal.asked")
        for proposal in untold(connection, now)
        for step in deciding(connection, proposal)
        for token in step
    )


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
