"""What can go wrong in `concord_feedback`.

    ConcordFeedbackError
    ├── OwnershipError      `ownership.yaml` says something that cannot be meant
    ├── QuestionFileError   a golden set holds lines that cannot be used
    ├── TooManyCorrections  more corrections by one person than are taken in an hour
    ├── TooManyDisputes     more disputes by one person than are taken in an hour
    ├── NoSuchCase          no case of that number that the person may see
    ├── CaseNotPossible     the case is in no state for this, or something is missing
    └── CorrectionsError    a file of corrections holds lines that cannot be used

Those of a file carry every problem of it at once, each with its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ConcordFeedbackError(Exception):
    """Base of every error of this package; its text says what to do next."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing that is wrong in a file: `place` as in `rules[3].owner` or `line 12, principal`."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class _FileError(ConcordFeedbackError):
    def __init__(self, name: str, problems: Sequence[FileProblem]) -> None:
        self.name = name
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{name}: {problem}" for problem in self.problems))


class OwnershipError(_FileError):
    """Ownership rules cannot be used; `problems` names every place that has to change."""


class QuestionFileError(_FileError):
    """Lines of a golden set cannot be used; `problems` names every one of them."""


class TooManyCorrections(ConcordFeedbackError):
    """One person has made `limit` corrections within the last hour."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"at most {limit} corrections are taken from one person in an hour: try again later")


class TooManyDisputes(ConcordFeedbackError):
    """One person has disputed cases `limit` times within the last hour."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"at most {limit} disputes are taken from one person in an hour: try again later")


class CorrectionsError(_FileError):
    """Lines of a file of corrections cannot be used; `problems` names every one of them."""


class NoSuchCase(ConcordFeedbackError):
    """`case` is no case that the person may see; whether it exists is not told."""

    def __init__(self, case: int) -> None:
        self.case = case
        super().__init__(f"no case {case} that you may see: `concord cases list` shows yours")


class CaseNotPossible(ConcordFeedbackError):
    """The case cannot be moved by `act`, for the reason `problem`."""

    def __init__(self, case: int, act: str, problem: str) -> None:
        self.case, self.act, self.problem = case, act, problem
        super().__init__(f"case {case} cannot be moved by {act}: {problem}")
