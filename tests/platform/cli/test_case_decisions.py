"""What was closed by hand stays closed for whoever asks the same later, until it is something else."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from concord.bootstrap import Concord
from concord.bootstrap.detecting import Detector

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


@pytest.fixture
def failing(workspace):
    """Sync in vain on a day from now on, and see what was told: the case, its state, and its owner's news of it."""
    days = count(1)

    def fails():
        concord = Concord.open(workspace.folder)
        try:
            outcome = concord.sync_sources(concord.foundation.sources.values())
            assert outcome.failed
            failures = Detector(concord).failures(outcome)
            concord.desk.sync_failed(failures, datetime.now(UTC) + timedelta(days=next(days)))
        finally:
            concord.close()
        mine = workspace.json("cases", "list", "--all", "--as", "fay")["cases"]
        found = [each for each in mine if "sync_failed" in {said["kind"] for said in each["reports"]}]
        news = [each["what"] for each in workspace.json("cases", "news", "--as", "fay")["news"]]
        return [(each["id"], each["state"], each["sub_state"]) for each in found], news

    return fails


def left(workspace, number, reason="will_not_fix"):
    for act in (("acknowledge",), ("resolve", "--reason", reason, "--comment", "it stays")):
        done = workspace.run("cases", act[0], str(number), *act[1:], "--as", "fay")
        assert done.code == 0 or act == ("acknowledge",), done.err


def test_a_source_that_is_left_failing_is_quiet_until_it_fails_otherwise_or_anew(workspace, failing):
    content = workspace.folder / "content"
    (content / "finance").rename(content / "moved")
    ((number, *_),), _ = failing()
    assert failing()[0] == [(number, "new", None)], "day after day it is one case"
    left(workspace, number)
    held, news = failing()
    assert held == [(number, "resolved", None)]
    for _ in range(3):
        assert failing() == (held, news), "whoever decided it is not told again of the same"
    (content / "finance").write_text("no folder", "utf-8")
    assert failing() == ([(number, "assigned", None)], ["case.reopened", *news])
    left(workspace, number)
    assert failing()[0] == held
    (content / "finance").unlink()
    assert failing()[0] == held, "that was decided before"
    (content / "moved").rename(content / "finance")
    assert workspace.run("sync").code == 0
    (content / "finance").rename(content / "moved")
    assert failing()[0] == [(number, "assigned", None)], "it worked in between"
    history = [each["what"] for each in workspace.json("cases", "show", str(number), "--as", "fay")["history"]]
    assert history.count("case.opened") == 1 and history.count("case.reopened") == 2


def test_a_source_that_works_again_and_then_fails_has_regressed(workspace, failing):
    content = workspace.folder / "content"
    (content / "finance").rename(content / "moved")
    ((number, *_),), _ = failing()
    (content / "moved").rename(content / "finance")
    assert workspace.run("cases", "submit-fix", str(number), "--what", "moved back", "--as", "fay").code == 0
    assert workspace.run("sync").code == 0
    (content / "finance").rename(content / "moved")
    assert failing()[0] == [(number, "assigned", "regressed")]


def test_a_source_that_fails_again_on_the_day_on_which_it_worked_is_told_of_at_once(workspace):
    content = workspace.folder / "content"

    def found():
        mine = workspace.json("cases", "list", "--all", "--as", "fay")["cases"]
        return [each for each in mine if "sync_failed" in {said["kind"] for said in each["reports"]}]

    for again, stands in enumerate((("new", None), ("assigned", "regressed"), ("assigned", None))):
        (content / "finance").rename(content / "moved")
        for _ in range(2):
            assert workspace.run("sync").code == 1
            (held,) = found()
            assert (held["state"], held["sub_state"]) == stands
            assert len(held["reports"]) == again + 1, "while it is not read, it is told of once a day"
        (content / "moved").rename(content / "finance")
        assert workspace.run("sync").code == 0
        assert [(each["id"], each["state"]) for each in found()] == [(held["id"], "fix_submitted")]
        if again == 0:
            assert workspace.run("sync").code == 0
            assert [(each["id"], each["sub_state"]) for each in found()] == [(held["id"], "fixed_confirmed")]
    news = [each for each in workspace.json("cases", "news", "--as", "fay")["news"] if each["case"] == held["id"]]
    assert [each["what"] for each in news[:2]] == ["case.fix_rejected", "case.regressed"]


def test_a_source_that_is_said_to_work_elsewhere_and_does_not_is_opened_again(workspace, failing):
    (workspace.folder / "content/finance").rename(workspace.folder / "content/moved")
    ((number, *_),), _ = failing()
    left(workspace, number, "fixed_elsewhere")
    assert failing()[0] == [(number, "assigned", None)]
