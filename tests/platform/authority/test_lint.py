"""What lint finds in a policy, and that it leaves a policy that is right alone."""

from typing import Any

import pytest

from concord.authority.lint import Declared, Finding, circles, lint, without_record
from concord.authority.policy import Policy

TREE = {"time": {"time", "leave", "sick"}, "leave": {"leave"}, "money": {"money", "sick"}}


def narrower(iri: str) -> frozenset[str]:
    return frozenset(TREE.get(iri, {iri}))


DECLARED = Declared(
    sources={"people", "wiki", "finance"},
    concepts={"time", "leave", "sick", "money"},
    departments={"Engineering"},
    use_cases={"ask-it"},
    narrower=narrower,
)


def found(policy: dict[str, Any], declared: Declared = DECLARED) -> dict[str, str]:
    return {each.place: each.check for each in lint(Policy.read(policy), declared)}


def ranking(*sources: str, **conditions: str) -> dict[str, Any]:
    return {**conditions, "sources": list(sources)}


@pytest.mark.parametrize(
    "policy",
    [
        {"rankings": [ranking("people", "wiki", concept="time"), ranking("wiki", "people", concept="leave")]},
        {"rankings": [ranking("people", "wiki", concept="time"), ranking("wiki", "people", use_case="ask-it")]},
        {
            "rankings": [
                ranking("people", "wiki", concept="time"),
                ranking("wiki", "people", concept="time", department="engineering"),
            ],
            "delegations": [{"concept": "leave", "source": "wiki"}],
            "freshness": [{"source": "wiki", "days": 10}, {"days": 300}],
            "abstain": ["stale"],
        },
        # They differ in order, and never hold at once.
        {"rankings": [ranking("people", "wiki", region="uk"), ranking("wiki", "people", region="nl")]},
    ],
)
def test_nothing_is_found_where_nothing_is_wrong(policy: dict[str, Any]) -> None:
    assert found(policy) == {}


@pytest.mark.parametrize(
    ("policy", "place", "check"),
    [
        ({"rankings": [ranking("peple", concept="time")]}, "rankings[0].sources[0]", "unknown-name"),
        ({"rankings": [ranking("people", concept="tme")]}, "rankings[0].concept", "unknown-name"),
        ({"rankings": [ranking("people", use_case="ask")]}, "rankings[0].use_case", "unknown-name"),
        ({"rankings": [ranking("people", department="IT")]}, "rankings[0].department", "unknown-name"),
        ({"freshness": [{"source": "x", "days": 1}]}, "freshness[0].source", "unknown-name"),
        ({"rules": ["in_force", "tier"], "rankings": [ranking("wiki", concept="time")]}, "rankings", "unreachable"),
        ({"rules": ["in_force", "source_ranking"]}, "rules[1]", "unreachable"),
        ({"rules": ["status"]}, "rules", "missing-rule"),
        (
            {"rules": ["in_force", "tier"], "delegations": [{"concept": "leave", "source": "wiki"}]},
            "delegations",
            "unreachable",
        ),
        (
            {"rules": ["in_force", "specificity", "tier"], "delegations": [{"concept": "leave", "source": "wiki"}]},
            "delegations",
            "unreachable",
        ),
        ({"freshness": [{"days": 300}, {"tier": "policy", "days": 10}]}, "freshness[1]", "unreachable"),
        ({"abstain": ["stale"]}, "abstain", "unreachable"),
        (
            {"rankings": [ranking("people", concept="leave"), ranking("wiki", concept="leave")]},
            "rankings[1]",
            "unreachable",
        ),
        # "sick" is under both, and neither holds the other.
        (
            {"rankings": [ranking("people", "wiki", concept="time"), ranking("wiki", "people", concept="money")]},
            "rankings[1]",
            "contradictory-rankings",
        ),
        (
            {
                "rankings": [
                    ranking("people", "wiki", department="Engineering"),
                    ranking("wiki", "people", use_case="ask-it"),
                ]
            },
            "rankings[1]",
            "contradictory-rankings",
        ),
    ],
)
def test_each_check_finds_its_own(policy: dict[str, Any], place: str, check: str) -> None:
    policy = {"rules": ["in_force", "tier", "specificity"], **policy}
    if "rules" in policy and any("sources" in each for each in policy.get("rankings", ())) and place != "rankings":
        policy["rules"] = ["in_force", "source_ranking", "tier", "specificity"]
    assert found(policy).get(place) == check


def test_errors_come_first_and_say_what_to_do() -> None:
    findings = lint(Policy.read({"rankings": [ranking("peple", concept="time")], "abstain": ["stale"]}), DECLARED)
    assert [each.severity for each in findings] == ["error", "warning"]
    assert findings[0].detail == "there is no source 'peple'" and all(each.repair for each in findings)


def test_what_is_not_known_is_not_checked() -> None:
    assert found({"rankings": [ranking("peple", concept="tme", department="IT")]}, Declared()) == {}


def test_concepts_of_several_sources_need_a_system_of_record() -> None:
    policy = Policy.read(
        {"rankings": [ranking("people", concept="time"), ranking("wiki", concept="money", region="uk")]}
    )
    contents = {"leave": ["people", "wiki"], "money": ["finance", "wiki"], "other": ["wiki"], "more": ["a", "b"]}
    told = list(without_record(policy, contents, DECLARED))
    assert [each.detail.split(" ")[0] for each in told] == ["money", "more"]
    assert "is written about in finance, wiki" in told[0].detail


def test_circles_are_told_of() -> None:
    [told] = circles([("a/1", "a/2")])
    assert isinstance(told, Finding) and told.severity == "error" and told.detail.startswith("a/1, a/2 replace each")
