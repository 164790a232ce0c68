"""Two cases that are perhaps the same are made one by who deals with both."""

import pytest

LEAVE = "people-handbook/leave.md"
ASKED = {
    LEAVE: "How many days of annual leave are there?",
    "people-handbook/leave-2024.md": "How many days of annual leave does everyone receive?",
}


@pytest.fixture
def workspace(synced_copy):
    return synced_copy.ready()


@pytest.fixture
def two(workspace):
    """Two open cases that ask much the same, one reported by pat, the other by pat and fay."""
    found = []
    for page, question in ASKED.items():
        for who in ("pat",) if page == LEAVE else ("pat", "fay"):
            trace = workspace.json("ask", question, "--as", who)["trace_id"]
            said = ("--reason", "wrong", "--right-answer", "28 days", "--evidence", page)
            made = workspace.json("correct", trace, "--as", who, *said)
        found.append(made["corrections"][-1]["case"])
    assert found[0] != found[1]
    return found


def shown(workspace, number, who="ann"):
    return workspace.json("cases", "show", str(number), "--as", who)


def news(workspace, who):
    told = [each["what"] for each in workspace.json("cases", "news", "--as", who)["news"]]
    return [each for each in told if each != "case.routed"]


def test_a_suggested_merge_is_accepted_with_one_command(workspace, two):
    one, other = two
    assert f"concord cases merge {one} {other}" in workspace.run("cases", "show", str(one), "--as", "ann").out
    made = workspace.json("cases", "merge", str(other), str(one), "--as", "ann")
    assert (made["case"], made["merged"]) == (one, other), "the older stays"
    stays, gone = shown(workspace, one), shown(workspace, other)
    assert sorted(each["by"] for each in stays["reports"]) == ["user:fay", "user:pat", "user:pat"]
    assert stays["reach"]["people"] == 2 and stays["state"] == "new"
    assert (gone["state"], gone["merged_into"], gone["reports"]) == ("archived", one, [])
    ends = [(each["history"][-1]["what"], each["history"][-1]["by"]) for each in (stays, gone)]
    assert ends == [("case.joined", "user:ann"), ("case.merged", "user:ann")]
    assert f"case {other} was merged" in stays["history"][-1]["comment"]
    assert news(workspace, "pat") == news(workspace, "fay") == ["case.report_joined"]
    again = workspace.run("cases", "merge", str(one), str(other), "--as", "ann")
    assert again.code == 2 and f"case {other} is archived" in again.err
    for act in (("acknowledge",), ("resolve", "--reason", "will_not_fix", "--comment", "it is right")):
        assert workspace.run("cases", act[0], str(one), *act[1:], "--as", "ann").code == 0
    assert news(workspace, "pat") == news(workspace, "fay") == ["case.resolved", "case.report_joined"], "each once"


def test_the_case_stays_on_which_more_was_done(workspace, two):
    one, other = two
    assert workspace.run("cases", "submit-fix", str(other), "--what", "a page", "--as", "ann").code == 0
    assert workspace.json("cases", "merge", str(one), str(other), "--as", "ann")["case"] == other


def test_only_who_deals_with_both_merges_them(workspace, two):
    one, other = map(str, two)
    for who in ("pat", "carl"):
        refused = workspace.run("cases", "merge", one, other, "--as", who)
        assert refused.code == 2 and shown(workspace, one)["state"] == "new"
    assert "that you may see" in workspace.run("cases", "merge", one, "99999", "--as", "ann").err
    assert "it is that case itself" in workspace.run("cases", "merge", one, one, "--as", "ann").err
