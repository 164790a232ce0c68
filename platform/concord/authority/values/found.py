"""What a pattern returns: a value and where it stands; and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass

from concord.authority.values.typed import TypedValue

_BESIDE = 200
"""Characters beside a value that are looked at: with the whole text, many values of a long one would take for ever."""


def before(text: str, start: int) -> str:
    """What stands right before a place."""
    return text[max(0, start - _BESIDE) : start]


def after(text: str, end: int) -> str:
    """What stands right after a place."""
    return text[end : end + _BESIDE]


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value and its span in the text that was read."""

    value: TypedValue
    start: int
    end: int
