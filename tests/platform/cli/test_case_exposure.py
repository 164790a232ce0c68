"""What should not be visible, as somebody says: a matter of access from its first moment, and nobody else's."""

import pytest

QUESTION = "How many days of annual leave does everyone receive?"
EXPOSED = ("--reason", "should_not_be_visible", "--comment", "not for all of us")
WRONG = ("--right-answer", "28 days")


@pytest.fixture
def workspace(synced_copy):
    synced_copy.replace("ownership.yaml", "rules:", "roles: {access: user:fay, triage: user:ann}\nrules:")
    more = "  - {id: zoe, name: Zoe Day, department: Finance, groups: [finance]}\ngroups:"
    synced_copy.replace("principals.yaml", "groups:\n", f"{more}\n")
    return synced_copy.ready()


def reported(workspace, who, said):
    answer = workspace.json("ask", QUESTION, "--as", who)
    return workspace.json("correct", answer["trace_id"], "--as", who, *said)["corrections"][0]["case"]


@pytest.mark.parametrize("order", [(EXPOSED, WRONG), (WRONG, EXPOSED)])
def test_it_goes_to_whom_access_belongs_and_joins_no_report_of_another_reason(workspace, order):
    made = dict(zip(order, (reported(workspace, "pat", each) for each in order), strict=True))
    assert reported(workspace, "pat", EXPOSED) == made[EXPOSED] != made[WRONG]
    assert workspace.json("cases", "show", str(made[WRONG]), "--as", "ann")["owner"] == "user:ann"
    found = workspace.json("cases", "diagnose", str(made[EXPOSED]), "--as", "fay")
    assert (found["id"], found["cause"], found["owner"]) == (made[EXPOSED], "access_too_wide", "user:fay")
    workspace.json("cases", "diagnose", str(made[WRONG]), "--as", "ann")
    assert len(workspace.json("cases", "show", str(made[EXPOSED]), "--as", "fay")["reports"]) == 2
    assert "access" not in workspace.run("cases", "show", str(made[EXPOSED]), "--as", "pat").everything


def test_it_is_proven_once_who_reported_it_may_read_the_page_no_more(workspace):
    number = str(reported(workspace, "pat", EXPOSED))
    workspace.replace("content/people/leave.md", "two weeks", "three weeks")
    assert workspace.run("sync").code == 0
    waits = workspace.json("cases", "show", number, "--as", "fay")
    assert waits["state"] == "fix_submitted" and "for a person" in waits["unproven"]
    workspace.replace("sources/people-handbook.yaml", 'path: "restricted/**"', 'path: "leave.md"')
    for command in ("apply", "sync"):
        assert workspace.run(command).code == 0
    told = [each["what"] for each in workspace.json("cases", "news", "--as", "pat")["news"]]
    assert told == ["case.hidden_confirmed"]


@pytest.mark.parametrize("acknowledged", [False, True])
@pytest.mark.parametrize("away", ["restricted", "deleted"])
def test_the_sync_that_takes_a_page_away_proves_it_and_who_did_so_is_told_and_no_more(workspace, away, acknowledged):
    number = str(reported(workspace, "pat", EXPOSED))
    assert number == str(reported(workspace, "zoe", EXPOSED))
    if acknowledged:
        assert workspace.run("cases", "acknowledge", number, "--as", "fay").code == 0
    if away == "restricted":
        workspace.replace("sources/people-handbook.yaml", 'path: "restricted/**"', 'path: "leave.md"')
        assert workspace.run("apply").code == 0
    else:
        (workspace.folder / "content/people/leave.md").unlink()
    assert workspace.run("sync").code == 0
    for who in ("pat", "zoe"):
        news = workspace.json("cases", "news", "--as", who)["news"]
        assert [each["what"] for each in news] == ["case.hidden_confirmed"]
    news = workspace.json("cases", "news", "--as", "fay")["news"]
    assert [each["what"] for each in news if str(each["case"]) == number] == ["case.taken_away", "case.routed"]
    seen = workspace.run("cases", "show", number, "--as", "fay")
    assert (seen.code == 2) is (away == "restricted"), "whoever may not read the page sees nothing of its case"


def test_a_page_under_another_name_that_says_the_same_proves_nothing(workspace):
    number = str(reported(workspace, "pat", EXPOSED))
    page = workspace.folder / "content/people/leave.md"
    page.rename(page.with_name("days-off.md"))
    assert workspace.run("sync").code == 0
    waits = workspace.json("cases", "show", number, "--as", "pat")
    assert waits["state"] != "resolved"
    assert not workspace.json("cases", "news", "--as", "pat")["news"]
    page.with_name("days-off.md").unlink()
    assert workspace.run("sync").code == 0
    assert [each["what"] for each in workspace.json("cases", "news", "--as", "pat")["news"]] == [
        "case.hidden_confirmed"
    ]


def test_a_page_that_one_of_them_may_read_still_proves_nothing(workspace):
    number = str(reported(workspace, "pat", EXPOSED))
    reported(workspace, "zoe", EXPOSED)
    only = '    - {match: {path: leave.md}, set: {readers: ["user:zoe", "user:fay"]}}\n'
    workspace.replace("sources/people-handbook.yaml", "  rules:\n", f"  rules:\n{only}")
    for command in ("apply", "sync"):
        assert workspace.run(command).code == 0
    assert workspace.json("cases", "show", number, "--as", "fay")["state"] == "new"
