"""Pairs of sentences: those that contradict each other in whatever words, and those that only look as if they did."""

import re
from collections.abc import Callable, Sequence

import pytest

from concord.authority.claims import SourceText
from concord.authority.conflicts import find_conflicts
from concord.authority.extraction import extract_all

LABELS = {
    "annual leave": "annual-leave",
    "PTO": "annual-leave",
    "paid absence": "annual-leave",
    "expense claim": "expense-claim",
    "spend report": "expense-claim",
    "probation": "probation",
    "trial period": "probation",
    "suppliers": "supplier",
    "third parties": "supplier",
    "purchase order": "purchase-order",
    "personal data breach": "data-breach",
    "data leak": "data-breach",
    "employees": "employee",
}
LABEL = re.compile(rf"\b(?:{'|'.join(LABELS)})\b", re.IGNORECASE)
BY_LABEL = {label.casefold(): f"https://x.example/id/{concept}" for label, concept in LABELS.items()}


def words_of_departments(text: str, department: str | None = None) -> Sequence[tuple[int, int, str]]:
    return [(match.start(), match.end(), BY_LABEL[match[0].casefold()]) for match in LABEL.finditer(text)]


CONTRADICTIONS = (
    ("Employees receive 27 days of annual leave a year.", "PTO is 25 days a year."),
    (
        "You can carry over up to 5 days of unused annual leave into the next leave year.",
        "Up to 10 days of unused paid absence can be carried over into the next leave year.",
    ),
    (
        "An expense claim must be submitted within 30 days of the expense.",
        "File your spend report within 60 days of the expense.",
    ),
    ("The probation period is six months for every new employee.", "Your trial period is three months."),
    (
        "A hotel in the United Kingdom may cost up to £145 a night.",
        "Hotel rooms in the United Kingdom are reimbursed up to £120 a night.",
    ),
    ("Suppliers are paid within 30 days of a valid invoice.", "Third parties are paid within 45 days of an invoice."),
    (
        "A purchase order is required for every purchase above £500.",
        "A purchase order is only required for software above £1,000.",
    ),
    (
        "A personal data breach must be reported to the privacy office within 24 hours of discovery.",
        "Report a data leak to the privacy office within 72 hours of discovery.",
    ),
    ("Application logs of Lighthouse are kept for 90 days.", "Application logs are kept for 12 months."),
    ("Engineering employees may work remotely up to 4 days a week.", "Employees may work remotely 3 days a week."),
    ("A password must have at least 14 characters.", "Your password must have at least 10 characters."),
    ("Core hours start at 10:00.", "Core hours start at 9:30 am."),
    ("The employer contribution is 8% of salary.", "The employer contribution is 6 per cent of salary."),
    (
        "The last day to raise an order for FY26 is 13 March 2026.",
        "The last day to raise an order for FY26 is 20 March 2026.",
    ),
)

NO_CONTRADICTIONS = (
    # another role, place, product, grade, tier, organisation or condition
    ("The notice period for a crane operator is 4 weeks.", "The notice period for a shift supervisor is 8 weeks."),
    ("The petty cash float at Southampton is £600.", "The petty cash float at Rotterdam is €900."),
    (
        "The recovery time objective of the Berth Planner is 2 hours.",
        "The recovery time objective of the Gate Service is 30 minutes.",
    ),
    ("Grade 7 staff may claim £50 a night.", "Grade 6 staff may claim £40 a night."),
    ("Tier 1 customers get a response within 15 minutes.", "Tier 2 customers get a response within 4 hours."),
    ("Finance staff may work remotely 3 days a week.", "Engineering staff may work remotely 4 days a week."),
    ("Full-time employees receive 27 days of annual leave.", "Part-time employees receive 16 days of annual leave."),
    ("Version 2 of the API times out after 30 seconds.", "Version 3 of the API times out after 60 seconds."),
    # another thing put into the same sentence
    ("A replacement badge costs £10.", "A replacement key costs £25."),
    ("An import permit costs £40.", "An export permit costs £65."),
    # a period that rolled on
    ("The training budget for FY25 is £2.1 million.", "The training budget for FY26 is £2.4 million."),
    ("The pay review for 2025 raises salaries by 3.5%.", "The pay review for 2026 raises salaries by 4.1%."),
    ("The shutdown starts on 24 December 2025.", "The shutdown starts on 23 December 2026."),
    # the same value in other words
    ("The probation period is six months.", "The trial period is 6 months."),
    ("The learning allowance is £2,000 a year.", "The learning allowance is £2000 per year."),
    ("The contract lasts one year.", "The contract lasts 12 months."),
    # another slot
    ("PTO is 25 days a year.", "You can carry over up to 5 days of annual leave into the next leave year."),
    ("You must book at least 7 days ahead.", "You may book up to 90 days ahead."),
    ("Notify your manager within 2 days.", "Keep the record for 7 years."),
)


@pytest.mark.parametrize("pair", CONTRADICTIONS, ids=lambda pair: pair[0][:40])
def test_a_contradiction_is_found_whatever_the_words_and_the_order(
    passage: Callable[..., SourceText], pair: tuple[str, str]
) -> None:
    passages = [passage("wiki/one.md", pair[0]), passage("handbook/two.md", pair[1], title="Another page")]
    for order in (passages, passages[::-1]):
        (found,) = find_conflicts(extract_all(order, words_of_departments)).conflicts
        assert {each.identifier for each in found.claims} == {"wiki/one.md", "handbook/two.md"}


@pytest.mark.parametrize("pair", NO_CONTRADICTIONS, ids=lambda pair: pair[0][:40])
def test_what_only_resembles_a_contradiction_is_none(passage: Callable[..., SourceText], pair: tuple[str, str]) -> None:
    passages = [passage("wiki/one.md", pair[0]), passage("handbook/two.md", pair[1], title="Another page")]
    assert find_conflicts(extract_all(passages, words_of_departments)).conflicts == ()


def test_pages_of_one_series_are_told_apart_by_their_titles(passage: Callable[..., SourceText]) -> None:
    same = "The shift allowance is {} a shift."
    found = find_conflicts(
        extract_all(
            [
                passage("handbook/roles/crane.md", same.format("£42"), title="Crane operator"),
                passage("handbook/roles/supervisor.md", same.format("£55"), title="Shift supervisor"),
            ]
        )
    )
    assert found.conflicts == ()
    assert [len(each.claims) for each in found.by_scope] == [2]
