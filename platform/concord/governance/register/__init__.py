"""The conflict register as people see it: entries with owners and reach, and the differences that they accept."""

from concord.governance.register.accepting import accept, may_accept, revoke
from concord.governance.register.entries import Register, UseCaseReach
from concord.governance.register.exporting import DIFFERENCES_FILE, exported, write
from concord.governance.register.model import Entry, Page, Severity

__all__ = [
    "DIFFERENCES_FILE",
    "Entry",
    "Page",
    "Register",
    "Severity",
    "UseCaseReach",
    "accept",
    "exported",
    "may_accept",
    "revoke",
    "write",
]
