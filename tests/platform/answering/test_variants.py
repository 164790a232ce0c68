"""A fragment takes the place of what is of its kind, and follows without a preposition where it needs none."""

import pytest

from concord.answering.followups import standing_alone

LEAVE = "How many days of annual leave do employees get a year?"


@pytest.mark.parametrize(
    ("before", "fragment", "asked"),
    [
        ("What may a hotel in London cost?", "And outside London?", "What may a hotel outside London cost?"),
        ("Who signs orders above 5000 euros?", "and below 500?", "Who signs orders below 500 euros?"),
        ("Who signs orders?", "and below 500?", "Who signs orders below 500?"),
        ("Who signs orders above 5000?", "And above 500 euros?", "Who signs orders above 500 euros?"),
        ("Who signs orders of more than 5,000 €?", "and up to 1,000?", "Who signs orders of up to 1,000 €?"),
        ("How do I book travel within Europe?", "What about abroad?", "How do I book travel abroad?"),
        ("What is the hotel limit?", "and overseas?", "What is the hotel limit overseas?"),
        ("Can I work from abroad?", "and in Germany?", "Can I work in Germany?"),
        ("Can I work from abroad?", "And abroad?", "Can I work abroad?"),
        ("How is overtime paid on weekdays?", "at weekends?", "How is overtime paid at weekends?"),
        ("How is overtime paid on weekdays?", "And Sundays?", "How is overtime paid on Sundays?"),
        ("Is parking free today?", "and tomorrow?", "Is parking free tomorrow?"),
        ("Is parking free?", "tomorrow?", "Is parking free tomorrow?"),
        ("Who opens the door before 8am?", "After 6pm?", "Who opens the door after 6pm?"),
        ("Who opens the door?", "after 6pm?", "Who opens the door after 6pm?"),
        (LEAVE, "And per month?", "How many days of annual leave do employees get per month?"),
        ("What was the travel limit this year?", "and last year?", "What was the travel limit last year?"),
        ("Can I work part-time?", "and remotely?", "Can I work part-time remotely?"),
        ("What is the hotel limit in London?", "Paris?", "What is the hotel limit in Paris?"),
        ("What is the hotel limit in London?", "What about the US?", "What is the hotel limit in the US?"),
        (LEAVE, "Contractors?", "How many days of annual leave do contractors get a year?"),
        (LEAVE, "for part-timers too?", "How many days of annual leave do part-timers get a year?"),
        (LEAVE, "what if I only started in June?", f"{LEAVE[:-1]} if I only started in June?"),
        (LEAVE, "And if I'm part-time?", f"{LEAVE[:-1]} if I'm part-time?"),
        ("Who's the auditor for Spain?", "And for Italy?", "Who is the auditor for Italy?"),
        ("When can I submit claims?", "until when?", "Until when can I submit claims?"),
        ("What is the minimum order value?", "what's the maximum?", "What is the maximum order value?"),
        ("Is there a bike subsidy?", "What's the maximum?", "What's the maximum for a bike subsidy?"),
        ("What's the annual leave?", "Who do I ask?", "Who do I ask about the annual leave?"),
    ],
)
def test_a_fragment_stands_where_its_kind_stood(before, fragment, asked):
    assert standing_alone(fragment, [before]) == asked


@pytest.mark.parametrize(
    "question",
    [
        "Paris",
        "Berlin office address",
        "Holidays?",
        "Payroll?",
        "Public holidays?",
        "Jane Doe?",
        "And thanks!",
        "How about we close the office on Friday?",
        "What about my bonus, when is it paid?",
        "What if I only have one receipt for two meals?",
        "Until when is the canteen open?",
        "After 6pm, who opens the door?",
        "Below 500 euros, who signs?",
        "What's the limit for gifts?",
        "What's the procedure for reporting a bug?",
        "Who do I ask about parental leave?",
    ],
)
@pytest.mark.parametrize("before", [LEAVE, "What's the hotel limit in Munich?", "Can I work from abroad in May?"])
def test_a_topic_is_no_fragment(question, before):
    assert standing_alone(question, [before]) == question
