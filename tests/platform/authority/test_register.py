"""Contradictions found without any question: precise enough that owners trust them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.extraction import extract_all
from concord.authority.register import (
    LEAST_SHARED,
    Statement,
    contradictions,
    keys_to_look_under,
    keys_to_stand_under,
    length_range,
    may_share,
    shared,
    sketch,
    within,
)


@pytest.fixture
def extract(passage, matcher):
    """The claims of documents, each an identifier, its text and perhaps its title."""

    def claims(*documents):
        passages = [passage(name, text, title=title[0] if title else "Page") for name, text, *title in documents]
        return extract_all(passages, matcher)

    return claims


def said(claims):
    """The statements of documents: by identifier, in the order of the claims."""
    found = {}
    for claim in claims:
        found.setdefault(claim.identifier, []).append(Statement(claim, len(found.get(claim.identifier, []))))
    return found


def found(extract, one, other):
    """What two documents contradict each other in: pairs of values, most certain first."""
    documents = said(extract(one, other))
    mine, theirs = (documents.get(each[0], []) for each in (one, other))
    made = sorted(contradictions(mine, theirs, linked=False), key=lambda each: -each.certainty)
    return [({each.left.claim.value.text, each.right.claim.value.text}, round(each.certainty, 2)) for each in made]


def test_two_values_of_one_slot_contradict_each_other(extract):
    assert found(
        extract,
        ("hr/leave.md", "Employees receive 27 days of annual leave a year."),
        ("wiki/faq.md", "Your annual leave is 25 days a year."),
    ) == [({"27 days", "25 days"}, 0.77)]


def test_a_copy_of_a_page_contradicts_nothing(extract):
    text = (
        "Team size 6: plan 14 hours a week.\n\nTeam size 5: plan 16 hours a week.\n\nTeam size 4: plan 18 hours a week."
    )
    assert found(extract, ("one/tock.md", text), ("two/tock.md", text)) == []


def test_who_says_the_same_elsewhere_on_the_page_does_not_disagree(extract):
    assert (
        found(
            extract,
            ("hr/claims.md", "An expense claim is paid within 30 days.\n\nAn expense claim is paid within 60 days."),
            ("wiki/claims.md", "An expense claim is paid within 30 days."),
        )
        == []
    )


def test_the_nearest_sentence_is_the_one_that_is_meant(extract):
    assert found(
        extract,
        ("mail/storage.md", "The storage charge for an empty container is £11 a day."),
        (
            "rates/storage.md",
            "The storage charge for an empty container is £14 a day.\n\nThe storage charge for a laden one is £31.",
        ),
    ) == [({"£11", "£14"}, 1.0)]


def test_a_series_of_pages_is_no_contradiction_and_two_pages_that_name_the_subject_are_one(extract):
    crane = ("hr/roles/crane.md", "The notice period is 4 weeks.\n\nThe shift allowance is £42.", "Lifting")
    clerk = ("hr/roles/clerk.md", "The notice period is 6 weeks.\n\nThe shift allowance is £18.", "Customs")
    series = said(extract(crane, clerk))
    assert list(contradictions(series[crane[0]], series[clerk[0]], linked=False)) == []
    desk = ("hr/house/desk.md", "Parcels are kept for 3 days at the reception.", "Parcel desk")
    reception = ("hr/house/reception.md", "Parcels are kept for 5 days at the reception.", "Reception")
    pages = said(extract(desk, reception))
    (met,) = contradictions(pages[desk[0]], pages[reception[0]], linked=False)
    assert met.certainty == 1.0


def test_titles_alone_leave_it_open(extract):
    one = ("hr/house/desk.md", "Visitors sign in before 17:00.", "Parcel desk")
    other = ("hr/house/reception.md", "Visitors sign in before 18:00.", "Reception")
    pages = said(extract(one, other))
    (met,) = contradictions(pages[one[0]], pages[other[0]], linked=False)
    assert met.certainty < 0.7


def test_years_in_two_names_leave_it_open(extract):
    one = ("hr/hotels-2023.md", "A hotel may cost up to £120 a night.")
    other = ("wiki/hotels-2025.md", "A hotel may cost up to £145 a night.")
    pages = said(extract(one, other))
    (met,) = contradictions(pages[one[0]], pages[other[0]], linked=False)
    assert met.certainty < 0.7
    same = ("hr/hotels-2025.md", other[1])
    pages = said(extract(one, same))
    assert list(contradictions(pages[one[0]], pages[same[0]], linked=False)) == []


def test_dates_of_the_making_of_documents_are_no_rule(extract):
    one = ("hr/contracts.md", "Last updated on 21 November 2018.")
    other = ("wiki/reviews.md", "Last updated on 14 December 2018.")
    assert found(extract, one, other) == []


def test_a_page_that_contradicts_itself_is_noted_as_uncertain(extract):
    text = "A second approver is needed above £3,500.\n\nOrders are slow.\n\nA second approver is needed above £3,000."
    (page,) = said(extract(("hr/orders.md", text))).values()
    (met,) = within(page)
    assert {met.left.claim.value.text, met.right.claim.value.text} == {"£3,500", "£3,000"}
    assert met.certainty < 0.7


def test_of_three_alike_none_contradicts_another_and_of_very_many_none_is_looked_at(extract, monkeypatch):
    text = "A second approver is needed above £3,500.\n\nA second approver is needed above £3,000."
    third = f"{text}\n\nA second approver is needed above £2,000."
    (page,) = said(extract(("hr/orders.md", third))).values()
    assert list(within(page)) == []
    (page,) = said(extract(("hr/orders.md", text))).values()
    assert len(list(within(page))) == 1
    monkeypatch.setattr("concord.authority.register.MOST_WITHIN", 1)
    assert list(within(page)) == []


def test_an_entry_is_the_same_wherever_the_two_things_are_said(extract):
    pages = said(
        extract(
            ("hr/a.md", "A guest pass lasts 8 hours."),
            ("wiki/b.md", "A guest pass lasts 12 hours."),
            ("wiki/c.md", "A guest pass lasts 12 hours."),
        )
    )
    made = {
        each.entry
        for other in ("wiki/b.md", "wiki/c.md")
        for each in contradictions(pages["hr/a.md"], pages[other], linked=False)
    }
    assert len(made) == 1


def weight(word):
    """What a word weighs: concepts, roles and light words are marked by their first letter."""
    return {"<": 2.0, "=": 0.5, "~": 0.25}.get(word[0], 1.0)


_WORDS = st.sets(
    st.sampled_from([f"{mark}{number:08x}" for mark in ("w", "w", "<", "=", "~") for number in range(9)]), min_size=1
)
_COUNTS = st.dictionaries(_WORDS.map(min), st.integers(0, 50))


@given(_WORDS, _WORDS, _COUNTS)
def test_whoever_shares_most_words_shares_a_key_under_which_the_other_stands(mine, theirs, counts):
    total = sum(map(weight, mine)) + sum(map(weight, theirs))
    keys = {word: weight(word) for word in mine if word[0] not in "=~"}
    if shared(frozenset(mine), frozenset(theirs), total) < LEAST_SHARED or not keys.keys() & theirs:
        return
    assert set(keys_to_stand_under(keys, sum(map(weight, mine)), counts)) & theirs


def test_whoever_has_the_least_of_the_words_that_is_enough_is_met_as_well():
    """Of 54 quarters 26 are shared, of 26: 0.65 of both, to the last digit."""
    theirs = {"<1", "<2", "<3", "=1"}
    others = {f"w{number}" for number in range(7)}
    assert shared(frozenset(theirs | others), frozenset(theirs), 20) == LEAST_SHARED
    keys = {word: weight(word) for word in theirs - {"=1"} | others}
    assert set(keys_to_stand_under(keys, 13.5, dict.fromkeys(theirs, 9))) & theirs
    assert length_range(13.5)[0] <= 6.5 and length_range(6.5)[1] >= 13.5


@given(_WORDS, _COUNTS, st.integers(0, 60))
def test_nobody_stands_where_more_stand_than_are_looked_at_unless_nowhere_is_rarer(mine, counts, limit):
    keys, total = {word: weight(word) for word in mine}, sum(map(weight, mine))
    needed, chosen = keys_to_stand_under(keys, total, counts), keys_to_stand_under(keys, total, counts, limit)
    assert chosen == needed[: len(chosen)] and chosen
    assert len(chosen) == 1 or sum(counts.get(key, 0) for key in chosen) <= limit
    if sum(counts.get(key, 0) for key in needed) <= limit:
        assert chosen == needed


@given(_WORDS, _WORDS)
def test_a_sketch_rules_nobody_out_who_shares_most_words(mine, theirs):
    total = sum(map(weight, mine)) + sum(map(weight, theirs))
    bits = [(sketch([word]), weight(word)) for word in mine]
    if shared(frozenset(mine), frozenset(theirs), total) >= LEAST_SHARED:
        assert may_share(bits, sketch(theirs), total)


def test_a_sketch_rules_out_most_others():
    mine, theirs = {f"w{number:08x}" for number in range(10)}, {f"w{number:08x}" for number in range(5, 20)}
    assert not may_share([(sketch([word]), 1.0) for word in mine], sketch(theirs), 25)


@given(_COUNTS, st.integers(1, 60))
def test_no_more_is_looked_at_than_allowed_and_what_is_left_out_is_told(counts, limit):
    chosen, left_out = keys_to_look_under(counts, counts, limit)
    assert sum(counts[key] for key in chosen) <= limit or (left_out and len(chosen) == 1)
    missed = [key for key in counts if counts[key] and key not in chosen]
    assert left_out or not missed
