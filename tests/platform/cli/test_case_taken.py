"""Whoever reported an error and may not read its page any more: that breaks no page, and proves nothing."""

import pytest

QUESTION = "How many days of annual leave does everyone receive?"
LEAVE = "content/people/leave.md"
OWN = "Everyone receives {} of annual leave a year."


@pytest.fixture
def workspace(synced_copy):
    synced_copy.replace("ownership.yaml", "rules:", "roles: {triage: user:ann, access: group:people-leads}\nrules:")
    synced_copy.remove("content/people/leave-2024.md")
    return synced_copy.ready()


def page(workspace, days, path=LEAVE):
    workspace.write(path, f"---\nmodified: 2026-02-02\n---\n# Annual leave\n\n{OWN.format(days)}\n")
    assert workspace.run("sync").code == 0


def reported(workspace, who="pat"):
    trace = workspace.json("ask", QUESTION, "--as", who)["trace_id"]
    made = workspace.json("correct", trace, "--as", who, "--right-answer", "28 days")
    return str(made["corrections"][0]["case"])


def restricted(workspace):
    workspace.replace("sources/people-handbook.yaml", "group:staff", "group:people-leads")
    assert workspace.run("apply").code == 0
    for _ in range(2):
        assert workspace.run("sync").code == 0


def shown(workspace, number):
    return workspace.json("cases", "show", number, "--as", "ann")


def told(workspace, who):
    return [each["what"] for each in workspace.json("cases", "news", "--as", who)["news"]]


def proven(workspace):
    page(workspace, "27 days")
    number = reported(workspace)
    assert workspace.json("cases", "diagnose", number, "--as", "ann")["cause"] == "content_error"
    page(workspace, "28 days")
    assert shown(workspace, number)["sub_state"] == "fixed_confirmed"
    return number


def test_a_right_page_that_its_reporter_may_not_read_any_more_has_not_regressed(workspace):
    number = proven(workspace)
    before = told(workspace, "pat"), told(workspace, "ann")
    restricted(workspace)
    assert workspace.json("ask", QUESTION, "--as", "pat")["abstained"]
    case = shown(workspace, number)
    assert (case["state"], case["sub_state"], case["proof"]["passed"]) == ("resolved", "fixed_confirmed", True)
    assert "may not read the page" in case["proof"]["detail"]
    assert (told(workspace, "pat"), told(workspace, "ann")) == before


def test_what_they_are_told_instead_is_for_a_person(workspace):
    workspace.replace("sources/finance-policies.yaml", "group:finance", "everyone")
    number = proven(workspace)
    workspace.write("content/finance/leave.md", f"---\nmodified: 2026-01-02\n---\n# Leave\n\n{OWN.format('27 days')}\n")
    restricted(workspace)
    assert "27 days" in workspace.json("ask", QUESTION, "--as", "pat")["answer"]
    case = shown(workspace, number)
    assert (case["state"], case["sub_state"], case["proof"]["passed"]) == ("fix_submitted", "regressed", False)
    assert "may not read the page" in case["unproven"]
    assert told(workspace, "ann").count("case.unproven") == 1


def test_a_fix_is_neither_proven_nor_rejected_by_who_may_not_read_it(workspace):
    page(workspace, "27 days")
    number = reported(workspace)
    restricted(workspace)
    page(workspace, "28 days")
    case = shown(workspace, number)
    assert case["state"] == "fix_submitted" and "may not read the page" in case["unproven"]


def test_a_page_that_is_wrong_again_has_regressed_for_who_may_read_it(workspace):
    number = proven(workspace)
    page(workspace, "27 days")
    assert shown(workspace, number)["sub_state"] == "regressed"
