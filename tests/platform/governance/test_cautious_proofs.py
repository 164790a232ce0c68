"""A proof is cautious: what a sentence turns is never proven, and what a right answer contrasts is not demanded."""

import pytest

from concord.answering.overlap import Wanted
from concord.authority.words import content_stems
from concord.governance.cases.given import Given
from concord.governance.cases.judging import Judge
from concord.governance.cases.rightness import Right
from concord.governance.cases.sameness import Match


def read(question, text):
    wanted = Wanted(frozenset(content_stems(question)), ())
    return Given.of(question, wanted, f"{text} [1]", ["Page"], ())


def made_of(question, right, text):
    return Right(right).given(read(question, text))


def judged(question, right, text, before=""):
    told = read(question, before).sentences if before else ()
    return Judge(Right(right), read(question, text), told).verdict()


@pytest.mark.parametrize(
    ("question", "right", "text"),
    [
        # Another rate.
        ("How much does a garage place cost per month?", "15 euros", "The garage place costs 15 euros a week."),
        ("How much is the phone allowance per month?", "20 euros", "The phone allowance is 20 euros per year."),
        ("What is the hourly rate of a courier?", "18 euros", "The rate of a courier is 18 euros a day."),
        ("How much may I spend on books a year?", "100 euros", "You may spend 100 euros on books each quarter."),
        ("How many loaves are baked per day?", "200 loaves", "The oven bakes 200 loaves an hour."),
        # Denied.
        ("Is a second factor needed?", "a second factor is required", "A second factor is no longer required."),
        ("Are dogs allowed in the bakery?", "Dogs are allowed", "Dogs are allowed nowhere in the bakery."),
        ("How many people run the oven?", "two people", "Two people are not enough: four people run the oven."),
        ("How much is the deposit?", "50 euros", "It is not true that the deposit is 50 euros."),
        ("Who signs contracts?", "Anna Smith", "Contracts are signed by nobody but the director, not by Anna Smith."),
        ("Who signs contracts?", "Anna Smith", "Anna Smith does not sign contracts any more."),
        ("Are bicycles forbidden in the hall?", "Bicycles are forbidden", "Bicycles are not forbidden in the hall."),
        ("Where is the key kept?", "at the porter", "The key is never kept at the porter."),
        ("Which form is used for claims?", "form B7", "Neither form B7 nor form B8 is used for claims."),
        ("When does the gate open?", "8:00", "The gate hardly opens at 8:00."),
        ("Which tool is used for claims?", "Concur", "Claims are made without Concur."),
        ("How long is the warranty?", "2 years", "The warranty lasts 2 years in no country."),
        ("Who approves leave?", "your manager", "Your manager refuses to approve leave."),
        # Of another time.
        ("How much is the bonus?", "500 euros", "The bonus was 500 euros until 2024; it is 400 euros now."),
        ("Where is the test kitchen?", "Berlin", "The test kitchen was formerly in Berlin and is in Munich."),
        ("Where is the test kitchen?", "Berlin", "The test kitchen, previously in Berlin, is in Munich."),
        ("How much is the deposit?", "50 euros", "The deposit used to be 50 euros."),
        ("How much is the deposit?", "50 euros", "The deposit of 50 euros was abolished."),
        ("Who runs payroll?", "Anna Smith", "The former head, Anna Smith, ran payroll."),
        ("When does the stall open?", "9:30", "The stall had opened at 9:30."),
        ("Where is the kit kept?", "room 12", "The kit is kept in room 14 since room 12 was closed."),
        ("Which laptop do I get?", "a ThinkPad", "A ThinkPad is what you would get under the outdated rules."),
        ("How much is the bonus?", "500 euros", "The bonus is 500 euros from 2031 on."),
        ("How much is the bonus?", "500 euros", "A bonus of 500 euros is planned."),
        ("When is the audit?", "12 March 2026", "The audit of 12 March 2026 has been cancelled."),
        # Excepted.
        ("On which day does flour come?", "Friday", "Flour comes on every day except Friday."),
        ("On which day does flour come?", "Friday", "Flour comes on every day but Friday."),
        ("Who may enter the cellar?", "bakers", "Everyone other than bakers may enter the cellar."),
        ("Which card is accepted?", "Maestro", "Every card is accepted, excluding Maestro."),
        ("Which rooms have heating?", "room 12", "All rooms have heating apart from room 12."),
        ("Who pays for parking?", "visitors", "Parking is paid by all; visitors are exempt."),
        ("Who needs a badge?", "interns", "Everyone needs a badge with the exception of interns."),
        ("How many days of leave are there?", "27 days", "There are no days of leave unless you work 27 days."),
        # Replaced.
        ("Which form is used for refunds?", "the blue form", "Refunds use the red form instead of the blue form."),
        ("Who approves travel?", "Anna Smith", "Travel is approved by Bob Miller, who replaced Anna Smith."),
        ("How much is the allowance?", "50 euros", "The allowance is 40 euros rather than 50 euros."),
        ("Which system keeps invoices?", "Ledger One", "Invoices are kept in Books, the successor of Ledger One."),
        ("Which system keeps invoices?", "Ledger One", "Books supersedes Ledger One for invoices."),
        ("Who approves travel?", "Anna Smith", "Bob Miller took over from Anna Smith and approves travel."),
        ("How much is the fee?", "40 euros", "The fee has been raised from 40 euros to 50 euros."),
        ("Where is the desk?", "in hall A", "The desk has moved from hall A to hall B."),
        ("Which colour has the badge?", "green", "The badge is red, as opposed to green."),
        # Wrong, too little, or a part of it.
        ("How much is the fee?", "40 euros", "Some pages wrongly say that the fee is 40 euros."),
        ("How much is the fee?", "40 euros", "It is a myth that the fee is 40 euros."),
        ("How much is the fee?", "40 euros", "Perhaps the fee is 40 euros."),
        ("How many people run the oven?", "two people", "Two people are too few to run the oven."),
        ("How much is the fee?", "40 euros", "The fee is half of 40 euros."),
        ("How much is the fee?", "40 euros", "The fee is almost 40 euros."),
        ("Is smoking allowed in the yard?", "no", "No fine is due, as smoking is allowed in the yard."),
    ],
)
def test_a_value_in_a_sentence_that_is_turned_is_not_proven(question, right, text):
    assert set(made_of(question, right, text)) != {Match.SAME}
    assert judged(question, right, text) is not Match.SAME


@pytest.mark.parametrize(
    ("question", "right", "text"),
    [
        # What is right is contrasted with what is not.
        ("How much is the allowance?", "It is 40 euros, not 50 euros.", "The allowance is 40 euros."),
        ("When does the stall open?", "The stall opens at 8:00, not at 7:00.", "The stall opens at 8:00."),
        ("Where is the kitchen?", "It is in Berlin now, no longer in Hamburg", "The kitchen is in Berlin."),
        ("Which form is used?", "the red form instead of the blue form", "The red form is used."),
        ("Who approves travel?", "Anna Smith rather than Bob Miller", "Travel is approved by Anna Smith."),
        ("Who approves travel?", "Anna Smith, not Bob Miller", "Travel is approved by Anna Smith."),
        ("Who approves travel?", "Not Bob Miller but Anna Smith", "Travel is approved by Anna Smith."),
        ("How much is the fee?", "Not 50 euros but 40 euros", "The fee is 40 euros."),
        ("How much is the fee?", "It is not 50 euros, it is 40 euros.", "The fee is 40 euros."),
        ("How much is the fee?", "It isn't 50 euros. It is 40 euros.", "The fee is 40 euros."),
        ("How much is the fee?", "40 euros (not 50 euros)", "The fee is 40 euros."),
        ("How much is the fee?", "40 euros – not 50 euros", "The fee is 40 euros."),
        ("How much is the fee?", "40 euros and not 50 euros", "The fee is 40 euros."),
        ("How much is the fee?", "40 euros (formerly 50 euros)", "The fee is 40 euros."),
        ("How much is the fee?", "40 euros, previously 50 euros", "The fee is 40 euros."),
        ("How much is the fee?", "40 euros instead of 50", "The fee is 40 euros."),
        ("How long does dough proof?", "90 minutes as opposed to 60 minutes", "Dough proofs for 90 minutes."),
        ("How many days of leave?", "27 days, no longer 25 days", "You get 27 days of leave."),
        ("When is the audit?", "12 March 2026, not 12 March 2024", "The audit is on 12 March 2026."),
        ("On which day does flour come?", "Tuesday, not Monday", "Flour comes on Tuesday."),
        ("How much is the fee?", "40 euros, it was 50 euros", "The fee is 40 euros."),
        ("Where is the kit kept?", "in room 14, not in room 12 any more", "The kit is kept in room 14."),
        # The same in another form.
        ("How many people run the oven?", "2 people", "Two people run the oven."),
        ("How many people run the oven?", "two people", "2 people run the oven."),
        ("How many people run the oven?", "2", "Two people run the oven."),
        ("How many bakers work at night?", "three bakers", "At night, 3 bakers work."),
        ("How many keys are there?", "5 keys", "There are five keys to the gate."),
        ("How many characters has a password?", "12 characters", "A password has twelve characters at least."),
        ("What is the hotline number?", "555-9876", "The hotline number is 555 9876."),
        ("What is the hotline number?", "+49 30 1234567", "The hotline number is +49-30-1234567."),
        ("What is the hotline number?", "(030) 123 4567", "The hotline number is 030 123-4567."),
        ("How long is the notice period?", "14 days", "The notice period is 2 weeks."),
        ("How much is the prize?", "1,000 euros", "The prize is EUR 1000.00."),
        ("When does the gate open?", "8:00", "The gate opens at 8 am."),
        ("What is the reduced rate of VAT?", "5 percent", "The reduced rate of VAT is 5%."),
        ("Is smoking allowed?", "No, smoking is not allowed in the yard.", "Smoking is forbidden in the yard."),
        ("Is smoking allowed?", "Smoking is not allowed in the yard", "Smoking is prohibited in the yard."),
        ("Within how many days is an appeal due?", "30 days", "An appeal is due no later than 30 days after."),
        ("How much is the fee per month?", "15 euros", "The monthly fee is 15 euros."),
        ("How much is the fee per month?", "15 euros", "The fee is 15 euros a month."),
        ("Who no longer needs a badge?", "Interns", "Interns no longer need a badge."),
        ("When was the bakery founded?", "1998", "The bakery was founded in 1998."),
        ("Which days are not working days?", "Friday", "Friday is not a working day."),
    ],
)
def test_what_tells_the_right_answer_in_another_form_is_not_rejected(question, right, text):
    assert min(made_of(question, right, text)) >= Match.UNSURE
    assert judged(question, right, text) is not Match.OTHERWISE


@pytest.mark.parametrize(
    ("question", "right", "text"),
    [
        ("How much is the allowance?", "It is 40 euros, not 50 euros.", "The allowance is 40 euros."),
        ("Where is the kitchen?", "It is in Berlin now, no longer in Hamburg", "The kitchen is in Berlin."),
        ("Which form is used?", "the red form instead of the blue form", "The red form is used."),
        ("Who approves travel?", "Not Bob Miller but Anna Smith", "Travel is approved by Anna Smith."),
        ("How many people run the oven?", "2 people", "Two people run the oven."),
        ("How much is the fee per month?", "15 euros", "The fee is 15 euros a month."),
        ("What is the hotline number?", "555-9876", "The hotline number is 555 9876."),
        ("Is smoking allowed?", "No, smoking is not allowed.", "Smoking is not allowed."),
        ("Who no longer needs a badge?", "Interns", "Interns no longer need a badge."),
        ("When was the bakery founded?", "1998", "The bakery was founded in 1998."),
    ],
)
def test_what_tells_it_plainly_is_proven(question, right, text):
    assert judged(question, right, text) is Match.SAME


@pytest.mark.parametrize(
    ("question", "right", "text"),
    [
        ("How much is the allowance?", "It is 40 euros, not 50 euros.", "The allowance is 50 euros."),
        ("When does the stall open?", "At 8:00, not at 7:00.", "The stall opens at 7:00."),
        ("How much is the fee?", "40 euros instead of 50 euros", "The fee is 50 euros."),
        ("How many people run the oven?", "2 people", "Three people run the oven."),
        ("Are dogs allowed?", "Dogs are not allowed", "Dogs are allowed."),
    ],
)
def test_the_wrong_answer_again_is_rejected(question, right, text):
    assert judged(question, right, text) is Match.OTHERWISE
