from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.authority.claims import SourceText
from concord.authority.concepts import VocabularyMatcher
from concord.authority.conflicts import ConflictSets, find_conflicts
from concord.authority.extraction import extract_all
from concord.authority.questions import Question
from concord.authority.values import ValueType

Passage = Callable[..., SourceText]
Find = Callable[..., ConflictSets]
LEAVE = "Everyone receives {} days of annual leave a year."


def test_a_conflict_holds_its_claims_and_their_sides(passage: Passage, conflicts: Find) -> None:
    found = conflicts(
        passage("people/a.md", LEAVE.format(27)),
        passage("wiki/b.md", LEAVE.format(25)),
        passage("intranet/c.md", LEAVE.format("twenty-seven")),
    )
    (conflict,) = found
    assert (found.by_scope, found.overflow, conflict.differs_by_scope) == ((), 0, False)
    assert conflict.value_type is ValueType.DURATION
    assert [[claim.identifier for claim in side] for side in conflict.sides()] == [
        ["intranet/c.md", "people/a.md"],
        ["wiki/b.md"],
    ]


def test_departments_words_meet_through_the_vocabulary(passage: Passage, conflicts: Find) -> None:
    passages = [
        passage("people/a.md", "Everyone receives 27 days of annual leave a year.", publisher="Finance"),
        passage("wiki/b.md", "Your holiday allowance is 25 days each year.", publisher="People"),
    ]
    assert len(conflicts(*passages, matched=True).conflicts) == 1
    assert conflicts(*passages).conflicts == ()
    meals = [
        passage("finance/a.md", "The per diem is 40 euros a day."),
        passage("people/b.md", "Meal allowance: up to 35 euros per day."),
    ]
    assert len(conflicts(*meals, matched=True).conflicts) == 1
    assert conflicts(*meals).conflicts == ()


def test_one_word_for_two_concepts_makes_no_conflict(passage: Passage, conflicts: Find) -> None:
    people = passage("people/a.md", "An incident is reported within 24 hours.", publisher="People")
    legal = passage("legal/b.md", "An incident is reported within 72 hours.", publisher="Legal")
    assert conflicts(people, legal, matched=True).conflicts == ()
    assert len(conflicts(people, legal).conflicts) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "Terms for crane operators"}, {"title": "Terms for customs clerks"}),
        ({"title": "Grade 7 terms"}, {"title": "Grade 6 terms"}),
        ({"title": "Quay fees Rotterdam"}, {"title": "Quay fees Hamburg"}),
        ({"headings": ("Working in Germany",)}, {"headings": ("Working in Poland",)}),
        ({"title": "Rules for 2024/25"}, {"title": "Rules for 2025/26"}),
        ({"headings": ("Priority 1",)}, {"headings": ("Priority 2",)}),
    ],
)
def test_pages_of_one_template_hold_side_by_side(
    passage: Passage, conflicts: Find, one: dict[str, Any], other: dict[str, Any]
) -> None:
    found = conflicts(
        passage("people/terms/a.md", "The notice period is 3 months.", **one),
        passage("people/terms/b.md", "The notice period is 1 month.", **other),
    )
    assert found.conflicts == ()
    assert [each.differs_by_scope for each in found.by_scope] == [True]


def test_a_page_that_replaces_another_is_held_against_it_in_spite_of_the_period(
    passage: Passage, conflicts: Find
) -> None:
    old = {"title": "Leave 2024/25"}
    new = {"title": "Leave 2025/26"}
    one, other = LEAVE.format(25), LEAVE.format(27)
    assert conflicts(passage("hr/a/1.md", one, **old), passage("hr/a/2.md", other, **new)).conflicts == ()
    linked = conflicts(passage("hr/a/1.md", one, **old), passage("hr/a/2.md", other, replaces=("hr/a/1.md",), **new))
    assert len(linked.conflicts) == 1


def test_an_item_does_not_contradict_itself(passage: Passage, conflicts: Find) -> None:
    text = f"{LEAVE.format(27)}\n\n{LEAVE.format(25)}"
    assert tuple(conflicts(passage("people/a.md", text))) == ()


def test_what_was_observed_contradicts_no_rule(passage: Passage, conflicts: Find) -> None:
    rule = passage("people/a.md", "Each team receives a training budget of £500.")
    report = passage("finance/b.md", "In 2023 each team received a training budget of £430.")
    assert conflicts(rule, report).conflicts == ()


def test_a_sentence_that_also_states_the_others_value_contradicts_nothing(passage: Passage, conflicts: Find) -> None:
    both = passage("people/a.md", "Leave requests need 5 days, in summer leave requests need 10 days.")
    one = passage("wiki/b.md", "Leave requests need 5 days.")
    assert conflicts(both, one).conflicts == ()


def test_copies_of_a_sentence_are_compared_once_and_stay_each_with_its_item(passage: Passage, conflicts: Find) -> None:
    copies = [passage(f"wiki/{number}.md", LEAVE.format(25)) for number in range(30)]
    (conflict,) = conflicts(passage("people/a.md", LEAVE.format(27)), *copies).conflicts
    assert len(conflict.claims) == 31
    assert sorted(len(side) for side in conflict.sides()) == [1, 30]


def test_a_claim_that_contradicts_two_which_never_meet_stands_in_two_sets(passage: Passage, conflicts: Find) -> None:
    found = conflicts(
        passage("a/a.md", "Hotels cost up to £100 a night."),
        passage("b/b.md", "Hotels in Germany cost up to £140 a night."),
        passage("c/c.md", "Hotels in Poland cost up to £90 a night."),
    )
    assert [[claim.identifier for claim in each.claims] for each in found.conflicts] == [
        ["a/a.md", "b/b.md"],
        ["a/a.md", "c/c.md"],
    ]


def test_a_question_anchors_claims_that_answer_it(passage: Passage, matcher: VocabularyMatcher) -> None:
    claims = extract_all(
        [
            passage("people/a.md", "Everyone receives 27 days of annual leave a year."),
            passage("wiki/b.md", "Everyone receives 25 days of annual leave a year."),
            passage("wiki/c.md", "The canteen serves 5 dishes a day."),
            passage("people/d.md", "The canteen serves 6 dishes a day."),
        ],
        matcher,
    )
    assert len(find_conflicts(claims).conflicts) == 2
    question = Question.read("How many days of annual leave do I get?", matcher)
    (conflict,) = find_conflicts(claims, question=question).conflicts
    assert {claim.identifier for claim in conflict.claims} == {"people/a.md", "wiki/b.md"}
    other = Question.read("When does the port close?", matcher)
    assert tuple(find_conflicts(claims, question=other)) == ()


TEXTS = (
    LEAVE.format(25),
    LEAVE.format(27),
    LEAVE.format("twenty-five"),
    "Employees receive 30 days of annual leave.",
    "In Germany everyone receives 28 days of annual leave a year.",
    "Part-time employees receive 14 days of annual leave a year.",
    "The deposit for a locker is £5.",
    "The deposit for a locker is £6.",
    "Lockers are emptied within 5 days.",
)
drawn = st.lists(st.tuples(st.sampled_from(["people", "wiki", "intranet"]), st.sampled_from(TEXTS)), max_size=7)


@settings(max_examples=50)
@given(drawn, st.randoms())
def test_the_order_of_the_passages_changes_nothing(
    passage: Passage, conflicts: Find, drawn: list[tuple[str, str]], random: Any
) -> None:
    passages = [passage(f"{source}/{number}.md", text) for number, (source, text) in enumerate(drawn)]
    assert conflicts(*random.sample(passages, len(passages))) == conflicts(*passages)


@settings(max_examples=50)
@given(drawn)
def test_every_conflict_is_between_items_and_values_and_an_irrelevant_passage_changes_none(
    passage: Passage, conflicts: Find, drawn: list[tuple[str, str]]
) -> None:
    passages = [passage(f"{source}/{number}.md", text) for number, (source, text) in enumerate(drawn)]
    found = conflicts(*passages)
    for each in found.conflicts:
        assert len(each.sides()) > 1
        assert len({claim.identifier for claim in each.claims}) > 1
        assert len({claim.block.dimension for claim in each.claims}) == 1
    irrelevant = passage("wiki/other.md", "Invoices above £500 are signed by two managers within 10 days.")
    assert conflicts(*passages, irrelevant) == found


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Revenue in the quarter ended {} was £4.2 million.", ("31 March 2024", "30 June 2024"), True),
        ("In the six months to {} we hired 40 people.", ("30 June 2024", "31 December 2024"), True),
        ("The trial ends on {}.", ("31 March 2024", "30 June 2024"), False),
    ],
)
def test_figures_of_two_periods_by_their_last_days_stand_side_by_side(
    passage: Passage, conflicts: Find, one: str, other: tuple[str, str], apart: bool
) -> None:
    changed = one.replace("4.2", "4.9").replace("40", "55")
    found = conflicts(passage("a.md", one.format(other[0])), passage("b.md", changed.format(other[1])))
    assert bool(found.conflicts) is not apart
    same = conflicts(passage("a.md", one.format(other[0])), passage("b.md", changed.format(other[0])))
    assert bool(same.conflicts) is apart


def test_what_two_versions_require_stands_side_by_side(passage: Passage, conflicts: Find) -> None:
    said = "Version {} requires Python {} or later."
    old = passage("a.md", said.format("3.2", "3.8"))
    assert not conflicts(old, passage("b.md", said.format("4.0", "3.11"))).conflicts
    assert conflicts(old, passage("b.md", said.format("3.2", "3.11"))).conflicts


@pytest.mark.parametrize(
    "said",
    [
        "Release {} needs Java {}.",
        "Portal release {} needs Java {}.",
        "The portal's release {} of the client runs on Java {}.",
        "Release {} of the Portal requires Java {}.",
        "Portal {} supports Java {}.",
        "From release {} on, the portal needs Java {}.",
        "Release {} or later must run on Java {}.",
        "Version {} ships with Windows {}.",
    ],
)
def test_a_version_in_the_subject_is_a_scope(passage: Passage, conflicts: Find, said: str) -> None:
    old = passage("a.md", said.format("5.1", "11"))
    assert not conflicts(old, passage("b.md", said.format("6.0", "17"))).conflicts
    if "Windows" not in said:
        assert conflicts(old, passage("b.md", said.format("5.1", "17"))).conflicts


@pytest.mark.parametrize(
    "said",
    ["The portal needs Java {}.", "Version {}.0 brings the dark mode.", "Install version {}.0 on 3 hosts."],
)
def test_a_version_that_is_said_of_something_is_a_value(passage: Passage, conflicts: Find, said: str) -> None:
    assert conflicts(passage("a.md", said.format(11)), passage("b.md", said.format(17))).conflicts
