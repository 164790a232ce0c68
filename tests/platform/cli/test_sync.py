"""`concord sync`: idempotent, one lock per source, and no source is another's problem."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from concord.bootstrap import Concord
from concord.catalog.engine import writing
from concord.catalog.traces import store_trace
from concord.cli.progress import sync_progress
from concord.ingestion.locks import SourceLocks
from concord_feedback import Trace

SECRET = "zanzibar"


def synced_json(workspace, *arguments, code=0):
    done = workspace.run("sync", "--json", *arguments)
    assert done.code == code, done.err
    return json.loads(done.out)


def test_a_sync_with_nothing_changed_writes_nothing_and_embeds_nothing(synced_copy, dump):
    synced_json(synced_copy)  # the copy's index is built anew
    before = dump(synced_copy)
    again = synced_json(synced_copy)
    assert dump(synced_copy) == before
    assert again["embedded"] == again["indexed"] == 0
    assert all(each["read"] == each["changed"] == each["removed"] == 0 for each in again["sources"])


def test_a_lost_index_is_rebuilt_without_embedding(synced_copy):
    again = synced_json(synced_copy)
    assert again["indexed"] == 5 and again["embedded"] == 0


def test_what_a_sync_did_is_told_per_source(synced_copy):
    synced_copy.replace("content/people/leave.md", "27 days", "28 days")
    synced_copy.remove("content/people/leave-2024.md")
    synced_copy.write("content/finance/bad.md", "---\nmodified: whenever\n---\n# Bad\n\nText.\n")
    done = synced_copy.run("sync")
    assert done.code == 0
    rows = {
        line.split()[0]: line.split()[1:] for line in done.out.splitlines() if line.startswith("  f") or "hand" in line
    }
    assert rows["people-handbook"][:3] == ["1", "1", "1"]
    assert rows["finance-policies"] == ["1", "0", "0", "empty", "1,", "mapping", "2"]


def test_a_changed_word_of_access_embeds_nothing(synced_copy):
    synced_json(synced_copy)
    synced_copy.replace("sources/people-handbook.yaml", "group:people-leads", "group:people")
    synced_copy.run("apply")
    again = synced_json(synced_copy)
    assert again["indexed"] == 1 and again["embedded"] == 0
    assert synced_copy.run("item", "people-handbook/restricted/zanzibar.md", "--as", "pat").code == 0


def test_one_source_alone(synced_copy):
    again = synced_json(synced_copy, "finance-policies")
    assert [each["source"] for each in again["sources"]] == ["finance-policies"]
    unknown = synced_copy.run("sync", "people")
    assert unknown.code == 2 and "one of finance-policies, people-handbook" in unknown.err


def test_a_source_that_cannot_be_reached_leaves_the_others(synced_copy):
    synced_copy.replace("content/finance/travel.md", "140", "150")
    (synced_copy.folder / "content/people").rename(synced_copy.folder / "content/gone")
    done = synced_copy.run("sync")
    assert done.code == 1
    assert done.err.startswith("concord: ") and "content/people" in done.err and done.err.count("\n") == 1
    told = synced_json(synced_copy, code=1)
    assert {each["source"]: each["state"] for each in told["sources"]} == {
        "finance-policies": "synced",
        "people-handbook": "failed",
    }
    assert "150 pounds" in synced_copy.run("item", "finance-policies/travel.md", "--as", "fay", "--text").out
    assert synced_copy.run("item", "people-handbook/leave.md", "--as", "pat").code == 0


def test_a_source_that_another_command_syncs_is_named(synced_copy):
    with SourceLocks(synced_copy.folder / ".concord" / "locks").held("people-handbook"):
        done = synced_copy.run("sync")
    assert (
        done.code == 2 and f"'people-handbook' is being synced by another command (process {os.getpid()})" in done.err
    )
    assert done.err.count("\n") == 1
    assert not list((synced_copy.folder / ".concord" / "locks").glob("*.pid"))
    assert synced_copy.run("sync").code == 0


def test_the_index_is_followed_by_one_sync_at_a_time(synced_copy):
    command = [sys.executable, "-m", "concord.cli.main", "-w", str(synced_copy.folder), "sync"]
    with SourceLocks(synced_copy.folder / ".concord" / "locks").index():
        waiting = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(4)
    out, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0 and "5 items indexed" in out


def test_the_time_of_the_last_check_is_that_of_the_lock(synced_copy):
    locks = SourceLocks(synced_copy.folder / ".concord" / "locks")
    old = time.time() - 5000
    for source in ("people-handbook", "finance-policies"):
        os.utime(synced_copy.folder / f".concord/locks/{source}.lock", (old, old))
    (synced_copy.folder / "content/people").rename(synced_copy.folder / "content/gone")
    synced_copy.run("sync")
    assert locks.last_checked("finance-policies") > datetime.now(UTC) - timedelta(seconds=60)
    assert locks.last_checked("people-handbook") < datetime.now(UTC) - timedelta(seconds=4000)
    assert locks.last_checked("never") is None
    with locks.held("begun"):
        assert locks.last_checked("begun") is None


def test_a_source_that_is_no_longer_declared_is_dropped(synced_copy):
    synced_copy.remove("sources/finance-policies.yaml")
    synced_copy.replace("authority.yaml", "finance-policies, ", "")
    rules = (synced_copy.folder / "ownership.yaml").read_text("utf-8").split("  - match: {source: finance")[0]
    synced_copy.write("ownership.yaml", rules)
    assert synced_copy.run("apply").code == 0
    told = synced_json(synced_copy)
    assert told["dropped"] == {"finance-policies": 3}
    assert synced_copy.run("item", "finance-policies/travel.md", "--as", "fay").code == 2
    assert not synced_json(synced_copy)["dropped"]


def test_files_that_differ_from_what_is_applied_are_pointed_out(synced_copy):
    assert "concord apply" not in synced_copy.run("sync").err
    synced_copy.replace("authority.yaml", "expenses", "leave")
    assert "`concord apply`" in synced_copy.run("sync").err
    synced_copy.folder.joinpath("authority.yaml").write_bytes(b"\xff")
    assert "`concord apply`" in synced_copy.run("sync").err


def test_every_sync_tidies_up(synced_copy, dump):
    synced_json(synced_copy)
    concord = Concord.open(synced_copy.folder)
    now = datetime.now(UTC)
    with writing(concord.engine) as connection:
        for name, age in (("old", 91), ("new", 89)):
            at = now - timedelta(days=age)
            store_trace(connection, Trace(id=name, at=at, question="?", principal="ann", as_of=at.date()))
    concord.close()
    synced_json(synced_copy)
    assert [row[0] for row in dump(synced_copy)["traces"]] == ["new"]
    synced_copy.replace("content/finance/travel.md", "140", "150")
    before = len(dump(synced_copy)["embeddings"])
    synced_json(synced_copy)
    after = dump(synced_copy)
    assert len(after["embeddings"]) == before


def test_a_sync_shows_nothing_of_documents(workspace):
    workspace.run("apply")
    assert SECRET not in workspace.run("sync").everything
    workspace.replace("content/people/restricted/zanzibar.md", "40 days", "41 days")
    assert SECRET not in workspace.run("sync", "--json").everything


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_on_terminals_only(monkeypatch, capsys, terminal):
    monkeypatch.setenv("FORCE_COLOR" if terminal else "NO_COLOR", "1")
    with sync_progress() as watch:
        watch.records("some [bold]source[/bold]", 3, 10)
        watch.indexing(3)
        watch.index.embedding(7)
        watch.index.items(3)
    out, err = capsys.readouterr()
    assert not out
    assert bool(err) == terminal
    if terminal:
        assert "[bold]source" in err and "3 of 3" in err
