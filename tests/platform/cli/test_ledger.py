"""The curation ledger: handwork is counted for leads, of what they may read, and minutes say whence they are."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from concord.bootstrap import Concord
from concord.catalog.audit import AuditEvent
from concord.catalog.engine import writing
from concord_taxonomy.standard import Principal

ANN = Principal("ann", frozenset({"user:ann"}))
QUESTION = "How many days of annual leave?"
DECLARED = "name: Small\nembedding: {runtime: hashing}\nindex: {idle_seconds: 20}\ncuration: {minutes: {case: 15}}\n"


@pytest.fixture
def workspace(synced_copy):
    assert synced_copy.run("sync").code == 0
    return synced_copy


def ledger(workspace, who, *more):
    done = workspace.run("ledger", "--as", who, "--json", *more)
    assert done.code == 0, done.err
    return {(each["kind"], each["use_case"]): each for each in json.loads(done.out)["entries"]}


def corrected(workspace, *evidence):
    asked = workspace.run("ask", QUESTION, "--as", "ann", "--use-case", "ask-people", "--json")
    assert asked.code == 0, asked.err
    trace = json.loads(asked.out)["trace_id"]
    said = ("--reason", "wrong", "--right-answer", "28 days", "--evidence", *evidence)
    done = workspace.run("correct", trace, "--as", "ann", "--json", *said)
    assert done.code == 0, done.err
    return str(json.loads(done.out)["corrections"][0]["case"])


def later(workspace, subject, *, minutes):
    """Somebody acts on it again after some minutes."""
    concord = Concord.open(workspace.folder)
    try:
        with writing(concord.engine) as connection:
            at = datetime.now(UTC) + timedelta(minutes=minutes)
            AuditEvent("case.assigned", "user:ann", subject, at=at).append(connection)
    finally:
        concord.close()


def test_files_that_people_change_are_counted_by_kind_and_use_case(workspace):
    before = ledger(workspace, "ann")
    assert before[("use_case", "ask-people")]["interventions"] == 1
    assert before[("mapping", None)]["automates"].startswith("concord mapping test")
    workspace.replace("usecases/ask-people.yaml", "title: Ask People", "title: Ask us")
    workspace.replace("usecases/ask-people.yaml", "audience: [group:staff]", "audience: [group:staff, user:carl]")
    assert workspace.run("apply", "--as", "ann").code == 0
    after = ledger(workspace, "ann")
    assert after[("use_case", "ask-people")]["interventions"] == 2
    assert after[("vocabulary", None)] == before[("vocabulary", None)]


def test_work_on_cases_is_that_of_people_and_of_its_use_case(workspace):
    number = corrected(workspace, "people-handbook/leave.md")
    assert ("case", "ask-people") not in ledger(workspace, "ann")  # the report itself is none
    assert workspace.run("cases", "acknowledge", number, "--as", "ann").code == 0
    assert workspace.run("cases", "escalate").code == 0
    done = ledger(workspace, "ann")[("case", "ask-people")]
    assert (done["interventions"], done["people"], done["minutes"], done["basis"]) == (1, 1, None, None)
    assert workspace.run("cases", "dispute", number, "--as", "ann", "--comment", "it is right").code == 0
    assert ledger(workspace, "ann")[("case", "ask-people")]["interventions"] == 2
    concord = Concord.open(workspace.folder)
    try:
        concord.desk.diagnosed(int(number), concord.desk.dealt_with(ANN, int(number)).about, [], "user:ann")
    finally:
        concord.close()
    assert ledger(workspace, "ann")[("case", "ask-people")]["interventions"] == 3


def test_minutes_are_measured_between_acts_without_long_pauses_or_declared(workspace):
    number = corrected(workspace, "people-handbook/leave.md")
    assert workspace.run("cases", "acknowledge", number, "--as", "ann").code == 0
    later(workspace, f"case/{number}", minutes=10)
    later(workspace, f"case/{number}", minutes=600)
    done = ledger(workspace, "ann")[("case", "ask-people")]
    assert done["interventions"] == 3 and done["basis"] == "measured" and 9.9 <= done["minutes"] <= 10
    workspace.write("concord.yaml", DECLARED)
    done = ledger(workspace, "ann")[("case", "ask-people")]
    assert (done["minutes"], done["basis"]) == (45, "declared")


def test_whoever_leads_nothing_sees_none_and_nobody_counts_what_they_may_not_read(workspace):
    workspace.replace("ownership.yaml", "rules:", "roles: {triage: user:fay}\nrules:")
    assert workspace.run("apply", "--as", "ann").code == 0
    refused = workspace.run("ledger", "--as", "carl")
    assert refused.code == 2 and "for those who answer for" in refused.err
    before = ledger(workspace, "fay")
    number = corrected(workspace, "people-handbook/restricted/zanzibar.md")
    assert workspace.run("cases", "acknowledge", number, "--as", "ann").code == 0
    assert ledger(workspace, "ann")[("case", "ask-people")]["interventions"] == 1
    assert ledger(workspace, "fay") == before


def test_no_days_are_all_days_and_a_wrong_number_is_refused(workspace):
    assert ledger(workspace, "ann", "--days", "0") == ledger(workspace, "ann")
    assert workspace.run("ledger", "--as", "ann", "--days", "-1").code == 2
    assert "shared" in workspace.run("ledger", "--as", "ann").out
