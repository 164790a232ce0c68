from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.errors import AuthorityError, PolicyError
from concord.authority.policy import RULE_NAMES, Delegation, Policy, Ranking
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard.item import AuthorityTier, Status


def test_every_part_has_a_default() -> None:
    policy = Policy.read(None)
    assert policy == Policy.read({}) == Policy()
    assert policy.tiers == tuple(AuthorityTier)
    assert policy.statuses[0] is Status.APPROVED
    assert set(policy.statuses) == set(Status)
    assert policy.rules == RULE_NAMES
    assert policy.contested_after_days == 365


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        ({"tier": []}, "tier", "unknown key; known here: tiers, statuses, rules"),
        ({"tiers": ["law"]}, "tiers.0", "regulation"),
        ({"tiers": ["policy", "policy"]}, "tiers", "'policy' stands twice: keep one of them"),
        ({"statuses": ["final"]}, "statuses.0", "approved"),
        ({"rules": ["newest"]}, "rules.0", "'newest' is no rule; the rules are in_force, status, source_ranking"),
        ({"rules": ["tier", "status", "tier"]}, "rules", "'tier' stands twice"),
        ({"rankings": [{"concept": "c"}]}, "rankings.0.sources", "required"),
        ({"rankings": [{"concept": "c", "sources": []}]}, "rankings.0.sources", "at least 1"),
        ({"rankings": [{"concept": "c", "sources": ["a", "a"]}]}, "rankings.0.sources", "stands twice"),
        (
            {"rankings": [{"concept": "c", "sources": ["a"], "x": 1}]},
            "rankings.0.x",
            "known here: concept, department, region, use_case, sources",
        ),
        ({"delegations": [{"concept": "", "source": "a"}]}, "delegations.0.concept", "at least 1"),
        ({"delegations": [{"concept": "c", "to": "a"}]}, "delegations.0.to", "known here: concept, source"),
        ({"contested_after_days": 0}, "contested_after_days", "greater than or equal to 1"),
    ],
)
def test_an_error_names_the_place_and_the_remedy(data: dict[str, Any], place: str, words: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.read(data)
    problems = dict(caught.value.problems)
    assert words in problems[place]
    assert f"authority.yaml, {place}: " in str(caught.value)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, AuthorityError)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.read({"tiers": ["law"], "contested_after_days": "soon", "x": 1})
    assert {place for place, _ in caught.value.problems} == {"tiers.0", "contested_after_days", "x"}


def test_the_fingerprint_tells_what_is_said_not_how_it_is_laid_out() -> None:
    spelled_out = Policy.read({"contested_after_days": 365, "rules": list(RULE_NAMES), "tiers": list(AuthorityTier)})
    assert spelled_out.fingerprint() == Policy().fingerprint()
    others = [
        {"contested_after_days": 364},
        {"rules": ["tier"]},
        {"rankings": [{"concept": "c", "sources": ["a", "b"]}]},
        {"rankings": [{"concept": "c", "sources": ["b", "a"]}]},
        {"delegations": [{"concept": "c", "source": "a"}]},
        {"tiers": ["policy", "regulation"]},
    ]
    assert len({Policy.read(each).fingerprint() for each in [*others, {}]}) == len(others) + 1


@given(st.permutations(RULE_NAMES), st.integers(1, 5_000))
def test_a_policy_read_back_is_the_same(rules: list[str], days: int) -> None:
    policy = Policy.read({"rules": rules, "contested_after_days": days})
    assert Policy.read(policy.model_dump(mode="json")).fingerprint() == policy.fingerprint()


def test_ranks_put_the_unknown_last() -> None:
    policy = Policy.read({"tiers": ["policy", "guidance"], "statuses": ["approved"]})
    assert [policy.tier_rank(tier) for tier in ("policy", "guidance", "regulation", None)] == [0, 1, 2, 2]
    assert [policy.status_rank(status) for status in ("approved", "draft")] == [0, 1]


def test_the_closest_ranking_applies(vocabulary: Vocabulary) -> None:
    base = "https://x.example/id/"
    time_off = Ranking(concept=base + "time-off", sources=("a",))
    leave = Ranking(concept=base + "annual-leave", sources=("b",))
    again = Ranking(concept=base + "annual-leave", sources=("c",))
    policy = Policy(rankings=(time_off, leave, again))
    closure = vocabulary.narrower_closure
    assert policy.ranking_for(frozenset({base + "annual-leave"}), closure) == leave
    assert policy.ranking_for(frozenset({base + "time-off"}), closure) == time_off
    assert policy.ranking_for(frozenset({base + "meals"}), closure) is None
    assert Policy(rankings=(time_off,)).ranking_for(frozenset({base + "annual-leave"}), closure) == time_off
    assert Policy(rankings=(time_off,)).ranking_for(frozenset({base + "annual-leave"})) is None


def test_a_delegation_holds_for_narrower_concepts(vocabulary: Vocabulary) -> None:
    base = "https://x.example/id/"
    policy = Policy(delegations=(Delegation(concept=base + "time-off", source="wiki"),))
    assert policy.delegated(frozenset({base + "annual-leave"}), vocabulary.narrower_closure) == {"wiki"}
    assert policy.delegated(frozenset({base + "meals"}), vocabulary.narrower_closure) == frozenset()
    assert policy.delegated(frozenset({"unknown"})) == frozenset()
