"""What an answer tells to its question: never a value that stands there of something else."""

import pytest

from concord.answering.overlap import Wanted
from concord.authority.words import content_stems
from concord.governance.cases.given import Given
from concord.governance.cases.rightness import Right
from concord.governance.cases.sameness import Match

LEAVE = "How many days of annual leave does everyone receive?"
CARRIED = "How many days of annual leave can I carry over?"
OFFICE = "Are dogs allowed in the office?"
PASSWORD = "How many characters does a password have?"
SAME, UNSURE, OTHERWISE, NOTHING = Match.SAME, Match.UNSURE, Match.OTHERWISE, Match.NOTHING


def made_of(right, question, text, titles=(), chosen=()):
    wanted = Wanted(frozenset(content_stems(question)), ())
    return Right(right).given(Given.of(question, wanted, text, titles, chosen))


def made(right, question, *args, **more):
    (match,) = made_of(right, question, *args, **more)
    return match


@pytest.mark.parametrize(
    ("right", "question", "text"),
    [
        ("27 days", LEAVE, "Everyone receives 27 days of annual leave. [1]"),
        ("27 days", LEAVE, "Annual leave is twenty-seven days a year. [1]"),
        ("27 days", LEAVE, "You get 27 days of annual leave, of which 5 days may be carried over. [1]"),
        ("27", LEAVE, "You get 27 days of annual leave, of which 5 days may be carried over. [1]"),
        ("5 days", CARRIED, "You get 27 days of annual leave, of which 5 days may be carried over. [1]"),
        ("5 days", CARRIED, "Up to 5 days may be carried over. [1]"),
        ("at most 5 days", CARRIED, "Up to 5 days may be carried over. [1]"),
        ("no more than 5 days", CARRIED, "At most five days may be carried over. [1]"),
        ("22 days", LEAVE, "Everyone receives 22 days of annual leave and 5 days of study leave. [1]"),
        ("27 days", LEAVE, "Everyone receives 27 days of annual leave. [1] Part-time staff work 22 days. [2]"),
        ("27 days", LEAVE, "Everyone receives 27 days of annual leave. [1] Annual leave was 25 days in 2020. [1]"),
        ("12 months", "How long is the warranty?", "The warranty lasts one year. [1]"),
        ("10 to 12 days", LEAVE, "Annual leave is between 10 and 12 days. [1]"),
        ("at least 14 characters", PASSWORD, "A password has a minimum of 14 characters. [1]"),
        ("at least 14 characters", PASSWORD, "The minimum length of a password is 14 characters. [1]"),
        ("£310 a week", "How much is the on-call allowance?", "The on-call allowance is £310 per week. [1]"),
        ("Everyone gets 27 days of annual leave a year.", LEAVE, "We all receive 27 days of annual leave. [1]"),
        ("within 30 days", "When are claims made?", "Claims must not be made later than 30 days after. [1]"),
        ("Dogs are not allowed in the office", OFFICE, "Dogs are forbidden in the office. [1]"),
        ("not allowed", OFFICE, "Dogs are not permitted in the office. [1]"),
        ("allowed", OFFICE, "Dogs are permitted in the office. [1]"),
        ("No", OFFICE, "No, dogs are not allowed. [1]"),
        ("Ask the service desk", "How do I get a laptop?", "You must ask the service desk for a laptop. [1]"),
        ("Your manager must approve travel", "Who approves travel?", "Travel has to be approve by your manager. [1]"),
        ("five days", "How many days of leave do I have?", "Leave after 24 weeks. [1] Leave is five days. [2]"),
        ("23:35", "When is the last shuttle from the terminal?", "Shuttle: Last; Station: 22:50; Terminal: 23:35. [1]"),
        ("must be no longer than 2", "How long may rules be?", "Rules must be no longer than 2 paragraphs. [1]"),
        ("2 hours", "What is the recovery time?", "Recovery point: 15 minutes. [1] Recovery time: 2 hours. [1]"),
        ("12 weeks", "How long is a furlough?", "After 10 years of service a furlough of 12 weeks is granted. [1]"),
        ("Concur", "Where do I claim expenses?", "Claim expenses in Concur. [1]"),
    ],
)
def test_a_right_answer_is_told_in_whatever_words(right, question, text):
    assert made(right, question, text) is SAME


@pytest.mark.parametrize(
    ("right", "question", "text", "match"),
    [
        ("5 days", LEAVE, "You get 25 days of annual leave, of which 5 days may be carried over. [1]", OTHERWISE),
        ("25 days", CARRIED, "You get 25 days of annual leave, of which 5 days may be carried over. [1]", OTHERWISE),
        ("22 days", LEAVE, "Part-time staff who work 22 days a month receive it pro rata. [1]", UNSURE),
        ("22 days", LEAVE, "Everyone receives 25 days of annual leave. [1] Part-timers work 22 days. [2]", OTHERWISE),
        ("22 days", LEAVE, "Part-timers work 22 days. [2] Everyone receives 25 days of annual leave. [1]", OTHERWISE),
        ("15 days", LEAVE, "Annual leave is 27 days. [1] Annual leave of part-time staff is 15 days. [1]", UNSURE),
        ("5 days", LEAVE, "Everyone receives 27 days of annual leave and 5 days of study leave. [1]", OTHERWISE),
        ("22 days", LEAVE, "Annual leave is 25 days or 22 days. [1]", UNSURE),
        ("22 days", LEAVE, "Staff do not receive 22 days of annual leave. [1]", OTHERWISE),
        ("10 days", LEAVE, "Annual leave is 10 to 12 days. [1]", OTHERWISE),
        ("at most 5 days", CARRIED, "At least 5 days may be carried over. [1]", OTHERWISE),
        ("at least 5 days", CARRIED, "Up to 5 days of annual leave may be carried over. [1]", OTHERWISE),
        ("at least 5 days", CARRIED, "You can carry over 5 days of annual leave. [1]", UNSURE),
        ("more than 5 days", CARRIED, "At least 5 days may be carried over. [1]", UNSURE),
        ("£310 a week", "How much is the on-call allowance?", "The on-call allowance is £310 a month. [1]", OTHERWISE),
        ("Staff may take 27 days of annual leave", LEAVE, "Staff must take 27 days of annual leave. [1]", OTHERWISE),
        ("Dogs are allowed in the office", OFFICE, "Dogs are not allowed in the office. [1]", OTHERWISE),
        ("Dogs are not allowed in the office", OFFICE, "Dogs are allowed in the office. [1]", OTHERWISE),
        ("allowed", OFFICE, "Dogs are not allowed in the office. [1]", OTHERWISE),
        ("not allowed", OFFICE, "Dogs are allowed in the office. [1]", OTHERWISE),
        ("not allowed", OFFICE, "Dogs are allowed in the office. [1] Smoking is not allowed. [1]", OTHERWISE),
        ("No", OFFICE, "Dogs are no problem in the office. [1]", UNSURE),
        ("Ada Pike", "Who heads Sales?", "Bo Lang, the deputy of Ada Pike, heads Sales. [1]", UNSURE),
        ("Staff may work from home", "Who works from home?", "Staff must work from home. [1]", OTHERWISE),
        ("Leave carries over to the next year", CARRIED, "Leave does not carry over to the next year. [1]", OTHERWISE),
        ("Ask your manager before travelling", "When do I ask?", "Ask your manager after travelling. [1]", OTHERWISE),
        ("will review those that do", "Who reviews?", "Security will review those that do not use it. [1]", UNSURE),
        ("Ask the service desk", "Whom do I ask?", "Ask your manager. [1]", NOTHING),
    ],
)
def test_what_is_said_of_something_else_or_otherwise_is_not_told(right, question, text, match):
    assert made(right, question, text) is match


def test_a_short_sentence_is_about_what_its_page_is_about():
    assert made("27 days", LEAVE, "It is 27 days. [1]", ["Annual leave"]) is SAME
    assert made("27 days", LEAVE, "It is 27 days. [1]", ["Notice periods"]) is UNSURE


def test_of_values_alike_the_one_that_authority_chose_is_told():
    text = "Annual leave is 25 days, 22 days of annual leave. [1]"
    assert made("25 days", LEAVE, text) is UNSURE
    assert made("25 days", LEAVE, text, chosen=[(text[:-4], "25 days")]) is SAME
    assert made("22 days", LEAVE, text, chosen=[(text[:-4], "25 days")]) is OTHERWISE


def test_each_of_several_right_answers_is_told_by_itself():
    both = "You get 25 days of annual leave, of which 5 days may be carried over. [1]"
    question = "How many days of annual leave do I get, and how many can be carried over?"
    assert made_of("25 days; 5 days", question, both) == [SAME, SAME]
    assert made_of("25 days; 6 days", question, both)[1] is not SAME
    assert made_of("Ask your manager. Then file the form.", "How?", "Ask your manager. [1]") == [NOTHING]


def test_a_value_of_the_question_is_no_answer_to_it():
    question = "After 5 years of service, how many years is a sabbatical?"
    assert made("1 year", question, "After 5 years of service a sabbatical is 1 year. [1]") is SAME


def test_what_authority_chose_is_known_again_though_its_brackets_are_round_in_the_answer():
    text = "Annual leave is 25 days (2), 22 days of annual leave. [1]"
    quote = "Annual leave is 25 days [2], 22 days of annual leave."
    assert made("25 days", LEAVE, text) is UNSURE
    assert made("25 days", LEAVE, text, chosen=[(quote, "25 days")]) is SAME
