from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.authority.claims import Claim, Role, SourceText
from concord.authority.concepts import VocabularyMatcher
from concord.authority.extraction import extract_all, extract_claims
from concord.authority.values import ValueType

Passage = Callable[..., SourceText]
BASE = "https://x.example/id/"


def only(claims: list[Claim]) -> Claim:
    (found,) = claims
    return found


def test_a_claim_says_what_where_for_whom_and_since_when(passage: Passage, matcher: VocabularyMatcher) -> None:
    text = "Welcome.\n\nA manager in Berlin gets up to **27 days** of annual leave a year."
    source = passage(
        "people/leave.md",
        text,
        title="Time off",
        headings=("Managers",),
        claim_date=date(2025, 1, 2),
        authority_tier="policy",
        revision=3,
    )
    claim = only(extract_claims(source, matcher))
    assert (claim.identifier, claim.revision, claim.ordinal) == ("people/leave.md", 3, 0)
    assert claim.quote == "A manager in Berlin gets up to 27 days of annual leave a year."
    assert text[slice(*claim.span)] == text[10:]
    assert (claim.value.type, claim.value.low, claim.value.per) == (ValueType.DURATION, str(27 * 86_400), "")
    assert claim.block == (type(claim.block))(BASE + "annual-leave", ValueType.DURATION, "duration")
    assert claim.attribute.concepts == (BASE + "annual-leave",)
    assert claim.attribute.role is Role.MAXIMUM
    assert (claim.scope.role, claim.scope.region) == (("manager",), ("berlin",))
    assert claim.claim_date == date(2025, 1, 2)
    assert (claim.facts.tier, claim.facts.source, claim.facts.title) == ("policy", "people", "Time off")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Passwords need at least 14 characters.", Role.MINIMUM),
        ("Hotels cost no more than £140.", Role.MAXIMUM),
        ("Claims above £500 need a signature.", Role.MINIMUM),
        ("Claim within 30 days.", Role.DEADLINE),
        ("Claim by 30 June.", Role.DEADLINE),
        ("You may carry over 5 days.", Role.PERMISSION),
        ("Mileage is paid at 45p a mile.", Role.RATE),
        ("The deposit is £500.", Role.STATED),
        ("In 2023 we received 400 reports on average.", Role.OBSERVED),
        ("There were 400 reports.", Role.STATED),
    ],
)
def test_roles(passage: Passage, text: str, role: Role) -> None:
    assert only(extract_claims(passage("a/b.md", text))).attribute.role is role


@pytest.mark.parametrize(
    "text",
    [
        "Last updated on 3 May 2024.",
        "This page was reviewed on 3 May 2024.",
        "Next review: 1 May 2027.",
        "# 5 days of leave",
        "```\ntimeout = 90s and 5 days\n```",
        "",
    ],
)
def test_what_states_nothing(passage: Passage, text: str) -> None:
    assert extract_claims(passage("a/b.md", text)) == []


def test_a_table_states_one_claim_for_each_cell_with_a_value(passage: Passage) -> None:
    text = "| Service | Days | Fee |\n|---|---|---|\n| 1 to 5 years | 25 days | £10 |\n| Managers | 30 days | – |\n"
    found = extract_claims(passage("a/b.md", text))
    assert [(each.value.text, each.scope.case, each.scope.role) for each in found] == [
        ("25 days", ("1 to 5 years",), ()),
        ("£10", ("1 to 5 years",), ()),
        ("30 days", (), ("manager",)),
    ]
    assert [each.quote for each in found][1] == "1 to 5 years, Fee: £10"


def test_a_list_item_takes_its_opening_sentence_for_context(passage: Passage) -> None:
    claim = only(extract_claims(passage("a/b.md", "Expense reports are due:\n\n- 30 June\n", headings=("Deadlines",))))
    assert {"expens", "report", "deadlin"} <= set(claim.attribute.context)


def test_a_sentence_with_several_values_gives_each_its_clause_and_place(passage: Passage) -> None:
    text = "Annual leave requests take 5 days, but sick notes take 7 days, and the fee is £5."
    five, seven, fee = extract_claims(passage("a/b.md", text))
    assert (five.position, seven.position, fee.position) == (0, 1, 0)
    assert five.siblings == (seven.value,)
    assert fee.siblings == ()
    assert "sick" in seven.attribute.words
    assert "sick" not in five.attribute.words
    assert five.attribute.template == seven.attribute.template


def test_dates_of_lines_are_finer_than_that_of_the_passage(passage: Passage) -> None:
    lines = (date(2024, 1, 1), date(2025, 1, 1))
    source = passage("a/b.md", "It takes 5 days.\nThe fee is £5.", claim_date=date(2023, 1, 1), line_dates=lines)
    assert [each.claim_date for each in extract_claims(source)] == list(lines)
    modified = passage("a/b.md", "It takes 5 days.", modified=datetime(2022, 5, 1, tzinfo=UTC))
    assert only(extract_claims(modified)).claim_date == date(2022, 5, 1)
    assert only(extract_claims(passage("a/b.md", "It takes 5 days."))).claim_date is None


def test_words_of_value_and_label_are_not_words_of_the_attribute(passage: Passage, matcher: VocabularyMatcher) -> None:
    claim = only(extract_claims(passage("a/b.md", "Carry over 5 days of annual leave."), matcher))
    assert claim.attribute.words == ("carri",)
    assert claim.attribute.label_words == ("annual", "leav")
    assert claim.attribute.template.split()[-2:] == ["of", f"<{BASE}annual-leave>"]


def test_the_nearest_concept_keys_the_block_and_tags_stand_in(passage: Passage, matcher: VocabularyMatcher) -> None:
    text = "Time off includes 27 days of annual leave."
    assert only(extract_claims(passage("a/b.md", text), matcher)).block.concept == BASE + "annual-leave"
    tagged = passage("a/b.md", "It is 27 days.", concepts=("x:tag",), subject=("x:subject",))
    assert only(extract_claims(tagged, matcher)).block.concept == "x:tag"
    subject = passage("a/b.md", "It is 27 days.", subject=("x:subject",))
    assert only(extract_claims(subject, matcher)).block.concept == "x:subject"
    assert only(extract_claims(passage("a/b.md", "It is 27 days."))).block.concept is None


def test_overlapping_passages_of_an_item_state_a_claim_once(passage: Passage) -> None:
    one = passage("a/b.md", "It takes 5 days. The fee is £5.")
    two = passage("a/b.md", "The fee is £5. Ask twice.")
    other = passage("a/c.md", "The fee is £5.")
    assert [(each.identifier, each.value.text) for each in extract_all([one, two, other])] == [
        ("a/b.md", "5 days"),
        ("a/b.md", "£5"),
        ("a/c.md", "£5"),
    ]


@settings(max_examples=60)
@given(st.text(alphabet="| \n#-*>`.,:;()£%ab59eyd", max_size=80) | st.text(max_size=80))
def test_any_text_can_be_read_and_spans_lie_inside(passage: Passage, text: str) -> None:
    for claim in extract_claims(passage("a/b.md", text)):
        assert 0 <= claim.span[0] < claim.span[1] <= len(text)
        assert claim.value.text in " ".join(claim.quote.split())


@pytest.mark.parametrize(
    ("text", "most"), [("£1" * 3_000, 64), ("Ask #help. " * 3, 3), ("Mail ann@x.example, " * 200, 64)]
)
def test_of_a_row_of_values_the_first_are_read(
    passage: Passage, matcher: VocabularyMatcher, text: str, most: int
) -> None:
    assert 0 < len(extract_claims(passage("a/b.md", f"The list is {text}"), matcher)) <= most
