"""What was closed by hand stays closed for whoever asks the same later, until it is something else."""

import pytest

LEAVE = "How many days of annual leave does everyone receive?"
CLAIMS = "Within how many days of receipt are travel expenses paid?"


@pytest.fixture
def workspace(synced_copy):
    synced_copy.replace("ownership.yaml", "rules:", "roles: {triage: user:ann}\nrules:")
    return synced_copy.ready()


def applied(workspace):
    assert workspace.run("apply").code == 0 and workspace.run("sync").code == 0


def overdue(workspace):
    past = "  rules:\n    - {match: {path: leave.md}, set: {review_due: 2025-01-01}}"
    workspace.replace("sources/people-handbook.yaml", "  rules:", past)


def changed_date(workspace):
    workspace.replace("sources/people-handbook.yaml", "2025-01-01", "2025-02-01")


def contested(workspace):
    lower = '  rules:\n    - match: {path: "claims.md"}\n      set: {authority_tier: discussion}'
    workspace.replace("sources/people-handbook.yaml", "  rules:", lower)
    for source, days, modified in (("people", 30, "2026-02-01"), ("finance", 60, "2023-01-01")):
        page = f"# Expenses\n\nTravel expenses are paid within {days} days of receipt.\n"
        workspace.write(f"content/{source}/claims.md", f"---\nmodified: {modified}\n---\n{page}")
    settings = (workspace.folder / "concord.yaml").read_text("utf-8")
    workspace.write("concord.yaml", settings + "answer: {min_confidence: 0}\n")


def changed_side(workspace):
    workspace.replace("content/people/claims.md", "30 days", "31 days")


@pytest.mark.parametrize(
    ("made", "question", "who", "reason", "changed"),
    [
        (overdue, LEAVE, "ann", "will_not_fix", changed_date),
        (contested, CLAIMS, "fay", "accepted_difference", changed_side),
    ],
)
def test_what_its_owner_leaves_is_no_other_case_until_it_is_something_else(
    workspace, made, question, who, reason, changed
):
    made(workspace)
    applied(workspace)
    workspace.json("ask", question, "--as", "fay")
    (found,) = workspace.json("cases", "detect")["cases"]
    for act in (("acknowledge",), ("resolve", "--reason", reason, "--comment", "it stays")):
        done = workspace.run("cases", act[0], str(found["id"]), *act[1:], "--as", who)
        assert done.code == 0, done.err
    told = workspace.json("cases", "news", "--as", who)["news"]
    for asker in ("ann", "fay"):
        workspace.json("ask", question, "--as", asker)
    assert workspace.json("cases", "detect")["cases"] == []
    assert workspace.json("cases", "show", str(found["id"]), "--as", who)["state"] == "resolved"
    assert workspace.json("cases", "news", "--as", who)["news"] == told
    changed(workspace)
    applied(workspace)
    workspace.json("ask", question, "--as", "fay")
    (again,) = workspace.json("cases", "detect")["cases"]
    assert again["id"] != found["id"]


def test_a_replacement_that_mended_a_case_is_no_other_case_of_the_same_answers(workspace):
    answer = workspace.json("ask", LEAVE, "--as", "pat")
    told = ("--as", "pat", "--right-answer", "29 days")
    (made,) = workspace.json("correct", answer["trace_id"], *told)["corrections"]
    workspace.json("ask", LEAVE, "--as", "fay")
    page = "---\nreplaces: leave.md\n---\n# Annual leave\n\nEveryone receives 29 days of annual leave.\n"
    workspace.write("content/people/leave-2027.md", page)
    fix = ("cases", "submit-fix", str(made["case"]), "--what", "a new page", "--as", "ann")
    assert workspace.run(*fix).code == 0 and workspace.run("sync").code == 0
    mended = workspace.json("cases", "show", str(made["case"]), "--as", "ann")
    assert mended["sub_state"] == "fixed_confirmed"
    (found,) = workspace.json("cases", "detect")["cases"]
    reports = workspace.json("cases", "show", str(found["id"]), "--as", "ann")["reports"]
    assert [each["by"] for each in reports] == ["user:fay"]  # pat knows that it was mended
