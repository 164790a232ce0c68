"""What a pattern returns: a value and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from concord.authority.values.typed import TypedValue


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value and its span in the text that was read."""

    value: TypedValue
    start: int
    end: int
