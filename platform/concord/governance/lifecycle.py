"""The life cycle of a proposal: which act leads from which state to which, as data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from concord.catalog.proposals import Proposal, State
from concord.governance.errors import NotPossible


class Act(StrEnum):
    """What can be done with a proposal."""

    SUBMIT = "submit"
    REVISE = "revise"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


TRANSITIONS: Mapping[tuple[State, Act], State] = {
    (State.DRAFT, Act.SUBMIT): State.IN_REVIEW,
    (State.DRAFT, Act.REVISE): State.DRAFT,
    (State.DRAFT, Act.WITHDRAW): State.WITHDRAWN,
    (State.IN_REVIEW, Act.REVISE): State.IN_REVIEW,
    (State.IN_REVIEW, Act.APPROVE): State.APPROVED,
    (State.IN_REVIEW, Act.REJECT): State.REJECTED,
    (State.IN_REVIEW, Act.WITHDRAW): State.WITHDRAWN,
}
"""Every step that there is; any other is refused."""

BY_PROPOSER = frozenset({Act.SUBMIT, Act.REVISE, Act.WITHDRAW})
"""Acts of whoever made the proposal; the others are anybody's but theirs."""

EVENTS: Mapping[Act, str] = {
    Act.SUBMIT: "proposal.submitted",
    Act.REVISE: "proposal.revised",
    Act.APPROVE: "proposal.approved",
    Act.REJECT: "proposal.rejected",
    Act.WITHDRAW: "proposal.withdrawn",
}
"""What the audit log calls each act."""


def step(proposal: Proposal, act: Act) -> State:
    """The state that an act leads to; raises `NotPossible`."""
    state = TRANSITIONS.get((proposal.state, act))
    if state is None:
        possible = [each for held, each in TRANSITIONS if held is proposal.state]
        raise NotPossible(proposal.id, proposal.state, act, possible)
    return state
