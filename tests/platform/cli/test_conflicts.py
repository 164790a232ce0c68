"""`concord conflicts`: each person sees what they may read of it; accepted differences are people's decisions."""

import json

import pytest
import yaml

FILES = "name: Small\nembedding: {runtime: hashing}\nindex: {idle_seconds: 20}\n"
RULE = "Travel claims are paid within {days} days of receipt."


@pytest.fixture
def disputed(synced_copy):
    """Ann's page against Fay's, a second one that nobody but people may read, and one that agrees."""
    synced_copy.write("concord.yaml", FILES + "answer: {min_confidence: 0}\n")
    for source, days, modified in (("people", 30, "2026-02-01"), ("finance", 60, "2025-02-01")):
        page = f"---\nmodified: {modified}\n---\n# Claims\n\n{RULE.format(days=days)}\n"
        synced_copy.write(f"content/{source}/claims.md", page)
    synced_copy.write("content/people/restricted/zanzibar-pay.md", "# Zanzibar\n\nThe zanzibar bonus is 900 pounds.\n")
    synced_copy.write("content/people/zanzibar.md", "# Bonus\n\nThe zanzibar bonus is 700 pounds.\n")
    done = synced_copy.run("sync")
    assert done.code == 0, done.err
    return synced_copy


def conflicts(workspace, who, *more):
    done = workspace.run("conflicts", "--as", who, "--json", *more)
    assert done.code == 0, done.err
    return json.loads(done.out)["conflicts"]


def claims(workspace, who, *more):
    """The entry about claims, as one person sees it."""
    return next((each for each in conflicts(workspace, who, *more) if "paid" in each["about"]), None)


def test_only_who_may_read_both_sides_learns_of_an_entry(disputed):
    seen = claims(disputed, "fay")
    assert {page["identifier"] for side in seen["sides"] for page in side["pages"]} == {
        "finance-policies/claims.md",
        "people-handbook/claims.md",
    }
    assert {side["value"] for side in seen["sides"]} == {"30 days", "60 days"}
    for who in ("pat", "carl"):  # neither reads finance
        assert claims(disputed, who, "--all") is None
        missing = disputed.run("conflicts", "show", "no-such-entry", "--as", who)
        hidden = disputed.run("conflicts", "show", seen["id"], "--as", who)
        assert hidden.code == missing.code == 2
        assert hidden.err.replace(seen["id"], "no-such-entry") == missing.err
    assert "zanzibar" not in disputed.run("conflicts", "--all", "--as", "pat").everything
    assert "zanzibar" in disputed.run("conflicts", "--all", "--as", "ann").everything


def test_owners_who_cannot_read_both_sides_are_not_told(disputed):
    seen = claims(disputed, "fay")
    assert seen["owners"] == ["user:ann", "user:fay"]
    assert seen["sent_to"] == []  # Ann owns one side, stewards the other, and reads no finance


def test_filters(disputed):
    assert claims(disputed, "fay", "--owner", "user:fay") and claims(disputed, "fay", "--owner", "ann")
    assert claims(disputed, "fay", "--owner", "user:pat") is None
    assert claims(disputed, "fay", "--since", "2999-01-01") is None
    assert disputed.run("conflicts", "--as", "fay", "--since", "soon").code == 2
    assert "no contradictions" in disputed.run("conflicts", "--as", "carl").out


def test_the_policy_decides_anew_without_mining(disputed):
    assert claims(disputed, "fay")["winner"] == "people-handbook/claims.md"
    disputed.write("authority.yaml", "rules: [in_force, status, tier]\n")
    assert disputed.run("apply").code == 0  # and no sync
    seen = claims(disputed, "fay")
    assert (seen["verdict"], seen["winner"]) == ("unresolved", None)


def test_reach_counts_the_answers_that_told_a_side(disputed):
    assert claims(disputed, "fay")["reach"]["asked"] == 0
    done = disputed.run("ask", "How soon are travel claims paid after receipt?", "--as", "fay", "--json")
    assert json.loads(done.out)["conflicts"], done.out
    assert claims(disputed, "fay")["reach"]["asked"] == 1


def test_an_accepted_difference_is_respected_told_and_taken_back(disputed):
    question = ("ask", "How soon are travel claims paid after receipt?", "--as", "fay", "--json")
    identity = claims(disputed, "fay")["id"]
    accept = ("conflicts", "accept", identity, "--as", "fay", "--scope", "finance pays projects")
    assert disputed.run(*accept).code == 2  # without a reason
    refused = disputed.run(*accept, "--why", "projects are paid by another team")
    assert refused.code == 2 and "both sides" in refused.err  # Fay owns one side alone
    disputed.replace("ownership.yaml", "steward: user:ann", "steward: user:fay")
    for command in ("apply", "sync"):
        assert disputed.run(command).code == 0
    done = disputed.run(*accept, "--why", "projects are paid by another team")
    assert done.code == 0, done.err
    assert claims(disputed, "fay") is None
    held = claims(disputed, "fay", "--all")
    assert held["verdict"] == "differs_by_scope" and held["accepted"][0]["scope"] == "finance pays projects"
    (told,) = [each for each in json.loads(disputed.run(*question).out)["conflicts"] if "paid" in each["attribute"]]
    assert told["verdict"] == "differs_by_scope" and told["winner"] is None
    assert "projects are paid by another team" in told["explanation"]
    assert {side["value"] for side in told["losers"]} == {"30 days", "60 days"}
    disputed.replace("content/finance/claims.md", "60 days", "90 days")  # a changed value was not accepted
    assert disputed.run("sync").code == 0
    assert claims(disputed, "fay")["accepted"] == []
    disputed.replace("content/finance/claims.md", "90 days", "60 days")
    assert disputed.run("sync").code == 0
    assert disputed.run("conflicts", "revoke", identity, "--as", "fay").code == 0
    assert claims(disputed, "fay")["winner"] == "people-handbook/claims.md"
    assert disputed.run("conflicts", "revoke", identity, "--as", "fay").code == 2


def test_one_entry_in_full(disputed):
    identity = claims(disputed, "fay")["id"]
    shown = disputed.run("conflicts", "show", identity, "--as", "fay")
    assert RULE.format(days=30) in shown.out and RULE.format(days=60) in shown.out and "owner user:ann" in shown.out
    as_json = json.loads(disputed.run("conflicts", "show", identity, "--as", "fay", "--json").out)
    assert as_json["id"] == identity and as_json["since"]


def test_accepted_differences_are_exported_as_far_as_one_may_read_them(disputed):
    entry = claims(disputed, "fay")
    assert json.loads(disputed.run("workspace", "export", "--as", "fay", "--json").out)["differences"] == 0
    disputed.replace("ownership.yaml", "steward: user:ann", "steward: user:fay")
    assert disputed.run("apply").code == 0
    done = disputed.run("conflicts", "accept", entry["id"], "--as", "fay", "--why", "two funds", "--scope", "by fund")
    assert done.code == 0, done.err
    told = json.loads(disputed.run("workspace", "export", "--as", "fay", "--json").out)
    assert told == {"file": "differences.yaml", "differences": 1, "changed": True}
    text = (disputed.folder / "differences.yaml").read_text("utf-8")
    [kept] = yaml.safe_load(text)["differences"]
    assert kept["why"] == "two funds" and kept["entry"] == entry["id"]
    assert ["finance-policies/claims.md", "people-handbook/claims.md"] in kept["between"]
    assert json.loads(disputed.run("workspace", "export", "--as", "fay", "--json").out)["changed"] is False
    assert disputed.run("status", "--as", "fay", "--json").code == 0  # no declaration: nothing differs by it
    assert json.loads(disputed.run("workspace", "export", "--as", "pat", "--json").out)["differences"] == 0
    assert "claims.md" not in (disputed.folder / "differences.yaml").read_text("utf-8")
