"""Errors of authority.

AuthorityError
└── PolicyError           authority.yaml cannot be used: where, what, and what to write instead
└── ReplayError           a decision cannot be replayed under this policy
"""

from __future__ import annotations


class AuthorityError(Exception):
    """Anything that authority refuses."""


class PolicyError(AuthorityError):
    """An authority policy that cannot be used; `problems` are (place, what is wrong and what to do)."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"authority.yaml, {place}: {what}" for place, what in problems))


class ReplayError(AuthorityError):
    """A decision recorded under another policy than the one given."""

    def __init__(self, recorded: str, given: str) -> None:
        self.recorded, self.given = recorded, given
        super().__init__(
            f"the decision was made under policy {recorded}, not {given}: replay it with that version of authority.yaml"
        )
