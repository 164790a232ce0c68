"""Drafts of golden questions, and what golden questions cover."""

import json

import pytest

from concord.cli.main import run as concord_cli
from concord_evals.coverage import coverage
from concord_evals.drafts import drafts_of
from concord_feedback import parse_questions

PAGE = """\
# Leave

An accrual is the part of a year's leave that a month brings. It is a nuisance.

## Carrying over

Five days of leave can be carried over until 31 March. More cannot.

| Grade | Days of leave | Notice |
|---|---|---|
| Senior manager | 30 days | 3 months |
| Trainee | 20 days | |
"""


def test_headings_definitions_and_tables():
    found = {each.question: each for each in drafts_of("Leave", PAGE)}
    assert set(found) == {
        "What is accrual?",
        "What does “Leave” say about carrying over?",
        "What is the days of leave for Senior manager?",
        "What is the notice for Senior manager?",
        "What is the days of leave for Trainee?",
    }
    assert found["What is the notice for Senior manager?"].values == ("3 months",)
    assert found["What is the days of leave for Trainee?"].anchor == "| Trainee | 20 days | |"
    heading = found["What does “Leave” say about carrying over?"]
    assert heading.reference == "Five days of leave can be carried over until 31 March."
    whole = " ".join(PAGE.split())
    assert all(each.anchor in whole for each in found.values())


@pytest.mark.parametrize(
    "text", ["", "# Only a heading", "| a |\n|---|", "```\ncode is the thing here\n```", "x" * 9999]
)
def test_pages_that_say_nothing_give_nothing(text):
    assert list(drafts_of("Title", text)) == []


def cli(workspace, capsys, *arguments):
    code = concord_cli(["--workspace", str(workspace), "eval", *arguments])
    return code, *capsys.readouterr()


@pytest.fixture
def paged(words_copy):
    from concord.bootstrap import Concord
    from concord.governance import activation

    (words_copy / "content" / "leave.md").write_text(PAGE, "utf-8")
    (words_copy / "content" / "secret.md").write_text("# Bonus\n\nA zanzibar is the bonus of a director.\n", "utf-8")
    source = words_copy / "sources" / "hr.yaml"
    rule = '  rules: [{match: {path: "secret.md"}, set: {readers: ["user:boss"]}}]\n'
    source.write_text(
        source.read_text()
        .replace("mapping: {fields: {", "mapping:\n  fields: {")
        .replace("[everyone]}}}", "[everyone]}}")
        + rule,
        "utf-8",
    )
    (words_copy / "principals.yaml").write_text("users:\n  - {id: pat, department: People}\n  - {id: boss}\n", "utf-8")
    concord = Concord.open(words_copy)
    activation.apply(concord.engine, concord.desired().declarations, "test")
    concord = concord.renewed()
    assert not concord.sync_sources(concord.foundation.sources.values()).failed
    concord.close()
    return words_copy


def test_drafts_are_written_asked_by_nobody_and_never_of_what_may_not_be_read(paged, capsys):
    code, out, _ = cli(paged, capsys, "new", "--as", "boss", "--count", "9")
    assert code == 0 and "drafts in" in out
    file = paged / "evals" / "drafts" / "boss.jsonl"
    questions = parse_questions(file.read_text("utf-8"), file.name)
    kinds = {tag for each in questions for tag in each.tags} - {"draft"}
    assert {"heading", "definition", "table", "no-permission"} <= kinds
    assert all(each.source == "generated" for each in questions)
    [kept] = [each for each in questions if "no-permission" in each.tags]
    assert (kept.principal, kept.expect, kept.evidence) == ("user:pat", "abstain", ())
    assert cli(paged, capsys, "run")[0] == 2
    code, out, err = cli(paged, capsys, "new", "--as", "boss")
    assert code == 2 and "exists and is not overwritten" in err
    # Somebody else's drafts know nothing of it.
    assert cli(paged, capsys, "new", "--as", "pat", "--count", "99")[0] == 0
    assert "zanzibar" not in (paged / "evals" / "drafts" / "pat.jsonl").read_text("utf-8")

    (paged / "evals" / "set.jsonl").write_text(file.read_text("utf-8"), "utf-8")
    assert cli(paged, capsys, "run")[0] == 0
    # What is asked already is not drafted again.
    again = json.loads(cli(paged, capsys, "new", "--as", "boss", "--count", "9", "--json", "--out", "x.jsonl")[1])
    assert not {each["question"] for each in again} & {each.question for each in questions}

    covered = json.loads(cli(paged, capsys, "coverage", "--as", "pat", "--json")[1])
    [source] = [each for each in covered if each["kind"] == "source"]
    assert source["items"] == 2 and source["questions"] == sum(each.expect == "answer" for each in questions)
    assert "Finance" in cli(paged, capsys, "coverage", "--as", "boss")[1]
    assert cli(paged, capsys, "coverage")[0] == 2


def test_coverage_counts_what_is_readable_alone():
    questions = parse_questions(
        '{"id": "a", "question": "?", "principal": "user:pat", "evidence": ["hr/secret.md"]}\n', "set"
    )
    assert coverage([], questions) == []
