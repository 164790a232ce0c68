"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is. `skipped` is a check that could not be made, because of another problem."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was looked at, what was found in numbers and paths (never in content), and what to do."""

    name: str
    level: Level
    found: str
    remedy: str = ""
    rebuild: bool = False
    """Whether building the index anew is the remedy."""
    mine: bool = False
    """Whether mining the conflict register anew is."""


def fine(name: str, found: str) -> Check:
    """A check that found nothing to mend."""
    return Check(name, Level.OK, found)
