"""Review, proposals and activation of the workspace's files."""

from concord.catalog.proposals import OPEN, Proposal, State
from concord.governance.activation import Activation, apply, compare
from concord.governance.checks import MENTIONS, Known, Mention
from concord.governance.errors import (
    BadValue,
    GateRefused,
    GovernanceError,
    InvalidWorkspace,
    NoSuchProposal,
    NotAllowed,
    NotAsReviewed,
    NothingToPropose,
    NotPossible,
    OutOfDate,
    WhyNeeded,
)
from concord.governance.gates import Change, Gate
from concord.governance.lifecycle import TRANSITIONS, Act
from concord.governance.problems import Problem
from concord.governance.proposals import Outcome, Proposals
from concord.governance.review import Reader, review

__all__ = [
    "MENTIONS",
    "OPEN",
    "TRANSITIONS",
    "Act",
    "Activation",
    "BadValue",
    "Change",
    "Gate",
    "GateRefused",
    "GovernanceError",
    "InvalidWorkspace",
    "Known",
    "Mention",
    "NoSuchProposal",
    "NotAllowed",
    "NotAsReviewed",
    "NotPossible",
    "NothingToPropose",
    "OutOfDate",
    "Outcome",
    "Problem",
    "Proposal",
    "Proposals",
    "Reader",
    "State",
    "WhyNeeded",
    "apply",
    "compare",
    "review",
]
