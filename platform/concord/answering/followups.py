"""Follow-up questions: a question that leaves out what an earlier one said, made to stand alone."""

from __future__ import annotations

from collections.abc import Sequence


def standing_alone(question: str, earlier: Sequence[str]) -> str:
    """The question with what it leaves out of the earlier ones of its conversation, oldest first."""
    return question
