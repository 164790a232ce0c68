"""Traces, corrections, ownership, golden questions; pure, no input or output."""

from concord_feedback.corrections import Correction, Rating, Reason
from concord_feedback.errors import (
    ConcordFeedbackError,
    FileProblem,
    OwnershipError,
    QuestionFileError,
    TooManyCorrections,
)
from concord_feedback.ownership import Owner, Ownership, OwnershipMatch, OwnershipRule
from concord_feedback.questions import ExpectedConflict, GoldenQuestion, parse_questions, write_questions
from concord_feedback.traces import Citation, Evidence, Stage, Trace, expired

__all__ = [
    "Citation",
    "ConcordFeedbackError",
    "Correction",
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
    "Rating",
    "Reason",
    "Stage",
    "TooManyCorrections",
    "Trace",
    "expired",
    "parse_questions",
    "write_questions",
]
