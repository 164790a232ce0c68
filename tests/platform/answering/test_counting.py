"""Numbers in a model's words, each held against one passage: what counts there, and what only looks as if it did."""

import pytest

from concord.answering.overlap import Wanted
from concord.answering.support import Passage, check
from concord_taxonomy.expansion import Expansion

NOTHING = Wanted.of("question", Expansion())


def lacks(said, quote, around="Handbook"):
    return check(f"{said} [1]", {1: Passage(quote, around)}, NOTHING).lacks


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("Leave accrues from day one of employment.", "Leave accrues from the day employment starts."),
        ("Staff may register devices, but no more than one.", "Staff may register devices."),
        ("Staff may order just one from the shop.", "Staff may order monitors from the shop."),
        ("The allowance is a one-time payment.", "The allowance is a payment."),
        ("The loan may be extended once if the librarian agrees.", "The loan may be extended if the librarian agrees."),
        ("The password is reset once through the portal.", "The password is reset through the portal."),
        ("The policy is reviewed semi-annually.", "The policy is reviewed annually."),
        ("Audits are done yearly by the board.", "Audits are done twice a year by the board."),
        ("Audits are done twice a month by the board.", "Audits are done twice a year by the board."),
        (
            "Leave is asked for a month ahead.",
            "Staff get two days of leave a month, and ask for leave three weeks ahead.",
        ),
        (
            "The voucher expires a year after the purchase.",
            "The voucher of £300 a year expires three years after the purchase.",
        ),
        ("Timesheets are approved a week later.", "Timesheets are approved weekly."),
        ("The dose is taken daily with water.", "The dose is taken three times a day with water."),
        ("Lunch is served until half past one.", "Lunch is served until half past two."),
        ("Lunch is served until two.", "Lunch is served until half past two."),
        (
            "The bar has four menus, one of them vegetarian.",
            "The bar has a salad and four menus, two of them vegetarian.",
        ),
        ("Staff pay half for lunch.", "Lunch is served to staff, who pay, until half past two."),
        ("Overtime is paid at half the rate.", "Overtime is paid at one and a half times the rate."),
        ("Tell your manager of the first absence.", "First, tell your manager of the absence."),
        ("Places are granted in the first year.", "Places are granted first come, first served."),
        (
            "The allowance of $750 was last reviewed on 1 May 2024.",
            "The allowance of €750 was last reviewed on 1 May 2024.",
        ),
    ],
)
def test_what_no_passage_counts_is_refused(said, quote):
    assert lacks(said, quote) == "value"


def test_an_ordinal_of_a_heading_is_that_of_what_it_counts():
    around = "Joining > Your first week"
    assert (
        lacks("A buddy has lunch with joiners on the first day.", "A buddy has lunch with joiners.", around) == "value"
    )
    assert lacks("A buddy has lunch with joiners in the first week.", "A buddy has lunch with joiners.", around) is None


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("Staff may order one from the shop.", "Staff may order a monitor from the shop."),
        ("The trip is booked once the manager approves.", "Once the manager approves, the trip is booked."),
        ("Faults are reported at once.", "Faults are reported immediately, at once."),
        ("Audits are done twice yearly by the board.", "Audits are done twice a year by the board."),
        ("The contract ends with a week's notice.", "The contract ends with one week's notice."),
        ("Rotations last a week.", "Rotations last one week."),
        ("From the 4th day on, a note is required.", "A note is required from the fourth day on."),
        ("From day four on, a note is required.", "A note is required from the fourth day on."),
        ("The allowance is paid with your first salary.", "The allowance is paid with the first salary."),
        ("The board approved it on March 14, 2023.", "It was approved by the board on 14 March 2023."),
        ("Staff earn 25 days of leave.", "Staff accrue 25 days of leave."),
    ],
)
def test_what_a_passage_counts_in_other_words_stands(said, quote):
    assert lacks(said, quote) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "A full-time week has 38 hours.",
        "The books are closed at month-end.",
        "Night-shift workers get 20% extra.",
        "Two-factor authentication is required.",
        "Journeys in one's own car are paid.",
        "Non-working days do not count.",
    ],
)
def test_what_a_passage_says_word_for_word_stands(sentence):
    assert lacks(sentence, sentence) is None
    assert lacks(sentence, f"See below. {sentence} Ask your manager.") is None
    assert lacks(sentence, f"It is not true that {sentence[0].lower()}{sentence[1:]}") is not None


@pytest.mark.parametrize(
    "text", ["On 12 ſep the form is due.", "5 thouſand euros", "Fıve seconds", "at 5 K", "İt is 5 %"]
)
def test_letters_that_only_look_like_others_break_nothing(text):
    assert lacks(text, text) is None
    assert lacks("The form is due on 12 May.", text) is not None
