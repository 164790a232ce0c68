"""Several questions about one page: each is proven by itself, and none stands in the way of another."""

import pytest

from concord_feedback import parse_questions

QUESTION = "How many days of annual leave does everyone receive?"
TOLD = ("case.fixed_confirmed", "case.question_answered")
OTHER = "How many days of parental leave does everyone receive?"


@pytest.fixture
def workspace(synced_copy):
    synced_copy.replace("ownership.yaml", "rules:", "roles: {triage: user:ann}\nrules:")
    made = synced_copy.ready()
    said(made, 27, 10)
    return made


def said(workspace, days, hours):
    told = [
        f"Everyone receives {each} a year."
        for each in (f"{days} days of annual leave", f"{hours} days of parental leave")
    ]
    workspace.write(
        "content/people/leave.md", "---\nmodified: 2026-02-02\n---\n# Annual leave\n\n" + "\n\n".join([*told, ""])
    )
    assert workspace.run("sync").code == 0


def reported(workspace, who, question, right):
    answer = workspace.json("ask", question, "--as", who)
    made = workspace.json("correct", answer["trace_id"], "--as", who, "--right-answer", right)
    return made["corrections"][0]["case"]


def shown(workspace, number):
    return workspace.json("cases", "show", str(number), "--as", "ann")


def news(workspace, who):
    return [each["what"] for each in workspace.json("cases", "news", "--as", who)["news"] if each["what"] in TOLD]


def kept(workspace):
    file = workspace.folder / "evals" / "cases.jsonl"
    return {each.question for each in parse_questions(file.read_text("utf-8"))} if file.exists() else set()


def test_another_question_of_the_page_that_is_still_wrong_stops_no_proof(workspace):
    other = reported(workspace, "fay", OTHER, "12 days")
    mine = reported(workspace, "pat", QUESTION, "28 days")
    assert other != mine and shown(workspace, mine)["question"] == QUESTION
    said(workspace, 28, 10)
    assert shown(workspace, mine)["sub_state"] == "fixed_confirmed"
    assert news(workspace, "pat") == ["case.fixed_confirmed"] and not news(workspace, "fay")
    assert kept(workspace) == {QUESTION} and shown(workspace, other)["state"] != "resolved"


def test_of_one_case_of_several_questions_each_is_told_and_kept_by_itself(workspace):
    number = reported(workspace, "fay", OTHER, "12 days")
    mine = reported(workspace, "pat", QUESTION, "28 days")
    assert workspace.run("cases", "merge", str(number), str(mine), "--as", "ann").code == 0
    said(workspace, 28, 10)
    found = shown(workspace, number)
    assert found["proof"]["passed"] is False and found["still_wrong"] == [OTHER]
    assert f"still answered wrongly: {OTHER}" in workspace.run("cases", "show", str(number), "--as", "ann").out
    assert "case.question_answered" in news(workspace, "pat") and "case.question_answered" not in news(workspace, "fay")
    assert kept(workspace) == {QUESTION}
    assert workspace.run("sync").code == 0 and news(workspace, "pat") == ["case.question_answered"]
