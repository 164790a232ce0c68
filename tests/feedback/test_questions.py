import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_feedback import GoldenQuestion, QuestionFileError, parse_questions, write_questions

WHOLE: dict[str, Any] = {
    "id": "leave-001",
    "question": "How many days of annual leave do I get?",
    "principal": "user:amara.osei",
    "use_case": "ask-people",
    "expect": "answer",
    "reference": "27 days a year",
    "values": ["27 days"],
    "evidence": ["people-handbook/leave/annual-leave.md@1.."],
    "conflict": {
        "winner": "people-handbook/leave/annual-leave.md",
        "losers": ["intranet/leave-faq.html"],
        "verdict": "resolved",
        "rule": "tier",
    },
    "tags": ["conflict", "vocabulary"],
    "source": "authored",
    "group": "employees",
}
LEAST = {"id": "a", "question": "Why?", "principal": "user:ann", "reference": "Because."}


def lines(*questions: dict[str, Any]) -> str:
    return "\n".join(json.dumps(question) for question in questions)


def mistakes(text: str) -> dict[str, str]:
    with pytest.raises(QuestionFileError) as caught:
        parse_questions(text, "evals/people.jsonl")
    assert str(caught.value).startswith("evals/people.jsonl: line ")
    return {problem.place: problem.message for problem in caught.value.problems}


def test_a_whole_question() -> None:
    (question,) = parse_questions(lines(WHOLE))
    assert question.conflict and question.conflict.losers == ("intranet/leave-faq.html",)
    (wanted,) = question.wanted()
    assert wanted.covers("people-handbook/leave/annual-leave.md", 3)


def test_conflict_false_is_not_conflict_absent() -> None:
    absent, none = parse_questions(lines(LEAST, LEAST | {"id": "b", "conflict": False}))
    assert (absent.conflict, none.conflict) == (None, False)


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        ({"principal": "ann"}, "principal", "write user:<id>"),
        ({"principal": "everyone"}, "principal", "write user:<id>"),
        ({"conflict": True}, "conflict", "winner and losers, or false"),
        ({"conflict": {"losers": ["a"]}}, "conflict", "has a winner"),
        ({"conflict": {"winner": "a", "losers": []}}, "conflict.losers", "at least one"),
        ({"conflict": {"winner": "a", "losers": ["a"]}}, "conflict", "among the losers"),
        ({"conflict": {"winner": "a", "losers": ["b", "c"], "verdict": "unresolved"}}, "conflict", "no winner"),
        ({"evidence": ["a@latest"]}, "evidence[0]", "no reference"),
        ({"evidence": ["a@0"]}, "evidence[0]", "no reference"),
        ({"expect": "maybe"}, "expect", "'answer' or 'abstain'"),
        ({"expect": "abstain", "values": ["3"]}, "line 1", "states no values"),
        ({"reference": ""}, "line 1", "nothing to compare"),
        ({"qestion": "x"}, "qestion", "unknown: write one of id, question"),
        ({"question": " "}, "question", "this is needed"),
    ],
)
def test_mistakes_are_named_by_line_and_field(change: dict[str, Any], place: str, message: str) -> None:
    found = mistakes(lines(LEAST | change))
    where = place if place.startswith("line") else f"line 1, {place}"
    assert message in found[where]


def test_every_line_is_read_and_blank_ones_count() -> None:
    found = mistakes(lines(LEAST) + "\n\n{broken\n[]\n" + lines(LEAST))
    assert set(found) == {"line 3", "line 4", "line 5, id"}
    assert "line 1 already" in found["line 5, id"]


def test_sides_of_an_unresolved_conflict() -> None:
    conflict = {"winner": None, "rule": None, "losers": ["a", "b"], "verdict": "unresolved"}
    assert parse_questions(lines(LEAST | {"conflict": conflict}))[0].conflict


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(bool)


@given(st.lists(st.tuples(TEXT, TEXT, st.lists(TEXT), st.booleans()), unique_by=lambda entry: entry[0]))
def test_what_is_written_is_read_again(entries: list[tuple[str, str, list[str], bool]]) -> None:
    questions = [
        GoldenQuestion(
            id=name,
            question=text,
            principal="user:ann",
            values=tuple(values),
            reference=text,
            conflict=False if none else None,
        )
        for name, text, values, none in entries
    ]
    assert parse_questions(write_questions(questions)) == questions


def test_the_golden_sets_that_are_shipped_can_be_read() -> None:
    root = Path(__file__).parents[2]
    files = [*root.glob("examples/*/evals/*.jsonl"), *root.glob("tests/workspaces/*/evals/*.jsonl")]
    for file in files:
        assert parse_questions(file.read_text(encoding="utf-8"), str(file))


def test_where_a_question_comes_from_is_one_of_few_words():
    line = '{"id": "a", "question": "?", "principal": "user:pat", "reference": "x", "source": "%s"}\n'
    assert [parse_questions(line % each)[0].source for each in ("authored", "correction", "generated", "case")]
    with pytest.raises(QuestionFileError, match="source"):
        parse_questions(line % "guessed")
