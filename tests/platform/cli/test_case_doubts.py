"""A proven case whose answer changes in words that no replay judges is proven no more, and a person is asked."""

from types import SimpleNamespace

import pytest

from concord.service.web.desk import words
from concord_feedback.cases import SubState

QUESTION = "How many days of annual leave does everyone receive?"
RIGHT = "Everyone receives 28 days of annual leave a year."
UNCLEAR = [
    "Everyone receives 25 days of annual leave a year, and 28 days after ten years of service.",
    "Everyone receives at least 20 days of annual leave a year, trainees 28 days.",
    "Not everyone receives 28 days of annual leave a year.",
]


@pytest.fixture
def workspace(synced_copy):
    synced_copy.replace("ownership.yaml", "rules:", "roles: {triage: user:ann}\nrules:")
    return synced_copy.ready()


def says(workspace, text, times=1):
    workspace.write("content/people/leave.md", f"---\nmodified: 2026-02-02\n---\n# Annual leave\n\n{text}\n")
    for _ in range(times):
        assert workspace.run("sync").code == 0


def proven(workspace):
    trace = workspace.json("ask", QUESTION, "--as", "pat")["trace_id"]
    made = workspace.json("correct", trace, "--as", "pat", "--right-answer", "28 days")
    says(workspace, RIGHT)
    number = made["corrections"][0]["case"]
    assert shown(workspace, number)["sub_state"] == "fixed_confirmed"
    return number


def shown(workspace, number, who="ann"):
    return workspace.json("cases", "show", str(number), "--as", who)


def told(workspace, who):
    return [each["what"] for each in workspace.json("cases", "news", "--as", who)["news"]]


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_proof_that_only_a_person_can_renew_has_not_passed(workspace, text):
    number = proven(workspace)
    says(workspace, text, times=3)
    case = shown(workspace, number)
    assert (case["state"], case["sub_state"], case["proof"]["passed"]) == ("fix_submitted", "regressed", False)
    assert "is for a person to say" in case["unproven"]
    assert [each["what"] for each in case["history"]].count("case.doubted") == 1
    assert told(workspace, "ann").count("case.unproven") == 1
    assert told(workspace, "pat") == ["case.doubted", "case.fixed_confirmed"]
    seen = shown(workspace, number, "pat")
    case = SimpleNamespace(sub_state=SubState(seen["sub_state"]), open=True)
    assert seen["yours"] and "looked at again" in words.stands(case)
    assert "replay failed" not in workspace.run("cases", "show", str(number), "--as", "ann").out


def test_what_was_doubted_is_confirmed_by_a_person_or_by_the_next_replay_that_can_tell(workspace):
    number = proven(workspace)
    says(workspace, UNCLEAR[0])
    says(workspace, RIGHT)
    assert shown(workspace, number)["sub_state"] == "fixed_confirmed"
    says(workspace, UNCLEAR[2])
    by_hand = ("cases", "resolve", str(number), "--reason", "fixed", "--comment", "it is read so", "--as", "ann")
    assert workspace.run(*by_hand).code == 0
    says(workspace, UNCLEAR[2], times=2)
    case = shown(workspace, number)
    assert (case["state"], case["resolution"], case["unproven"]) == ("resolved", "fixed", None)
    assert told(workspace, "ann").count("case.unproven") == 2


def test_a_doubted_fix_that_a_replay_then_finds_wrong_is_rejected(workspace):
    number = proven(workspace)
    says(workspace, UNCLEAR[0])
    says(workspace, "Everyone receives 25 days of annual leave a year.")
    case = shown(workspace, number)
    assert (case["state"], case["proof"]["passed"], case["unproven"]) == ("assigned", False, None)
    assert "case.fix_rejected" in told(workspace, "ann")
