"""What lets an item through to a question, or leaves it out: the use case's sources and concepts, status and dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from concord.answering.evidence import QUOTABLE
from concord.retrieval.filters import admits
from concord.retrieval.question import Question
from concord_feedback.diagnosis import Filtered
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import ContentItem

_WHY = {
    "sources": "the use case leaves out its source",
    "concepts": "the use case is about other concepts than those it is tagged with",
    "status": "its status is not one that is quoted",
    "dates": "it is not in force on the day that was asked about",
}


def admission(
    question: Question,
    vocabulary: Vocabulary,
    readable: Mapping[str, ContentItem],
    tagged: Callable[[ContentItem], frozenset[str]],
) -> Filtered:
    """Which of the items that the asker may read get through; `tagged` gives the concepts that an item's words name."""
    why = {key: _left_out_by(question, vocabulary, item) for key, item in readable.items()}
    wanted = {narrower for iri in question.scope.concepts or () for narrower in vocabulary.narrower_closure(iri)}
    return Filtered(
        readable=tuple(readable),
        admitted=tuple(key for key, reason in why.items() if not reason),
        retagged=tuple(key for key, reason in why.items() if reason == "concepts" and wanted & tagged(readable[key])),
        why=next((_WHY[reason] for reason in why.values() if reason), ""),
    )


def _left_out_by(question: Question, vocabulary: Vocabulary, item: ContentItem) -> str:
    """What leaves an item out of the question: `sources`, `concepts`, `status`, `dates`, or nothing."""
    if question.scope.sources is not None and item.source not in question.scope.sources:
        return "sources"
    if item.status not in QUOTABLE:
        return "status"
    if not item.in_force(question.at):
        return "dates"
    return "" if admits(question, item, vocabulary) else "concepts"
