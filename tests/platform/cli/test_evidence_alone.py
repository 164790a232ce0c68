"""Reports that give no right answer: what they name as evidence, and what is known against what was cited."""

import pytest

from .faults import LEAVE, OTHER, QUESTION, conflicting, misranked, overdue

QUOTE = "Everyone receives 27 days of annual leave a year."


def reported(workspace, reason, *evidence):
    trace = workspace.json("ask", QUESTION, "--as", "fay")["trace_id"]
    named = [part for each in evidence for part in ("--evidence", each)]
    made = workspace.json("correct", trace, "--as", "fay", "--reason", reason, *named)
    return str(made["corrections"][0]["case"])


def diagnosed(workspace, number):
    found = workspace.json("cases", "diagnose", number, "--as", "ann")
    ended = [each for each in found["diagnosis"] if each["outcome"] in ("failed", "could_not_run")]
    return found["cause"], ended[0]["items"], found["owner"]


def as_it_is(workspace):
    """Nothing is wrong."""


@pytest.fixture
def prepared(synced_copy):
    synced_copy.replace("principals.yaml", "groups: [people-leads]", "groups: [people-leads, finance]")
    synced_copy.remove("content/people/leave-2024.md")
    return synced_copy


@pytest.mark.parametrize("evidence", [LEAVE, QUOTE])
def test_the_answer_that_was_reported_is_no_proof_though_its_page_is_named_as_evidence(prepared, evidence):
    workspace = prepared.ready()
    number = reported(workspace, "wrong", evidence)
    assert diagnosed(workspace, number) == ("undetermined", [], "user:ann")
    workspace.replace("content/people/leave.md", "Everyone receives", "Ask early.\n\nEveryone receives")
    for _ in range(2):
        assert workspace.run("sync").code == 0
    found = workspace.json("cases", "show", number, "--as", "ann")
    assert (found["state"], found["sub_state"]) == ("fix_submitted", None)
    assert "the page that the report names is the one that was cited" in found["unproven"]
    assert not (workspace.folder / "evals/cases.jsonl").exists()


def test_another_page_that_is_named_is_proof_once_it_is_cited_for_something_else(prepared):
    misranked(prepared)
    workspace = prepared.ready()
    number = reported(workspace, "wrong", LEAVE)
    workspace.replace("authority.yaml", "[finance-policies, people-handbook]", "[people-handbook, finance-policies]")
    assert workspace.run("apply").code == 0
    assert workspace.run("cases", "submit-fix", number, "--what", "the ranking", "--as", "ann").code == 0
    assert workspace.run("sync").code == 0
    assert workspace.json("cases", "show", number, "--as", "ann")["sub_state"] == "fixed_confirmed"


@pytest.mark.parametrize(
    ("wrong", "reason", "evidence", "cause", "items"),
    [
        (overdue, "outdated", (), "stale_content", [LEAVE]),
        (overdue, "outdated", (LEAVE,), "stale_content", [LEAVE]),
        (overdue, "wrong", (LEAVE,), "undetermined", []),
        (as_it_is, "outdated", (), "undetermined", []),
        (misranked, "contradicts", (), "source_conflict", [OTHER, LEAVE]),
        (misranked, "contradicts", (OTHER,), "source_conflict", [OTHER, LEAVE]),
        (misranked, "outdated", (OTHER,), "undetermined", []),
        (conflicting, "contradicts", (LEAVE, OTHER), "source_conflict", [LEAVE, OTHER]),
        (misranked, "contradicts", (LEAVE,), "authority_misconfigured", [OTHER]),
        (misranked, "wrong", (QUOTE,), "authority_misconfigured", [OTHER]),
        (conflicting, "wrong", (LEAVE,), "source_conflict", [OTHER]),
    ],
)
def test_what_is_known_against_what_was_cited_is_the_cause(prepared, wrong, reason, evidence, cause, items):
    wrong(prepared)
    workspace = prepared.ready()
    found = diagnosed(workspace, reported(workspace, reason, *evidence))
    assert (found[0], sorted(found[1])) == (cause, sorted(items))
