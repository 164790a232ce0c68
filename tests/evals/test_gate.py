"""The gate: what it lets through, what it stops, and what it tells whom."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from concord.bootstrap import Concord
from concord.catalog.audit import events_of
from concord.catalog.engine import reading
from concord.cli.main import run as concord_cli
from concord.governance import activation
from concord_evals import summaries
from concord_evals.evidence import fallen
from concord_evals.gate import decide
from concord_evals.runs import Run
from concord_evals.scoring import Score
from concord_evals.statistics import Verdict
from concord_feedback import GoldenQuestion


def run_of(values, source="authored", **more):
    """A run whose questions have these metrics."""
    questions = tuple(
        GoldenQuestion(id=name, question="?", principal="user:pat", reference="x", source=source) for name in values
    )
    scores = [Score(name, "?", metrics) for name, metrics in values.items()]
    return Run("r" * 8, datetime.now(UTC), "t", ("s",), questions, {"policy": "p"}, **more), scores


def set_of(count, **metrics):
    return {f"q{n}": {"answered": True, "only_readable": True, "mrr": 1.0, **metrics} for n in range(count)}


def test_a_change_that_is_none_passes():
    found = decide(run_of(set_of(200)), run_of(set_of(200)))
    assert found.verdict is Verdict.PASS and "no loss of 0.05" in found.reasons[0]


def test_a_few_questions_cannot_tell():
    found = decide(run_of(set_of(20)), run_of(set_of(20)))
    assert found.verdict is Verdict.INCONCLUSIVE and "20 questions cannot exclude" in found.reasons[0]
    assert "questions would show one of 0.05" in found.reasons[0]


def test_one_violation_of_access_fails():
    after = set_of(200)
    after["q7"] |= {"only_readable": False}
    found = decide(run_of(set_of(200)), run_of(after))
    assert found.verdict is Verdict.FAIL and found.reasons == ("reached who may not read it: q7",)
    # Even one that the baseline had too.
    assert decide(run_of(after), run_of(after)).verdict is Verdict.FAIL


@pytest.mark.parametrize("unseen", [{"only_readable": None}, {}])
def test_what_is_not_known_of_access_fails(unseen):
    after = set_of(200)
    after["q7"] = {"answered": True, "mrr": 1.0, **unseen}
    told = "not measured whether anything reached who may not read it: q7"
    for before in (set_of(200), after):
        found = decide(run_of(before), run_of(after))
        assert found.verdict is Verdict.FAIL and told in found.reasons


@pytest.mark.parametrize("source", ["correction", "case"])
def test_a_verified_question_that_flips_fails(source):
    after = set_of(200)
    after["q7"] |= {"answered": False}
    assert decide(run_of(set_of(200)), run_of(after)).verdict is Verdict.PASS
    found = decide(run_of(set_of(200), source), run_of(after, source))
    assert found.verdict is Verdict.FAIL and "verified questions fail: q7" in found.reasons[0]
    # It cannot be dropped from the golden set either.
    del after["q7"]
    assert decide(run_of(set_of(200), source), run_of(after)).verdict is Verdict.FAIL


def test_who_is_expected_to_win_wins_or_the_change_fails():
    """One is enough: what authority decides is no sample."""
    before, after = set_of(200, winner=True), set_of(200, winner=True)
    for lost in (False, None):
        after["q7"] |= {"winner": lost}
        found = decide(run_of(before), run_of(after))
        assert found.verdict is Verdict.FAIL and "who is expected to win wins no more: q7" in found.reasons
        assert decide(run_of(after), run_of(before)).verdict is not Verdict.FAIL


def test_a_verified_question_that_expects_something_else_is_no_pass():
    before, (run, scores) = run_of(set_of(200), "case"), run_of(set_of(200), "case")
    edited = [each.model_copy(update={"reference": "y"}) if each.id == "q7" else each for each in run.questions]
    found = decide(before, (replace(run, questions=tuple(edited)), scores))
    assert found.verdict is Verdict.INCONCLUSIVE and found.reasons[0].endswith("than in the baseline: q7")
    tagged = [each.model_copy(update={"tags": ("new",)}) for each in run.questions]
    assert decide(before, (replace(run, questions=tuple(tagged)), scores)).verdict is Verdict.PASS


def test_a_metric_that_falls_fails_though_every_question_stays_right():
    found = decide(run_of(set_of(200)), run_of(set_of(200, mrr=0.9)))
    assert found.verdict is Verdict.FAIL and found.failed == ("mrr",)


def test_what_is_not_measured_never_passes():
    after = set_of(200)
    after["q7"] |= {"mrr": None}
    found = decide(run_of(set_of(200)), run_of(after))
    assert found.verdict is Verdict.INCONCLUSIVE and found.reasons == ("not measured: q7",)


def test_the_summary_and_the_report_say_the_same():
    after = set_of(200)
    for name in ("q1", "q2", "q3", "q4", "q5", "q6", "q7"):
        after[name] |= {"answered": False}
    (before, _), now = baseline, (candidate, _) = run_of(set_of(200)), run_of(after)
    found = decide(baseline, now)
    text = summaries.markdown(found, before, candidate, ["a note"])
    assert text.startswith("## Evaluation: fail") and "| q1: ? | answered |" in text and "- a note" in text
    suite = etree.fromstring(summaries.junit(found, candidate))
    assert {each.getparent().get("name") for each in suite.iter("failure")} == {"gate", "right", "answered"}
    assert suite.get("failures") == "3" and suite.get("errors") == "0"


def questions(count, **more):
    one = {
        "question": "How much annual leave does everybody have?",
        "principal": "user:pat",
        "evidence": ["hr/leave.md@1.."],
        "values": ["25 days"],
    }
    return "".join(json.dumps({"id": f"q{n}", **one, **more}) + "\n" for n in range(count))


@pytest.fixture
def gated(synced_words: Path):
    (synced_words / "evals").mkdir()
    (synced_words / "evals" / "set.jsonl").write_text(questions(6, source="correction"), "utf-8")
    return synced_words


def cli(workspace, capsys, *arguments):
    code = concord_cli(["--workspace", str(workspace), "eval", *arguments])
    return code, *capsys.readouterr()


def test_exit_codes_and_files(gated, capsys, tmp_path):
    cli(gated, capsys, "run")
    xml, page = tmp_path / "gate.xml", tmp_path / "gate.md"
    code, out, _ = cli(gated, capsys, "gate", "--baseline", "last", "--junit", str(xml), "--summary", str(page))
    assert code == 3 and out.startswith("inconclusive: ")
    assert etree.fromstring(xml.read_bytes()).get("errors") == "1"
    assert "## Evaluation: inconclusive" in page.read_text()
    assert cli(gated, capsys, "gate", "--baseline", "last", "--allow-inconclusive")[0] == 0
    assert cli(gated, capsys, "gate", "--baseline", "last", "--tolerance", "0.6")[0] == 0

    settings = gated / "concord.yaml"
    settings.write_text(settings.read_text().replace("min_confidence: 0", "min_confidence: 1"), "utf-8")
    code, out, _ = cli(gated, capsys, "gate", "--baseline", "last", "--tolerance", "0.6", "--json")
    found = json.loads(out)
    assert code == 1 and found["verdict"] == "fail" and "verified questions fail" in found["reasons"][0]
    assert found["baseline"]["fingerprints"]["settings"] != found["candidate"]["fingerprints"]["settings"]
    assert cli(gated, capsys, "gate", "--baseline", "none")[0] == 2


def test_a_run_of_any_file_is_asked_again_by_the_gate(gated, capsys, tmp_path, monkeypatch):
    """Of one beside the workspace, named from where the run was made, and of one inside, named by its path."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "own.jsonl").write_text(questions(2), "utf-8")
    for folder, path, name in (
        (tmp_path, "mine/own.jsonl", str(tmp_path / "mine" / "own.jsonl")),
        (gated, "evals/set.jsonl", "set"),
    ):
        monkeypatch.chdir(folder)
        made = json.loads(cli(gated, capsys, "run", "--suite", path, "--json")[1])
        assert made["suites"] == [name]
        monkeypatch.chdir(tmp_path.parent)
        code, out, err = cli(gated, capsys, "gate", "--baseline", "last", "--tolerance", "0.9", "--json")
        assert (code, err) == (0, "") and json.loads(out)["candidate"]["questions"] == made["questions"]


def test_the_gate_asks_in_the_use_case_of_the_baseline(gated, capsys):
    lines = questions(2) + json.dumps(
        {"id": "desk", "question": "?", "principal": "user:pat", "expect": "abstain", "use_case": "desk"}
    )
    (gated / "evals" / "set.jsonl").write_text(lines, "utf-8")
    run = json.loads(cli(gated, capsys, "run", "--use-case", "desk", "--json")[1])
    whole = json.loads(cli(gated, capsys, "run", "--as", "pat", "--json")[1])
    assert (run["questions"], run["use_case"], whole["questions"]) == (1, "desk", 3)
    found = json.loads(cli(gated, capsys, "gate", "--baseline", run["id"], "--json")[1])
    assert (found["candidate"]["questions"], found["candidate"]["use_case"]) == (1, "desk")
    told = cli(gated, capsys, "compare", run["id"], whole["id"])[1]
    assert "asked as: None -> pat" in told and "use case: desk -> None" in told


def test_evidence_that_fell_is_told_to_its_owner_and_counts_as_failing(words_copy, capsys):
    """Three questions: of a page that was replaced, of one that is gone, of one that has another revision."""
    (words_copy / "ownership.yaml").write_text("rules: [{match: {source: hr}, owner: 'user:pat'}]\n", "utf-8")
    (words_copy / "content" / "leave.md").write_text("# Annual leave\n\nEverybody has 26 days of annual leave.\n")
    (words_copy / "content" / "pay.md").unlink()
    concord = Concord.open(words_copy)
    activation.apply(concord.engine, concord.desired().declarations, "test")
    concord = concord.renewed()
    concord.sync_sources(concord.foundation.sources.values())
    asked = [
        GoldenQuestion(id=name, question="Annual leave?", principal="user:pat", evidence=(reference,))
        for name, reference in (("a", "hr/leave.md@1"), ("b", "hr/pay.md"), ("c", "hr/leave.md@2"), ("d", "x/y.md"))
    ]
    found = fallen(concord, asked)
    concord.close()
    assert [(each.question, each.why, each.owner) for each in found] == [
        ("a", "is at revision 2 now", "user:pat"),
        ("b", "is gone", "user:pat"),
        ("d", "is gone", None),
    ]
    lines = [each.model_dump(mode="json", exclude_defaults=True) for each in asked]
    (words_copy / "evals").mkdir()
    (words_copy / "evals" / "set.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines), "utf-8")
    code, out, err = cli(words_copy, capsys, "run", "--json")
    assert code == 0 and json.loads(out)["totals"]["evidence"] == [1, 4]
    assert "a: hr/leave.md@1 is at revision 2 now; user:pat has to approve the question again" in err


def test_what_was_not_measured_is_never_let_through_as_too_few_questions():
    after = set_of(200)
    after["q7"] |= {"mrr": None}
    assert decide(run_of(set_of(200)), run_of(after)).missing == ("q7",)


def test_a_metric_that_has_to_be_there_fails_where_it_is_not():
    judged = set_of(200, faithfulness=1.0)
    assert decide(run_of(judged), run_of(judged), required=["faithfulness"]).verdict is Verdict.PASS
    for before, after in ((judged, set_of(200)), (set_of(200), judged), (set_of(200), set_of(200))):
        missing = {key: {"faithfulness": None} | each for key, each in before.items()}
        now = {key: {"faithfulness": None} | each for key, each in after.items()}
        assert decide(run_of(missing), run_of(now), required=["faithfulness"]).verdict is Verdict.FAIL
    worse = set_of(200, faithfulness=0.8)
    assert decide(run_of(judged), run_of(worse), required=["faithfulness"]).failed == ("faithfulness",)


PAGES = {
    "sick": ("# Sick leave\n\nA doctor's note is needed after seven days.\n", "When must a physician write something?"),
    "bike": ("# Cycle scheme\n\nA bicycle may be leased for twelve months.\n", "Could I get a bike for commuting?"),
    "pension": ("# Pension\n\nThe employer pays eight percent of the salary.\n", "What goes towards my old age?"),
    "parent": ("# Parental leave\n\nParents receive twenty weeks.\n", "We are having a baby, what now?"),
    "laptop": ("# Laptops\n\nMachines are replaced every four years.\n", "My notebook computer is ancient, who helps?"),
    "fire": ("# Alarm\n\nWalk to the assembly point.\n", "The building burns, where do I run?"),
}


@pytest.fixture
def meaning(words_copy):
    """A workspace whose questions share no word with the pages: only a model that knows meanings finds them."""
    (words_copy / "content" / "leave.md").unlink()
    for name, (text, _) in PAGES.items():
        (words_copy / "content" / f"{name}.md").write_text(text)
    settings = words_copy / "concord.yaml"
    settings.write_text(settings.read_text().replace("embedding: {runtime: hashing}\n", ""))
    asked = [
        {"id": name, "question": text, "principal": "user:pat", "evidence": [f"hr/{name}.md"], "source": "correction"}
        for name, (_, text) in PAGES.items()
    ]
    (words_copy / "evals").mkdir()
    (words_copy / "evals" / "set.jsonl").write_text("".join(json.dumps(each) + "\n" for each in asked))
    return words_copy


@pytest.fixture
def concord(meaning, capsys):
    """Runs a command there: its exit code, and what it told."""

    def command(*arguments):
        code = concord_cli(["--workspace", str(meaning), *arguments])
        return code, *capsys.readouterr()

    assert command("apply")[0] == 0 and command("sync")[0] == 0
    return command


def test_another_embedding_is_tried_and_stopped(concord, monkeypatch):
    """A swap of the model: embedded anew, and judged against what was in use, before anybody gets to feel it."""
    baseline = json.loads(concord("eval", "run", "--json")[1])
    assert baseline["totals"]["right_page_first"][0] >= 5
    gate = ("eval", "gate", "--baseline", baseline["id"], "--allow-inconclusive", "--json")
    monkeypatch.setenv("CONCORD_EMBEDDING__RUNTIME", "hashing")
    assert concord("sync")[0] == 0
    code, out, _ = concord(*gate)
    found = json.loads(out)
    assert code == 1 and "verified questions fail" in found["reasons"][0]
    assert found["baseline"]["fingerprints"]["models"] != found["candidate"]["fingerprints"]["models"]
    monkeypatch.delenv("CONCORD_EMBEDDING__RUNTIME")
    assert concord("sync")[0] == 0 and concord(*gate)[0] == 0


def test_a_worse_model_is_refused_before_it_is_in_use(concord, meaning, monkeypatch):
    """By the gate of the workspace: the model in use goes on answering, through syncs too, until somebody insists."""

    def status():
        return json.loads(concord("index", "status", "--json")[1])

    def right():
        return json.loads(concord("eval", "run", "--json")[1])["totals"]["right_page_first"][0]

    before, good = status(), right()
    assert concord("index", "reembed")[0] == 2  # it is what the settings say already
    monkeypatch.setenv("CONCORD_GOVERNANCE__GOLDEN_SETS", "losses")
    monkeypatch.setenv("CONCORD_EMBEDDING__RUNTIME", "hashing")
    code, _, err = concord("sync")
    assert code == 0 and "`concord index reembed` tries them" in err
    code, _, err = concord("index", "reembed")
    assert code == 2 and "golden sets" in err and "verified questions fail" in err
    (meaning / "content" / "late.md").write_text("# Late\n\nShops close at nine.\n")
    assert concord("sync")[0] == 0
    held = status()
    assert held["model"] == before["model"] and held["recipe_waits"] and right() == good >= 5

    code, out, _ = concord("index", "reembed", "--anyway", "a drill", "--json")
    done = json.loads(out)
    assert code == 0 and done["after"]["model"] == "hashing" and not done["gates"]
    assert concord("sync")[0] == 0
    held = status()
    assert held["model"] != before["model"] and not (held["recipe_waits"] or held["behind"]) and right() < good
    workspace = Concord.open(meaning)
    with reading(workspace.engine) as connection:
        told = events_of(connection, "recipe")[-1]
    workspace.close()
    assert told.data["anyway"] == "a drill" and told.actor.startswith("local:")


def test_a_better_model_is_let_through(concord, monkeypatch):
    monkeypatch.setenv("CONCORD_EMBEDDING__RUNTIME", "hashing")
    assert concord("sync")[0] == 0  # no gate looks at it
    monkeypatch.setenv("CONCORD_GOVERNANCE__GOLDEN_SETS", "losses")
    monkeypatch.delenv("CONCORD_EMBEDDING__RUNTIME")
    code, out, err = concord("index", "reembed", "--json")
    assert code == 0, err
    done = json.loads(out)
    assert done["gates"] == ["golden sets"] and done["before"]["model"] == "hashing" and done["filled"]["items"] == 7
    assert concord("sync")[0] == 0
    assert not json.loads(concord("index", "status", "--json")[1])["behind"]


def test_other_passages_cannot_be_tried_and_are_not_cut_before_somebody_insists(concord, meaning, monkeypatch):
    (meaning / "content" / "long.md").write_text("# Doors\n\n" + "Every door is locked in the evening. " * 8)
    assert concord("sync")[0] == 0
    monkeypatch.setenv("CONCORD_GOVERNANCE__GOLDEN_SETS", "losses")
    monkeypatch.setenv("CONCORD_CHUNKING__MAX_TOKENS", "32")
    assert json.loads(concord("sync", "--json")[1])["indexed"] == 0
    code, _, err = concord("index", "reembed")
    assert code == 2 and "documents would be cut otherwise" in err and "--anyway WHY" in err
    assert concord("index", "reembed", "--anyway", "tried in a copy")[0] == 0
    assert json.loads(concord("sync", "--json")[1])["indexed"] > 0


def test_questions_that_a_failure_lost_are_cases_of_the_pages_owner_and_of_nobody_who_asked(words_copy, capsys):
    (words_copy / "evals").mkdir()
    (words_copy / "evals" / "set.jsonl").write_text(questions(3, source="correction"), "utf-8")
    (words_copy / "ownership.yaml").write_text("rules: [{match: {source: hr}, owner: 'user:lee'}]\n", "utf-8")
    people = words_copy / "principals.yaml"
    people.write_text(people.read_text() + "  - {id: lee, department: People}\n", "utf-8")
    assert concord_cli(["--workspace", str(words_copy), "apply"]) == 0
    assert concord_cli(["--workspace", str(words_copy), "sync"]) == 0
    cli(words_copy, capsys, "run")
    assert cli(words_copy, capsys, "gate", "--baseline", "last", "--allow-inconclusive")[0] == 0
    assert cases(words_copy, capsys, "lee") == []
    settings = words_copy / "concord.yaml"
    settings.write_text(settings.read_text().replace("min_confidence: 0", "min_confidence: 1"), "utf-8")
    code, out, _ = cli(words_copy, capsys, "gate", "--baseline", "last", "--json")
    assert code == 1 and "1 cases were opened or joined" in json.loads(out)["notes"][-1]
    (case,) = cases(words_copy, capsys, "lee")  # the three are about the same page
    assert (case["item"], case["owner"]) == ("hr/leave.md", "user:lee")
    assert [each["right_answer"] for each in case["reports"]] == ["25 days"] * 3
    assert cases(words_copy, capsys, "pat") == []


def cases(workspace, capsys, who):
    capsys.readouterr()
    assert concord_cli(["--workspace", str(workspace), "cases", "list", "--as", who, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["cases"]
