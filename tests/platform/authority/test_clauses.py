"""Rankings for a situation, freshness windows, and conditions to abstain."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from concord.authority.claims import Claim
from concord.authority.clauses import NOBODY, Situation
from concord.authority.conflicts import ConflictSet
from concord.authority.decide import decide, replay
from concord.authority.decision import Decision, Verdict
from concord.authority.errors import PolicyError
from concord.authority.policy import Policy
from concord.authority.scope import Scope

AT = date(2026, 3, 1)
LEAVE = "https://x.example/id/annual-leave"
Make = Callable[..., Claim]


def decided(*claims: Claim, policy: dict[str, Any], situation: Situation = NOBODY, **more: Any) -> Decision:
    read = Policy.read(policy)
    made = decide(ConflictSet(claims), read, at=AT, situation=situation, **more)
    assert replay(made, read) == made == Decision.from_json(made.to_json())
    return made


def winner(decision: Decision) -> str | None:
    return decision.winner.identifier if decision.winner else None


@pytest.fixture
def pair(claim: Make) -> tuple[Claim, Claim]:
    """A policy of People, and the wiki's guidance."""
    return (
        claim("people/a", "27 days", concepts=(LEAVE,), tier="policy"),
        claim("wiki/b", "25 days", concepts=(LEAVE,), tier="guidance"),
    )


@pytest.mark.parametrize(
    ("conditions", "situation"),
    [
        ({"use_case": "ask-it"}, Situation(use_case="ask-it")),
        ({"department": "engineering"}, Situation(department="Engineering")),
        ({"region": "Rotterdam"}, Situation(regions=frozenset({"rotterdam"}))),
        ({"concept": LEAVE, "use_case": "ask-it"}, Situation("ask-it", "Finance")),
    ],
)
def test_a_ranking_holds_in_its_situation_alone(pair: Any, conditions: dict[str, str], situation: Situation) -> None:
    policy = {"rankings": [{**conditions, "sources": ["wiki", "people"]}]}
    assert winner(decided(*pair, policy=policy)) == "people/a"
    made = decided(*pair, policy=policy, situation=situation)
    assert (winner(made), made.rule) == ("wiki/b", "source_ranking")
    assert next(iter(conditions.values())).rsplit("/", 1)[-1].replace("-", " ") in made.explanation.replace("-", " ")


def test_a_region_holds_where_every_claim_with_a_place_names_it(claim: Make) -> None:
    policy = {"rankings": [{"region": "rotterdam", "sources": ["wiki", "people"]}]}
    here = claim("wiki/b", "25 days", tier="guidance", scope=Scope(region=("rotterdam",)))
    open_ = claim("people/a", "27 days", tier="policy")
    assert winner(decided(open_, here, policy=policy)) == "wiki/b"
    there = claim("people/a", "27 days", tier="policy", spatial=("Hamburg",))
    assert winner(decided(there, here, policy=policy)) == "people/a"


def test_a_ranking_of_the_subject_goes_before_one_without(pair: Any) -> None:
    subject = {"concept": LEAVE, "sources": ["people", "wiki"]}
    case = {"use_case": "ask-it", "sources": ["wiki", "people"]}
    both = {**subject, "use_case": "ask-it", "sources": ["wiki", "people"]}
    situation = Situation("ask-it")
    assert winner(decided(*pair, policy={"rankings": [case, subject]}, situation=situation)) == "people/a"
    assert winner(decided(*pair, policy={"rankings": [subject, both]}, situation=situation)) == "wiki/b"


def test_a_ranking_is_set_for_something() -> None:
    with pytest.raises(PolicyError, match="say what it is set for"):
        Policy.read({"rankings": [{"sources": ["wiki"]}]})


def test_what_is_not_used_leaves_the_fingerprint_as_it_was() -> None:
    """Decisions made before these parts existed replay: this is the digest that `main` gave at a6593f4."""
    assert Policy().fingerprint() == "f27d2c32a182a455"
    ranked = Policy.read({"rankings": [{"concept": LEAVE, "sources": ["people"]}]})
    assert ranked.fingerprint() == "9ac0a024c7ad98b8"
    others = [{"freshness": [{"days": 30}]}, {"abstain": ["stale"]}, {"rankings": [{"region": "uk", "sources": ["a"]}]}]
    assert len({Policy.read(each).fingerprint() for each in [*others, {}]}) == 4


WINDOW = {"freshness": [{"tier": "policy", "days": 365}]}


def test_a_stale_winner_is_contested_by_what_is_newer(claim: Make) -> None:
    old = claim("people/a", "27 days", tier="policy", modified=date(2024, 1, 1))
    new = claim("people/b", "25 days", tier="policy", status="in_review", modified=date(2026, 1, 1))
    assert decided(old, new, policy=WINDOW).verdict is Verdict.RESOLVED  # of a worse status
    lower = claim("wiki/b", "25 days", tier="guidance", modified=date(2024, 2, 1))
    made = decided(old, lower, policy=WINDOW)
    assert (made.verdict, winner(made)) == (Verdict.CONTESTED, "people/a")
    assert "its freshness window ended on 2024-12-31, and wiki/b says 25 days and is newer" in made.explanation
    assert decided(old, lower, policy={}).verdict is Verdict.RESOLVED


def test_a_review_renews_the_window(claim: Make) -> None:
    reviewed = claim("people/a", "27 days", tier="policy", modified=date(2024, 1, 1), reviewed=date(2025, 12, 1))
    lower = claim("wiki/b", "25 days", tier="guidance", modified=date(2024, 2, 1))
    assert decided(reviewed, lower, policy=WINDOW).verdict is Verdict.RESOLVED


def test_the_first_window_that_matches_holds(claim: Make) -> None:
    windows = [{"source": "people", "days": 5_000}, {"concept": "time-off", "days": 30}]
    policy = Policy.read({"freshness": windows})
    facts = claim("people/a", "27 days", modified=date(2025, 1, 1)).facts
    assert policy.fresh_until(facts) == date(2038, 9, 10)
    other = claim("wiki/a", "27 days", modified=date(2025, 1, 1), subject=(LEAVE,)).facts
    assert policy.fresh_until(other) is None
    assert policy.fresh_until(other, lambda iri: frozenset({LEAVE})) == date(2025, 1, 31)
    assert policy.fresh_until(claim("people/b", "27 days").facts) is None


CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "contested": ({"first_seen": date(2022, 1, 1)}, {"tier": "guidance", "first_seen": date(2026, 1, 1)}),
    "stale": ({"modified": date(2020, 1, 1)}, {"tier": "guidance"}),
    "dates_alone": ({"first_seen": date(2025, 1, 1)}, {"first_seen": date(2024, 1, 1)}),
    "no_tier": ({"tier": None}, {"tier": None, "status": "draft"}),
    "unresolved": ({}, {}),
}


@pytest.mark.parametrize("condition", CASES)
def test_where_a_condition_holds_no_winner_is_named(claim: Make, condition: str) -> None:
    one, other = CASES[condition]
    claims = (
        claim("people/a", "27 days", **{"tier": "policy", **one}),
        claim("wiki/b", "25 days", **{"tier": "policy", **other}),
    )
    base = {"freshness": [{"source": "people", "days": 365}]} if condition == "stale" else {}
    made = decided(*claims, policy=base)
    assert made.abstained is None and (winner(made) is None) == (condition == "unresolved")
    for others in CASES.keys() - {condition}:
        assert decided(*claims, policy={**base, "abstain": [others]}).abstained is None, others
    again = decided(*claims, policy={**base, "abstain": [condition]})
    assert (again.verdict, again.winner, again.rule, again.abstained) == (Verdict.UNRESOLVED, None, None, condition)
    told = {each.identifier for each in (*again.standing, *(loss.claim for loss in again.losers))}
    assert told == {"people/a", "wiki/b"}
    if condition != "unresolved":
        assert (
            again.explanation.startswith("The policy names no winner where ") and made.explanation in again.explanation
        )


def test_a_copy_of_what_was_replaced_goes_with_it(claim: Make) -> None:
    old = claim("people/old", "25 days", tier="policy")
    copy = claim("wiki/copy", "25 days", tier="policy")
    new = claim("people/new", "27 days", tier="guidance", replaces=("people/old",))
    for claims in ((old, new), (old, copy, new)):
        made = decided(*claims, policy={})
        assert (winner(made), made.rule) == ("people/new", "in_force")
    later = claim("wiki/copy", "25 days", tier="policy", first_seen=date(2026, 1, 1))
    assert winner(decided(old, later, new, policy={})) == "wiki/copy"
