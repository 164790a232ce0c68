from collections.abc import Callable

import pytest

from concord.authority.claims import SourceText
from concord.authority.concepts import VocabularyMatcher
from concord.authority.extraction import extract_all
from concord.authority.questions import Question
from concord.authority.values import ValueType as Type

Passage = Callable[..., SourceText]
LEAVE = "https://x.example/id/annual-leave"


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("How many days of leave do I get?", {Type.DURATION, Type.COUNT}),
        ("How many reviewers sign?", {Type.COUNT}),
        ("How much notice do I give?", {Type.DURATION}),
        ("How long is probation?", {Type.DURATION, Type.DATE, Type.TIME}),
        ("What percentage is the deposit?", {Type.PERCENT}),
        ("At what time does the gate close?", {Type.TIME, Type.DATE}),
        ("When are reports due?", {Type.DATE, Type.TIME, Type.DURATION}),
        ("How much does parking cost?", {Type.MONEY, Type.PERCENT}),
        ("How much may I claim?", {Type.MONEY, Type.PERCENT, Type.DURATION}),
        ("Which version of Python do we use?", {Type.VERSION}),
        ("Who signs a contract?", set()),
    ],
)
def test_the_types_of_value_that_would_answer(text: str, types: set[Type]) -> None:
    assert Question.read(text).types == types


def test_a_question_is_read_by_its_words_concepts_and_scope(matcher: VocabularyMatcher) -> None:
    question = Question.read("I work in Berlin. How many days of annual leave does a manager carry over?", matcher)
    assert question.concepts == {LEAVE}
    assert question.words == {"carri"}
    assert question.aside == {"work"}
    assert (question.scope.role, question.scope.region) == (("manager",), ("berlin",))
    assert question.weight == 3


def test_a_claim_covers_a_question_by_its_sentence_fully_and_by_its_headings_half(
    passage: Passage, matcher: VocabularyMatcher
) -> None:
    question = Question.read("How many days of annual leave carry over?", matcher)
    here, around, elsewhere = extract_all(
        [
            passage("a/a.md", "Up to 5 days of annual leave carry over."),
            passage("a/b.md", "At most 5 days.", headings=("Annual leave", "What may carry over")),
            passage("a/c.md", "Sick notes take 5 days."),
        ],
        matcher,
    )
    assert question.coverage(here) == 1
    assert question.coverage(around) == 0.5
    assert question.coverage(elsewhere) == 0
    assert question.select([elsewhere, around, here]) == [around, here]
    assert Question.read("Why?").coverage(here) == 0


def test_only_values_of_the_type_and_scope_asked_for_are_selected(passage: Passage) -> None:
    claims = extract_all(
        [
            passage("a/a.md", "The notice period of a manager is 3 months."),
            passage("a/b.md", "The notice period of a clerk is 1 month."),
            passage("a/c.md", "The notice period is 2 months."),
            passage("a/d.md", "A notice costs £5 for the period."),
        ]
    )

    def answers(text: str) -> list[str]:
        return [claim.identifier for claim in Question.read(text).select(claims)]

    assert answers("How long is the notice period?") == ["a/a.md", "a/b.md", "a/c.md"]
    assert answers("How long is the notice period of a manager?") == ["a/a.md"]
    assert answers("How long is the notice period of a driver?") == ["a/c.md"]
