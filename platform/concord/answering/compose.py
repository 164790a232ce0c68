"""Composing an extractive answer: the sentences that answer best, quoted, numbered and free of what lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from concord.answering.evidence import Evidence
from concord.answering.model import Citation, Conflict
from concord.authority.claims import Claim
from concord.authority.decision import Verdict
from concord.authority.values import extract_values
from concord.authority.words import content_stems
from concord.retrieval.passages import Passage
from concord_taxonomy.markdown import sentences

_PASSAGES = 6
_NEAR = 0.12
"""How much less fitting than the best a further sentence may be."""
_VALUE_ASKED = 0.12
_WORDS_SHARED = 0.25
_SAME = 0.8


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a passage and how well it answers."""

    passage: Passage
    text: str
    score: float


def compose(
    question: str, evidence: Evidence, max_sentences: int, max_citations: int
) -> tuple[str, tuple[Citation, ...]]:
    """The answer's text with its numbers, and the citations; the evidence holds at least one passage."""
    quotes = list(_lead(evidence))
    ranked = _ranked(question, evidence)
    if not quotes:
        leading = [quote for quote in ranked if quote.passage.item.identifier == evidence.passages[0].item.identifier]
        quotes = [max(leading or ranked, key=lambda quote: quote.score)]
    best = max((quote.score for quote in ranked), default=0.0)
    for quote in ranked:
        if len(quotes) >= max_sentences:
            break
        if quote.score >= best - _NEAR and not any(_alike(quote.text, other.text) for other in quotes):
            quotes.append(quote)
    return _numbered(quotes, max_citations)


def _lead(evidence: Evidence) -> Iterator[Quote]:
    """What authority has to say comes first: the winner; both sides of a tie; the value of each scope."""
    passages = {passage.key: passage for passage in evidence.passages}
    told: set[str] = set()
    for claim in _leading_claims(evidence):
        passage = passages.get((claim.identifier, claim.ordinal))
        if passage is not None and claim.quote.casefold() not in told:
            told.add(claim.quote.casefold())
            yield Quote(passage, claim.quote, 1.0)


def _leading_claims(evidence: Evidence) -> Sequence[Claim]:
    if evidence.conflicts:
        return _told(evidence.conflicts[0])
    return ()


def _told(conflict: Conflict) -> Sequence[Claim]:
    decision = conflict.decision
    if decision.verdict is Verdict.UNRESOLVED:
        return decision.standing
    return (decision.winner,) if decision.winner else ()


def _ranked(question: str, evidence: Evidence) -> list[Quote]:
    """Sentences of the best passages, best first; what lost a conflict is left out."""
    asked = set(content_stems(question))
    lost = evidence.lost
    quotes = [
        Quote(passage, text, score)
        for passage in evidence.passages[:_PASSAGES]
        for text, score in _scored(passage, asked, evidence)
        if text.casefold() not in lost
    ]
    return sorted(quotes, key=lambda quote: (-quote.score, quote.passage.id))


def _scored(passage: Passage, asked: set[str], evidence: Evidence) -> Iterator[tuple[str, float]]:
    types = evidence.asked.types
    for sentence, likeness in zip(sentences(passage.chunk.text), passage.sentence_cosines, strict=False):
        shared = len(asked & set(content_stems(sentence.text))) / max(1, len(asked))
        valued = bool(types) and any(found.value.type in types for found in extract_values(sentence.text))
        yield sentence.text, likeness + _WORDS_SHARED * shared + _VALUE_ASKED * valued


def _alike(one: str, other: str) -> bool:
    first, second = set(content_stems(one)), set(content_stems(other))
    return len(first & second) >= _SAME * max(1, min(len(first), len(second)))


def _numbered(quotes: Sequence[Quote], max_citations: int) -> tuple[str, tuple[Citation, ...]]:
    """One citation per quotation, numbered in order."""
    cited = quotes[:max_citations]
    citations = tuple(Citation(n, quote.passage.item, quote.text) for n, quote in enumerate(cited, start=1))
    text = " ".join(f"{_closed(citation.quote)} [{citation.n}]" for citation in citations)
    return text, citations


def _closed(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
