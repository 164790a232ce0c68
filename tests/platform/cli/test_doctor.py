"""`concord doctor`: every fault is found and told with its remedy, and `--repair` builds the index anew."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, insert, select, update

from concord.bootstrap import Concord
from concord.catalog import outbox
from concord.catalog.engine import writing
from concord.catalog.schema import audit_events, chunks, embeddings, replacements
from concord.ingestion.indexing import points_of

LEAVE = "people-handbook/leave.md"


@pytest.fixture
def own(synced_copy):
    """A synced workspace with an index of its own."""
    concord = Concord.open(synced_copy.folder)
    concord.rebuild_index()
    yield synced_copy, concord
    concord.index.stop()
    concord.close()


def report(workspace, *options: str):
    done = workspace.run("doctor", "--json", *options)
    told = json.loads(done.out)
    return done.code, {each["check"]: each for each in told["checks"]}, told["rebuilt"]


def test_a_sound_workspace_is_in_order(own):
    code, checks, rebuilt = report(own[0])
    assert (code, rebuilt) == (0, 0)
    assert {each["check"] for each in checks.values() if each["level"] != "ok"} == {"owners"}
    assert list(checks) == [
        "files",
        "owners",
        "disk",
        "syncs",
        "model",
        "catalog",
        "audit log",
        "outbox",
        "readings",
        "conflict register",
        "derived rows",
        "index",
        "worker",
    ]
    assert "5 points; 5 of 5 items" in checks["index"]["found"]


def test_whether_somebody_is_there_for_what_no_page_is_about(own):
    workspace, _ = own
    _, checks, _ = report(workspace)
    assert checks["owners"]["level"] == "warning" and "match: {}" in checks["owners"]["remedy"]
    workspace.replace("ownership.yaml", "rules:", "rules:\n  - {match: {}, owner: user:ann}")
    _, checks, _ = report(workspace)
    assert checks["owners"]["level"] == "ok"


def test_nothing_of_documents_is_shown(own):
    workspace, concord = own
    concord.index.delete_item("people-handbook/restricted/zanzibar.md")
    assert "zanzibar" not in workspace.run("doctor").everything
    assert "zanzibar" not in workspace.run("doctor", "--json").everything


@pytest.mark.parametrize("broken", ["segment.json", "edge_config.json", "CURRENT.json"])
def test_a_broken_index_is_told_of_and_repaired_without_embedding(own, broken):
    workspace, concord = own
    before = workspace.run("search", "annual leave", "--as", "pat").out
    concord.index.stop()
    for path in concord.index_folder.rglob(broken):
        path.write_text("broken", "utf-8")
    for command in (("search", "leave", "--as", "pat"), ("sync",)):
        done = workspace.run(*command)
        assert done.code == 2 and "`concord doctor --repair`" in done.err
        assert len(done.err.splitlines()) == 1
    code, checks, _ = report(workspace)
    assert code == 2 and checks["index"]["level"] == "problem" and "--repair" in checks["index"]["remedy"]
    vectors = concord.encoder.encoded
    assert concord.rebuild_index().embedded == 0
    assert concord.encoder.encoded == vectors
    code, checks, rebuilt = report(workspace, "--repair")
    assert (code, rebuilt, checks["index"]["level"]) == (0, 0, "ok")
    assert workspace.run("search", "annual leave", "--as", "pat").out == before


def test_repair_rebuilds_and_checks_again(own):
    workspace, concord = own
    concord.index.delete_item(LEAVE)
    concord.index.flush()
    code, checks, rebuilt = report(workspace, "--repair")
    assert (code, rebuilt, checks["index"]["level"]) == (0, 5, "ok")
    told = workspace.run("doctor", "--repair")
    assert told.code == 0 and "built anew" not in told.out


def test_access_in_the_index_other_than_in_the_catalog_is_found(own):
    workspace, concord = own
    [point] = points_of(concord.engine, concord.encoder.model, LEAVE)
    concord.index.upsert([replace(point, payload=replace(point.payload, readers=("everyone",)))])
    concord.index.flush()
    code, checks, _ = report(workspace)
    assert code == 2 and "1 of 5 items differ" in checks["index"]["found"]


def test_a_vector_that_was_lost_is_found(own):
    workspace, concord = own
    [point] = points_of(concord.engine, concord.encoder.model, LEAVE)
    concord.index.upsert([replace(point, dense=[1.0] * 64)])
    code, checks, _ = report(workspace)
    assert code == 2 and "1 of 5 items differ" in checks["index"]["found"]


def test_faults_of_the_catalog_are_found(own):
    workspace, concord = own
    with writing(concord.engine) as connection:
        outbox.enqueue(connection, [LEAVE])
        connection.execute(insert(replacements).values(successor="a/b", predecessor="c/d", stated_by="a/b"))
        connection.execute(update(audit_events).values(actor="somebody else"))
    code, checks, _ = report(workspace)
    assert code == 2
    assert (checks["outbox"]["level"], checks["outbox"]["remedy"]) == ("warning", "run `concord sync`")
    assert checks["derived rows"]["level"] == "problem" and checks["audit log"]["level"] == "problem"
    assert checks["index"]["level"] == "ok"  # what waits is not expected to be there


def test_passages_that_another_version_read_are_told_of_until_the_next_sync(own):
    workspace, concord = own
    with writing(concord.engine) as connection:
        connection.execute(update(chunks).where(chunks.c.identifier == LEAVE).values(read_by="another"))
    assert concord.read_otherwise() == 1
    code, checks, _ = report(workspace)
    assert (code, checks["readings"]["level"]) == (0, "warning")
    assert "1 passages were read by another version" in checks["readings"]["found"]


def test_an_audit_log_that_was_cut_off_shows_by_a_head_that_was_kept(own):
    workspace, concord = own
    found = report(workspace)[1]["audit log"]["found"]
    head = found.rpartition(" ")[2]
    assert len(head) == 64 and report(workspace, "--audit-head", head)[0] == 0
    with writing(concord.engine) as connection:
        last = select(func.max(audit_events.c.seq)).scalar_subquery()
        connection.execute(delete(audit_events).where(audit_events.c.seq == last))
    assert report(workspace)[0] == 0  # what is left follows from one another
    code, checks, _ = report(workspace, "--audit-head", head)
    assert code == 2 and "cut off" in checks["audit log"]["found"]


def test_passages_without_vectors_are_embedded(own):
    workspace, concord = own
    with writing(concord.engine) as connection:
        connection.execute(delete(embeddings))
    code, checks, _ = report(workspace)
    assert checks["derived rows"]["level"] == "warning" and "5 passages" in checks["derived rows"]["found"]
    code, checks, rebuilt = report(workspace, "--repair")
    assert (code, rebuilt, checks["derived rows"]["level"]) == (0, 5, "ok")


def test_a_row_that_refers_to_nothing_is_found(own):
    workspace, concord = own
    with closing(sqlite3.connect(concord.state / "catalog.db")) as connection:  # it does not heed foreign keys
        connection.execute("DELETE FROM texts")
        connection.commit()
    code, checks, _ = report(workspace)
    assert code == 2 and "refers to nothing" in checks["catalog"]["found"]


def test_a_broken_catalog_is_told_of_and_the_rest_is_checked(workspace):
    (workspace.folder / ".concord").mkdir()
    (workspace.folder / ".concord/catalog.db").write_text("no database at all, and more than a hundred bytes" * 9)
    code, checks, _ = report(workspace, "--repair")
    assert code == 2 and checks["catalog"]["level"] == "problem" and "backup" in checks["catalog"]["found"]
    assert checks["index"]["level"] == checks["audit log"]["level"] == "skipped"
    assert checks["disk"]["level"] == checks["files"]["level"] == "ok"


def test_files_that_are_wrong_are_told_of(own):
    own[0].write("authority.yaml", "rankings: 7\n")
    code, checks, _ = report(own[0])
    assert code == 2 and "authority.yaml" in checks["files"]["found"]
    assert checks["index"]["level"] == "ok"


def test_files_that_are_not_in_force_are_told_of(own, workspace):
    own[0].write("authority.yaml", "rankings: []\n")
    code, checks, _ = report(own[0])
    assert code == 0 and checks["files"]["remedy"] == "run `concord apply`"
    code, checks, _ = report(workspace)
    assert "nothing is in force" in checks["files"]["found"]


def test_a_sync_that_died_is_told_of_until_the_next(own):
    workspace, _ = own
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    workspace.write(".concord/locks/people-handbook.pid", str(process.pid))
    code, checks, _ = report(workspace)
    assert code == 0 and "a sync of people-handbook ended" in checks["syncs"]["found"]
    workspace.run("sync")
    assert report(workspace)[1]["syncs"]["level"] == "ok"


def test_a_model_that_is_not_there_is_told_of(own):
    workspace, _ = own
    workspace.write("concord.yaml", "embedding: {model: no-such-model}\n")
    code, checks, _ = report(workspace)
    assert code == 2 and "no-such-model" in checks["model"]["found"]
    assert checks["index"]["level"] == "skipped"


def test_an_index_folder_that_is_gone_is_built(own):
    workspace, concord = own
    concord.index.stop()
    shutil.rmtree(concord.index_folder)
    code, _, rebuilt = report(workspace, "--repair")
    assert (code, rebuilt) == (0, 5)


def test_chunks_without_an_item_are_found(own):
    workspace, concord = own
    with writing(concord.engine) as connection:
        connection.execute(update(chunks).where(chunks.c.identifier == LEAVE).values(identifier="nobody/x"))
    code, checks, _ = report(workspace)
    assert code == 2 and "1 rows belong to no item" in checks["derived rows"]["found"]


def test_an_index_that_lost_everything_is_not_asked(own):
    workspace, concord = own
    concord.index.stop()
    for path in concord.index_folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for command in (("search", "leave", "--as", "pat"), ("ask", "How much annual leave?", "--as", "pat")):
        done = workspace.run(*command)
        assert done.code == 2 and "it has lost everything" in done.err and not done.out
    assert workspace.run("sync").code == 0
    assert "leave.md" in workspace.run("search", "annual leave", "--as", "pat").out


def test_an_index_is_not_emptied_for_a_catalog_that_was(own):
    workspace, concord = own
    with writing(concord.engine) as connection:
        connection.execute(delete(chunks))
    code, checks, rebuilt = report(workspace, "--repair")
    assert (code, rebuilt) == (2, 0)
    assert "emptied" in checks["index"]["found"] and "backup" in checks["index"]["remedy"]
    assert concord.index.count() == 5
