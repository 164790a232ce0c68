"""Errors of use cases.

UseCaseError
└── UnknownUseCase    there is none of that name for this person
"""

from __future__ import annotations


class UseCaseError(Exception):
    """A use case cannot be used."""


class UnknownUseCase(UseCaseError):
    """`name` is no use case that this person may use; `available` are those that are."""

    def __init__(self, name: str, available: list[str]) -> None:
        self.name = name
        self.available = available
        super().__init__(f"no use case {name!r} for you; yours are: {', '.join(available) or 'none'}")
