"""`concord worker`: syncs by schedule, tries again later and later, and does nothing twice."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from concord.bootstrap import Concord
from concord.bootstrap.running import job_of, jobs_of
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import writing
from concord.worker import Worker
from concord_feedback.cases import About, Reach, Report, Severity
from concord_feedback.causes import RootCause

ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
CASES = ["cases/deadlines", "cases/detection", "cases/proofs"]
HANDBOOK = "sync/people-handbook"


@pytest.fixture
def workspace(synced_copy):
    synced_copy.replace("sources/people-handbook.yaml", "connector:", "schedule: {every: 15m}\nconnector:")
    assert synced_copy.run("apply").code == 0
    return synced_copy


@pytest.fixture
def concord(workspace):
    opened = Concord.open(workspace.folder)
    yield opened
    opened.close()


class Clock:
    """A clock that a test moves."""

    def __init__(self):
        self.now = datetime(2030, 3, 1, 12, tzinfo=UTC)

    def __call__(self):
        return self.now


def started(workspace, *arguments, code="from concord.cli.main import run; run()", **options):
    command = [sys.executable, "-c", code, "-w", str(workspace.folder), *arguments]
    catalog = {"CONCORD_CATALOG__URL": workspace.catalog} if workspace.catalog else {}
    environment = {**os.environ, **catalog, "PYTHONWARNINGS": "ignore"}
    return subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, **options)


def states(concord, *names):
    return [run.state for name in names for run in concord.runs.last(name, 99)]


def until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def ran(worker):
    return sorted(run.job for run in worker.drain())


def test_a_source_is_synced_by_its_schedule_and_the_others_are_not(workspace, concord):
    clock = Clock()
    worker = Worker(concord, clock)
    assert ran(worker) == [*CASES, HANDBOOK]
    assert ran(worker) == []
    workspace.replace("content/people/leave.md", "27 days", "28 days")
    clock.now += timedelta(minutes=14)
    assert HANDBOOK not in ran(worker)
    clock.now += timedelta(minutes=1)
    (run,) = [each for each in worker.drain() if each.job == HANDBOOK]
    assert (run.state, run.detail.partition(",")[2]) == ("done", " 1 changed, 0 removed")


def test_a_new_schedule_counts_from_the_next_step_on(workspace, concord):
    clock = Clock()
    worker = Worker(concord, clock)
    ran(worker)
    workspace.replace("sources/people-handbook.yaml", "every: 15m", "every: 1m")
    assert workspace.run("apply").code == 0
    clock.now += timedelta(minutes=1)
    with worker.launched():
        worker.step()
    clock.now += timedelta(minutes=1)
    assert HANDBOOK in ran(worker)


def test_a_source_that_is_away_is_tried_later_each_time_and_its_owner_gets_a_case(workspace, concord):
    (workspace.folder / "content/people").rename(workspace.folder / "content/away")
    clock = Clock()
    worker = Worker(concord, clock)
    waits = []
    for _ in range(4):
        ran(worker)
        job = job_of(concord, HANDBOOK, 1)
        due, (run,) = job.due, job.runs
        assert run.state == "failed" and "content/people" in run.detail
        waits.append((due - clock.now) / timedelta(minutes=1))
        clock.now = due
    assert waits == [1, 2, 4, 8]
    owned = json.loads(workspace.run("cases", "list", "--as", "ann", "--json").out)["cases"]
    assert any(each["cause"] == "ingestion_error" and "away" not in str(each) for each in owned)
    shown = json.loads(workspace.run("status", "--as", "ann", "--json").out)["sources"]
    last = {each["source"]: each["last_run"] for each in shown}
    assert last["people-handbook"]["state"] == "failed" and last["finance-policies"] is None
    assert "content/people" not in str(last)
    checks = json.loads(workspace.run("doctor", "--json").out)["checks"]
    (check,) = [each for each in checks if each["check"] == "worker"]
    assert (check["level"], check["found"]) == ("warning", f"failed: {HANDBOOK}")
    (workspace.folder / "content/away").rename(workspace.folder / "content/people")
    assert HANDBOOK in ran(worker)


@ON_BOTH
def test_workers_share_what_is_due(workspace):
    workers = [started(workspace, "worker", "--once", "--json", stdout=subprocess.PIPE) for _ in range(3)]
    done = [json.loads(each.communicate(timeout=120)[0])["runs"] for each in workers]
    assert sorted(run["job"] for runs in done for run in runs) == [*CASES, HANDBOOK]


SLOW = """\
import sys, time
from concord.bootstrap import Concord
from concord.cli.main import run
Concord.detect = lambda concord: print("slow", flush=True) or time.sleep(600)
run()
"""


@ON_BOTH
def test_what_a_worker_had_that_was_killed_for_good_is_done_by_another_that_runs(workspace, concord):
    killed = started(workspace, "worker", "--poll", "0.1", stdout=subprocess.PIPE, code=SLOW)
    other = None
    try:
        assert killed.stdout.readline() == b"slow\n"
        (begun,) = concord.runs.unfinished()
        assert begun.job == "cases/detection" and begun.state == "running"
        other = started(workspace, "worker", "--poll", "0.1")
        until(lambda: "done" in states(concord, HANDBOOK) + states(concord, "cases/proofs"))
        time.sleep(1)
        assert concord.runs.unfinished() == [begun]  # whoever is alive keeps what it has
        killed.send_signal(signal.SIGKILL)
        until(lambda: states(concord, "cases/detection") == ["done"])
        (run,) = concord.runs.last("cases/detection", 9)
        assert (run.id, run.worker != begun.worker) == (begun.id, True)
        other.send_signal(signal.SIGTERM)
        assert other.wait(60) == 0
    finally:
        for each in (killed, other):
            if each is not None:
                each.kill()
                each.communicate()


@ON_BOTH
def test_one_due_time_is_run_once_however_many_try(workspace, concord):
    worker, clock = Worker(concord, Clock()), Clock()
    assert HANDBOOK in ran(worker)
    clock.now += timedelta(minutes=15)
    runs = []
    for _ in range(2):  # the second one has seen nothing of what the first one did
        other = Concord.open(workspace.folder)
        try:
            late = Worker(other, clock)
            late._last.update(worker._last)
            runs += [run.id for run in late.drain() if run.job == HANDBOOK]
        finally:
            other.close()
    assert runs == [f"{HANDBOOK}@{clock.now.isoformat()}"]


def test_a_time_of_day_that_passed_while_no_worker_ran_is_made_up_for(workspace, concord):
    workspace.replace("sources/people-handbook.yaml", "{every: 15m}", '{cron: "0 14 * * *"}')
    assert workspace.run("apply").code == 0
    clock = Clock()
    assert ran(Worker(concord, clock)) == CASES
    clock.now += timedelta(hours=5)
    assert HANDBOOK in ran(Worker(concord, clock))
    assert job_of(concord, HANDBOOK, 1).due == datetime(2030, 3, 2, 14, tzinfo=UTC)


def test_a_worker_says_nothing_of_dbos_and_leaves_no_pickles(workspace, concord):
    done = started(workspace, "worker", "--once", stdout=subprocess.PIPE)
    out, err = done.communicate(timeout=120)
    assert (done.returncode, b"dbos" in (out + err).lower()) == (0, False), err
    with sqlite3.connect(workspace.folder / ".concord" / "runs.db") as connection:
        kept = connection.execute("SELECT DISTINCT serialization FROM workflow_status").fetchall()
    connection.close()
    assert kept == [("portable_json",)]


def test_runs_are_forgotten_after_a_while_but_the_last_of_each_job(workspace, concord):
    clock = Clock()
    for _ in range(3):
        ran(Worker(concord, clock))
        clock.now += timedelta(days=1)
    concord.runs.forget(datetime.now(UTC) + timedelta(minutes=1), [concord.runs.newest(HANDBOOK).id])
    assert [len(concord.runs.last(job, 9)) for job in (HANDBOOK, CASES[0])] == [1, 0]


def test_one_duty_that_breaks_leaves_the_others_alone(concord, monkeypatch):
    def broken(*_):
        raise RuntimeError("as if it were wrong")

    monkeypatch.setattr(Concord, "detect", broken)
    runs = {run.job: (run.state, run.detail) for run in Worker(concord, Clock()).drain()}
    assert runs["cases/detection"] == ("failed", "RuntimeError: as if it were wrong")
    assert runs[HANDBOOK][0] == "done"


def test_a_case_whose_severity_is_of_another_day_is_weighed_once_however_often_the_worker_starts(workspace, concord):
    about, now = About(RootCause.CONTENT_ERROR, "people-handbook/leave.md"), datetime.now(UTC)
    with writing(concord.engine) as connection:
        for who in ("pat", "fay"):
            filed = concord.desk.file(connection, about, Report(f"correction/{who}", "correction", now, "How?", who))
        old = replace(filed, severity=Severity.LOW, reach=Reach(), fix_by=now + timedelta(days=99))
        CatalogCases(connection).save(old)
    assert filed.severity is Severity.MEDIUM
    clock = Clock()
    for _ in range(2):
        again = Concord.open(workspace.folder)
        try:
            assert "cases/detection" in ran(Worker(again, clock))
            case = again.desk.case(again.foundation.directory.principal("ann"), filed.id)
        finally:
            again.close()
        clock.now += timedelta(hours=2)
    kept = case.case
    assert (kept.severity, kept.reach.people, kept.fix_by) == (Severity.MEDIUM, 2, filed.fix_by)
    (told,) = [each for each in case.history if each.type == "case.weighed"]
    assert (told.data["was"], told.data["severity"]) == ("low", "medium")


def test_once_says_what_was_done(workspace):
    done = workspace.run("worker", "--once", "--json")
    assert done.code == 0, done.err
    assert sorted(each["job"] for each in json.loads(done.out)["runs"]) == [*CASES, HANDBOOK]
    assert json.loads(workspace.run("worker", "--once", "--json").out) == {"runs": []}


def test_nothing_in_force_is_told_on_one_line(make_workspace):
    done = make_workspace().run("worker", "--once")
    assert done.code == 2 and "concord apply" in done.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_stops_when_told_and_what_a_killed_one_had_is_done_by_the_next(workspace, concord, number):
    process = started(workspace, "worker", "--poll", "0.1")
    try:
        until(lambda: process.poll() is not None or sum(map(bool, states(concord, *CASES, HANDBOOK))) >= 2)
        process.send_signal(number)
        _, told = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == (0 if number is signal.SIGTERM else -9), told
    if number is signal.SIGTERM:
        assert set(states(concord, *CASES, HANDBOOK)) == {"done"}
    clock = Clock()  # years later: whoever held something is gone
    assert ran(Worker(concord, clock)) == [*CASES, HANDBOOK]
    assert "running" not in states(concord, *CASES, HANDBOOK)
    assert concord.runs.unfinished() == []


def test_runs_are_shown_to_who_answers_for_the_source_and_what_is_for_all_to_leads(workspace, concord):
    Worker(concord, Clock()).drain()
    seen = {who: [each.name for each in jobs_of(concord, person(concord, who), 1)] for who in ("ann", "fay", "carl")}
    assert seen == {"ann": [*CASES, HANDBOOK], "fay": [], "carl": []}  # ann leads a use case, fay owns another source
    (run,) = next(each for each in jobs_of(concord, person(concord, "ann"), 5) if each.name == HANDBOOK).runs
    assert run.state == "done"
    told = json.loads(workspace.run("status", "--as", "ann", "--json").out)["worker"]
    assert [(each["job"], each["last_run"]["state"]) for each in told] == [(name, "done") for name in CASES]
    assert "worker: cases/proofs done at" in workspace.run("status", "--as", "ann").out
    assert json.loads(workspace.run("status", "--as", "fay", "--json").out)["worker"] == []


def person(concord, name):
    return concord.foundation.directory.principal(name)
