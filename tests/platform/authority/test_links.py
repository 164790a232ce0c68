from datetime import date
from typing import Any

import pytest

from concord.authority.facts import Facts
from concord.authority.links import LinkBasis, cycles, replaces_links, superseded
from concord.authority.policy import Policy

AT = date(2026, 3, 1)
POLICY = Policy()


def facts(identifier: str, **fields: Any) -> Facts:
    return Facts(identifier, 1, identifier, identifier.split("/")[0], **fields)


@pytest.mark.parametrize(
    ("newer", "older", "basis"),
    [
        (facts("a/new"), facts("b/old", is_replaced_by=("a/new",)), LinkBasis.SUPERSEDED_ITEM),
        (facts("a/new", replaces=("a/old",)), facts("a/old"), LinkBasis.SAME_SOURCE),
        (
            facts("a/new", replaces=("b/old",), tier="policy", owner="user:ann"),
            facts("b/old", tier="policy", owner="user:ann"),
            LinkBasis.SAME_OWNER,
        ),
        # A lower tier, another owner, or nobody's items only propose.
        (
            facts("a/new", replaces=("b/old",), tier="guidance", owner="user:ann"),
            facts("b/old", tier="policy", owner="user:ann"),
            LinkBasis.PROPOSAL,
        ),
        (
            facts("a/new", replaces=("b/old",), tier="regulation", owner="user:bob"),
            facts("b/old", tier="policy", owner="user:ann"),
            LinkBasis.PROPOSAL,
        ),
        (facts("a/new", replaces=("b/old",), tier="policy"), facts("b/old", tier="policy"), LinkBasis.PROPOSAL),
    ],
)
def test_who_may_state_a_link(newer: Facts, older: Facts, basis: LinkBasis) -> None:
    (link,) = replaces_links([older, newer], POLICY)
    assert (link.newer, link.older, link.basis) == (newer.identifier, older.identifier, basis)
    assert link.effective is (basis is not LinkBasis.PROPOSAL)
    assert superseded([newer, older], POLICY, AT) == ({older.identifier: newer.identifier} if link.effective else {})


def test_a_link_stated_by_both_ends_is_one() -> None:
    (link,) = replaces_links([facts("a/new", replaces=("b/old",)), facts("b/old", is_replaced_by=("a/new",))], POLICY)
    assert link.basis is LinkBasis.SUPERSEDED_ITEM


def test_an_item_that_is_not_given_supersedes_nothing() -> None:
    assert replaces_links([facts("a/old", is_replaced_by=("a/secret",))], POLICY) == ()
    assert replaces_links([facts("a/new", replaces=("a/gone",))], POLICY) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_from": date(2026, 3, 2)},
        {"valid_until": date(2026, 3, 1)},
        {"status": "withdrawn"},
        {"status": "draft"},
        {"invalidated": True},
    ],
)
def test_a_replacement_that_does_not_stand_replaces_nothing(fields: dict[str, Any]) -> None:
    old = facts("a/old")
    assert superseded([facts("a/new", replaces=("a/old",), **fields), old], POLICY, AT) == {}
    assert superseded([facts("a/new", replaces=("a/old",)), old], POLICY, AT) == {"a/old": "a/new"}


def test_a_draft_replaces_a_draft() -> None:
    items = [facts("a/new", replaces=("a/old",), status="draft"), facts("a/old", status="draft")]
    assert superseded(items, POLICY, AT) == {"a/old": "a/new"}


def test_a_chain_supersedes_all_but_its_end() -> None:
    chain = [facts("a/1"), facts("a/2", replaces=("a/1",)), facts("a/3", replaces=("a/2",))]
    assert set(superseded(chain, POLICY, AT)) == {"a/1", "a/2"}


def test_a_circle_supersedes_nothing_and_is_told_of() -> None:
    ring = [facts("a/1", replaces=("a/3",)), facts("a/2", replaces=("a/1",)), facts("a/3", replaces=("a/2",))]
    before, after = facts("a/0"), facts("a/9", replaces=("a/2",))
    ring[0] = facts("a/1", replaces=("a/3", "a/0"))
    items = [*ring, before, after]
    assert cycles(replaces_links(items, POLICY)) == (("a/1", "a/2", "a/3"),)
    assert superseded(items, POLICY, AT) == {"a/0": "a/1", "a/2": "a/9"}


def test_chains_and_forks_are_no_circle() -> None:
    items = [facts("a/1"), facts("a/2", replaces=("a/1",)), facts("a/3", replaces=("a/2", "a/1"))]
    assert cycles(replaces_links(items, POLICY)) == ()


def test_two_circles_that_meet_by_a_chain_are_told_apart() -> None:
    items = [
        facts("a/1", replaces=("a/2",)),
        facts("a/2", replaces=("a/1",)),
        facts("a/3", replaces=("a/2", "a/4")),
        facts("a/4", replaces=("a/3",)),
    ]
    assert cycles(replaces_links(items, POLICY)) == (("a/1", "a/2"), ("a/3", "a/4"))
    assert superseded(items, POLICY, AT) == {"a/2": "a/3"}


def test_a_link_that_only_proposes_closes_no_circle() -> None:
    items = [facts("a/1", replaces=("b/2",)), facts("b/2", is_replaced_by=(), replaces=("a/1",))]
    assert superseded(items, POLICY, AT) == {}
    items = [facts("a/1", replaces=("b/2",), is_replaced_by=("b/2",)), facts("b/2")]
    assert superseded(items, POLICY, AT) == {"a/1": "b/2"}
