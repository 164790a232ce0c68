"""`concord worker`: syncs by schedule, tries again later and later, and does nothing twice."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from concord.bootstrap import Concord
from concord.bootstrap.running import jobs_of
from concord.catalog import jobs
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading, writing
from concord.worker import Worker
from concord_feedback.cases import About, Reach, Report, Severity
from concord_feedback.causes import RootCause

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
        with reading(concord.engine) as connection:
            due, (run, *_) = jobs.due(connection)[HANDBOOK], jobs.runs(connection, [HANDBOOK], 1)
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
    (workspace.folder / "content/away").rename(workspace.folder / "content/people")
    assert HANDBOOK in ran(worker)


def test_two_workers_share_what_is_due(workspace, concord):
    clock = Clock()
    other = Concord.open(workspace.folder)
    try:
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(ran, [Worker(concord, clock, "one"), Worker(other, clock, "two")]))
    finally:
        other.close()
    assert sorted(done[0] + done[1]) == [*CASES, HANDBOOK]


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
    command = [sys.executable, "-m", "concord.cli.main", "-w", str(workspace.folder), "worker", "--poll", "0.1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    try:
        while process.poll() is None:
            with reading(concord.engine) as connection:
                if len(jobs.last_runs(connection, [*CASES, HANDBOOK])) >= 2:
                    break
            time.sleep(0.02)
        process.send_signal(number)
        _, told = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == (0 if number is signal.SIGTERM else -9), told
    with reading(concord.engine) as connection:
        states = {each.state for each in jobs.runs(connection, [*CASES, HANDBOOK], 99)}
    if number is signal.SIGTERM:
        assert states == {"done"}
    clock = Clock()  # years later: whoever held something is gone
    assert ran(Worker(concord, clock)) == [*CASES, HANDBOOK]
    with reading(concord.engine) as connection:
        assert "running" not in {each.state for each in jobs.runs(connection, [*CASES, HANDBOOK], 99)}


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
