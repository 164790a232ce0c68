import pytest

from concord.governance.cases.rightness import MOST, Right
from concord.governance.cases.wording import unknown_words


@pytest.mark.parametrize(
    ("right", "text", "told"),
    [
        ("27 days", "Everyone receives 27 days of annual leave.", 1),
        ("27 days", "Everyone receives twenty-seven days of annual leave.", 1),
        ("27 days", "Everyone receives 25 days of annual leave, 127 days in all.", 0),
        ("27 days; 2 weeks", "Everyone receives 27 days.", 1),
        ("12 months", "Keep them for 1 year.", 1),
        ("Ask the service desk", "Please ask our Service Desk first.", 1),
        ("Ask the service desk", "Please ask your manager.", 0),
        ("", "Anything.", 0),
    ],
)
def test_a_text_tells_what_is_right_in_whatever_words(right, text, told):
    assert Right(right).told(text) == told


def test_another_value_of_the_same_kind_says_otherwise():
    assert Right("27 days").otherwise("Everyone receives 25 days.")
    assert not Right("27 days").otherwise("Everyone receives 27 days, and 25 days before 2024.")
    assert not Right("27 days").otherwise("It costs 25 euros.")


def test_the_same_value_in_another_form_is_not_literally_it():
    assert Right("27 days").literally("It is 27 days.") and not Right("12 months").literally("It is one year.")


def test_a_mere_number_is_any_count_or_amount_and_no_length_of_time():
    right = Right("59")
    assert right.otherwise("A summary has at most 50 characters.")
    assert not right.otherwise("A summary has at most 59 characters.")
    assert right.otherwise("A summary costs 50 euros.") and not right.otherwise("A summary costs €59.")
    assert not right.otherwise("A summary is due within 50 days.")


def test_words_that_nothing_knows():
    assert unknown_words("How often may I take zephyr leave?", ["Annual leave is taken in weeks."]) == ("zephyr",)


def test_a_quote_is_told_apart_from_a_value():
    assert Right("a recommendation is to do this").worded
    assert Right("at least three business days in advance").worded
    assert not Right("27 days").worded


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        ("8:00", "9:30", True),
        ("8:00", "at 8 am", False),
        ("8:00", "8:00; on Sundays 9:30", False),
        ("8:00, not 9:30", "9:30", True),
        ("Anna Smith", "Bob Miller", True),
        ("room 12", "room 14", True),
        ("room 12", "in Room 12", False),
        ("Ask your manager", "within 30 days", False),
        ("8:00", "", False),
    ],
)
def test_right_answers_contradict_where_neither_tells_any_of_the_other(one, other, contradict):
    assert Right(one).contradicts(Right(other)) is Right(other).contradicts(Right(one)) is contradict


@pytest.mark.parametrize("row", ["£1" * 1_900, "£1; " * 990, "£1. " * 990])
def test_of_a_row_of_values_the_first_are_read(row):
    right = Right(row)
    assert right.longer and len(right.values) <= MOST
    assert right.told("The fee is £1.") and not right.told("The fee is £2.")
    assert not right.contradicts(right) and right.contradicts(Right("£2"))
    assert not Right("27 days; 2 weeks").longer


@pytest.mark.parametrize(
    ("right", "text"),
    [
        ("room 12", "The archive is in room 14."),
        ("room 1.08", "The lost property office is in room 2.08."),
        ("extension 5551", "The porter is reached at extension 5550."),
        ("5551", "The porter is reached at extension 5550."),
        ("Eda Kay", "The data protection officer is Max Hull."),
        ("orders@bakery.shop", "Write to shop@bakery.shop for orders."),
        ("DE33 4444", "The account for donations is DE11 2222."),
        (
            "The service desk of Rotterdam is kept by Anna Smith",
            "The service desk of Rotterdam is kept by Anna Miller.",
        ),
        ("room 12 until 18:00", "The archive is in room 14 until 18:00."),
    ],
)
def test_another_number_name_or_address_is_not_the_right_one_in_another_form(right, text):
    assert not Right(right).told(text)
    assert Right(right).displaced(text, "Which is it?")


@pytest.mark.parametrize(
    ("right", "text"),
    [
        ("room 12", "The archive is in Room 12."),
        ("gate 3", "Lorries use gate three."),
        ("3rd floor", "The archive is on the floor with the number 3."),
        ("account DE33 4444", "The account for donations is DE334444."),
        ("Ask the Service Desk", "Please ask our service desk first."),
    ],
)
def test_the_very_number_or_name_in_another_form_is_the_right_one(right, text):
    assert Right(right).told(text)
    assert not Right(right).displaced(text, "Which is it?")


@pytest.mark.parametrize(
    ("right", "text", "asked"),
    [
        ("room 12", "Bus line 14 stops at the archive.", "Where is the archive?"),
        ("1.06", "The factor was set in 2026.", "What is the factor?"),
        (
            "Anna Smith",
            "The keys of the Hamburg office are kept in a safe.",
            "Who keeps the keys of the Hamburg office?",
        ),
        ("room 12", "Everyone receives 25 days of annual leave.", "In which room is the archive?"),
    ],
)
def test_what_is_named_as_something_else_stands_in_no_place_of_the_right_one(right, text, asked):
    assert not Right(right).displaced(text, asked)


@pytest.mark.parametrize(
    ("asked", "text", "right"),
    [
        ("How many days of leave are there?", "30", "30 days"),
        ("How many working days of leave are there?", "thirty", "thirty days"),
        ("How many days of leave are there?", "30 weeks", "30 weeks"),
        ("How many days of leave are there?", "none", "none"),
        ("How many seats has the room?", "30", "30"),
        ("How long is the leave?", "30", "30"),
    ],
)
def test_a_number_of_how_many_is_of_what_is_asked_for(asked, text, right):
    assert Right.to(asked, text) == Right(right)


@pytest.mark.parametrize(
    ("right", "text", "told"),
    [
        ("every year", "The lift is inspected every 2 years.", False),
        ("every year", "The lift is inspected once a year.", True),
        ("every 12 months", "The lift is inspected annually.", True),
        ("twice a year", "The lift is inspected once a year.", False),
        ("every other week", "The lift is inspected fortnightly.", True),
        ("every month", "The lift is inspected every 3 months.", False),
    ],
)
def test_how_often_is_compared_as_a_rate(right, text, told):
    made = Right.to("How often is the lift inspected?", right)
    assert bool(made.told(text)) is told
    assert made.otherwise(text) is not told


@pytest.mark.parametrize(
    ("asked", "text", "said"),
    [
        ("Can I bring my cat to the office?", "Cats are not allowed in the office.", "no"),
        ("Am I allowed to wear shorts in summer?", "Shorts are allowed in summer.", "yes"),
        ("Do I have to wear a helmet in the yard?", "A helmet is not required in the yard.", "no"),
        ("Are dogs allowed in the office?", "Dogs are allowed in the office.", "yes"),
    ],
)
def test_a_yes_or_no_is_told_by_what_is_allowed_or_denied(asked, text, said):
    for answer in ("yes", "no"):
        assert bool(Right.to(asked, answer).told(text)) is (answer == said)
        assert Right.to(asked, answer).otherwise(text) is (answer != said)
