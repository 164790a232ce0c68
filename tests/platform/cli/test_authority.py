"""`concord authority test`: exit codes, JSON, another policy, inside and outside of a workspace."""

import json

import pytest

EXAMPLE = {
    "id": "leave",
    "documents": [
        {"identifier": "old", "text": "Everyone receives 25 days of annual leave.", "modified": "2024-01-01"},
        {"identifier": "new", "text": "Everyone receives 27 days of annual leave.", "modified": "2026-01-01"},
    ],
    "expect": {"conflict": True, "winner": "new"},
}


@pytest.fixture
def examples(workspace):
    def write(*examples):
        return str(workspace.write("examples.jsonl", "".join(json.dumps(each) + "\n" for each in examples)))

    return write


def test_expectations_that_hold(workspace, examples):
    done = workspace.run("authority", "test", examples(EXAMPLE), "--json")
    assert done.code == 0
    report = json.loads(done.out)
    assert report["cases"][0].keys() == {"id", "conflict", "winner", "verdict", "rule", "explanation"}
    assert report["cases"][0]["winner"] == "new" and report["totals"]["winner_accuracy"] == 1


def test_an_expectation_that_fails(workspace, examples):
    wrong = {**EXAMPLE, "id": "wrong", "expect": {"conflict": True, "winner": "old"}}
    done = workspace.run("authority", "test", examples(EXAMPLE, wrong))
    assert done.code == 1
    assert done.out.startswith("wrong: expected conflict won by old, got resolved\n")
    assert "all: 1 of 2 as expected" in done.out


def test_another_policy(workspace, examples):
    reverse = workspace.write("other.yaml", "rules: [status]\n")
    done = workspace.run("authority", "test", examples(EXAMPLE), "--policy", str(reverse), "--json")
    assert done.code == 1 and json.loads(done.out)["cases"][0]["verdict"] == "unresolved"


def test_without_a_workspace(workspace, examples):
    file = examples(EXAMPLE)
    workspace.remove("concord.yaml")
    assert workspace.run("authority", "test", file).code == 0


@pytest.mark.parametrize("text", ["{", '{"id": "a"}', "\xff", "", "\n\n"])
def test_a_bad_file(workspace, text):
    file = workspace.folder / "bad.jsonl"
    file.write_bytes(text.encode("latin-1"))
    done = workspace.run("authority", "test", str(file))
    assert done.code == 2 and done.err.count("\n") == 1 and "bad.jsonl" in done.err


def test_a_file_without_end_is_not_read_to_it(workspace):
    done = workspace.run("authority", "test", "/dev/zero")
    assert done.code == 2 and "larger than" in done.err


def test_a_file_that_is_not_there_and_a_policy_that_is_none(workspace, examples):
    assert workspace.run("authority", "test", "gone.jsonl").code == 2
    bad = workspace.write("bad.yaml", "rules: [alphabet]\n")
    done = workspace.run("authority", "test", examples(EXAMPLE), "--policy", str(bad))
    assert done.code == 2 and "alphabet" in done.err
