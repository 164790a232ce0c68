"""The life cycle of a case: which act leads from which state to which, and what each needs, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from concord_feedback.cases.model import OPEN, Case, Fix, Proof, Resolution, State, SubState
from concord_feedback.errors import CaseNotPossible


class Act(StrEnum):
    """What can be done with a case."""

    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    ESCALATE = "escalate"
    SUBMIT_FIX = "submit_fix"
    CONFIRM = "confirm"
    REJECT = "reject"
    DECLINE = "decline"
    RESOLVE = "resolve"
    REGRESS = "regress"
    DOUBT = "doubt"
    REOPEN = "reopen"
    ARCHIVE = "archive"


TRANSITIONS: Mapping[tuple[State, Act], State] = {
    (State.NEW, Act.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.NEW, Act.ASSIGN): State.ASSIGNED,
    (State.NEW, Act.ESCALATE): State.NEW,
    (State.NEW, Act.SUBMIT_FIX): State.FIX_SUBMITTED,
    (State.NEW, Act.ARCHIVE): State.ARCHIVED,
    (State.ACKNOWLEDGED, Act.ASSIGN): State.ASSIGNED,
    (State.ACKNOWLEDGED, Act.ESCALATE): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Act.SUBMIT_FIX): State.FIX_SUBMITTED,
    (State.ACKNOWLEDGED, Act.RESOLVE): State.RESOLVED,
    (State.ACKNOWLEDGED, Act.ARCHIVE): State.ARCHIVED,
    (State.ASSIGNED, Act.ASSIGN): State.ASSIGNED,
    (State.ASSIGNED, Act.ESCALATE): State.ASSIGNED,
    (State.ASSIGNED, Act.SUBMIT_FIX): State.FIX_SUBMITTED,
    (State.ASSIGNED, Act.RESOLVE): State.RESOLVED,
    (State.ASSIGNED, Act.ARCHIVE): State.ARCHIVED,
    (State.FIX_SUBMITTED, Act.SUBMIT_FIX): State.FIX_SUBMITTED,
    (State.FIX_SUBMITTED, Act.ESCALATE): State.FIX_SUBMITTED,
    (State.FIX_SUBMITTED, Act.CONFIRM): State.RESOLVED,
    (State.FIX_SUBMITTED, Act.REJECT): State.ASSIGNED,
    (State.FIX_SUBMITTED, Act.DECLINE): State.ASSIGNED,
    (State.FIX_SUBMITTED, Act.RESOLVE): State.RESOLVED,
    (State.FIX_SUBMITTED, Act.ARCHIVE): State.ARCHIVED,
    (State.RESOLVED, Act.REGRESS): State.ASSIGNED,
    (State.RESOLVED, Act.DOUBT): State.FIX_SUBMITTED,
    (State.RESOLVED, Act.REOPEN): State.ASSIGNED,
    (State.RESOLVED, Act.ARCHIVE): State.ARCHIVED,
    (State.ARCHIVED, Act.REGRESS): State.ASSIGNED,
    (State.ARCHIVED, Act.DOUBT): State.FIX_SUBMITTED,
}
"""Every step that there is; any other is refused."""

SUB_STATES: Mapping[Act, SubState | None] = {
    Act.ACKNOWLEDGE: None,
    Act.ASSIGN: None,
    Act.ESCALATE: SubState.ESCALATING,
    Act.SUBMIT_FIX: None,
    Act.CONFIRM: SubState.FIXED_CONFIRMED,
    Act.REJECT: None,
    Act.DECLINE: None,
    Act.RESOLVE: None,
    Act.REGRESS: SubState.REGRESSED,
    Act.DOUBT: SubState.REGRESSED,
    Act.REOPEN: None,
}
"""The sub-state that an act leads to; archiving leaves it as it is."""


@dataclass(frozen=True, slots=True)
class Move:
    """An act with all that it may need; `by` is a token, or `system:…`.

    What a replay that proves nothing any more saw (`Act.DOUBT`) is why its case is `unproven`.
    """

    act: Act
    by: str
    at: datetime
    comment: str = ""
    resolution: Resolution | None = None
    owner: str | None = None
    fix: Fix | None = None
    proof: Proof | None = None


def _commented(_case: Case, move: Move) -> str | None:
    return None if move.comment.strip() else "say why in a comment"


def _resolvable(case: Case, move: Move) -> str | None:
    if move.resolution is None:
        return "give a reason: " + ", ".join(each.value for each in Resolution)
    if move.resolution is Resolution.FIXED and not case.unproven:
        return "only a fix that was asked again and could be neither proven nor rejected is confirmed by hand"
    return None if move.comment.strip() else "say more in a comment"


def _assignable(_case: Case, move: Move) -> str | None:
    return None if move.owner else "name who is to have it"


def _fixed(_case: Case, move: Move) -> str | None:
    return None if move.fix and move.fix.what.strip() else "say what was done"


def _newer(case: Case, proof: Proof) -> bool:
    return case.fix is not None and proof.indexed_at > case.fix.at


def _confirmed(case: Case, move: Move) -> str | None:
    if move.proof is None or not move.proof.passed:
        return "no replay of its questions has passed"
    return None if _newer(case, move.proof) else "the replay asked an index that is older than the fix"


def _rejected(case: Case, move: Move) -> str | None:
    if move.proof is None or move.proof.passed:
        return "no replay of its questions has failed"
    return None if _newer(case, move.proof) else "the replay asked an index that is older than the fix"


def _declined(case: Case, move: Move) -> str | None:
    if case.fix is None or case.fix.proposal is None:
        return "its fix is no proposed change"
    return _commented(case, move)


def _regressed(case: Case, move: Move) -> str | None:
    if not case.confirmed:
        return "its fix was never confirmed"
    if move.proof is None or move.proof.passed:
        return "no replay of its questions has failed"
    proven = case.proof
    return None if proven and move.proof.indexed_at >= proven.indexed_at else "the replay is older than its proof"


def _doubted(case: Case, move: Move) -> str | None:
    return _fixed(case, move) or _regressed(case, move)


GUARDS: Mapping[Act, Callable[[Case, Move], str | None]] = {
    Act.ASSIGN: _assignable,
    Act.SUBMIT_FIX: _fixed,
    Act.CONFIRM: _confirmed,
    Act.REJECT: _rejected,
    Act.DECLINE: _declined,
    Act.RESOLVE: _resolvable,
    Act.REGRESS: _regressed,
    Act.DOUBT: _doubted,
    Act.REOPEN: _commented,
    Act.ARCHIVE: _commented,
}
"""What an act needs: each says what is missing, or None."""

EVENTS: Mapping[Act, str] = {
    Act.ACKNOWLEDGE: "case.acknowledged",
    Act.ASSIGN: "case.assigned",
    Act.ESCALATE: "case.escalated",
    Act.SUBMIT_FIX: "case.fix_submitted",
    Act.CONFIRM: "case.fixed_confirmed",
    Act.REJECT: "case.fix_rejected",
    Act.DECLINE: "case.fix_declined",
    Act.RESOLVE: "case.resolved",
    Act.REGRESS: "case.regressed",
    Act.DOUBT: "case.doubted",
    Act.REOPEN: "case.reopened",
    Act.ARCHIVE: "case.archived",
}
"""What the audit log calls each act."""


def step(case: Case, move: Move) -> Case:
    """The case after an act; raises `CaseNotPossible` for an act that there is not, or that lacks what it needs."""
    state = TRANSITIONS.get((case.state, move.act))
    if state is None:
        possible = [act.value for held, act in TRANSITIONS if held is case.state]
        told = f"it is {case.state.value}: {', '.join(possible)} can be done"
        raise CaseNotPossible(case.id, move.act.value, told)
    guard = GUARDS.get(move.act)
    if guard and (problem := guard(case, move)):
        raise CaseNotPossible(case.id, move.act.value, problem)
    opened, closed = state in OPEN, case.open and state not in OPEN
    again, onward, person = opened and not case.open, move.act is Act.ESCALATE, not move.by.startswith("system:")
    return replace(
        case,
        state=state,
        sub_state=SUB_STATES.get(move.act, case.sub_state),
        changed_at=move.at,
        owner=move.owner or case.owner,
        by_hand=case.by_hand or move.act is Act.ASSIGN,
        escalations=0 if again else case.escalations + onward,
        escalated_at=move.at if onward else case.escalated_at,
        lapsed=() if again else (*case.lapsed, case.owner) if onward and case.owner else case.lapsed,
        chosen=move.owner or (None if again and not case.by_hand else case.chosen),
        fix=None if move.act in (Act.DECLINE, Act.REGRESS, Act.REOPEN) else move.fix or case.fix,
        proof=move.proof or case.proof,
        resolution=move.resolution if move.act is Act.RESOLVE else None if opened or case.open else case.resolution,
        comment=move.comment or case.comment,
        acknowledged_at=case.acknowledged_at or (move.at if person and state is not State.NEW else None),
        closed_at=move.at if closed else None if opened else case.closed_at,
        reopened=case.reopened + again,
        reopened_at=move.at if again else case.reopened_at,
        unproven=case.unproven if onward else move.proof.detail if move.proof and move.act is Act.DOUBT else "",
    )
