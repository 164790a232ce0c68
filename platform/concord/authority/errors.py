"""Errors of authority.

AuthorityError
├── PolicyError           authority.yaml cannot be used: where, what, and what to write instead
├── ExamplesError         lines of a file of examples cannot be used
└── ReplayError           a decision cannot be replayed under this policy
"""

from __future__ import annotations

from collections.abc import Sequence

from concord_feedback import FileProblem


class AuthorityError(Exception):
    """Anything that authority refuses."""


class PolicyError(AuthorityError):
    """An authority policy that cannot be used; `problems` are (place, what is wrong and what to do)."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"authority.yaml, {place}: {what}" for place, what in problems))


class ExamplesError(AuthorityError):
    """Lines of the examples in `name` cannot be used; `problems` names every one of them."""

    def __init__(self, name: str, problems: Sequence[FileProblem]) -> None:
        self.name = name
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{name}: {problem}" for problem in self.problems))


class ReplayError(AuthorityError):
    """A decision recorded under another policy than the one given."""

    def __init__(self, recorded: str, given: str) -> None:
        self.recorded, self.given = recorded, given
        super().__init__(
            f"the decision was made under policy {recorded}, not {given}: replay it with that version of authority.yaml"
        )
