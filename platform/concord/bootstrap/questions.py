"""From a person's words to what retrieval is asked: the use case's scope, the date, and earlier questions."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import UTC, date, datetime

from concord.answering.answerer import Answerer
from concord.answering.events import AnswerEvent
from concord.answering.followups import standing_alone
from concord.bootstrap.foundation import Foundation
from concord.retrieval.errors import DateToCome
from concord.retrieval.question import Question, Scope
from concord.usecases import AnswerPolicy, UseCase, choose
from concord_taxonomy.standard import Principal


def streamed(
    answerer: Answerer,
    foundation: Foundation,
    text: str,
    principal: Principal,
    use_case: str | None,
    at: date | None,
    earlier: Sequence[str] = (),
) -> Generator[AnswerEvent, None, None]:
    """Answer a question in what is in force, while the answer is made; raises `UnknownUseCase` and `DateToCome`."""
    chosen = choose(foundation.use_cases, use_case, principal)
    limits = chosen.answer if chosen else AnswerPolicy()
    return answerer.stream(
        question_of(text, principal, chosen, at, earlier),
        use_case=use_case,
        max_citations=limits.max_citations,
        min_confidence=limits.min_confidence,
        tone=limits.tone,
        by_model=limits.llm,
    )


def question_of(
    text: str, principal: Principal, use_case: UseCase | None, at: date | None, earlier: Sequence[str] = ()
) -> Question:
    """A question about now, or about the past where `at` lies there; raises `DateToCome`.

    One that follows up on `earlier` ones is asked with what it leaves out.
    """
    today = datetime.now(UTC).date()
    if at is not None and at > today:
        raise DateToCome(at, today)
    past = at is not None and at < today
    asked = standing_alone(text, earlier)
    return Question(
        asked,
        principal,
        at or today,
        scope_of(use_case),
        past,
        use_case=use_case.id if use_case else None,
        said=text if asked != text else None,
    )


def scope_of(use_case: UseCase | None) -> Scope:
    """What a use case draws on."""
    if use_case is None:
        return Scope()
    return Scope(use_case.sources or None, use_case.concepts or None)
