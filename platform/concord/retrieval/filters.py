"""From a question to the filter of the index: who may read, what is alive, and what the use case draws on."""

from __future__ import annotations

from concord.index import CURRENT, SearchFilter
from concord.retrieval.question import Question
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import ContentItem, Status

LIVE_STATUSES = tuple(status.value for status in Status if status is not Status.WITHDRAWN)
"""Drafts and deprecated items are found too: authority needs to see them to say why they lose."""


def index_filter(question: Question, vocabulary: Vocabulary) -> SearchFilter:
    """The filter of a question; no tokens find nothing.

    What is withdrawn by now may have stood on a past date, which only the catalog can tell.
    """
    return SearchFilter(
        readers=question.principal.tokens,
        statuses=None if question.past else LIVE_STATUSES,
        at=question.at if question.past else CURRENT,
        sources=question.scope.sources,
        concepts=_closure(question.scope.concepts, vocabulary),
    )


def admits(question: Question, item: ContentItem, vocabulary: Vocabulary) -> bool:
    """Whether an item as the catalog holds it passes the same filter: the check before anything leaves."""
    concepts = _closure(question.scope.concepts, vocabulary)
    return (
        question.principal.may_read(item.readers)
        and item.status.value in LIVE_STATUSES
        and (question.scope.sources is None or item.source in question.scope.sources)
        and (concepts is None or not set(concepts).isdisjoint(item.subject))
    )


def _closure(concepts: tuple[str, ...] | None, vocabulary: Vocabulary) -> tuple[str, ...] | None:
    if concepts is None:
        return None
    return tuple(sorted({narrower for iri in concepts for narrower in vocabulary.narrower_closure(iri)}))
