"""Errors of retrieval.

RetrievalError
└── DateToCome    a question about a date of which nothing can be known
"""

from __future__ import annotations

from datetime import date


class RetrievalError(Exception):
    """A question cannot be searched for."""


class DateToCome(RetrievalError):
    """`day` lies after `today` (UTC)."""

    def __init__(self, day: date, today: date) -> None:
        self.day = day
        super().__init__(f"{day} is still to come (today is {today}, UTC): ask about today or a day before it")
