"""Whether answers are withheld where they should be: precision and recall over a whole set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Abstention:
    """Of `abstained` questions `right` should have been; `expected` is how many should have been in all."""

    right: int
    abstained: int
    expected: int

    @property
    def precision(self) -> float | None:
        """The share of abstentions that were right; None where there were none."""
        return self.right / self.abstained if self.abstained else None

    @property
    def recall(self) -> float | None:
        """The share of questions without an answer that got none; None where there are no such questions."""
        return self.right / self.expected if self.expected else None


def abstention(asked: Iterable[tuple[bool, bool]]) -> Abstention:
    """Count pairs of whether an abstention was expected, and whether there was one."""
    pairs = list(asked)
    return Abstention(
        sum(expected and abstained for expected, abstained in pairs),
        sum(abstained for _, abstained in pairs),
        sum(expected for expected, _ in pairs),
    )
