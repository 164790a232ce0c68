"""Errors of access.

AccessError
├── UnknownPrincipal    nobody of that name
└── TooManyTokens       a principal with more reader tokens than a question may carry
"""

from __future__ import annotations


class AccessError(Exception):
    """The principal cannot be used for reading."""


class UnknownPrincipal(AccessError):
    """`name` is not in the directory."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no user {name!r} in principals.yaml: add them, or ask with --as USER as another")


class TooManyTokens(AccessError):
    """`name` holds more than `limit` reader tokens; nothing is read rather than too much."""

    def __init__(self, name: str, limit: int) -> None:
        self.name = name
        super().__init__(f"{name!r} is in more than {limit} groups: nothing can be read; flatten or reduce the groups")
