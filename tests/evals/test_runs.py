"""Runs: kept, resumed after a kill, listed, shown, exported, compared."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from concord.bootstrap import Concord
from concord.catalog import evaluations
from concord.catalog.engine import reading
from concord.catalog.traces import asked_since, citing, load_trace
from concord.cli.main import run as concord_cli
from concord_evals import exports, runs
from concord_evals.commands import options
from concord_evals.comparing import compare_runs
from concord_evals.scoring import Score
from concord_evals.statistics import verdict
from concord_feedback import GoldenQuestion

QUESTIONS = [
    {
        "id": "leave",
        "question": "How much annual leave does everybody have?",
        "principal": "user:pat",
        "evidence": ["hr/leave.md@1.."],
        "values": ["25 days"],
    },
    {"id": "pay", "question": "=When are salaries paid?", "principal": "user:pat", "evidence": ["hr/pay.md@9"]},
    {"id": "lost", "question": "Who am I?", "principal": "user:gone", "evidence": ["hr/pay.md"]},
]


@pytest.fixture
def asked(synced_words: Path) -> Path:
    (synced_words / "evals").mkdir()
    (synced_words / "evals" / "set.jsonl").write_text("".join(json.dumps(each) + "\n" for each in QUESTIONS), "utf-8")
    return synced_words


def cli(workspace: Path, capfdbinary, *arguments: str) -> tuple[int, str, str]:
    code = concord_cli(["--workspace", str(workspace), "eval", *arguments])
    out, err = capfdbinary.readouterr()
    return code, out.decode(), err.decode()


def test_a_run_is_kept_and_shown(asked, capfdbinary):
    code, out, _ = cli(asked, capfdbinary, "run", "--json")
    made = json.loads(out)
    assert code == 0 and made["questions"] == 3 and made["finished_at"]
    assert set(made["fingerprints"]) == {
        "policy",
        "content",
        "index",
        "models",
        "settings",
        "version",
        "questions",
    }
    assert made["unmeasured"] == 1 and made["totals"]["right_page_first"] == [1, 3]

    [listed] = json.loads(cli(asked, capfdbinary, "list", "--json")[1])
    assert (listed["id"], listed["right"], listed["scores"]) == (made["id"], 1, 3)
    assert made["id"][:8] in cli(asked, capfdbinary, "list")[1]

    shown = cli(asked, capfdbinary, "show")[1]
    assert "1 of 3 questions right" in shown and "lost: no user 'user:gone'" in shown
    assert "hr/" not in shown
    one = cli(asked, capfdbinary, "show", made["id"][:6], "--question", "leave", "--as", "pat")[1]
    assert "right: yes" in one and "hr/leave.md@1" in one and "mrr" in one
    assert "hr/leave.md" not in cli(asked, capfdbinary, "show", "--question", "leave")[1]


def test_what_is_kept_holds_no_answer(asked, capfdbinary):
    cli(asked, capfdbinary, "run")
    concord = Concord.open(asked)
    with reading(concord.engine) as connection:
        kept = evaluations.scores(connection, runs.find(concord, "last").id)
    concord.close()
    assert "hr/leave.md@1" in str(kept) and "Everybody has 25 days" not in str(kept)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "--suite", "none"], "no golden set 'none'"),
        (["run", "--use-case", "none"], "for use case none"),
        (["run", "--as", "gone"], "no user 'gone'"),
        (["run", "--baseline", "abc"], "no run 'abc'"),
        (["show"], "no run 'last'"),
        (["compare", "last"], "no run 'last'"),
        (["export"], "no run 'last'"),
    ],
)
def test_what_is_not_there_is_told_on_one_line(asked, capfdbinary, arguments, told):
    code, out, err = cli(asked, capfdbinary, *arguments)
    assert code == 2 and not out and told in err and err.count("\n") == 1
    assert "no runs yet" in cli(asked, capfdbinary, "list")[1]


def test_a_golden_set_that_is_no_text_is_told_on_one_line(asked, capfdbinary):
    (asked / "evals" / "set.jsonl").write_bytes("naïve\n".encode("utf-16"))
    code, _, err = cli(asked, capfdbinary, "run")
    assert code == 2 and "is not in UTF-8" in err and err.count("\n") == 1


def test_a_question_that_stands_twice_is_refused(asked, capfdbinary):
    (asked / "evals" / "other.jsonl").write_text(json.dumps(QUESTIONS[0]) + "\n", "utf-8")
    code, _, err = cli(asked, capfdbinary, "run")
    assert code == 2 and "'leave' stands in other.jsonl and in set.jsonl" in err
    assert json.loads(cli(asked, capfdbinary, "run", "--suite", "other", "--json")[1])["questions"] == 1


@pytest.mark.parametrize("command", ["run", "ragas"])
def test_nobody_is_asked_as_where_people_sign_in(asked, capfdbinary, monkeypatch, command):
    monkeypatch.setenv("CONCORD_AUTH", "oidc")
    monkeypatch.setenv("CONCORD_OIDC__ISSUER", "https://login.example")
    monkeypatch.setenv("CONCORD_OIDC__AUDIENCE", "concord")
    code, out, err = cli(asked, capfdbinary, command)
    assert code == 2 and not out and "auth: development" in err


KILLED = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from concord.bootstrap import Concord
from concord.catalog import evaluations
from concord.catalog.engine import reading
from concord.catalog.traces import asked_since, citing, load_trace
from concord_evals import runs
from concord_evals.suites import read_suites
import concord_evals.scoring as scoring, time
real = scoring.observe
def slow(*given):
    time.sleep(0.2)
    return real(*given)
scoring.observe = slow
concord = Concord.open(Path(sys.argv[1]))
suites, questions = read_suites(concord.folder)
run = runs.begin(concord, suites, questions, "test")
runs.ask(concord, run, lambda: print("asked", flush=True))
"""


def test_a_run_that_was_killed_goes_on_where_it_was(asked, capfdbinary):
    many = [{**QUESTIONS[0], "id": f"q{number:02}"} for number in range(12)]
    (asked / "evals" / "set.jsonl").write_text("".join(json.dumps(each) + "\n" for each in many), "utf-8")
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(asked)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    for _ in range(4):
        assert process.stdout.readline() == "asked\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    concord = Concord.open(asked)
    interrupted = runs.find(concord, "last")
    done = len(runs.scores(concord, interrupted))
    concord.close()
    assert interrupted.finished_at is None and 4 <= done < 12
    code, _, err = cli(asked, capfdbinary, "export")
    assert code == 2 and f"has {done} of 12 scores" in err

    began = time.perf_counter()
    code, out, err = cli(asked, capfdbinary, "run", "--json")
    assert code == 0 and f"goes on behind {done} of 12" in err, time.perf_counter() - began
    assert json.loads(out)["id"] == interrupted.id
    assert json.loads(out)["totals"]["answered"] == [12, 12]
    assert len(json.loads(cli(asked, capfdbinary, "list", "--json")[1])) == 1
    # A finished run is not gone on with: the next one is a new one.
    cli(asked, capfdbinary, "run")
    assert len(json.loads(cli(asked, capfdbinary, "list", "--json")[1])) == 2


def test_a_change_begins_a_new_run_and_is_named(asked, capfdbinary):
    first = json.loads(cli(asked, capfdbinary, "run", "--json")[1])["id"]
    settings = asked / "concord.yaml"
    settings.write_text(settings.read_text().replace("min_confidence: 0", "min_confidence: 1"), "utf-8")
    out = cli(asked, capfdbinary, "run", "--baseline", first[:8])[1]
    assert "leave: -answered -right_page_first -right_page_cited -values [context, not_extracted]" in out
    compared = cli(asked, capfdbinary, "compare", first, "last")[1]
    assert "settings: " in compared and "policy:" not in compared
    found = json.loads(cli(asked, capfdbinary, "compare", first, "last", "--json")[1])
    assert found["metrics"]["right"]["lost"] == ["leave"]
    assert found["metrics"]["right"]["verdict"] == "inconclusive"
    assert [each["id"] for each in found["flips"]] == ["leave", "pay"]


def test_exports(asked, capfdbinary, tmp_path):
    made = json.loads(cli(asked, capfdbinary, "run", "--json")[1])["id"]
    table = list(csv.DictReader(cli(asked, capfdbinary, "export")[1].splitlines()))
    assert [each["question"] for each in table] == ["leave", "pay", "lost"]
    assert [each["right"] for each in table] == ["True", "False", ""]
    assert table[1]["text"].startswith("'=")
    suite = etree.fromstring(cli(asked, capfdbinary, "export", "--format", "junit")[1].encode())
    assert [suite.get(name) for name in ("tests", "failures", "errors")] == ["3", "1", "1"]
    assert suite.find("testcase/failure") is not None and suite.find("testcase/error") is not None
    file = tmp_path / "run.csv"
    assert f"{file} holds run {made[:8]}" in cli(asked, capfdbinary, "export", "--out", str(file))[2]
    assert file.read_text().startswith("run,question")


def test_parquet(asked, capfdbinary, tmp_path):
    from pyarrow import parquet

    cli(asked, capfdbinary, "run")
    file = tmp_path / "run.parquet"
    assert cli(asked, capfdbinary, "export", "--format", "parquet", "--out", str(file))[0] == 0
    rows = parquet.read_table(file).to_pylist()
    assert [each["mrr"] for each in rows] == [1.0, 0.0, None]


def test_parquet_without_its_package_names_the_extra(asked, capfdbinary, monkeypatch):
    cli(asked, capfdbinary, "run")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    code, _, err = cli(asked, capfdbinary, "export", "--format", "parquet")
    assert code == 2 and 'pip install "concord-rag[parquet]"' in err


def test_characters_that_xml_cannot_hold_are_left_out():
    question = GoldenQuestion(id="a", question="one\x00two", principal="user:pat", reference="x")
    from datetime import UTC, datetime

    run = runs.Run("r", datetime.now(UTC), "t", ("s",), (question,), {})
    found = etree.fromstring(exports.junit(run, [Score("a", "one\x00two", {"answered": False})]))
    assert found.find("testcase").get("name") == "a: one two"  # type: ignore[union-attr]


def test_the_stage_of_a_flip_is_what_is_known_or_diagnosed():
    def of(stage=None, **metrics):
        return [Score("q", "?", metrics, stage=stage, cause="retrieval_miss" if stage else None)]

    fine = {"answered": True, "right_page_first": True, "only_readable": True, "evidence": True, "abstained": True}
    for worse, diagnosed, stage in (
        ({"only_readable": False, "answered": False}, "held", "access"),
        ({"evidence": False}, "held", "evidence"),
        ({"abstained": False}, None, "abstain"),
        ({"right_page_first": False}, "retrieval", "retrieval"),
        ({"right_page_first": None}, None, "undetermined"),
    ):
        [flip] = compare_runs(of(**fine), of(diagnosed, **{**fine, **worse})).flips
        assert (flip.stage, flip.cause) == (stage, "retrieval_miss" if stage == "retrieval" else None)
    [better] = compare_runs(of(**{**fine, "answered": False}), of(**fine)).flips
    assert (better.gained, better.stage) == (("answered",), None)
    assert compare_runs(of(**fine), of(**fine)).flips == ()


def test_a_flip_is_diagnosed_by_its_trace_and_that_is_kept(words_copy, capfdbinary):
    """A page that nobody may read any more: the diagnosis says access, though every metric of finding fell as well."""
    (words_copy / "evals").mkdir()
    (words_copy / "evals" / "set.jsonl").write_text(json.dumps(QUESTIONS[0]) + "\n", "utf-8")
    people = words_copy / "principals.yaml"
    people.write_text(people.read_text() + "  - {id: boss, department: People}\n", "utf-8")
    before = json.loads(cli(words_copy, capfdbinary, "run", "--json")[1])["id"]
    source = words_copy / "sources" / "hr.yaml"
    source.write_text(source.read_text().replace("const: [everyone]", "const: ['user:boss']"), "utf-8")
    for command in ("apply", "sync"):
        assert concord_cli(["--workspace", str(words_copy), command]) == 0
    capfdbinary.readouterr()
    told = json.loads(cli(words_copy, capfdbinary, "run", "--baseline", before, "--json")[1])
    [flip] = told["comparison"]["flips"]
    assert (flip["stage"], flip["cause"]) == ("access", "access_filtered") and "answered" in flip["lost"]
    # The page is open again: what was found out stays, and nothing new is found out of a workspace that is another one.
    source.write_text(source.read_text().replace("const: ['user:boss']", "const: [everyone]"), "utf-8")
    assert concord_cli(["--workspace", str(words_copy), "apply"]) == 0
    capfdbinary.readouterr()
    out = cli(words_copy, capfdbinary, "compare", before, told["id"])[1]
    assert "[access, access_filtered]" in out


def test_every_command_and_option_is_documented():
    from typer import Typer
    from typer.main import get_command

    from concord_evals.commands import register

    app = Typer()
    app.callback()(lambda: None)
    register(app)
    text = (Path(__file__).parents[2] / "docs" / "gates.md").read_text("utf-8")
    command = get_command(app).commands["eval"]  # type: ignore[attr-defined]
    for name, each in command.commands.items():
        assert f"`concord eval {name}" in text, name
        for parameter in each.params:
            for option in parameter.opts:
                assert not option.startswith("--") or option == "--help" or option in text, (name, option)


def test_the_tolerance_of_the_commands_is_that_of_the_statistics():
    assert options.TOLERANCE == verdict.TOLERANCE


def test_nobody_is_taken_to_have_asked_what_an_evaluation_asked(asked, capfdbinary):
    """Neither detection, nor previews, nor counts of what answers told; a person's own question is one, as before."""
    since = datetime.now(UTC) - timedelta(days=1)
    for _ in range(4):
        cli(asked, capfdbinary, "run")
    concord = Concord.open(asked)
    run, leave = runs.find(concord, "last"), QUESTIONS[0]["question"]
    with reading(concord.engine) as connection:
        before = asked_since(connection, since, 100), citing(connection, "hr/leave.md", 100)
        trace = load_trace(connection, runs.scores(concord, run)[0].trace, None)
    assert before == (([], False), []) and trace.run == run.id and concord.detect() == []
    concord.ask(leave, concord.foundation.directory.principal("pat"))
    with reading(concord.engine) as connection:
        [person], _ = asked_since(connection, since, 100)
        told = citing(connection, "hr/leave.md", 100)
    concord.close()
    assert person.question == leave and person.run is None and [each.id for each in told] == [person.id]
