"""Which words of a question a text has, in whichever department's words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from concord.authority.words import content_stems
from concord_taxonomy.expansion import Expansion

_OTHER_WORDS = 0.7
"""What a word counts that stands there in another department's term."""


@dataclass(frozen=True)
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

    @cached_property
    def telling(self) -> frozenset[str]:
        """Every stem that can count: those of the question, and those of other departments' terms."""
        return self.words.union(*(term for _, terms in self.named for term in terms))

    @cached_property
    def _shares(self) -> dict[frozenset[str], float]:
        return {}

    def share(self, text: str) -> float:
        """Share of the question's words that a text has; another department's term counts nearly as the words."""
        return self.met(self.telling.intersection(content_stems(text)))

    def met(self, stems: frozenset[str]) -> float:
        """The share of a text that has these of the `telling` stems, and no others of them."""
        if not self.words or not stems:
            return 0.0
        share = self._shares.get(stems)
        if share is None:
            said = self.words & stems
            share = (len(said) + _OTHER_WORDS * len(self.told(stems) - said)) / len(self.words)
            self._shares[stems] = share
        return share

    def told(self, stems: frozenset[str]) -> frozenset[str]:
        """The question's words that a text of these stems has, or says in another department's term."""
        meant = {word for words, terms in self.named if any(t and t <= stems for t in terms) for word in words}
        return self.words & (stems | meant)
