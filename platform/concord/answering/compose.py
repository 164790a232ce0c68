"""Composing an extractive answer: the sentences that answer best, quoted, numbered and free of what lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from concord.answering.evidence import Evidence
from concord.answering.model import Citation, Conflict
from concord.answering.neutral import REMOVED, Hosts, quoted
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
_ROW = re.compile(r"[^:;]{1,80}: [^;]+; [^:;]{1,80}: ")
"""A row of a table as a sentence (`concord_taxonomy.markdown`)."""
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def compose(evidence: Evidence, max_sentences: int, max_citations: int) -> tuple[Quote, ...]:
    """The quotations of an answer, in order; the evidence holds at least one passage."""
    ranked = _ranked(evidence)
    quotes = list(_lead(evidence)) or [_best(evidence, ranked)]
    told = {quote.passage.item.identifier for quote in quotes}
    for quote in ranked:
        allowed = _NEAR if quote.passage.item.identifier in told else _NEAR_ELSEWHERE
        if len(quotes) >= max_sentences:
            break
        if quote.score >= ranked[0].score - allowed and not any(_alike(quote, other) for other in quotes):
            quotes.append(quote)
    return tuple(_with_other_sides(evidence, quotes)[:max_citations])


def beside(evidence: Evidence, quotes: Sequence[Quote], most: int) -> tuple[Quote, ...]:
    """Further sentences of the leading passages that may help to word an answer, best first."""
    found = list(quotes)
    for quote in _ranked(evidence):
        if len(found) >= len(quotes) + most:
            break
        if not any(_alike(quote, other) and not _apart(quote, other) for other in found):
            found.append(quote)
    return tuple(found[len(quotes) :])


def leading(evidence: Evidence, quotes: Sequence[Quote]) -> int:
    """How many of the first quotations are what authority has to say."""
    return min(len(quotes), sum(1 for _ in _lead(evidence)))


def cited(quotes: Sequence[Quote]) -> tuple[Citation, ...]:
    """The citations of quotations, numbered in order."""
    return tuple(
        Citation(n, quote.passage.item, quote.text, quote.passage.period) for n, quote in enumerate(quotes, start=1)
    )


def sentence(citation: Citation, hosts: Hosts) -> str:
    """A quotation as a sentence of an answer, with its number."""
    return f"{_closed(quoted(citation.quote, hosts).strip() or REMOVED)} [{citation.n}]"


def _ranked(evidence: Evidence) -> list[Quote]:
    """The sentences of the leading passages that lost to nothing, best first."""
    leading = {passage.id for passage in evidence.passages[:_PASSAGES]}
    return [
        quote for quote in evidence.quotes if quote.passage.id in leading and quote.text.casefold() not in evidence.lost
    ]


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


def _with_other_sides(evidence: Evidence, quotes: Sequence[Quote]) -> list[Quote]:
    """The quotations, behind each that is a side of an open conflict the other sides: it is not told one-sidedly."""
    found: dict[str, Quote] = {}
    for quote in quotes:
        found.setdefault(quote.text.casefold(), quote)
        for conflict in filter(lambda each: each.open, evidence.conflicts):
            claims = _told(conflict)
            if any((each.identifier, each.quote.casefold()) == _named(quote) for each in claims):
                for side in _quotes_of(evidence, claims):
                    found.setdefault(side.text.casefold(), side)
    return list(found.values())


def _named(quote: Quote) -> tuple[str, str]:
    return quote.passage.item.identifier, quote.text.casefold()


def _lead(evidence: Evidence) -> Iterator[Quote]:
    """What authority has to say comes first: the winner; both sides of a tie; the value of each scope."""
    return _quotes_of(evidence, _leading_claims(evidence))


def _quotes_of(evidence: Evidence, claims: Sequence[Claim]) -> Iterator[Quote]:
    """The claims as quotations, those whose passage may be quoted, each sentence once."""
    passages = {passage.key: passage for passage in evidence.passages}
    told: set[str] = set()
    for claim in claims:
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


def _alike(one: Quote, other: Quote) -> bool:
    """Whether two quotations say nearly the same, in like words."""
    if _ROW.match(one.text) and _ROW.match(other.text) and _apart(one, other):
        return False
    first, second = set(content_stems(one.text)), set(content_stems(other.text))
    return len(first & second) >= _SAME * max(1, min(len(first), len(second)))


def _apart(one: Quote, other: Quote) -> bool:
    """Whether two quotations of one page have other numbers: of another case, in like words."""
    return one.passage.item.identifier == other.passage.item.identifier and _numbers(one) != _numbers(other)


def _numbers(quote: Quote) -> frozenset[str]:
    return frozenset(_NUMBER.findall(quote.text))


def _closed(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
