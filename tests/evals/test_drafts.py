"""Drafts of golden questions, and what golden questions cover."""

import json

import pytest

from concord.answering.endpoint import ModelFailed
from concord.cli.main import run as concord_cli
from concord_evals.coverage import coverage
from concord_evals.drafts import drafts_of
from concord_evals.rewording import WORDED, reworded
from concord_feedback import GoldenQuestion, parse_questions

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
        "What is an accrual?",
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


def test_a_question_ends_with_one_mark():
    page = "# FAQ\n\n## How do I apply?\n\nUse the form of the intranet.\n\n| Grade | Due |\n|---|---|\n| A? | no |\n"
    asked = [each.question for each in drafts_of("FAQ", page)]
    assert asked == ["What does “FAQ” say about how do I apply?", "What is the due for A?"]


def test_what_a_page_has_told_of_is_no_term():
    page = "# Pay\n\nThe rules are the ones of the law. The pay scale is a list of grades and steps.\n"
    assert [each.question for each in drafts_of("Pay", page)] == ["What is the pay scale?"]


def test_nothing_is_drafted_from_what_is_not_in_force(paged, capsys):
    assert json.loads(cli(paged, capsys, "new", "--as", "pat", "--json")[1])
    source = paged / "sources" / "hr.yaml"
    source.write_text(source.read_text().replace("publisher:", 'valid_until: {const: "2020-01-01"}, publisher:'))
    assert concord_cli(["--workspace", str(paged), "apply"]) == 0
    assert concord_cli(["--workspace", str(paged), "sync"]) == 0
    capsys.readouterr()
    assert json.loads(cli(paged, capsys, "new", "--as", "pat", "--json")[1]) == []


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
    assert (kept.principal, kept.expect, kept.evidence) == ("user:pat", "abstain", ("hr/secret.md@1..",))
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


@pytest.mark.parametrize("rule", ["authority_tier: {const: guidance}", ""])
def test_what_loses_is_not_expected(paged, capsys, rule):
    """Neither its sentence, nor, where nothing decides, either side's."""
    from concord.bootstrap import Concord
    from concord.governance import activation

    for name, days, tier in (("a", 25, "policy"), ("b", 28, "guidance")):
        (paged / name).mkdir()
        text = f"# Parents\n\n## Parental leave\n\nParental leave is {days} days for everybody.\n"
        (paged / name / "parents.md").write_text(text, "utf-8")
        tier = f", authority_tier: {{const: {tier if rule else 'policy'}}}"
        (paged / "sources" / f"{name}.yaml").write_text(
            f"title: {name}\nconnector: files\noptions: {{path: {name}}}\n"
            f"mapping: {{fields: {{publisher: {{const: People}}, readers: {{const: [everyone]}}{tier}}}}}\n"
        )
    concord = Concord.open(paged)
    activation.apply(concord.engine, concord.desired().declarations, "test")
    concord = concord.renewed()
    assert not concord.sync_sources(concord.foundation.sources.values()).failed
    [entry] = concord.register.entries(concord.foundation.directory.principal("pat"))
    concord.close()
    winner = entry.decision.winner
    found = json.loads(cli(paged, capsys, "new", "--as", "pat", "--count", "99", "--json")[1])
    assert len(found) > 3
    expected = {each["reference"] for each in found if "Parental" in each.get("reference", "")}
    assert (winner.identifier if winner else None) == ("a/parents.md" if rule else None)
    assert expected == ({"Parental leave is 25 days for everybody."} if rule else set())


def test_coverage_counts_what_is_readable_alone():
    questions = parse_questions(
        '{"id": "a", "question": "?", "principal": "user:pat", "evidence": ["hr/secret.md"]}\n', "set"
    )
    assert coverage([], questions) == []


class Words:
    """A model that says what a test wants, and keeps what it was told."""

    name = "words"

    def __init__(self, *said):
        self.said, self.told = list(said), []

    def stream(self, system, user, usage):
        self.told.append((system, user))
        said = self.said[min(len(self.told), len(self.said)) - 1]
        if said is None:
            raise ModelFailed("unreachable")
        yield from (said[:5], said[5:])


def draft(n=0, **more):
    given = {
        "id": f"d{n}",
        "question": "What is the notice for a trainee?",
        "principal": "user:pat",
        "values": ["3 months"],
    }
    return GoldenQuestion.model_validate({**given, "reference": "3 months\nEND", "tags": ["draft"], **more})


def test_a_model_words_the_question_and_nothing_else():
    model = Words("<think>hm</think> “May I leave?”")
    [made] = reworded(model, [draft()])
    assert made.question == "May I leave?" and made.tags == ("draft", WORDED)
    assert made.model_copy(update={"question": draft().question, "tags": draft().tags}) == draft()
    [(system, user)] = model.told
    key = user.split("\n")[0].removeprefix("BEGIN ")
    # What stands in a page ends no data.
    assert len(key) == 16 and key in system and user.endswith(f"3 months END\nEND {key}")


@pytest.mark.parametrize(
    "said", ["I cannot.", "One?\nTwo?", "x" * 400 + "?", "Is it 3 months?", "", "What is the notice for a trainee?"]
)
def test_what_is_no_question_leaves_the_draft_as_it_is(said):
    assert list(reworded(Words(said), [draft()])) == [draft()]


def test_a_model_that_is_gone_is_not_asked_for_every_draft():
    model = Words(None)
    assert [each.id for each in reworded(model, [draft(n) for n in range(9)])] == [f"d{n}" for n in range(9)]
    assert len(model.told) == 3


def test_the_command_asks_the_model_of_the_settings(paged, capsys, monkeypatch, standing_in):
    """A real endpoint on loopback, which streams."""

    def say(handler):
        model.write(handler, f"And what of this {len(model.asked)}?")

    with standing_in(say) as model:
        asked = model.asked
        monkeypatch.setenv("CONCORD_ANSWER__LLM__BASE_URL", model.url)
        monkeypatch.setenv("CONCORD_ANSWER__LLM__MODEL", "stand-in")
        made = json.loads(cli(paged, capsys, "new", "--as", "boss", "--count", "1", "--json")[1])
        assert made and all(WORDED in each["tags"] and each["question"].startswith("And what of this") for each in made)
        assert len(asked) == len(made) and {"no-permission"} <= {tag for each in made for tag in each["tags"]}
        by_rule = json.loads(cli(paged, capsys, "new", "--as", "boss", "--count", "1", "--json", "--by-rule")[1])
        assert len(asked) == len(made) and not any(WORDED in each["tags"] for each in by_rule)
        # Whoever may not read a page has it told to no model.
        asked.clear()
        cli(paged, capsys, "new", "--as", "pat", "--count", "99", "--json")
        assert asked and "zanzibar" not in model.seen
    code, _, err = cli(paged, capsys, "new", "--as", "boss", "--count", "1", "--out", str(paged / "gone.jsonl"))
    assert code == 0 and "stand-in worded 0 of" in err
