"""Gates of changes: golden sets before a change is in force, and other packages' gates in `concord eval gate`."""

import json
from importlib.metadata import EntryPoint

import pytest

from concord.bootstrap import connecting
from concord.cli.main import run as concord_cli

LEAVE = {
    "question": "How many days of annual leave does everybody have?",
    "principal": "user:pat",
    "use_case": "desk",
    "values": ["25 days"],
    "evidence": ["hr/leave.md"],
}
WORD = {"question": "furlough", "principal": "user:pat", "use_case": "desk", "evidence": ["hr/leave.md"]}
AUTHORITY = "tiers: [policy, guidance, discussion]\n"
USE_CASE = "title: Desk\naudience: [everyone]\nsources: [hr, wiki]\n"
WIKI = """\
title: Wiki
connector: files
options: {path: wiki}
mapping: {fields: {publisher: {const: Finance}, readers: {const: [everyone]}, authority_tier: {const: guidance}}}
"""


@pytest.fixture
def house(words_copy, capsys):
    """A workspace whose golden sets are a gate; files are written and commands run by it."""

    class House:
        folder = words_copy

        def write(self, path, text):
            file = words_copy / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")

        def run(self, *arguments):
            code = concord_cli(["--workspace", str(words_copy), *arguments])
            return code, *capsys.readouterr()

    made = House()
    settings = (words_copy / "concord.yaml").read_text()
    made.write("concord.yaml", f"{settings}governance: {{golden_sets: losses}}\n")
    hr = (words_copy / "sources" / "hr.yaml").read_text()
    made.write("sources/hr.yaml", hr.replace("fields: {", "fields: {authority_tier: {const: policy}, "))
    made.write("sources/wiki.yaml", WIKI)
    made.write("wiki/leave.md", "# Time off\n\nEverybody has 20 days of annual leave.\n")
    made.write("authority.yaml", AUTHORITY)
    made.write("usecases/desk.yaml", USE_CASE)
    lines = [{"id": f"leave-{n}", **LEAVE} for n in range(7)] + [{"id": "word", **WORD, "source": "correction"}]
    made.write("evals/set.jsonl", "".join(json.dumps(each) + "\n" for each in lines))
    assert made.run("apply")[0] == 0 and made.run("sync")[0] == 0
    assert json.loads(made.run("eval", "run", "--json")[1])["totals"]["right_page_first"] == [8, 8]
    return made


def test_a_change_of_authority_that_answers_worse_is_refused(house):
    house.write("authority.yaml", "tiers: [discussion, guidance, policy]\n")
    code, _, err = house.run("apply")
    assert code == 2 and "the gate golden sets refuses: right: " in err and "values: worse" in err
    house.write("authority.yaml", f"# the same\n{AUTHORITY}")
    assert house.run("apply")[0] == 0


def test_a_change_of_vocabulary_that_loses_a_verified_question_is_refused(house):
    shared, people = house.folder / "taxonomy" / "shared.ttl", house.folder / "taxonomy" / "people.ttl"
    pay = '<urn:s:pay> a skos:Concept ; skos:prefLabel "pay"@en ; skos:inScheme <urn:s> .\n'
    shared.write_text(shared.read_text() + pay)
    people.write_text(people.read_text().replace("<urn:s:leave>", "<urn:s:pay>"))
    code, _, err = house.run("apply")
    assert code == 2 and "the gate golden sets refuses: right: verified questions fail: word" in err


def test_a_use_case_that_answers_worse_is_refused_and_others_are_not_asked(house):
    house.write("usecases/desk.yaml", USE_CASE.replace("[hr, wiki]", "[wiki]"))
    code, _, err = house.run("apply")
    assert code == 2 and "the gate golden sets refuses" in err
    house.write("usecases/desk.yaml", USE_CASE)
    house.write("usecases/other.yaml", USE_CASE)
    assert house.run("apply")[0] == 0


def test_a_use_case_that_a_group_does_not_accept_is_not_published(house):
    asks = "stakeholders: [{group: legal, questions: all, at_most: {ms_p95: 0}}]\n"
    house.write("usecases/desk.yaml", USE_CASE + asks)
    code, _, err = house.run("apply")
    assert code == 2 and "desk: legal asks for more of ms_p95" in err
    house.write("usecases/desk.yaml", USE_CASE + asks.replace("ms_p95: 0", "ms_p95: 1000000"))
    assert house.run("apply")[0] == 0


def test_what_few_questions_cannot_tell_is_refused_where_doubt_is(house):
    settings = (house.folder / "concord.yaml").read_text()
    house.write("concord.yaml", settings.replace("losses", "doubt"))
    house.write("authority.yaml", f"# the same\n{AUTHORITY}")
    code, _, err = house.run("apply")
    assert code == 2 and "cannot exclude a loss" in err
    house.write("concord.yaml", settings.replace("losses", "nothing"))
    assert house.run("apply")[0] == 0


def test_questions_that_cannot_be_asked_any_more_refuse_the_change(house):
    """A use case that goes takes its questions along: nothing is measured, and that is no pass."""
    (house.folder / "usecases" / "desk.yaml").unlink()
    code, _, err = house.run("apply")
    assert code == 2 and "not measured whether anything reached who may not read it: leave-0" in err


def test_where_doubt_refuses_something_has_to_be_asked(house):
    settings = (house.folder / "concord.yaml").read_text()
    house.write("concord.yaml", settings.replace("losses", "doubt"))
    house.write("usecases/other.yaml", USE_CASE)
    code, _, err = house.run("apply")
    assert code == 2 and "no golden question can tell of usecases/other.yaml" in err
    (house.folder / "usecases" / "other.yaml").unlink()
    (house.folder / "evals" / "set.jsonl").unlink()
    house.write("authority.yaml", f"# the same\n{AUTHORITY}")
    code, _, err = house.run("apply")
    assert code == 2 and "no golden question can tell of authority.yaml" in err


def test_a_threshold_that_was_missed_before_is_not_of_the_changes_making(house):
    asks = "stakeholders: [{group: legal, questions: all, at_most: {ms_p95: 0}}]\n"
    settings = (house.folder / "concord.yaml").read_text()
    house.write("usecases/desk.yaml", USE_CASE + asks)
    house.write("concord.yaml", settings.replace("losses", "nothing"))
    assert house.run("apply")[0] == 0
    house.write("concord.yaml", settings)
    house.write("usecases/desk.yaml", USE_CASE.replace("Desk", "The desk") + asks)
    assert house.run("apply")[0] == 0
    house.write("usecases/desk.yaml", USE_CASE + asks.replace("ms_p95: 0", "ms_p50: 0"))
    assert "legal asks for more of ms_p50" in house.run("apply")[2]
    # Nor is it met by taking it away.
    house.write("usecases/desk.yaml", USE_CASE)
    assert "legal asks for more of ms_p95, which is taken away" in house.run("apply")[2]


def test_golden_sets_that_cannot_be_read_let_nothing_through(house):
    house.write("evals/set.jsonl", "{}\n")
    house.write("authority.yaml", f"# the same\n{AUTHORITY}")
    code, _, err = house.run("apply")
    assert code == 2 and "the gate golden sets refuses: it could not be run" in err


def test_gates_of_other_packages_are_asked_by_eval_gate(house, monkeypatch, tmp_path):
    (tmp_path / "no_tiers.py").write_text(
        "class NoTiers:\n    name = 'no tiers'\n    def __init__(self, workspace): pass\n"
        "    def refuses(self, change):\n"
        "        touched = [path for _, path in change.before.changes(change.after)]\n"
        "        return 'tiers stay' if 'authority.yaml' in touched else None\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    gate = ("eval", "gate", "--baseline", "last", "--allow-inconclusive", "--tolerance", "0.9", "--json")
    house.run("eval", "run")
    house.write("authority.yaml", f"# the same\n{AUTHORITY}")
    assert house.run("apply")[0] == 0
    real, made = connecting.entry_points, [EntryPoint("x", "no_tiers:NoTiers", "concord.gates")]
    monkeypatch.setattr(
        connecting, "entry_points", lambda group: made if group == "concord.gates" else real(group=group)
    )
    code, out, _ = house.run(*gate)
    assert code == 1 and json.loads(out)["reasons"] == ["the gate no tiers refuses: tiers stay"]
    assert house.run(*gate)[0] == 0  # the last run is of the same declarations now
    made[:] = [EntryPoint("gone", "no_such_module:Gate", "concord.gates")]
    code, out, _ = house.run(*gate)
    assert code == 1 and "could not be loaded" in out


def test_metrics_of_ragas_that_are_asked_for_and_missing_fail(house):
    house.run("eval", "run")
    baseline = json.loads(house.run("eval", "run", "--json")[1])["id"]
    gate = ("eval", "gate", "--baseline", baseline, "--ragas", "faithfulness", "--allow-inconclusive")
    code, out, _ = house.run(*gate, "--candidate", baseline)
    assert code == 1 and "faithfulness: asked for, and not measured of every question" in out
    assert house.run(*gate)[0] == 2 and house.run(*gate[:-2], "nice", "--candidate", "last")[0] == 2
