"""Answers to a question as worded: where documents differ, where they agree, and where nothing can be told."""

import time

import pytest

from concord.authority.answers import find_disagreement
from concord.authority.answers.asked import AskedFor
from concord.authority.answers.candidate import Kind
from concord.authority.answers.finders import find_candidates
from concord.authority.claims import SourceText
from concord_taxonomy.standard.item import ContentItem, Derivation


def documents(*texts: str) -> list[SourceText]:
    """A document without a title for each text."""
    return [
        SourceText(
            ContentItem(identifier=name, source="s", title=name, was_derived_from=Derivation(native_id=name)), 0, text
        )
        for name, text in ((f"d{number}", text) for number, text in enumerate(texts))
    ]


def values(question: str, *texts: str) -> list[str]:
    """The answers of the disagreement that is found, as written."""
    return [claim.value.text for each in find_disagreement(question, documents(*texts)) for claim in each.claims]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was the Orrin Mill built?", Kind.DATE),
        ("What year was Orrin Mill founded?", Kind.DATE),
        ("What is the population of Halvorn?", Kind.NUMBER),
        ('Who is the artist of the album "Low Tide"?', Kind.NAME),
        ("Who is the husband of Ann Reyes?", Kind.NAME),
        ("Where is Camp Orrin located?", Kind.PLACE),
        ("What sport is Maria Soto associated with?", Kind.CATEGORY),
        ("What is the profession of Maria Soto?", Kind.CATEGORY),
    ],
)
def test_kind_of_answer(question: str, kind: Kind) -> None:
    asked = AskedFor.read(question)
    assert asked is not None and asked.kind is kind


@pytest.mark.parametrize("question", ["Why is Halvorn so small?", "How many days of leave do I get?", "Is it allowed?"])
def test_questions_that_cannot_be_anchored(question: str) -> None:
    assert AskedFor.read(question) is None
    assert not list(find_disagreement(question, documents("It is 4 days in Halvorn.", "It is 5 days in Halvorn.")))


@pytest.mark.parametrize(
    ("question", "one", "other", "found"),
    [
        (
            "When was the Orrin Mill built?",
            "The Orrin Mill was built in 1856.",
            "Orrin Mill, completed in 1902, is tall.",
            ["1856", "1902"],
        ),
        (
            "When was Maria Soto born?",
            "Maria Soto (4 May 1921 – 9 July 1999) wrote.",
            "Maria Soto was born on 9 July 1944.",
            ["4 May 1921", "9 July 1944"],
        ),
        (
            "What is the population of Halvorn?",
            "Halvorn had 3,559 people and 1,575 households.",
            "The population of Halvorn was 741.",
            ["3,559", "741"],
        ),
        (
            'Who is the artist of the album "Low Tide"?',
            "Low Tide is an album by American rock band The Larks, released in May.",
            "Low Tide is a song by Ben Cole.",
            ["The Larks", "Ben Cole"],
        ),
        (
            "Where is Camp Orrin located?",
            "Camp Orrin is located in Ohio.",
            "Camp Orrin is located in Reno, Nevada.",
            ["Ohio", "Reno, Nevada"],
        ),
        (
            "What is the profession of Maria Soto?",
            "Maria Soto is a British photographer.",
            "Soto was a chemist at work.",
            ["photographer", "chemist"],
        ),
        (
            "What sport is Maria Soto associated with?",
            "Maria Soto is a tennis player.",
            "Soto was an English cricketer.",
            ["tennis", "cricketer"],
        ),
    ],
)
def test_different_answers(question: str, one: str, other: str, found: list[str]) -> None:
    assert values(question, one, other) == found
    assert values(question, other, one) == found[::-1]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "When was the Orrin Mill built?",
            "The Orrin Mill was built in 1856.",
            "The Orrin Mill was built in May 1856.",
        ),
        ("When was the Orrin Mill built?", "The Orrin Mill was built in 1856.", "The Weller Forge was built in 1902."),
        ("What is the population of Halvorn?", "Halvorn had 3,559 people.", "Halvorn has 3559 inhabitants."),
        ("What is the population of Halvorn?", "Halvorn had 3,559 people.", "Halvorn lies 12 miles from Estmere."),
        (
            'Who is the artist of the album "Low Tide"?',
            "Low Tide is an album by Ben Cole.",
            "Cole's Low Tide is an album by Cole.",
        ),
        ("Where is Camp Orrin located?", "Camp Orrin is located in Ohio.", "Camp Orrin is located in Akron, Ohio."),
        (
            "What is the profession of Maria Soto?",
            "Maria Soto is a photographer.",
            "Maria Soto is a writer and photographer.",
        ),
        ("What is the profession of Maria Soto?", "Maria Soto is a photographer.", "Paul Henley is a chemist."),
    ],
)
def test_no_disagreement(question: str, one: str, other: str) -> None:
    assert values(question, one, other) == []


def test_answers_that_agree_have_one_value() -> None:
    (found,) = find_disagreement(
        "When was the Orrin Mill built?",
        documents(
            "The Orrin Mill was built in 1856.",
            "The Orrin Mill was built in May 1856.",
            "Orrin Mill was built in 1902.",
        ),
    )
    assert [[claim.identifier for claim in side] for side in found.sides()] == [["d0", "d1"], ["d2"]]


def test_a_passage_cut_off_before_its_subject_counts_only_for_dates_and_numbers() -> None:
    cut = "where, as of the census, there were 741 people."
    assert values("What is the population of Halvorn?", "Halvorn had 3,559 people.", cut) == ["3,559", "741"]
    assert values("What is the population of Halvorn?", "Halvorn had 3,559 people.", cut.capitalize()) == []


@pytest.mark.parametrize("unit", ["A ", "Foo ", "built 1999 ", "(1900) ", "A's ", "12 people ", ". A"])
@pytest.mark.parametrize(
    "question", ["When was Foo built?", "What is the population of Foo?", 'Who is the artist of the album "Foo"?']
)
def test_takes_time_that_grows_with_length_alone(unit: str, question: str) -> None:
    asked = AskedFor.read(question)
    assert asked is not None
    started = time.process_time()
    find_candidates(unit * (40_000 // len(unit)), asked)
    assert time.process_time() - started < 3
