"""The scope that pages declare: what holds for other people contradicts nothing."""

from datetime import date

import pytest

from concord.authority.decide import decide
from concord.authority.declared import apart, describe
from concord.authority.facts import Facts
from concord.authority.policy import Policy


def facts(**declared):
    return Facts("a/b.md", 1, "Page", "a", **declared)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"audience": ("Employees",)}, {"audience": ("Contractors",)}, True),
        ({"audience": ("All employees",)}, {"audience": ("staff",)}, False),
        ({"audience": ("Employees in Rotterdam",)}, {"audience": ("Employees",)}, False),
        ({"audience": ("Everyone",)}, {"audience": ("Contractors",)}, False),
        ({"audience": ("Employees", "Contractors")}, {"audience": ("Contractors",)}, False),
        ({"audience": ("Contractors",)}, {}, False),
        ({"audience": ("Contractors",)}, {"conforms_to": ("https://x.example/one",)}, False),
        ({"spatial": ("United Kingdom",)}, {"spatial": ("United States",)}, False),
        ({"conforms_to": ("https://x.example/one",)}, {"conforms_to": ("https://x.example/two",)}, True),
    ],
)
def test_what_is_declared_for_others_is_apart(one, other, expected):
    assert apart(facts(**one), facts(**other)) is apart(facts(**other), facts(**one)) is expected


def test_a_declared_scope_is_told_in_words():
    assert describe(facts(audience=("Contractors",), spatial=("Rotterdam",))) == "Contractors"
    assert describe(facts()) == ""


@pytest.mark.parametrize(("declared", "by_scope"), [(("Contractors",), True), (("All staff",), False), ((), False)])
def test_pages_for_different_people_hold_side_by_side(passage, conflicts, declared, by_scope):
    found = conflicts(
        passage("a/leave.md", "Annual leave is 27 days a year.", audience=("Employees",)),
        passage("b/leave.md", "Annual leave is 24 days a year.", audience=declared),
    )
    assert (len(found.conflicts), len(found.by_scope)) == ((0, 1) if by_scope else (1, 0))
    if by_scope:
        told = decide(found.by_scope[0], Policy(), at=date(2026, 11, 2)).explanation
        assert "27 days (Employees)" in told and "24 days (Contractors)" in told
