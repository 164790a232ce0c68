"""Errors of governance.

GovernanceError
└── InvalidWorkspace    files of the content layer that cannot be put in force
"""

from __future__ import annotations

from collections.abc import Sequence

from concord.governance.problems import Problem


class GovernanceError(Exception):
    """Something that governance does not let through."""


class InvalidWorkspace(GovernanceError):
    """The workspace's files cannot be applied; `problems` names every place that has to change."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
