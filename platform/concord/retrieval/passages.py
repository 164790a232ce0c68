"""Passages that a principal may read, with everything that led to their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from concord.authority.reading import Reading
from concord.authority.terms import Terms
from concord.catalog.chunks import Chunk
from concord.catalog.history import Period
from concord.embedding import Vectors
from concord_taxonomy.expansion import Expansion
from concord_taxonomy.standard import ContentItem


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a readable item: its rank in each leg, its score, and its likeness to the question.

    `cosine` is of the whole passage, `sentence_cosines` of each of its sentences in order; all are -1 to 1. `score`
    orders passages of one search and means nothing across searches. `period` is when its wording held, where the
    question was about the past.
    """

    id: str
    item: ContentItem
    chunk: Chunk
    score: float
    cosine: float
    sentence_cosines: tuple[float, ...]
    reading: Reading = field(repr=False)
    ranks: Mapping[str, int] = field(default_factory=dict)
    period: Period | None = None

    @property
    def best_sentence(self) -> float:
        """Likeness of the sentence that is nearest to the question."""
        return max(self.sentence_cosines, default=self.cosine)

    @property
    def key(self) -> tuple[str, int]:
        """Item and ordinal."""
        return self.item.identifier, self.chunk.ordinal

    def to_json(self) -> dict[str, Any]:
        """The passage as JSON values."""
        item = self.item
        return {
            "identifier": item.identifier,
            "revision": item.revision,
            "ordinal": self.chunk.ordinal,
            "title": item.title,
            "heading_path": list(self.chunk.heading_path),
            "page": self.chunk.page,
            "text": self.chunk.text,
            "source": item.source,
            "publisher": item.publisher,
            "contact_point": item.contact_point,
            "status": item.status.value,
            "authority_tier": item.authority_tier.value if item.authority_tier else None,
            "held": self.period.to_json() if self.period else None,
            "score": round(self.score, 4),
            "cosine": round(self.cosine, 4),
            "ranks": dict(self.ranks),
        }


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a search found: the passages of the first cut, best first, and the `terms` of all candidates.

    All of it is readable.
    """

    expansion: Expansion
    passages: tuple[Passage, ...] = ()
    terms: Terms = field(default_factory=lambda: Terms.of(()))
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    vector: Vectors | None = field(default=None, repr=False, compare=False)

    @property
    def candidates(self) -> int:
        """How many passages were compared."""
        return self.terms.count
