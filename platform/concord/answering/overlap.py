"""Which words of a question a text has, in whichever department's words."""

from __future__ import annotations

from dataclasses import dataclass

from concord.authority.words import content_stems
from concord_taxonomy.expansion import Expansion

_OTHER_WORDS = 0.7
"""What a word counts that stands there in another department's term."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The content words of a question, and the stems by which other departments say some of them."""

    words: frozenset[str]
    named: tuple[tuple[frozenset[str], tuple[frozenset[str], ...]], ...]

    @classmethod
    def of(cls, question: str, expansion: Expansion) -> Wanted:
        """Read a question and its expansion."""
        named = tuple(
            (frozenset(content_stems(span.words)), tuple(frozenset(content_stems(term)) for term in span.terms))
            for span in expansion.spans
        )
        return cls(frozenset(content_stems(question)), named)

    def share(self, text: str) -> float:
        """Share of the question's words that a text has; another department's term counts nearly as the words."""
        if not self.words:
            return 0.0
        stems = frozenset(content_stems(text))
        said = self.words & stems
        meant = {word for words, terms in self.named if any(term and term <= stems for term in terms) for word in words}
        return (len(said) + _OTHER_WORDS * len(self.words & meant - said)) / len(self.words)
