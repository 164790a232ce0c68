"""What stewards decided about pairs, which later runs respect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum


class Relation(StrEnum):
    """A SKOS mapping property, as read from the first concept of a pair to the second."""

    EXACT = "exactMatch"
    CLOSE = "closeMatch"
    BROAD = "broadMatch"
    NARROW = "narrowMatch"
    RELATED = "relatedMatch"

    @property
    def inverse(self) -> Relation:
        """The relation from the second to the first."""
        return {Relation.BROAD: Relation.NARROW, Relation.NARROW: Relation.BROAD}.get(self, self)

    @property
    def field(self) -> str:
        """The name of the field of `Concept` that holds it."""
        return f"{self.removesuffix('Match')}_match"


@dataclass(frozen=True, slots=True)
class Decision:
    """A pair accepted with its relation, or rejected (`relation` is then what was proposed)."""

    left: str
    right: str
    relation: Relation
    accepted: bool
    by: str
    why: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def mirrored(self) -> Decision:
        """The same decision, read from the other concept."""
        return replace(self, left=self.right, right=self.left, relation=self.relation.inverse)

    def same_as(self, other: Decision) -> bool:
        """Whether another decision on the pair, read the same way, says nothing new."""
        return (self.relation, self.accepted) == (other.relation, other.accepted) and other.why in ("", self.why)

    def ordered(self) -> Decision:
        """The same decision with its concepts in IRI order."""
        return self if self.left <= self.right else self.mirrored()


@dataclass(frozen=True, slots=True)
class Decisions:
    """The last decision on each pair; a pair is the same in both orders.

    >>> decided = Decisions().accept(("https://x.org/a", "https://y.org/b"), Relation.CLOSE, "user:ada")
    >>> decided.on("https://y.org/b", "https://x.org/a").accepted
    True
    """

    by_pair: Mapping[tuple[str, str], Decision] = field(default_factory=dict)

    def accept(self, pair: tuple[str, str], relation: Relation, by: str, why: str = "") -> Decisions:
        """With a pair accepted."""
        return self.record(Decision(*pair, relation, True, by, why))

    def reject(self, pair: tuple[str, str], by: str, why: str = "") -> Decisions:
        """With a pair rejected."""
        return self.record(Decision(*pair, Relation.CLOSE, False, by, why))

    def record(self, *decisions: Decision) -> Decisions:
        """With decisions, each in the place of an earlier one on its pair."""
        made = {(each.left, each.right): each for each in (decision.ordered() for decision in decisions)}
        return Decisions({**self.by_pair, **made})

    def on(self, left: str, right: str) -> Decision | None:
        """The decision on a pair, read from `left`."""
        held = self.by_pair.get((min(left, right), max(left, right)))
        return held if held is None or held.left == left else held.mirrored()

    def __iter__(self) -> Iterator[Decision]:
        """The decisions in the order of their pairs."""
        return (self.by_pair[pair] for pair in sorted(self.by_pair))

    def __len__(self) -> int:
        return len(self.by_pair)
