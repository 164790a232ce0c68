"""What keeps a term from being changed.

ChangeError
├── CannotChange    the change makes no sense of this vocabulary
└── BreaksSkos      it would break an integrity condition of SKOS that holds now, or make two concepts of a scheme one
"""

from __future__ import annotations

from collections.abc import Sequence

from concord_taxonomy.errors import ConcordTaxonomyError


class ChangeError(ConcordTaxonomyError):
    """A change of a term cannot be made."""


class CannotChange(ChangeError):
    """`problem` says what stands in the way, and what to do instead."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


class BreaksSkos(ChangeError):
    """`findings` are the errors that `concord taxonomy check` would find after it and does not find now."""

    def __init__(self, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"the vocabulary would not be sound any more: {'; '.join(self.findings)}")
