"""Traces, ownership, golden questions; pure, no input or output."""

from concord_feedback.errors import ConcordFeedbackError, FileProblem, OwnershipError, QuestionFileError
from concord_feedback.ownership import Owner, Ownership, OwnershipMatch, OwnershipRule
from concord_feedback.questions import ExpectedConflict, GoldenQuestion, parse_questions, write_questions
from concord_feedback.traces import Citation, Evidence, Stage, Trace, expired

__all__ = [
    "Citation",
    "ConcordFeedbackError",
    "Evidence",
    "ExpectedConflict",
    "FileProblem",
    "GoldenQuestion",
    "Owner",
    "Ownership",
    "OwnershipError",
    "OwnershipMatch",
    "OwnershipRule",
    "QuestionFileError",
    "Stage",
    "Trace",
    "expired",
    "parse_questions",
    "write_questions",
]
