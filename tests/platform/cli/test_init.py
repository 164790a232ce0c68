"""`concord init` writes a workspace that works as it stands, and overwrites nothing."""

import json
from pathlib import Path

import pytest

from concord.cli.main import run

QUESTION = "How many days of annual leave do I get?"


@pytest.fixture
def fresh(make_workspace, monkeypatch):
    """An empty folder to work in."""
    workspace = make_workspace()
    folder = workspace.folder.parent
    monkeypatch.chdir(folder)
    # The stand-in has no meaning to answer from; what the default model makes of it is the next test's.
    monkeypatch.setenv("CONCORD_EMBEDDING__RUNTIME", "hashing")
    monkeypatch.setenv("CONCORD_INDEX__IDLE_SECONDS", "20")
    return folder


def test_the_workspace_of_init_can_be_applied_and_synced(fresh, monkeypatch, capsys):
    assert run(["init", "x"]) == 0
    assert "cd x" in capsys.readouterr().out
    monkeypatch.chdir(fresh / "x")
    assert run(["apply"]) == run(["sync"]) == 0
    assert ".concord/" in Path(".gitignore").read_text("utf-8").splitlines()
    capsys.readouterr()
    assert run(["status", "--as", "sam", "--json"]) == 0
    [source] = json.loads(capsys.readouterr().out)["sources"]
    assert source["items"] == 4
    assert run(["status", "--as", "alex", "--json"]) == 0
    [source] = json.loads(capsys.readouterr().out)["sources"]
    assert source["items"] == 5
    assert run(["item", "handbook/private/pay-review.md", "--as", "sam"]) == 2
    assert "salar" not in "".join(capsys.readouterr()).lower()


def test_the_two_pages_that_disagree_are_decided(fresh, monkeypatch, capsys):
    monkeypatch.delenv("CONCORD_EMBEDDING__RUNTIME")
    run(["init", "x"])
    monkeypatch.chdir(fresh / "x")
    run(["apply"])
    run(["sync"])
    capsys.readouterr()
    assert run(["ask", QUESTION, "--as", "sam", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert "27 days" in answer["answer"]
    assert answer["citations"][0]["identifier"] == "handbook/policies/annual-leave.md"
    [conflict] = answer["conflicts"]
    assert conflict["rule"] == "tier" and conflict["verdict"] == "resolved"
    assert conflict["losers"][0]["identifier"] == "handbook/guides/first-week.md"


def test_nothing_is_overwritten(fresh, capsys):
    (fresh / "y").mkdir()
    (fresh / "y" / "ownership.yaml").write_text("mine", "utf-8")
    assert run(["init", "y"]) == 2
    assert "ownership.yaml exists and is not overwritten" in capsys.readouterr().err
    assert [each.name for each in (fresh / "y").iterdir()] == ["ownership.yaml"]
    assert run(["init", "y/ownership.yaml"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_folder_that_holds_other_files_is_taken(fresh, capsys):
    (fresh / "z").mkdir()
    (fresh / "z" / "notes.txt").write_text("mine", "utf-8")
    assert run(["init", "z"]) == 0
    assert (fresh / "z" / "notes.txt").read_text("utf-8") == "mine"
