"""Contradictions found without any question: precise enough that owners trust them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.extraction import extract_all
from concord.authority.register import LEAST_SHARED, Statement, choose_keys, contradictions, shared, within


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
        found.setdefault(claim.identifier, []).append(Statement.of(claim, len(found.get(claim.identifier, []))))
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


_WORDS = st.dictionaries(st.sampled_from([f"w{number}" for number in range(12)]), st.just(1.0), min_size=1)


@given(_WORDS, _WORDS, st.dictionaries(st.sampled_from([f"w{number}" for number in range(12)]), st.integers(0, 50)))
def test_whoever_shares_most_words_shares_a_chosen_key(mine, theirs, counts):
    total = sum(mine.values()) + sum(theirs.values())
    if shared(frozenset(mine), frozenset(theirs), total) < LEAST_SHARED:
        return
    chosen, left_out = choose_keys(mine, sum(mine.values()), counts, 10_000)
    assert not left_out
    assert set(chosen) & theirs.keys()
