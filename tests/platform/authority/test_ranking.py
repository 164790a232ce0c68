from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.facts import Facts
from concord.authority.policy import Policy
from concord.authority.ranking import rank_items

AT = date(2026, 3, 1)
POLICY = Policy.read({"rankings": [{"concept": "time-off", "sources": ["people", "wiki"]}]})


def facts(identifier: str, **fields: Any) -> Facts:
    return Facts(identifier, 1, identifier, identifier.split("/")[0], **fields)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"valid_until": date(2026, 1, 1)}),
        ({}, {"status": "withdrawn"}),
        ({"status": "approved"}, {"status": "draft"}),
        ({"tier": "policy"}, {"tier": "guidance"}),
        ({"tier": "discussion"}, {}),
        ({"valid_from": date(2025, 2, 1)}, {"valid_from": date(2025, 1, 1)}),
        ({"modified": date(2025, 2, 1)}, {"modified": date(2025, 1, 1)}),
        ({"replaces": ("b/1",)}, {"tier": "regulation", "is_replaced_by": ("a/2",)}),
    ],
)
def test_the_copy_to_quote_first(better: dict[str, Any], worse: dict[str, Any]) -> None:
    one, other = facts("a/2", **better), facts("b/1", **worse)
    assert rank_items([other, one], POLICY, at=AT) == rank_items([one, other], POLICY, at=AT) == [one, other]


def test_sources_rank_by_what_the_passages_are_about() -> None:
    wiki, people = facts("wiki/1", tier="policy"), facts("people/2", tier="guidance")
    assert rank_items([people, wiki], POLICY, at=AT) == [wiki, people]
    about_leave = rank_items(
        [wiki, people],
        POLICY,
        at=AT,
        concepts=frozenset({"leave"}),
        narrower=lambda iri: frozenset({iri, "leave"}) if iri == "time-off" else frozenset({iri}),
    )
    assert about_leave == [people, wiki]


def test_equals_stand_in_the_order_of_their_names_and_once() -> None:
    one, other = facts("a/1"), facts("a/2")
    assert rank_items([other, one, other], POLICY, at=AT) == [one, other]
    assert rank_items([], POLICY, at=AT) == []


items = st.lists(
    st.builds(
        facts,
        st.sampled_from([f"{source}/{number}" for source in ("people", "wiki", "x") for number in range(3)]),
        tier=st.sampled_from([None, "policy", "guidance"]),
        status=st.sampled_from(["approved", "draft", "withdrawn"]),
        modified=st.none() | st.dates(date(2020, 1, 1), AT),
        valid_from=st.none() | st.dates(date(2020, 1, 1), date(2027, 1, 1)),
        replaces=st.sampled_from([(), ("people/0",), ("wiki/1",)]),
    ),
    unique_by=lambda each: each.identifier,
)


@given(items, st.randoms())
def test_the_order_of_the_items_changes_nothing(items: list[Facts], random: Any) -> None:
    ranked = rank_items(items, POLICY, at=AT)
    assert rank_items(random.sample(items, len(items)), POLICY, at=AT) == ranked
    assert sorted(each.identifier for each in ranked) == sorted(each.identifier for each in items)


@given(items)
def test_a_lower_item_moves_no_other(items: list[Facts]) -> None:
    standing = [each for each in items if each.status != "withdrawn"]
    lower = facts("zzz/last", status="withdrawn", tier="discussion")
    policy = Policy.read({"rules": ["status", "in_force", "tier", "effective_date", "claim_date"]})
    assert rank_items([lower, *standing], policy, at=AT) == [*rank_items(standing, policy, at=AT), lower]
