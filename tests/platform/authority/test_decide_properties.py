"""What holds of every decision, whatever the claims."""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from concord.authority.claims import Claim
from concord.authority.clauses import Abstention
from concord.authority.conflicts import ConflictSet
from concord.authority.decide import decide, replay, steps
from concord.authority.decision import Decision, Verdict
from concord.authority.errors import ReplayError
from concord.authority.policy import RULE_NAMES, Policy
from concord.authority.scope import OPEN, Scope
from concord.authority.values import same_value

AT = date(2026, 3, 1)
LEAVE, EXPENSES = "https://x.example/id/leave", "https://x.example/id/expenses"
SOURCES = ("people", "finance", "wiki")
Make = Callable[..., Claim]

scopes = st.sampled_from(
    [
        OPEN,
        Scope(organisation=("engineering",)),
        Scope(organisation=("engineering",), region=("uk",)),
        Scope(region=("uk",), inherited=("region",)),
        Scope(role=("manager",)),
    ]
)
days = st.none() | st.sampled_from([date(2023, 1, 1), date(2025, 1, 1), date(2025, 9, 1), date(2026, 6, 1)])
about = st.sampled_from([(), (LEAVE,), (EXPENSES,), (LEAVE, EXPENSES)])
CONDITIONS = get_args(Abstention)
policies = st.builds(
    lambda rules, ranked, delegated, fresh: Policy.read(
        {"rules": rules, "rankings": ranked, "delegations": delegated, "freshness": fresh}
    ),
    st.permutations(RULE_NAMES),
    st.sampled_from(
        [
            [],
            [{"concept": LEAVE, "sources": ["people", "wiki"]}],
            [
                {"concept": LEAVE, "sources": ["people", "wiki"]},
                {"concept": EXPENSES, "sources": ["wiki", "people"]},
                {"region": "uk", "sources": ["finance", "wiki"]},
            ],
        ]
    ),
    st.sampled_from([[], [{"concept": LEAVE, "source": "wiki"}, {"concept": LEAVE, "source": "finance"}]]),
    st.sampled_from([[], [{"days": 100}], [{"tier": "policy", "days": 300}]]),
)


def fields(concepts: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "source": st.sampled_from(SOURCES),
            "value": st.sampled_from(["25 days", "27 days", "30 days", "1 year", "12 months"]),
            "scope": scopes,
            "first_seen": days,
            "concepts": concepts,
            "tier": st.sampled_from([None, "policy", "guidance", "discussion"]),
            "status": st.sampled_from(["approved", "in_review", "draft", "withdrawn"]),
            "valid_from": days,
            "owner": st.sampled_from([None, "user:ann"]),
            "modified": days,
            "replaces": st.sampled_from([(), ("people/0",), ("wiki/1",), ("finance/2",)]),
        }
    )


def sets(
    concepts: st.SearchStrategy[tuple[str, ...]] = about, size: int = 5
) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(fields(concepts), min_size=2, max_size=size)


def build(claim: Make, drawn: list[dict[str, Any]]) -> list[Claim]:
    claims = []
    for number, each in enumerate(drawn):
        rest = {name: value for name, value in each.items() if name != "source"}
        claims.append(claim(f"{each['source']}/{number}", rest.pop("value"), **rest))
    return claims


def outcome(decision: Decision) -> tuple[object, ...]:
    return decision.verdict, decision.winner, decision.rule


@given(sets(), policies, st.randoms())
def test_the_order_of_the_claims_changes_nothing(claim: Make, drawn: Any, policy: Policy, random: Any) -> None:
    claims = build(claim, drawn)
    shuffled = random.sample(claims, len(claims))
    assert decide(ConflictSet(tuple(shuffled)), policy, at=AT) == decide(ConflictSet(tuple(claims)), policy, at=AT)


@given(sets(), policies)
def test_every_claim_is_accounted_for_once(claim: Make, drawn: Any, policy: Policy) -> None:
    claims = build(claim, drawn)
    decision = decide(ConflictSet(tuple(claims)), policy, at=AT)
    assert set(decision.claims) == set(claims)
    if decision.verdict in (Verdict.RESOLVED, Verdict.CONTESTED):
        assert decision.winner is not None
        parts = [decision.winner, *decision.agreeing, *(loss.claim for loss in decision.losers)]
        assert all(same_value(each.value, decision.winner.value) for each in decision.agreeing)
        assert not any(same_value(loss.claim.value, decision.winner.value) for loss in decision.losers)
        assert decision.rule == decision.losers[-1].rule
    elif decision.verdict is Verdict.UNRESOLVED:
        parts = [*decision.standing, *(loss.claim for loss in decision.losers)]
        assert decision.winner is decision.rule is None
    else:
        return
    assert sorted(each.key for each in parts) == sorted(each.key for each in claims)


@given(sets(), policies)
def test_replaying_and_reading_back_give_the_identical_decision(claim: Make, drawn: Any, policy: Policy) -> None:
    decision = decide(ConflictSet(tuple(build(claim, drawn))), policy, at=AT)
    assert replay(decision, policy) == decision
    read = Decision.from_json(decision.to_json())
    assert read == decision
    assert replay(read, policy) == decision


@given(sets(), policies, st.integers(0, 3))
def test_a_copy_of_a_loser_changes_nothing(claim: Make, drawn: Any, policy: Policy, which: int) -> None:
    claims = build(claim, drawn)
    decision = decide(ConflictSet(tuple(claims)), policy, at=AT)
    assume(decision.losers)
    loser = decision.losers[which % len(decision.losers)].claim
    name = f"{loser.facts.source}/copy"
    copy = replace(loser, identifier=name, facts=replace(loser.facts, identifier=name))
    again = decide(ConflictSet((*claims, copy)), policy, at=AT)
    assert outcome(again) == outcome(decision)
    assert len(again.losers) == len(decision.losers) + 1


@given(sets(), policies, st.sets(st.sampled_from(CONDITIONS)), st.sets(st.sampled_from(CONDITIONS)))
def test_more_conditions_to_abstain_never_answer_where_fewer_did_not(
    claim: Make, drawn: Any, policy: Policy, some: set[Any], more: set[Any]
) -> None:
    claims = ConflictSet(tuple(build(claim, drawn)))
    few, many = (
        decide(claims, policy.model_copy(update={"abstain": tuple(sorted(each))}), at=AT)
        for each in (some, some | more)
    )
    if few.abstained is not None:
        assert many.abstained is not None
    if few.winner is None:
        assert many.winner is None
    if many.abstained is None:
        assert outcome(few) == outcome(many)
    else:
        assert many.verdict is Verdict.UNRESOLVED and many.winner is many.rule is None


LOWEST: dict[str, Any] = {"status": "withdrawn", "tier": "discussion", "first_seen": None, "valid_from": None}


@given(
    sets(st.just((LEAVE,))),
    policies,
    st.sampled_from([(), (LEAVE,), (EXPENSES,), (LEAVE, EXPENSES), ("https://x.example/id/other",)]),
    st.sampled_from(["25 days", "40 days"]),
    st.sampled_from([*SOURCES, "intranet"]),
)
def test_a_lower_claim_changes_nothing(
    claim: Make, drawn: Any, policy: Policy, concepts: tuple[str, ...], value: str, source: str
) -> None:
    claims = build(claim, [each | {"status": "approved"} for each in drawn])
    standing = [*policy.rules]
    for name in ("status", "in_force"):  # before any rule by which what is withdrawn could win
        standing.remove(name)
        standing.insert(0, name)
    policy = policy.model_copy(update={"rules": tuple(standing)})
    decision = decide(ConflictSet(tuple(claims)), policy, at=AT)
    lower = claim(f"{source}/lowest", value, concepts=concepts, **LOWEST)
    again = decide(ConflictSet((*claims, lower)), policy, at=AT)
    if decision.winner is not None:
        assert again.winner == decision.winner
        assert decision.rule == again.rule
    elif decision.verdict is Verdict.UNRESOLVED:
        assert set(again.standing) == set(decision.standing)


def test_equal_decisions_have_one_json_form(claim: Make) -> None:
    names = [f"source-{number}" for number in range(40)]
    policy = Policy.read({"delegations": [{"concept": LEAVE, "source": name} for name in names]})
    claims = [claim(f"{name}/a", f"{20 + number} days", concepts=(LEAVE,)) for number, name in enumerate(names)]
    data = decide(ConflictSet(tuple(claims)), policy, at=AT).to_json()
    assert data["context"]["delegated"] == sorted(names)
    assert json.loads(json.dumps(data)) == data


def test_a_decision_is_replayed_under_its_own_policy_only(claim: Make) -> None:
    decision = decide(ConflictSet((claim("people/a", "25 days"), claim("wiki/b", "27 days"))), Policy(), at=AT)
    other = Policy.read({"contested_after_days": 30})
    with pytest.raises(ReplayError) as caught:
        replay(decision, other)
    assert (caught.value.recorded, caught.value.given) == (Policy().fingerprint(), other.fingerprint())
    assert "replay it with that version of authority.yaml" in str(caught.value)


# For each rule the fields that only later rules of the default order look at, and whose change must mean nothing.
WORSE: dict[str, dict[str, Any]] = {
    "in_force": {"valid_until": date(2026, 1, 1)},
    "status": {"status": "draft"},
    "source_ranking": {"source": "wiki"},
    "tier": {"tier": "discussion"},
    "specificity": {"scope": OPEN},
    "effective_date": {"valid_from": date(2020, 1, 1)},
    "claim_date": {"first_seen": date(2019, 1, 1)},
}
BEST: dict[str, Any] = {
    "source": "people",
    "status": "approved",
    "tier": "policy",
    "scope": Scope(organisation=("engineering",)),
    "valid_from": date(2025, 1, 1),
    "first_seen": date(2025, 1, 1),
    "concepts": (LEAVE,),
}
RANKED = Policy.read({"rankings": [{"concept": LEAVE, "sources": ["people", "wiki"]}]})


@given(st.sampled_from(RULE_NAMES), st.data())
def test_the_rule_stated_is_the_one_that_decides(claim: Make, rule: Any, data: st.DataObject) -> None:
    """Whatever later rules look at may differ in either direction: only the stated rule's own field counts."""
    place = RULE_NAMES.index(rule)
    names = {name: next(iter(WORSE[name])) for name in RULE_NAMES}
    one, other = dict(BEST), dict(BEST) | WORSE[rule]
    for later in RULE_NAMES[place + 1 :]:
        for side in (one, other):
            if data.draw(st.booleans()):
                side.update(WORSE[later])
    if rule == "in_force":
        other["valid_from"] = None
    sides = []
    for number, each in enumerate((one, other)):
        fields = dict(each)
        sides.append(claim(f"{fields.pop('source')}/{number}", f"{25 + number} days", **fields))
    decision = decide(ConflictSet(tuple(sides)), RANKED, at=AT)
    assert (decision.winner, decision.rule) == (sides[0], rule)
    # With the field of that rule made equal, that rule no longer decides.
    fields = other | {names[rule]: one.get(names[rule])}
    equal = claim(f"{fields.pop('source')}/1", "26 days", **fields)
    assert decide(ConflictSet((sides[0], equal)), RANKED, at=AT).rule != rule


@given(sets(), policies)
def test_the_steps_lead_to_the_decision(claim: Make, drawn: Any, policy: Policy) -> None:
    """What is shown of the rules is what decided: who is left in the end, and the rule after which one value is."""
    decision = decide(ConflictSet(tuple(build(claim, drawn))), policy, at=AT)
    assume(decision.verdict in (Verdict.RESOLVED, Verdict.CONTESTED))
    assert decision.winner is not None
    taken = list(steps(decision.claims, decision.context, policy))
    assert taken[-1].kept[0] == decision.winner
    split = [step for step in taken if any(not same_value(each.value, decision.winner.value) for each in step.before)]
    assert split[-1].rule == decision.rule
    assert not any(set(step.before) - set(before.kept) for before, step in itertools.pairwise(taken))


@given(sets(size=4), policies, st.data())
def test_after_the_deciding_rule_nothing_else_counts(
    claim: Make, drawn: Any, policy: Policy, data: st.DataObject
) -> None:
    """The stated rule decides: with every later rule taken away, or put in another order, the same claim wins by it."""
    claims = ConflictSet(tuple(build(claim, drawn)))
    decision = decide(claims, policy, at=AT)
    assume(decision.winner is not None)
    place = policy.rules.index(decision.rule) + 1
    later = data.draw(st.permutations(policy.rules[place:]))
    kept = policy.rules[:place] + tuple(later[: data.draw(st.integers(0, len(later)))])
    if "tier" not in kept or "specificity" not in kept:
        assume(not decision.context.delegated)  # it takes both rules, and speaks before the tier
    again = decide(claims, policy.model_copy(update={"rules": kept}), at=AT)
    assert again.rule == decision.rule
    assert again.winner is not None and same_value(again.winner.value, decision.winner.value)
    # Without that rule, it is not what decided.
    without = tuple(name for name in policy.rules if name != decision.rule)
    if without and not decision.context.delegated:
        assert decide(claims, policy.model_copy(update={"rules": without}), at=AT).rule != decision.rule
