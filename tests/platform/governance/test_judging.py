"""A machine confirms a fix where the sentence states what is right as its own answer, and leaves the rest to people.

`fixes.tsv` has what a sentence said before and after: a `wrong` fix, whatever else is made of it, is never proven; a
right one is `proven`, or left to a `person`, and never rejected.
"""

import csv
from pathlib import Path

import pytest

from concord.answering.overlap import Wanted
from concord.authority.words import content_stems
from concord.governance.cases.given import Given
from concord.governance.cases.judging import Judge
from concord.governance.cases.rightness import Right
from concord.governance.cases.sameness import Match

with Path(__file__).with_name("fixes.tsv").open(encoding="utf-8") as file:
    FIXES = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
MADE = {"proven": Match.SAME, "person": Match.UNSURE, "rejected": Match.OTHERWISE}


def read(question, text, titles=("Page", "Page")):
    wanted = Wanted(frozenset(content_stems(question)), ())
    return Given.of(question, wanted, text if "[1]" in text else f"{text} [1]", titles, ())


def verdict(question, right, before, after, **more):
    return Judge(Right(right), read(question, after, **more), read(question, before).sentences).verdict()


@pytest.mark.parametrize("each", FIXES, ids=[f"{each['right']} | {each['after']}" for each in FIXES])
def test_a_fix_is_judged(each):
    made = verdict(each["question"], each["right"], each["before"], each["after"])
    assert made is MADE[each["fix"]] if each["fix"] in MADE else made is not Match.SAME


def test_another_sentence_that_says_otherwise_of_the_same_keeps_it_from_being_proven():
    question, before = "How much is the deposit?", "The deposit is 40 euros. [1] A key costs 5 euros. [2]"
    proven = "The deposit is 50 euros. [1] A key costs 5 euros. [2]"
    assert verdict(question, "50 euros", before, proven) is Match.SAME, "it stood there before, and is of a key"
    for other in ("The deposit is 40 euros.", "It was abolished.", "A key costs 6 euros."):
        assert verdict(question, "50 euros", before, f"The deposit is 50 euros. [1] {other} [2]") is Match.UNSURE


def test_a_short_sentence_is_about_what_its_page_is_about():
    question = "How many days of annual leave do I get?"
    assert verdict(question, "27 days", "It is 25 days.", "It is 27 days.", titles=["Annual leave"]) is Match.SAME
    assert verdict(question, "27 days", "It is 25 days.", "It is 27 days.", titles=["Notice periods"]) is Match.UNSURE


def test_each_of_several_right_answers_is_stated_and_in_their_order():
    question = "How many days of annual leave do I get, and how many can be carried over?"
    before = "You get 20 days of annual leave, of which 3 days can be carried over."
    right = "You get 25 days of annual leave, of which 5 days can be carried over."
    assert verdict(question, "25 days; 5 days", before, right) is Match.SAME
    assert verdict(question, "5 days; 25 days", before, right) is Match.UNSURE
    assert verdict(question, "25 days; 6 days", before, right) is not Match.SAME


def test_what_is_not_read_to_its_end_is_for_a_person(monkeypatch):
    question, before = "How many days of annual leave do I get?", "You get 20 days of annual leave."
    after = "You get 25 days of annual leave."
    monkeypatch.setattr("concord.governance.cases.rightness.MOST", 1)
    assert verdict(question, "25 days", before, after) is Match.SAME
    for more in ("25 days; 6 days", "25 days, 6 days"):
        assert verdict(question, more, before, after) is Match.UNSURE
