from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from concord.authority.claims import Claim
from concord.authority.conflicts import ConflictSet
from concord.authority.decide import decide
from concord.authority.decision import Decision, Verdict
from concord.authority.facts import Facts
from concord.authority.policy import Policy
from concord.authority.scope import Scope

AT = date(2026, 3, 1)
LEAVE = "https://x.example/id/annual-leave"
ENGINEERING = Scope(organisation=("engineering",))
Make = Callable[..., Claim]
RANKED = {"rankings": [{"concept": LEAVE, "sources": ["people", "wiki"]}]}
DELEGATED = {"delegations": [{"concept": LEAVE, "source": "wiki"}]}


def decided(*claims: Claim, policy: dict[str, Any] | None = None, at: date = AT, **more: Any) -> Decision:
    return decide(ConflictSet(claims), Policy.read(policy), at=at, **more)


# One example for each rule: what the winner has, what the loser has, and words of the explanation.
EXAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "in_force": ({}, {"valid_until": date(2026, 1, 1)}, "the other expired on 2026-01-01"),
    "status": ({"status": "approved"}, {"status": "draft"}, "approved stands above draft"),
    "source_ranking": ({}, {}, "people ranks above wiki on annual leave"),
    "tier": ({"tier": "policy"}, {"tier": "guidance"}, "higher tier"),
    "specificity": ({"scope": ENGINEERING}, {}, "narrower scope (engineering)"),
    "effective_date": ({"valid_from": date(2025, 1, 1)}, {"valid_from": date(2024, 1, 1)}, "from 2025-01-01"),
    "claim_date": ({"first_seen": date(2025, 6, 1)}, {"first_seen": date(2025, 1, 1)}, "recently (2025-06-01)"),
}


@pytest.mark.parametrize("rule", EXAMPLES)
def test_each_rule_decides(claim: Make, rule: str) -> None:
    better, worse, reason = EXAMPLES[rule]
    winner = claim("people/new.md", "27 days", concepts=(LEAVE,), **better)
    loser = claim("wiki/old.md", "25 days", concepts=(LEAVE,), **worse)
    decision = decided(winner, loser, policy=RANKED if rule == "source_ranking" else {})
    assert (decision.verdict, decision.rule, decision.winner) == (Verdict.RESOLVED, rule, winner)
    assert [(loss.claim, loss.rule, loss.contests) for loss in decision.losers] == [(loser, rule, False)]
    assert reason in decision.explanation
    assert decision.explanation.startswith("people/new.md")
    assert decision.policy == Policy.read(RANKED if rule == "source_ranking" else {}).fingerprint()


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_rule_left_out_decides_nothing(claim: Make, rule: str) -> None:
    better, worse, _ = EXAMPLES[rule]
    one, other = claim("people/new.md", "27 days", **better), claim("wiki/old.md", "25 days", **worse)
    left = [name for name in Policy().rules if name not in (rule, "claim_date")]
    if rule == "effective_date":
        left.remove("in_force")
    assert decided(one, other, policy={"rules": left}).verdict is Verdict.UNRESOLVED


def test_the_policys_order_decides_which_rule_comes_first(claim: Make) -> None:
    old_policy = claim("people/a.md", "27 days", tier="policy", first_seen=date(2025, 1, 1))
    new_guidance = claim("wiki/b.md", "25 days", tier="guidance", first_seen=date(2025, 6, 1))
    by_tier = decided(old_policy, new_guidance, policy={"rules": ["tier", "claim_date"]})
    by_date = decided(old_policy, new_guidance, policy={"rules": ["claim_date", "tier"]})
    assert (by_tier.winner, by_tier.rule) == (old_policy, "tier")
    assert (by_date.winner, by_date.rule) == (new_guidance, "claim_date")


def test_the_rule_named_is_the_one_that_left_a_single_value(claim: Make) -> None:
    winner = claim("people/a.md", "27 days", tier="policy", first_seen=date(2025, 6, 1))
    older = claim("people/b.md", "25 days", tier="policy", first_seen=date(2025, 1, 1))
    lower = claim("wiki/c.md", "24 days", tier="guidance", first_seen=date(2025, 7, 1))
    decision = decided(lower, winner, older)
    assert (decision.winner, decision.rule) == (winner, "claim_date")
    assert {loss.claim: loss.rule for loss in decision.losers} == {lower: "tier", older: "claim_date"}
    assert "people/b.md" in decision.explanation


def test_those_who_agree_with_the_winner_are_no_losers(claim: Make) -> None:
    winner = claim("people/a.md", "27 days", tier="policy")
    copy = claim("people/b.md", "27 days", tier="policy")
    agreeing = claim("wiki/c.md", "twenty-seven days", tier="guidance")
    loser = claim("wiki/d.md", "25 days", tier="guidance")
    decision = decided(loser, agreeing, copy, winner)
    assert decision.winner == winner
    assert set(decision.agreeing) == {copy, agreeing}
    assert [loss.claim for loss in decision.losers] == [loser]


def test_a_tie_is_unresolved_and_states_both_sides(claim: Make) -> None:
    one, other = claim("people/a.md", "27 days", tier="policy"), claim("wiki/b.md", "25 days", tier="policy")
    lower = claim("wiki/c.md", "20 days", tier="discussion")
    decision = decided(one, other, lower)
    assert (decision.verdict, decision.rule, decision.winner) == (Verdict.UNRESOLVED, None, None)
    assert decision.standing == (one, other)
    assert [loss.claim for loss in decision.losers] == [lower]
    assert decision.explanation == "No rule decides between 27 days (people/a.md) and 25 days (wiki/b.md)."


def test_nothing_is_decided_where_all_say_the_same(claim: Make) -> None:
    decision = decided(claim("people/a.md", "1 year"), claim("wiki/b.md", "12 months", tier="policy"))
    assert (decision.verdict, decision.rule, decision.winner) == (Verdict.NONE, None, None)


def test_scoped_claims_stand_side_by_side(claim: Make) -> None:
    one = claim("people/a.md", "27 days", scope=Scope(region=("uk",)), tier="policy")
    other = claim("people/b.md", "25 days", scope=Scope(region=("nl",)))
    decision = decide(ConflictSet((one, other), differs_by_scope=True), Policy(), at=AT)
    assert (decision.verdict, decision.standing, decision.losers) == (Verdict.DIFFERS_BY_SCOPE, (one, other), ())
    assert decision.explanation == "The value depends on the scope: 27 days (uk) and 25 days (nl)."


def test_a_much_newer_claim_of_a_lower_tier_contests(claim: Make) -> None:
    winner = claim("people/a.md", "27 days", tier="policy", first_seen=date(2023, 1, 1))

    def against(**fields: Any) -> Decision:
        newer = {"tier": "guidance", "first_seen": date(2024, 1, 2)} | fields
        return decided(winner, claim("wiki/b.md", "25 days", **newer))

    contested = against()
    assert (contested.verdict, contested.rule, contested.winner) == (Verdict.CONTESTED, "tier", winner)
    assert contested.losers[0].contests
    assert "but wiki/b.md says 25 days and is much newer (2024-01-02)" in contested.explanation
    assert against(first_seen=date(2024, 1, 1)).verdict is Verdict.RESOLVED  # 365 days, not more
    assert against(first_seen=None).verdict is Verdict.RESOLVED
    assert against(status="draft").verdict is Verdict.RESOLVED
    assert against(valid_until=date(2025, 1, 1)).verdict is Verdict.RESOLVED
    assert against(tier="policy", status="in_review").verdict is Verdict.RESOLVED
    same_tier = decided(winner, claim("wiki/b.md", "25 days", tier="policy", first_seen=date(2025, 1, 2)))
    assert (same_tier.verdict, same_tier.rule) == (Verdict.RESOLVED, "claim_date")
    sooner = decided(
        winner,
        claim("wiki/b.md", "25 days", tier="guidance", first_seen=date(2023, 3, 1)),
        policy={"contested_after_days": 30},
    )
    assert sooner.verdict is Verdict.CONTESTED


def test_a_narrower_scope_beats_a_higher_tier_only_where_that_is_delegated(claim: Make) -> None:
    policy = claim("people/a.md", "27 days", tier="policy", concepts=(LEAVE,))
    special = claim("wiki/b.md", "25 days", tier="guidance", scope=ENGINEERING, concepts=(LEAVE,))
    assert (decided(policy, special).winner, decided(policy, special).rule) == (policy, "tier")
    decision = decided(policy, special, policy=DELEGATED)
    assert (decision.winner, decision.rule) == (special, "specificity")
    assert decision.context.delegated == {"wiki"}
    assert "narrower scope (engineering)" in decision.explanation
    # For another concept, another source, or a scope that is no narrower, it means nothing.
    elsewhere = {"delegations": [{"concept": "other", "source": "wiki"}, {"concept": LEAVE, "source": "intranet"}]}
    assert decided(policy, special, policy=elsewhere).winner == policy
    as_wide = claim("wiki/b.md", "25 days", tier="guidance", concepts=(LEAVE,))
    assert decided(policy, as_wide, policy=DELEGATED).winner == policy
    inherited = Scope(organisation=("engineering",), inherited=("organisation",))
    by_title = claim("wiki/b.md", "25 days", tier="guidance", scope=inherited, concepts=(LEAVE,))
    assert decided(policy, by_title, policy=DELEGATED).winner == policy


def test_a_delegation_gives_way_to_status_and_dates(claim: Make) -> None:
    policy = claim("people/a.md", "27 days", tier="policy", concepts=(LEAVE,))
    for fields in ({"status": "draft"}, {"valid_until": date(2026, 1, 1)}):
        special = claim("wiki/b.md", "25 days", tier="guidance", scope=ENGINEERING, concepts=(LEAVE,), **fields)
        assert decided(policy, special, policy=DELEGATED).winner == policy


@pytest.mark.parametrize(
    ("at", "winner", "rule"),
    [
        (date(2024, 12, 31), "people/old.md", "in_force"),
        (date(2025, 1, 1), "people/new.md", "effective_date"),
        (date(2025, 5, 31), "people/new.md", "effective_date"),
        (date(2025, 6, 1), "people/new.md", "in_force"),
    ],
)
def test_validity_is_that_of_the_date_asked_for(claim: Make, at: date, winner: str, rule: str) -> None:
    old = claim("people/old.md", "25 days", valid_from=date(2024, 1, 1), valid_until=date(2025, 6, 1))
    new = claim("people/new.md", "27 days", valid_from=date(2025, 1, 1))
    decision = decided(old, new, at=at)
    assert decision.winner is not None
    assert (decision.winner.identifier, decision.rule) == (winner, rule)


def test_an_item_not_yet_valid_says_so(claim: Make) -> None:
    old, new = claim("people/old.md", "25 days"), claim("wiki/new.md", "27 days", valid_from=date(2027, 1, 1))
    assert "takes effect only on 2027-01-01" in decided(old, new).explanation


@pytest.mark.parametrize("fields", [{"status": "withdrawn"}, {"invalidated": True}])
def test_what_is_withdrawn_or_gone_is_not_in_force(claim: Make, fields: dict[str, Any]) -> None:
    gone = claim("people/a.md", "25 days", tier="regulation", **fields)
    decision = decided(gone, claim("wiki/b.md", "27 days", tier="discussion"))
    assert (decision.rule, decision.winner is not None and decision.winner.identifier) == ("in_force", "wiki/b.md")


def test_a_replaced_item_loses_whatever_its_tier(claim: Make) -> None:
    old = claim("people/old.md", "25 days", tier="regulation", first_seen=date(2026, 1, 1))
    new = claim("people/new.md", "27 days", tier="guidance", replaces=("people/old.md",), first_seen=date(2020, 1, 1))
    decision = decided(old, new)
    assert (decision.winner, decision.rule) == (new, "in_force")
    assert "it replaces the other" in decision.explanation


def test_a_link_of_no_standing_only_proposes(claim: Make) -> None:
    old = claim("people/old.md", "25 days", tier="policy", owner="user:ann")
    takeover = claim("wiki/new.md", "40 days", tier="guidance", replaces=("people/old.md",), owner="user:eve")
    assert (decided(old, takeover).winner, decided(old, takeover).rule) == (old, "tier")


def test_an_item_outside_the_set_may_supersede_where_the_asker_reads_it(claim: Make) -> None:
    old = claim("people/old.md", "25 days", tier="policy")
    other = claim("wiki/b.md", "27 days", tier="guidance")
    outside = Facts("people/new.md", 1, "New leave", "people", replaces=("people/old.md",))
    assert decided(old, other).winner == old
    decision = decided(old, other, items=[outside])
    assert (decision.winner, decision.rule) == (other, "in_force")
    assert "the other was replaced by people/new.md" in decision.explanation
    assert decision.context.superseded == {"people/old.md": "people/new.md"}


def test_items_that_replace_each_other_leave_the_decision_to_the_other_rules(claim: Make) -> None:
    one = claim("people/a.md", "25 days", tier="policy", replaces=("people/b.md",))
    other = claim("people/b.md", "27 days", tier="guidance", replaces=("people/a.md",))
    assert (decided(one, other).winner, decided(one, other).rule) == (one, "tier")


def test_a_ranking_holds_for_narrower_concepts_and_those_not_named_come_last(claim: Make) -> None:
    ranked = {"rankings": [{"concept": "time-off", "sources": ["people", "wiki"]}]}

    def narrower(iri: str) -> frozenset[str]:
        return frozenset({"time-off", LEAVE}) if iri == "time-off" else frozenset({iri})

    people = claim("people/a.md", "27 days", concepts=(LEAVE,), tier="discussion")
    wiki = claim("wiki/b.md", "25 days", concepts=(LEAVE,), tier="policy")
    unnamed = claim("intranet/c.md", "20 days", concepts=(LEAVE,), tier="regulation")
    decision = decided(unnamed, wiki, people, policy=ranked, narrower=narrower)
    assert (decision.winner, decision.rule) == (people, "source_ranking")
    assert decided(unnamed, wiki, policy=ranked, narrower=narrower).winner == wiki
    assert decided(unnamed, wiki, people, policy=ranked).winner == unnamed  # no vocabulary, no narrower concept


@pytest.mark.parametrize("concepts", [(), ("https://x.example/id/other",)])
def test_a_claim_that_does_not_name_the_subject_switches_off_neither_ranking_nor_delegation(
    claim: Make, concepts: tuple[str, ...]
) -> None:
    bystander = claim("intranet/c.md", "20 days", concepts=concepts, tier="discussion")
    people = claim("people/a.md", "27 days", concepts=(LEAVE,), tier="guidance")
    wiki = claim("wiki/b.md", "25 days", concepts=(LEAVE,), tier="policy")
    decision = decided(people, wiki, bystander, policy=RANKED)
    assert (decision.winner, decision.rule) == (people, "source_ranking")
    general = claim("people/a.md", "27 days", concepts=(LEAVE,), tier="policy")
    special = claim("wiki/b.md", "25 days", concepts=(LEAVE,), tier="guidance", scope=ENGINEERING)
    decision = decided(general, special, bystander, policy=DELEGATED)
    assert (decision.winner, decision.losers[0].rule) == (special, "specificity")


def test_what_stands_around_the_sentences_tells_the_subject_where_they_do_not(claim: Make) -> None:
    people = claim("people/a.md", "27 days", around=(LEAVE,), tier="guidance")
    wiki = claim("wiki/b.md", "25 days", subject=(LEAVE,), around=(LEAVE,), tier="policy")
    assert decided(people, wiki, policy=RANKED).rule == "source_ranking"
    elsewhere = [
        claim(each.identifier, each.value.text, concepts=("other",), around=(LEAVE,)) for each in (people, wiki)
    ]
    assert decided(*elsewhere, policy=RANKED).verdict is Verdict.UNRESOLVED


BOTH = {"rankings": [*RANKED["rankings"], {"concept": "expenses", "sources": ["wiki", "people"]}]}


def test_where_equal_claims_bring_two_rankings_none_applies(claim: Make) -> None:
    people = claim("people/a.md", "27 days", concepts=(LEAVE,), tier="policy", first_seen=date(2025, 1, 1))
    wiki = claim("wiki/b.md", "25 days", concepts=("expenses",), tier="policy", first_seen=date(2024, 1, 1))
    decision = decided(people, wiki, policy=BOTH)
    assert (decision.winner, decision.rule) == (people, "claim_date")


def test_a_lower_page_brings_no_ranking_of_its_own(claim: Make) -> None:
    people = claim("people/a.md", "27 days", concepts=(LEAVE,), tier="policy")
    wiki = claim("wiki/b.md", "25 days", concepts=(LEAVE,), tier="policy")
    lower = claim("wiki/c.md", "20 days", concepts=("expenses",), tier="guidance")
    for others in ([wiki], [wiki, lower]):
        decision = decided(people, *others, policy=BOTH)
        assert (decision.winner, decision.rule) == (people, "source_ranking")


def test_what_is_valid_for_nobody_yet_has_no_winner(claim):
    future = claim("people/a.md", "25 days", valid_from=date(2030, 1, 1))
    expired = claim("people/b.md", "27 days", valid_until=date(2020, 1, 1))
    made = decided(future, expired)
    assert (made.verdict, made.winner) == (Verdict.NONE, None)
    assert "in force" in made.explanation


def test_a_superseded_item_still_stands_before_one_that_is_not_valid_yet(claim):
    old = claim("people/old.md", "25 days")
    future = claim("people/future.md", "27 days", valid_from=date(2030, 1, 1), first_seen=date(2026, 1, 1))
    newer = claim("people/new.md", "30 days", replaces=("people/old.md",)).facts
    made = decided(old, future, items=[newer])
    assert (made.winner, made.rule) == (old, "in_force")
