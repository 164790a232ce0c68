"""What a model says of when, how much or in which unit without a value of its own has to be a passage's, too."""

import pytest

from concord.answering.overlap import Wanted
from concord.answering.support import Passage, check

NOTHING = Wanted(frozenset(), ())
PAGES = {
    "date": "Places must be accepted by 1 June. The scheme began in 2023.",
    "load": "Loads over 750 kg need two people, and a dose of 5 mg is given.",
    "file": "Files up to 25 MB may be attached; the heater has 2 kW and is kept at 80 °C.",
    "trip": "Travel is booked at least three weeks before the trip, and losses are reported within 3 days.",
    "support": "Version 4 is supported until 30 June 2025.",
    "approval": "Approval by two directors is needed, and each student takes two tests.",
    "refund": "Half of the fee is refunded if you cancel.",
    "forum": "The forum meets on the first Monday of each month.",
    "lunch": "Lunch costs £35 per head, and groups of more than 12 guests book early.",
    "licence": "The licence costs €12 per user and month.",
    "grant": "£80,000 goes to the departments.",
    "store": "Store the vaccine below 25 °C.",
    "leave": "You receive 27 days of annual leave.",
    "hotel": "Item: Hotel, London; Limit: £180 per night; Note: breakfast included",
}


def lacking(page, sentence):
    return check(f"{sentence} [1]", {1: Passage(PAGES[page], "Rules")}, NOTHING).lacks


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("date", "Places must be accepted by 1 June 2027."),
        ("date", "Places must be accepted by 2026-06-01."),
        ("date", "Places must be accepted by the end of June."),
        ("load", "Loads over 750 g need two people."),
        ("load", "A dose of 5 g is given."),
        ("file", "Files up to 25 B may be attached."),
        ("file", "The heater has 2 W."),
        ("file", "The heater is kept at 80 K."),
        ("trip", "Travel is booked in the week before the trip."),
        ("trip", "Losses are reported by the following day."),
        ("trip", "Losses are reported by the end of the day."),
        ("trip", "Losses are reported overnight."),
        ("support", "Version 4 is supported until the end of 2025."),
        ("approval", "Approval by a director is needed."),
        ("approval", "Each student takes a test."),
        ("refund", "The fee is refunded in full if you cancel."),
        ("refund", "The whole fee is refunded."),
        ("forum", "The forum meets every Monday."),
        ("forum", "The forum meets on the last Monday of each month."),
        ("lunch", "Lunch costs £35 in total."),
        ("lunch", "Lunch costs £35 per group."),
        ("licence", "The licence costs €12 per user and year."),
        ("grant", "The departments get £80,000 each."),
        ("store", "Store the vaccine above 25 °C."),
        ("leave", "- You receive 28 days of annual leave."),
        ("hotel", "A hotel in London may cost up to £190 per night."),
    ],
)
def test_what_no_passage_says_is_removed(page, sentence):
    assert lacking(page, sentence) is not None


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("date", "Places have to be accepted by June 1."),
        ("date", "The scheme began in 2023."),
        ("load", "Loads above 750 kg need two people."),
        ("file", "The heater is kept at 80 °C."),
        ("trip", "Travel is booked at least three weeks before the trip."),
        ("approval", "Approval by two directors is needed."),
        ("refund", "If you cancel, half the fee is refunded."),
        ("forum", "Each month the forum meets on the first Monday."),
        ("lunch", "Lunch costs £35 a head."),
        ("licence", "Each month the licence costs €12 per user."),
        ("grant", "The departments get £80,000."),
        ("store", "The vaccine has to be stored below 25 °C."),
        ("leave", "- You receive 27 days of annual leave."),
        ("leave", "• You receive 27 days of annual leave."),
        ("leave", "(You receive 27 days of annual leave.)"),
        ("hotel", "A hotel in London may cost up to £180 per night."),
        ("hotel", "The limit for a hotel in London is £180 per night."),
    ],
)
def test_what_a_passage_says_stands(page, sentence):
    assert lacking(page, sentence) is None
