"""What a question asks about: its words, concepts, scope, and the types of value that would answer it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from concord.authority.claims import Claim
from concord.authority.concepts import MatchConcepts, mentions, no_concepts
from concord.authority.scope import OPEN, Scope, compatible, read_scope
from concord.authority.values import ValueType, extract_values
from concord.authority.words import content_stems

_UNITS = r"(?:seconds?|minutes?|hours?|(?:working |business |paid )?days?|weeks?|months?|years?)"
_TYPES_ASKED: tuple[tuple[str, tuple[ValueType, ...]], ...] = (
    (rf"\bhow many\b[\w\s-]{{0,20}}\b{_UNITS}\b", (ValueType.DURATION, ValueType.COUNT)),
    (r"\bhow many\b", (ValueType.COUNT,)),
    (r"\bhow much (?:time|notice|leave|holiday)\b", (ValueType.DURATION,)),
    (
        r"\bhow (?:long|soon|quickly|often|old)\b|\bdeadline\b|\bwithin what\b",
        (ValueType.DURATION, ValueType.DATE, ValueType.TIME),
    ),
    (r"\b(?:what|which) (?:percentage|percent|share|proportion)\b", (ValueType.PERCENT,)),
    (r"\b(?:what|which) time\b|\bat what hour\b", (ValueType.TIME, ValueType.DATE)),
    (r"\bwhen do(?:es)?\b.*\b(?:open|close|start|end|begin)", (ValueType.TIME, ValueType.DATE)),
    (r"\b(?:what|which) (?:date|day)\b", (ValueType.DATE,)),
    (
        r"^(?:and |by |until |from |since )?when\b|\bwhen (?:do|does|is|are|must|will|should|can)\b",
        (ValueType.DATE, ValueType.TIME, ValueType.DURATION),
    ),
    (r"\b(?:what|which) (?:price|amount|sum)\b|\bcosts?\b|\bexpensive\b", (ValueType.MONEY, ValueType.PERCENT)),
    (r"\bhow much\b", (ValueType.MONEY, ValueType.PERCENT, ValueType.DURATION)),
    (r"\b(?:what|which) version\b", (ValueType.VERSION,)),
)
_WORDED_ASKED: tuple[tuple[str, tuple[ValueType, ...]], ...] = (
    (
        r"^(?:is|are|am|can|may|must|should|do|does|shall)\b|\b(?:allowed|permitted|required|have to|need to)\b",
        (ValueType.POLARITY,),
    ),
    (
        r"\b(?:who|whom|whose|which|what|where)\b|\bhow (?:do|can|should) (?:i|we)\b",
        (ValueType.NAMED, ValueType.CONTACT),
    ),
)
_RELEVANT = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """A question as authority reads it. No `types` means that any type of number may answer it.

    `worded` are the types of values in words that may, beside numbers where there are no `types`.
    `words` are those of what is asked, `aside` those of sentences beside it ("I expect a visitor. How long …?").
    """

    text: str
    words: frozenset[str]
    concepts: frozenset[str] = frozenset()
    types: frozenset[ValueType] = frozenset()
    scope: Scope = OPEN
    aside: frozenset[str] = frozenset()
    worded: frozenset[ValueType] = frozenset()

    @classmethod
    def read(cls, text: str, match_concepts: MatchConcepts = no_concepts, department: str | None = None) -> Question:
        """Read a question's words, concepts, asked types and scope; `department` is the asker's."""
        found = [
            each for each in mentions(text, match_concepts, department) if content_stems(text[each.start : each.end])
        ]
        rest = text
        for start, end in [(each.start, each.end) for each in found] + [(v.start, v.end) for v in extract_values(text)]:
            rest = rest[:start] + " " * (end - start) + rest[end:]
        scope = read_scope(text)
        asked = next((types for pattern, types in _TYPES_ASKED if re.search(pattern, text, re.IGNORECASE)), ())
        words, aside = set[str](), set[str]()
        parts = re.split(r"(?<=[.!?])\s+", rest)
        for part in parts:
            (words if part.endswith("?") or len(parts) == 1 else aside).update(content_stems(part))
        known = ASKING | scope.words()
        return cls(
            text,
            frozenset(words - known),
            frozenset(each.concept for each in found),
            frozenset(asked),
            scope,
            frozenset(aside - known - words),
            frozenset(
                each for pattern, types in _WORDED_ASKED if re.search(pattern, text, re.IGNORECASE) for each in types
            ),
        )

    @property
    def answered_by(self) -> frozenset[ValueType]:
        """The types of value that may answer."""
        possible = self.worded.union(kind for kind in ValueType if kind.measured)
        return possible & self.types if self.types else possible

    @property
    def weight(self) -> float:
        """How much the question says: a point for each word, two for each concept."""
        return len(self.words) + 2.0 * len(self.concepts)

    def coverage(self, claim: Claim) -> float:
        """How much of the question's words and concepts a claim has: in its sentence fully, around it by half."""
        weight = self.weight
        if not weight:
            return 0.0
        attribute = claim.attribute
        words = (*attribute.words, *attribute.label_words)
        covered = _met(self.words, words, attribute.context)
        covered += 2.0 * _met(self.concepts, attribute.concepts, attribute.context_concepts)
        covered += 0.5 * len(self.aside.intersection(words))
        return min(1.0, covered / weight)

    def _fits(self, claim: Claim) -> bool:
        """Whether a claim has half of the question's words, and a scope that fits."""
        return self.coverage(claim) >= _RELEVANT and compatible(self.scope, claim.scope)

    def select(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims that may answer; where the question names a period or a role, those that state it, if any do."""
        kinds = self.answered_by
        chosen = [claim for claim in claims if claim.value.type in kinds and self._fits(claim)]
        for facet in ("period", "role"):
            if self.scope.facet(facet):
                chosen = [claim for claim in chosen if claim.scope.facet(facet)] or chosen
        return chosen


def _met(wanted: frozenset[str], here: Iterable[str], around: Iterable[str]) -> float:
    """How many of the wanted stand here, those that only stand around it counted by half."""
    if not wanted:
        return 0.0
    found = wanted.intersection(here)
    return len(found) + 0.5 * len(wanted.intersection(around) - found)


ASKING = frozenset(
    content_stems(
        """how many much long what when which time date day days week weeks month months year years hour hours minute
        minutes price amount value cost percentage percent deadline soon often quickly know tell find"""
    )
)
"""Words that ask for a value, and say nothing of what about: an answer need not repeat them."""
