"""Review and activation of the workspace's files."""

from concord.governance.activation import Activation, apply, compare
from concord.governance.checks import MENTIONS, Known, Mention
from concord.governance.errors import GovernanceError, InvalidWorkspace
from concord.governance.problems import Problem
from concord.governance.review import Reader, review

__all__ = [
    "MENTIONS",
    "Activation",
    "GovernanceError",
    "InvalidWorkspace",
    "Known",
    "Mention",
    "Problem",
    "Reader",
    "apply",
    "compare",
    "review",
]
