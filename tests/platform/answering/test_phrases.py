"""What a question is about is read from it without the words and the verbs that frame it."""

import pytest

from concord.answering.phrases import Phrases, expanded


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What's the annual leave?", "What is the annual leave?"),
        ("Where’s the canteen?", "Where is the canteen?"),
        ("when's payday", "when is payday"),
        ("Who's been promoted?", "Who has been promoted?"),
        ("How's it work if I'm ill?", "How is it work if I am ill?"),
        ("What've they changed?", "What have they changed?"),
        ("Whose is Anna's badge?", "Whose is Anna's badge?"),
    ],
)
def test_a_contraction_is_read_as_its_two_words(question, said):
    assert expanded(question) == said


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("What's the annual leave?", "the annual leave"),
        ("How’s the bonus calculated?", "the bonus"),
        ("How is overtime paid at weekends?", "overtime"),
        ("What is the fixed rate?", "the fixed rate"),
        ("Does the health insurance cover dentists?", "the health insurance"),
        ("What is the name change procedure?", "the name change procedure"),
        ("Which supplier delivers the laptops?", "supplier"),
        ("Who approves overtime?", "overtime"),
        ("How many days of annual leave do employees get?", "annual leave"),
        ("Can I work from abroad?", ""),
    ],
)
def test_a_thing_has_no_verb_beside_it(question, thing):
    assert Phrases.of(question).thing == thing


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("How many days of annual leave do employees get?", "days of annual leave"),
        ("How many days do employees get?", ""),
        ("What are the expense limits in Berlin?", "the expense limits in Berlin"),
        ("How high is the bonus?", ""),
        ("Which supplier delivers the laptops?", "the laptops"),
    ],
)
def test_things_in_the_plural_are_kept_for_they(question, several):
    assert Phrases.of(question).several == several
