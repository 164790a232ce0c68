"""Errors of the metadata standard.

    ConcordTaxonomyError
    └── StandardError
        ├── MappingError       a mapping says something that cannot be meant; `issues` names each place
        └── UpgradeError       data of a version of the standard that cannot be read here

Bad *data* is never an exception: `apply_mapping` reports it as problems of the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from concord_taxonomy.errors import ConcordTaxonomyError


class StandardError(ConcordTaxonomyError):
    """Base of the errors of the metadata standard."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong in a declaration: `place` as in `fields.modified[1].pattern`, and a plain sentence."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class MappingError(StandardError):
    """A mapping cannot be used; `issues` lists every place that has to change."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))


class UpgradeError(StandardError):
    """Data of `version` cannot be brought to the version of the standard that is installed."""

    def __init__(self, version: str, message: str) -> None:
        self.version = version
        super().__init__(message)
