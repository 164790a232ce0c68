from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.scope import FACETS, OPEN, Scope, compatible, narrower, read_scope, specificity


def facets(scope: Scope) -> Mapping[str, tuple[str, ...]]:
    return {name: getattr(scope, name) for name in FACETS if getattr(scope, name)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A manager in Rotterdam may claim it.", {"role": ("manager",), "region": ("rotterdam",)}),
        ("In Rotterdam it closes early.", {"region": ("rotterdam",)}),
        ("across the United Kingdom", {"region": ("uk",)}),
        ("Crane operators rest.", {"role": ("crane operator",)}),
        ("All managers sign.", {"role": ("manager",)}),
        ("Engineering employees choose.", {"organisation": ("engineering",)}),
        ("Grade 7 staff and GS-12 staff", {"grade": ("grade 7", "gs 12")}),
        ("P1 incidents", {"tier": ("priority 1",)}),
        ("Priority 1 incidents", {"tier": ("priority 1",)}),
        ("Sev 2 incidents", {"tier": ("severity 2",)}),
        ("in FY26", {"period": ("fy26",)}),
        ("in 2025/26", {"period": ("fy26",)}),
        ("in 2025", {"period": ("y2025",)}),
        ("the third quarter of 2025", {"period": ("q3", "y2025")}),
        ("version 2 of the Portal", {"version": ("2",), "product": ("portal",)}),
        ("Part-time employees at weekends", {"condition": ("part-time", "weekend")}),
        ("Everyone, in March and on Monday.", {"condition": ("monday",)}),
        ("Each person signs.", {}),
        ("It goes to the Office of Acquisition.", {}),
        ("Users of Harbourline wait.", {"product": ("harbourline",)}),
    ],
)
def test_a_sentence_states_its_scope(text: str, expected: Mapping[str, tuple[str, ...]]) -> None:
    assert facets(read_scope(text)) == expected


def test_whoever_approves_something_is_told_apart_but_makes_no_narrower_scope() -> None:
    one, other = (
        read_scope(f"Orders over £500 {by}.")
        for by in ("are approved by a manager", "need the approval of the director")
    )
    assert (facets(one), facets(other)) == ({"role": ("manager",)}, {"role": ("director",)})
    assert not compatible(one, other)
    assert not narrower(one, OPEN)
    assert specificity(one) == 0
    assert narrower(read_scope("Managers order by the manager's card."), OPEN)


def test_what_a_sentence_leaves_open_is_inherited_from_the_nearest() -> None:
    around = ("Notice for crane operators", "Terms for clerks in 2025/26")
    scope = read_scope("In Germany notice is long.", around=around, path="hr/grade-7-terms.md")
    assert facets(scope) == {
        "region": ("germany",),
        "role": ("crane operator",),
        "period": ("fy26",),
        "grade": ("grade 7",),
    }
    assert scope.inherited == ("grade", "period", "role")
    assert scope.describe() == "germany"
    assert specificity(scope) == 1


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        (Scope(role=("manager",)), OPEN, True),
        (Scope(role=("manager",)), Scope(role=("line manager",)), True),
        (Scope(role=("crane operator",)), Scope(role=("customs clerk",)), False),
        (Scope(grade=("grade 7",)), Scope(grade=("grade 6",)), False),
        (Scope(grade=("grade 6", "grade 7")), Scope(grade=("grade 7",)), True),
        (Scope(region=("uk",)), Scope(region=("nl",)), False),
        (Scope(region=("uk",)), Scope(organisation=("finance",)), False),
        (Scope(region=("rotterdam",)), Scope(organisation=("rotterdam",)), True),
        (Scope(region=("uk",)), Scope(region=("uk",), product=("portal",)), True),
        (Scope(period=("fy25",)), Scope(period=("fy26",)), False),
        (Scope(period=("fy25",)), Scope(period=("y2025",)), True),
        (Scope(period=("q1", "y2025")), Scope(period=("q2", "y2025")), False),
        (Scope(condition=("full-time",)), Scope(condition=("part-time",)), False),
        (Scope(condition=("full-time",)), Scope(condition=("weekend",)), True),
        (Scope(version=("2",)), Scope(version=("3",)), False),
        (Scope(case=("1 to 5 years",)), Scope(case=("over 5 years",)), False),
        (Scope(case=("1 to 5 years",)), OPEN, False),
    ],
)
def test_scopes_fit_or_stand_apart(one: Scope, other: Scope, fit: bool) -> None:
    assert compatible(one, other) is compatible(other, one) is fit


def test_facets_may_be_left_aside() -> None:
    one, other = Scope(period=("fy25",), version=("1",)), Scope(period=("fy26",), version=("2",))
    assert not compatible(one, other, ignore=frozenset({"period"}))
    assert compatible(one, other, ignore=frozenset({"period", "version"}))


words = st.sets(
    st.sampled_from(["a", "b", "line manager", "manager", "fy25", "fy26", "full-time", "part-time"]), max_size=2
)
scopes = st.builds(
    Scope,
    organisation=words.map(lambda each: tuple(sorted(each))),
    role=words.map(lambda each: tuple(sorted(each))),
    region=words.map(lambda each: tuple(sorted(each))),
    period=words.map(lambda each: tuple(sorted(each))),
    condition=words.map(lambda each: tuple(sorted(each))),
    inherited=st.sampled_from([(), ("role",), ("organisation", "region")]),
)


@given(scopes, scopes, scopes)
def test_being_narrower_is_an_order(one: Scope, two: Scope, three: Scope) -> None:
    assert not narrower(one, one)
    assert not (narrower(one, two) and narrower(two, one))
    assert not (narrower(one, two) and narrower(two, three)) or narrower(one, three)
    if narrower(one, two):
        assert specificity(one) >= specificity(two)


@given(scopes, scopes)
def test_fitting_goes_both_ways(one: Scope, other: Scope) -> None:
    assert compatible(one, other) is compatible(other, one)
    assert compatible(one, one)
    assert compatible(one, OPEN)


def test_the_version_in_a_file_name_is_the_documents_own():
    assert read_scope("The allowance is £200.", path="a/bike-policy-v1.md") == read_scope(
        "The allowance is £200.", path="a/bike-policy-v2.md"
    )
    assert read_scope("The budget is £200.", path="a/budget-2025.md") != read_scope(
        "The budget is £200.", path="a/budget-2026.md"
    )
