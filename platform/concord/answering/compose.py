"""Composing an extractive answer: the sentences that answer best, quoted, numbered and free of what lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from concord.answering.evidence import Evidence
from concord.answering.model import Citation, Conflict
from concord.answering.quotes import Quote
from concord.authority.claims import Claim
from concord.authority.words import content_stems
from concord_taxonomy.markdown import plain

_PASSAGES = 6
"""Passages from which sentences are quoted."""
_NEAR = 0.12
"""How much less fitting than the best a further sentence of an item already quoted may be."""
_NEAR_ELSEWHERE = 0.04
"""The same for a sentence of another item: one more page has to earn its place."""
_SAME = 0.8


def compose(evidence: Evidence, max_sentences: int, max_citations: int) -> tuple[Citation, ...]:
    """The quotations of an answer, numbered in order; the evidence holds at least one passage."""
    leading = {passage.id for passage in evidence.passages[:_PASSAGES]}
    ranked = [
        quote for quote in evidence.quotes if quote.passage.id in leading and quote.text.casefold() not in evidence.lost
    ]
    quotes = list(_lead(evidence)) or [_best(evidence, ranked)]
    told = {quote.passage.item.identifier for quote in quotes}
    for quote in ranked:
        allowed = _NEAR if quote.passage.item.identifier in told else _NEAR_ELSEWHERE
        if len(quotes) >= max_sentences:
            break
        if quote.score >= ranked[0].score - allowed and not any(_alike(quote.text, other.text) for other in quotes):
            quotes.append(quote)
    return tuple(
        Citation(n, quote.passage.item, quote.text, quote.passage.period)
        for n, quote in enumerate(quotes[:max_citations], start=1)
    )


def sentences(citations: Sequence[Citation]) -> Iterator[str]:
    """The text of an answer of quotations, sentence by sentence, each with its number and the space before it."""
    for place, citation in enumerate(citations):
        yield f"{' ' if place else ''}{_closed(citation.quote)} [{citation.n}]"


def _best(evidence: Evidence, ranked: Sequence[Quote]) -> Quote:
    """The best sentence of the best passage's item, or of any; a whole passage where no sentence is left."""
    first = evidence.passages[0]
    own = [quote for quote in ranked if quote.passage.item.identifier == first.item.identifier]
    if own or ranked:
        return (own or ranked)[0]
    whole = [(passage, plain(passage.chunk.text)) for passage in evidence.passages]
    untouched = [each for each in whole if not any(quote in each[1].casefold() for quote in evidence.lost)]
    passage, text = (untouched or whole)[0]
    return Quote(passage, text, 0.0)


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
    if evidence.conflicts and evidence.leads:
        return _told(evidence.conflicts[0])
    return ()


def _told(conflict: Conflict) -> Sequence[Claim]:
    decision = conflict.decision
    contesting = [loss.claim for loss in decision.losers if loss.contests]
    return (decision.winner, *contesting) if decision.winner else decision.standing


def _alike(one: str, other: str) -> bool:
    first, second = set(content_stems(one)), set(content_stems(other))
    return len(first & second) >= _SAME * max(1, min(len(first), len(second)))


def _closed(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
