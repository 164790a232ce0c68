"""What a follow-up leaves out is taken from the questions before it; a question that stands alone is never changed."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from concord.answering.followups import standing_alone
from concord.retrieval.question import MAX_QUESTION

SAMPLE = Path(__file__).parents[3] / "examples" / "meridian" / "evals"
QUESTIONS = sorted(
    {json.loads(line)["question"] for path in SAMPLE.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()}
)
LEAVE = "How many days of annual leave do employees get a year?"

FOLLOW_UPS = [
    ("And for contractors?", [LEAVE], "How many days of annual leave do contractors get a year?"),
    ("what about contractors", [LEAVE], "How many days of annual leave do contractors get a year?"),
    ("For contractors?", [LEAVE], "How many days of annual leave do contractors get a year?"),
    ("Does the same apply to contractors?", [LEAVE], "How many days of annual leave do contractors get a year?"),
    ("What about sick leave?", [LEAVE], "How many days of sick leave do employees get a year?"),
    (
        "And for contractors?",
        [LEAVE, "What about sick leave?"],
        "How many days of sick leave do contractors get a year?",
    ),
    ("Why?", [LEAVE], f"{LEAVE[:-1]}, and why?"),
    ("And since when?", [LEAVE], f"{LEAVE[:-1]}, and since when?"),
    ("How many days do they get in Germany?", [LEAVE], "How many days do employees get in Germany?"),
    ("what about Berlin?", ["What is the hotel limit in Munich?"], "What is the hotel limit in Berlin?"),
    ("What about Berlin?", ["What is the hotel limit?"], "What is the hotel limit for Berlin?"),
    ("In Berlin?", ["What is the hotel limit in Munich?"], "What is the hotel limit in Berlin?"),
    ("And in 2024?", ["What was the travel limit in 2023?"], "What was the travel limit in 2024?"),
    ("and grade 8?", ["What does grade 7 earn?"], "What does grade 8 earn?"),
    ("and the gym?", ["Can I get a subsidy for the canteen?"], "Can I get a subsidy for the gym?"),
    ("Does it carry over?", ["How many days of annual leave do I get?"], "Does annual leave carry over?"),
    ("Who approves it?", ["How do I request parental leave?"], "Who approves parental leave?"),
    ("How long does it take?", ["How do I request parental leave?"], "How long does parental leave take?"),
    ("Who approves them?", ["What are the expense limits?"], "Who approves the expense limits?"),
    ("Can contractors claim it?", ["Is there a bike subsidy?"], "Can contractors claim a bike subsidy?"),
    ("How do I apply?", ["Is there a bike subsidy?"], "How do I apply for a bike subsidy?"),
    ("What is its limit?", ["What is the travel card?"], "What is the travel card’s limit?"),
    (
        "Do they get sick pay?",
        ["How many days of annual leave do contractors get?"],
        "Do contractors get sick pay?",
    ),
    (
        "And if I work four days a week?",
        ["How much PTO do I get a year?"],
        "How much PTO do I get a year if I work four days a week?",
    ),
    ("If I am on probation?", [LEAVE], f"{LEAVE[:-1]} if I am on probation?"),
    (
        "But what if I resign?",
        ["Can I carry over leave if I don't use it?"],
        "Can I carry over leave if I resign?",
    ),
    ("And if I am abroad?", ["If I am ill, whom do I tell?"], "If I am abroad, whom do I tell?"),
    ("How many can I carry over?", ["How much PTO do I get a year?"], "How much PTO can I carry over?"),
    (
        "And how many can they carry over to the next year?",
        ["How many days of annual leave do contractors get?"],
        "How many days of annual leave can contractors carry over to the next year?",
    ),
    ("How much can I carry over?", [LEAVE], "How many days of annual leave can I carry over?"),
    (
        "And in Paris?",
        ["Up to what amount is a hotel in London reimbursed?"],
        "Up to what amount is a hotel in Paris reimbursed?",
    ),
    ("And in the canteen?", ["Are meals in the club paid?"], "Are meals in the canteen paid?"),
    ("During probation?", ["How long is the notice period?"], "How long is the notice period during probation?"),
    (
        "And for people who work part-time?",
        [LEAVE],
        "How many days of annual leave do people who work part-time get a year?",
    ),
    (
        "And what about those who work four days a week?",
        [LEAVE],
        "How many days of annual leave do those who work four days a week get a year?",
    ),
    (
        "And for contractors who work four days a week?",
        [LEAVE],
        "How many days of annual leave do contractors who work four days a week get a year?",
    ),
    ("And for someone who travels?", ["What is the hotel limit?"], "What is the hotel limit for someone who travels?"),
    ("And when I work four days a week?", [LEAVE], f"{LEAVE[:-1]} when I work four days a week?"),
    (
        "And if there is a conference?",
        ["Up to what amount is a hotel in London reimbursed?"],
        "Up to what amount is a hotel in London reimbursed if there is a conference?",
    ),
    ("Same for part-timers?", [LEAVE], "How many days of annual leave do part-timers get a year?"),
    (
        "And a taxi?",
        ["Up to what amount is a hotel in London reimbursed?"],
        "Up to what amount is a taxi in London reimbursed?",
    ),
    ("And a receipt?", ["Is an approval needed?"], "Is a receipt needed?"),
    ("Without receipts?", ["Are taxis reimbursed?"], "Are taxis reimbursed without receipts?"),
]
STAND_ALONE = [
    "I would like to help the lifeboat. Do I get time for that?",
    "How much time do we have to hand somebody everything stored about them?",
    "Is it possible to carry over annual leave?",
    "Can I carry over annual leave if I don't use it?",
    "We have found a data leak. How soon must it be reported?",
    "When an employee resigns, do they keep their laptop?",
    "Who runs IT?",
    "What applies to those who work part-time?",
    "Are there lockers in the office?",
    "Can managers approve expenses that they submitted themselves?",
    "Is there a bike subsidy this year?",
    "travel policy",
    "in-house counsel",
    "And who approves the travel budget?",
    "How do I resign?",
    "What if I lose my badge?",
    "And if I resign, do I keep my laptop?",
    "And if I resign do I keep my laptop?",
    "If I work part-time what is my leave?",
    "And if a laptop is lost will IT replace it?",
    "If I am ill, tell whom?",
    "if I am ill",
    "How many can attend the training?",
    "How many can I invite to the summer party?",
    "How many guests can I bring?",
    "How much can I spend on hotels?",
    "How much can I claim?",
    "How much do I get for sick leave?",
    "during probation",
    "During probation, how long is the notice period?",
    "",
    "?",
    "…",
]


@pytest.mark.parametrize(("question", "earlier", "asked"), FOLLOW_UPS)
def test_what_a_follow_up_leaves_out_is_filled_in(question, earlier, asked):
    assert standing_alone(question, earlier) == asked


@pytest.mark.parametrize("question", STAND_ALONE)
@pytest.mark.parametrize("before", [LEAVE, "Is there a bike subsidy?", "What is the hotel limit in Munich?"])
def test_a_question_that_stands_alone_is_never_changed(question, before):
    assert standing_alone(question, [before]) == question


@given(
    st.sampled_from(QUESTIONS), st.lists(st.sampled_from([*QUESTIONS, *(each[0] for each in FOLLOW_UPS)]), max_size=9)
)
@settings(max_examples=300)
def test_no_question_of_the_sample_is_changed_whatever_was_asked_before(question, earlier):
    assert standing_alone(question, earlier) == question


WORDS = re.compile(r"\w+")
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@given(st.sampled_from([each[0] for each in FOLLOW_UPS]) | ANY, st.lists(ANY | st.sampled_from(QUESTIONS), max_size=4))
@example("And for contractors?", ["0:it"])
@settings(max_examples=300)
def test_whatever_is_asked_nothing_breaks_and_what_was_completed_stands_alone(question, earlier):
    made = standing_alone(question, earlier)
    assert len(made) <= max(MAX_QUESTION, len(question))
    if made != question:
        assert standing_alone(made, earlier) == made
        assert made.endswith("?")


@given(
    st.sampled_from(["Berlin", "sick leave", "contractors", "the canteen", "grade 8", "Q3 2026"]),
    st.sampled_from(QUESTIONS),
)
def test_the_words_of_a_fragment_are_in_what_becomes_of_it(fragment, before):
    for form in (f"What about {fragment}?", f"And {fragment}?", f"and for {fragment}?"):
        assert set(WORDS.findall(fragment)) <= set(WORDS.findall(standing_alone(form, [before])))


@given(ANY)
def test_without_earlier_questions_nothing_changes(question):
    assert standing_alone(question, []) == standing_alone(question, ["", " ", "?"]) == question


def test_a_long_conversation_and_long_questions_take_no_time():
    hostile = ["for " * 500, "it " * 600, "in A " * 400, "and " * 500, "do employees " * 150, "a" * 5000]
    hostile += ["if " * 900 + "?", "how many " * 200, "is in a paid " * 200, "how many can i go to " + "the " * 900]
    for question in hostile:
        assert len(standing_alone(question, hostile * 20)) <= 5000
