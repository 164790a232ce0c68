"""What a question asks about: its words, concepts, scope, and the types of value that would answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from concord.authority.claims import Claim
from concord.authority.concepts import MatchConcepts, mentions, no_concepts
from concord.authority.scope import Scope, compatible, read_scope
from concord.authority.values import ValueType, extract_values
from concord.authority.words import content_stems

_UNITS = r"(?:seconds?|minutes?|hours?|(?:working |business |paid )?days?|weeks?|months?|years?)"
_ASKED: tuple[tuple[str, tuple[ValueType, ...]], ...] = (
    (rf"\bhow many\b[\w\s-]{{0,20}}\b{_UNITS}\b", (ValueType.DURATION, ValueType.COUNT)),
    (r"\bhow many\b", (ValueType.COUNT, ValueType.DURATION)),
    (
        r"\bhow (?:long|soon|quickly|often|old)\b|\bdeadline\b|\bwithin what\b|\bhow much (?:time|notice|leave|holiday)\b",
        (ValueType.DURATION, ValueType.DATE, ValueType.TIME),
    ),
    (r"\b(?:what|which) (?:percentage|percent|share|proportion)\b", (ValueType.PERCENT,)),
    (r"\b(?:what|which) time\b|\bat what hour\b|\bwhen do(?:es)?\b.*\b(?:open|close|start|end|begin)\b", (ValueType.TIME, ValueType.DATE)),
    (r"\bwhen\b|\b(?:what|which) (?:date|day)\b|\bby when\b", (ValueType.DATE, ValueType.TIME, ValueType.DURATION)),
    (
        r"\b(?:what|which) (?:price|amount|value|sum|threshold)\b|\bcosts?\b|\bhow expensive\b|\bprice\b",
        (ValueType.MONEY, ValueType.PERCENT),
    ),
    (r"\bhow much\b", (ValueType.MONEY, ValueType.PERCENT, ValueType.DURATION)),
    (r"\b(?:what|which) version\b", (ValueType.VERSION,)),
)  # fmt: skip
_RELEVANT = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """A question as authority reads it. No `types` means that any type of value may answer it."""

    text: str
    words: frozenset[str]
    concepts: frozenset[str] = frozenset()
    types: frozenset[ValueType] = frozenset()
    scope: Scope = Scope()

    @classmethod
    def read(cls, text: str, match_concepts: MatchConcepts = no_concepts) -> Question:
        """Read a question's words, concepts, asked types and scope."""
        found = [each for each in mentions(text, match_concepts) if content_stems(text[each.start : each.end])]
        rest = text
        for each in [*found, *extract_values(text)]:
            rest = rest[: each.start] + " " * (each.end - each.start) + rest[each.end :]
        asked = next((types for pattern, types in _ASKED if re.search(pattern, text, re.IGNORECASE)), ())
        words = [word for word in content_stems(rest) if word not in _ASKING]
        concepts = frozenset(each.concept for each in found)
        return cls(text, frozenset(words), concepts, frozenset(asked), read_scope(text))

    def coverage(self, claim: Claim) -> float:
        """How much of the question's words and concepts a claim has: in its sentence fully, around it by half."""
        attribute = claim.attribute
        here = {*attribute.words, *attribute.label_words}
        total = len(self.words) + 2.0 * len(self.concepts)
        if not total:
            return 0.0
        covered = sum(1.0 if word in here else 0.5 if word in attribute.context else 0.0 for word in self.words)
        covered += sum(
            2.0 if concept in attribute.concepts else 1.0 if concept in attribute.context_concepts else 0.0
            for concept in self.concepts
        )
        return covered / total

    def asks_about(self, claim: Claim) -> bool:
        """Whether a claim may answer the question: an asked type, a scope that fits, and half of its words."""
        if self.types and claim.value.type not in self.types:
            return False
        return compatible(self.scope, claim.scope) and self.coverage(claim) >= _RELEVANT


_ASKING = frozenset(
    content_stems(
        """how many much long what when which time date day days week weeks month months year years hour hours minute
        minutes price amount value cost percentage percent deadline soon often quickly know tell find"""
    )
)
