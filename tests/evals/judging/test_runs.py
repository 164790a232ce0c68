"""A run judged over a small workspace: kept, gone on with, and never averaged around what is missing."""

import csv
import json
from io import StringIO

import pytest

from concord.bootstrap import Concord
from concord.catalog import evaluations
from concord.catalog.engine import reading
from concord.cli.main import run as concord_cli
from concord_evals import runs
from concord_evals.judging.runs import figures

QUESTIONS = [
    {
        "id": "leave",
        "question": "How much annual leave does everybody have?",
        "principal": "user:pat",
        "reference": "Everybody has 25 days of annual leave.",
        "evidence": ["hr/leave.md@1.."],
    },
    {
        "id": "pay",
        "question": "When are salaries paid?",
        "principal": "user:pat",
        "reference": "Salaries are paid on the last Friday.",
        "evidence": ["hr/pay.md@1.."],
    },
    {"id": "nobody", "question": "Who is the mayor?", "principal": "user:pat", "expect": "abstain"},
]
LOST = {"id": "lost", "question": "Who am I?", "principal": "user:gone", "reference": "Nobody."}


@pytest.fixture
def asked(synced_words):
    (synced_words / "evals").mkdir()
    (synced_words / "evals" / "set.jsonl").write_text("".join(json.dumps(each) + "\n" for each in QUESTIONS), "utf-8")
    return synced_words


def cli(workspace, capsys, *arguments):
    code = concord_cli(["--workspace", str(workspace), "eval", *arguments])
    return code, *capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--metric", "wisdom"], "no metric 'wisdom'"),
        (["--metric", "faithfulness"], "faithfulness need a judge"),
        (["--judge", "http://localhost/v1"], "--judge and --model go together"),
    ],
)
def test_what_cannot_be_measured_is_told_on_one_line(asked, capsys, arguments, told):
    cli(asked, capsys, "run")
    code, out, err = cli(asked, capsys, "ragas", *arguments)
    assert code == 2 and not out and told in err and err.count("\n") == 1


def test_a_workspace_that_changed_is_not_what_the_run_is_about(asked, capsys):
    cli(asked, capsys, "run")
    settings = asked / "concord.yaml"
    settings.write_text(settings.read_text().replace("min_confidence: 0", "min_confidence: 1"), "utf-8")
    code, _, err = cli(asked, capsys, "ragas")
    assert code == 2 and "the workspace changed (settings)" in err


def test_it_goes_on_where_its_budget_ended(asked, capsys, standin):
    file = asked / "evals" / "set.jsonl"
    file.write_text(file.read_text("utf-8") + json.dumps(LOST) + "\n", "utf-8")
    cli(asked, capsys, "run")
    judge = ["--judge", standin.url, "--model", "stand-in", "--concurrency", "1", "--metric", "faithfulness"]
    before = len(standin.asked)
    code, out, _ = cli(asked, capsys, "ragas", *judge, "--budget", "2", "--json")
    [found] = json.loads(out)["metrics"]
    assert code == 0 and len(standin.asked) - before == 2
    assert (found["mean"], found["of"], found["missing"]) == (None, 3, 2)
    assert "the budget of 2 requests is spent" in found["reasons"]

    code, out, _ = cli(asked, capsys, "ragas", *judge)
    place = standin.url.removeprefix("http://")
    assert len(standin.asked) - before == 4
    # One question cannot be asked: there is no mean around it.
    assert code == 0 and f"undetermined over 3, 1 not measured (stand-in at temperature 0, {place})" in out
    concord = Concord.open(asked)
    run = runs.find(concord, "last")
    with reading(concord.engine) as connection:
        kept = {each.question: each for each in evaluations.judgements(connection, run.id)}
    [figure] = figures(concord, run)
    concord.close()
    assert kept["leave"].value == kept["pay"].value == 1.0 and kept["lost"].value is None
    assert all(each["prompt"] and each["reply"] for each in kept["leave"].replies)
    assert figure.missing == 1 and set(figure.reasons) == {kept["lost"].reason}


def test_what_ragas_gave_is_exported_shown_and_compared(asked, capsys, standin):
    judge = ["--judge", standin.url, "--model", "stand-in", "--metric", "faithfulness", "--metric", "exact_match"]
    for _ in range(2):
        cli(asked, capsys, "run")
        assert cli(asked, capsys, "ragas", *judge)[0] == 0
    name = f"faithfulness (stand-in at temperature 0, {standin.url.removeprefix('http://')})"
    _, out, _ = cli(asked, capsys, "export")
    [leave] = [each for each in csv.DictReader(StringIO(out)) if each["question"] == "leave"]
    assert (leave[name], leave["exact_match"]) == ("1.0", "1.0")
    _, out, _ = cli(asked, capsys, "show", "--question", "leave")
    assert name in out and "exact_match" in out
    concord = Concord.open(asked)
    last, first = runs.listed(concord, 2)
    concord.close()
    code, out, err = cli(asked, capsys, "compare", first.id, last.id, "--ragas", "faithfulness", "--json")
    assert code == 0, err
    found = json.loads(out)["metrics"]["faithfulness"]
    assert (found["cases"], found["baseline"], found["candidate"]) == (2, 1.0, 1.0)
