"""Cases: every error has a root cause, an owner, deadlines, a history, and a proof that it was fixed."""

from concord_feedback.cases.lifecycle import EVENTS, GUARDS, TRANSITIONS, Act, Move, step
from concord_feedback.cases.matters import Matter
from concord_feedback.cases.model import (
    OPEN,
    About,
    Case,
    Fix,
    Proof,
    Reach,
    Report,
    Resolution,
    Risk,
    Severity,
    State,
    SubState,
)
from concord_feedback.cases.severity import severity
from concord_feedback.cases.store import CaseStore
from concord_feedback.cases.work import CLERK, diagnosed, merge, move, report, reweigh, weigh

__all__ = [
    "CLERK",
    "EVENTS",
    "GUARDS",
    "OPEN",
    "TRANSITIONS",
    "About",
    "Act",
    "Case",
    "CaseStore",
    "Fix",
    "Matter",
    "Move",
    "Proof",
    "Reach",
    "Report",
    "Resolution",
    "Risk",
    "Severity",
    "State",
    "SubState",
    "diagnosed",
    "merge",
    "move",
    "report",
    "reweigh",
    "severity",
    "step",
    "weigh",
]
