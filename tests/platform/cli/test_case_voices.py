"""Reports of one case that say different things to be right: each is diagnosed by what it says itself."""

import pytest

QUESTION = "How many days of annual leave does everyone receive?"
LEAVE = "people-handbook/leave.md"
PAGE = "---\nmodified: 2026-02-02\n---\n# Annual leave\n\nEveryone receives {} of annual leave a year.\n"


@pytest.fixture
def workspace(synced_copy):
    synced_copy.replace("ownership.yaml", "rules:", "roles: {access: group:people-leads, triage: user:ann}\nrules:")
    more = "  - {id: zoe, name: Zoe Day, department: Finance, groups: [finance]}\ngroups:"
    synced_copy.replace("principals.yaml", "groups:\n", f"{more}\n")
    synced_copy.ready()
    synced_copy.write("content/people/leave.md", PAGE.format("27 days"))
    synced_copy.write("content/people/restricted/plan.md", PAGE.format("31 days").replace("# Annual leave", "# Plan"))
    assert synced_copy.run("sync").code == 0
    return synced_copy


def reported(workspace, who, right, *more):
    trace = workspace.json("ask", QUESTION, "--as", who)["trace_id"]
    return workspace.json("correct", trace, "--as", who, "--right-answer", right, *more)["corrections"][0]["case"]


def diagnosed(workspace, number):
    found = workspace.json("cases", "diagnose", str(number), "--as", "ann")
    return found["cause"], found["item"]


def test_what_only_some_may_read_explains_no_report_that_says_something_else(workspace):
    number = reported(workspace, "pat", "31 days")
    assert diagnosed(workspace, number)[0] == "access_filtered"
    assert reported(workspace, "fay", "28 days") == number
    assert diagnosed(workspace, number) == ("content_error", LEAVE)
    assert reported(workspace, "zoe", "28 days") == number
    workspace.write("content/people/leave.md", PAGE.format("28 days"))
    assert workspace.run("sync").code == 0
    assert workspace.json("cases", "show", str(number), "--as", "ann")["sub_state"] == "fixed_confirmed"
    news = {who: workspace.json("cases", "news", "--as", who)["news"] for who in ("pat", "fay", "zoe")}
    told = {who: [each["what"] for each in each if "fixed" in each["what"]] for who, each in news.items()}
    assert told == {"pat": ["case.fixed_otherwise"], "fay": ["case.fixed_confirmed"], "zoe": ["case.fixed_confirmed"]}


def test_a_case_has_the_cause_that_most_people_lead_to(workspace):
    number = reported(workspace, "pat", "the days of the lunar calendar", "--reason", "missing")
    alone = diagnosed(workspace, number)
    for who in ("fay", "zoe"):
        assert reported(workspace, who, "28 days") == number
    assert diagnosed(workspace, number) == ("content_error", LEAVE) != alone
