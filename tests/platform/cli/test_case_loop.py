"""From a wrong answer to its root cause, its fix, the proof of that, and the question in the golden set."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from concord.bootstrap import Concord
from concord.catalog import conversations
from concord.catalog.audit import events_of
from concord.catalog.engine import reading, writing
from concord.catalog.schema import activations
from concord.governance.cases.detecting import Unread
from concord.worker import Worker
from concord_feedback import parse_questions

LEAVE = "people-handbook/leave.md"
QUESTION = "How many days of annual leave does everyone receive?"


@pytest.fixture
def workspace(synced_copy):
    synced_copy.replace("ownership.yaml", "rules:", "roles: {access: group:people-leads, triage: user:ann}\nrules:")
    return synced_copy.ready()


def reported(workspace, who="pat", question=QUESTION, right="28 days", *options):
    answer = workspace.json("ask", question, "--as", who)
    made = workspace.json("correct", answer["trace_id"], "--as", who, "--right-answer", right, *options)
    return made["corrections"][0]["case"]


def diagnosed(workspace, number=1, who="ann"):
    return workspace.json("cases", "diagnose", str(number), "--as", who)


def test_an_error_is_diagnosed_fixed_at_its_source_proven_and_told(workspace):
    number = reported(workspace)
    found = diagnosed(workspace, number)
    assert (found["cause"], found["owner"], found["role"]) == ("content_error", "user:ann", "owner")
    assert [each["outcome"] for each in found["diagnosis"]][:4] == ["passed"] * 3 + ["failed"]
    workspace.replace("content/people/leave.md", "27 days", "29 days")
    assert workspace.run("sync").code == 0
    rejected = workspace.json("cases", "show", str(number), "--as", "ann")
    assert rejected["state"] == "assigned" and rejected["proof"]["passed"] is False
    assert not (workspace.folder / "evals").exists()
    workspace.replace("content/people/leave.md", "29 days", "28 days")
    assert workspace.run("sync").code == 0
    proven = workspace.json("cases", "show", str(number), "--as", "ann")
    assert (proven["state"], proven["sub_state"]) == ("resolved", "fixed_confirmed")
    assert proven["proof"]["detail"] == "1 of 1 questions are answered rightly"
    assert proven["fix"]["revision"] == f"{LEAVE}@3"
    told = workspace.json("cases", "news", "--as", "pat")["news"]
    assert [(each["case"], each["what"]) for each in told] == [(number, "case.fixed_confirmed")]
    (kept,) = parse_questions((workspace.folder / "evals" / "cases.jsonl").read_text("utf-8"))
    assert (kept.question, kept.principal, kept.evidence) == (QUESTION, "user:pat", (f"{LEAVE}@3..",))
    assert workspace.run("sync").code == 0
    assert workspace.json("cases", "news", "--as", "pat")["news"] == told


def test_a_fix_that_breaks_again_makes_the_case_regressed(workspace):
    number = reported(workspace)
    for old, new in (("27 days", "28 days"), ("28 days", "26 days")):
        workspace.replace("content/people/leave.md", old, new)
        assert workspace.run("sync").code == 0
    broken = workspace.json("cases", "show", str(number), "--as", "ann")
    assert (broken["state"], broken["sub_state"]) == ("assigned", "regressed")


def test_a_later_report_joins_the_diagnosed_case_and_breaks_it_open_once_its_fix_is_proven(workspace):
    number = reported(workspace)
    assert diagnosed(workspace, number)["cause"] == "content_error"
    assert reported(workspace, "fay") == number
    joined = workspace.json("cases", "show", str(number), "--as", "ann")
    assert (joined["severity"], len(joined["reports"])) == ("medium", 2)
    workspace.replace("content/people/leave.md", "27 days", "28 days")
    assert workspace.run("sync").code == 0
    assert workspace.json("cases", "show", str(number), "--as", "ann")["sub_state"] == "fixed_confirmed"
    assert reported(workspace, "fay") == number
    broken = workspace.json("cases", "show", str(number), "--as", "ann")
    assert (broken["state"], broken["sub_state"], broken["cause"]) == ("assigned", "regressed", "content_error")


@pytest.mark.parametrize("cause", ["content_error", "undetermined"])
def test_an_answer_of_before_the_fix_joins_its_case_quietly_and_is_proven_with_it(workspace, cause):
    old = workspace.json("ask", QUESTION, "--as", "fay")
    number = reported(workspace)
    if cause != "undetermined":
        assert diagnosed(workspace, number)["cause"] == cause
    workspace.replace("content/people/leave.md", "27 days", "28 days")
    assert workspace.run("sync").code == 0
    made = workspace.json("correct", old["trace_id"], "--as", "fay", "--right-answer", "28 days")
    assert made["corrections"][0]["case"] == number
    for synced in (False, True):
        if synced:
            assert workspace.run("sync").code == 0
        case = workspace.json("cases", "show", str(number), "--as", "ann")
        assert (case["state"], case["sub_state"]) == ("resolved", "fixed_confirmed")
        assert case["proof"]["detail"].endswith(
            f"{2 if synced else 1} of {2 if synced else 1} questions are answered rightly"
        )
        told = {who: workspace.json("cases", "news", "--as", who)["news"] for who in ("pat", "fay")}
        kinds = {who: [each["what"] for each in found if each["case"] == number] for who, found in told.items()}
        assert kinds == {"pat": ["case.fixed_confirmed"], "fay": ["case.fixed_since"]}


def test_an_old_answer_of_which_the_fix_does_not_hold_breaks_its_case_open_at_the_next_sync(workspace):
    old = workspace.json("ask", QUESTION, "--as", "fay")
    number = reported(workspace)
    workspace.replace("content/people/leave.md", "27 days", "28 days")
    assert workspace.run("sync").code == 0
    workspace.json("correct", old["trace_id"], "--as", "fay", "--right-answer", "28 weeks")
    case = workspace.json("cases", "show", str(number), "--as", "ann")
    assert case["sub_state"] == "fixed_confirmed" and len(case["reports"]) == 2
    assert workspace.run("sync").code == 0
    assert workspace.json("cases", "show", str(number), "--as", "ann")["sub_state"] == "regressed"


def test_what_the_asker_may_not_read_is_told_to_whom_access_belongs_and_never_to_them(workspace):
    question = "How many days does everyone in the closing office receive?"
    number = reported(workspace, "pat", question, "40 days", "--reason", "missing")
    found = diagnosed(workspace, number)
    assert (found["cause"], found["role"]) == ("access_filtered", "access")
    for command in (("show", str(number)), ("list",), ("news",)):
        for form in ((), ("--json",)):
            out = workspace.run("cases", *command, "--as", "pat", *form).everything
            assert "zanzibar" not in out and "access" not in out
    for who in ("fay", "carl"):
        listed = workspace.json("cases", "list", "--as", who, "--all")["cases"]
        assert number not in [each["id"] for each in listed]


@pytest.mark.parametrize(
    ("right", "change", "cause"),
    [
        ("30 days", None, "content_error"),
        ("30 days", ("content/people/leave.md", "27 days", "30 days"), "ingestion_error"),
        ("27 days", None, "invalid_feedback"),
    ],
)
def test_causes_that_the_files_decide(workspace, right, change, cause):
    number = reported(workspace, "pat", QUESTION, right)
    if change:
        workspace.replace(*change)
    assert diagnosed(workspace, number)["cause"] == cause


def test_a_filter_that_leaves_the_page_out_goes_past_an_owner_who_may_not_read_it(workspace):
    answer = workspace.json("ask", "Up to how many pounds a night are hotels paid?", "--as", "fay", "-u", "ask-people")
    made = workspace.json("correct", answer["trace_id"], "--as", "fay", "--right-answer", "140 pounds")
    number = made["corrections"][0]["case"]
    assert diagnosed(workspace, number, "ann") == {"id": number, "routed": True}
    found = workspace.json("cases", "show", str(number), "--as", "fay")
    assert (found["cause"], found["owner"], found["role"]) == ("filter_excluded", "user:fay", "use_case")


def test_a_report_that_says_nothing_of_what_is_right_stays_undetermined(workspace):
    number = reported(workspace, "pat", QUESTION, "")
    found = diagnosed(workspace, number)
    assert found["cause"] == "undetermined"
    assert "could_not_run" in [each["outcome"] for each in found["diagnosis"]]
    assert "neither what is right" in workspace.run("cases", "diagnose", str(number), "--as", "ann").out


def test_only_who_deals_with_a_case_may_have_it_diagnosed(workspace):
    number = reported(workspace)
    done = workspace.run("cases", "diagnose", str(number), "--as", "pat")
    assert done.code == 2 and "it takes who deals with the case" in done.err
    assert workspace.run("cases", "diagnose", str(number), "--as", "fay").code == 2


def test_who_got_an_answer_of_the_corrected_passage_can_be_told_once(workspace):
    for who in ("pat", "fay"):
        workspace.json("ask", QUESTION, "--as", who)
    number = reported(workspace)
    workspace.replace("content/people/leave.md", "27 days", "28 days")
    assert workspace.run("sync").code == 0
    workspace.json("ask", QUESTION, "--as", "ann")
    found = workspace.json("cases", "blast", str(number), "--as", "ann", "--notify")
    assert {each["principal"] for each in found["answers"]} == {"user:pat", "user:fay"} and found["notified"] == 2
    assert not any(each["stands"] for each in found["answers"])
    assert QUESTION not in json.dumps(found)
    again = workspace.json("cases", "blast", str(number), "--as", "ann", "--notify")
    assert again["notified"] == 0
    told = [each["what"] for each in workspace.json("cases", "news", "--as", "fay")["news"]]
    assert told.count("answer.corrected") == 1


def test_what_nobody_reported_is_found_once(workspace):
    mine = workspace.json("cases", "list", "--as", "fay")["cases"]
    assert {each["cause"] for each in mine} == {"ingestion_error"}, "a sync finds what it had to quarantine"
    assert {each["item"] for each in mine if each["owner"] == "user:fay"} == {
        "finance-policies/empty.md",
        "finance-policies/mileage.md",
    }
    assert workspace.json("cases", "detect")["cases"] == []
    for who in ("pat", "fay"):
        assert workspace.json("ask", "Where can I park my bicycle overnight?", "--as", who)["abstained"]
    assert len(workspace.json("cases", "detect")["cases"]) == 1
    assert workspace.json("cases", "detect")["cases"] == []
    assert "nothing new was found" in workspace.run("cases", "detect").out


def test_a_gap_is_one_case_in_whatever_words_it_is_asked_about(workspace):
    def ask(question, who):
        assert workspace.json("ask", question, "--as", who)["abstained"]

    ask("Where can I park my bicycle?", "pat")
    ask("Where can I park my trailer?", "fay")
    assert workspace.json("cases", "detect")["cases"] == []
    ask("Is there bicycle parking at the harbour?", "fay")
    ask("Who pays for parking a bicycle overnight?", "ann")
    (found,) = workspace.json("cases", "detect")["cases"]
    ask("bicycle parking", "ann")
    (joined,) = workspace.json("cases", "detect")["cases"]
    assert joined["id"] == found["id"]
    assert len(workspace.json("cases", "show", str(found["id"]), "--as", "ann")["reports"]) == 4
    assert workspace.json("cases", "detect")["cases"] == []


def test_a_page_past_its_review_that_is_cited_is_a_case_of_its_owner(workspace):
    workspace.replace("sources/people-handbook.yaml", "  rules:", "    review_due: {const: 2025-01-01}\n  rules:")
    assert workspace.run("apply").code == 0 and workspace.run("sync").code == 0
    workspace.json("ask", QUESTION, "--as", "pat")
    workspace.json("cases", "detect")
    stale = [each for each in workspace.json("cases", "list", "--as", "ann")["cases"] if not each["yours"]]
    assert ("stale_content", LEAVE) in {(each["cause"], each["item"]) for each in stale}


def test_a_source_that_cannot_be_read_is_a_case_of_its_owner(workspace):
    (workspace.folder / "content" / "finance").rename(workspace.folder / "content" / "moved")
    assert workspace.run("sync").code == 1
    concord = Concord.open(workspace.folder)
    try:
        failing = {"finance-policies": Unread(concord.locks.last_read("finance-policies"), "gone")}
        assert concord.desk.sync_failed(failing, datetime.now(UTC)) == []
        assert len(concord.desk.sync_failed(failing, datetime.now(UTC) + timedelta(days=1))) == 1
    finally:
        concord.close()
    mine = workspace.json("cases", "list", "--as", "fay")["cases"]
    assert ("ingestion_error", "user:fay") in {(each["cause"], each["owner"]) for each in mine}


def test_a_diagnosis_reads_as_questions_with_an_answer(workspace):
    number = reported(workspace)
    out = workspace.run("cases", "diagnose", str(number), "--as", "ann").out
    lines = [line.strip() for line in out.splitlines()]
    wrong = lines.index("NO   does the catalog have what is right?")
    assert lines[:2] == ["yes  is the report right that the answer was wrong?", "the answer told 0 of 1"]
    assert lines[wrong + 1 : wrong + 3] == ["no source has it; what is cited says something else", LEAVE]
    assert "9 later stages were not looked at" in out and "not_needed" not in out
    assert "What to do: Correct the page at its source." in out
    assert lines[-1] == f"case {number}: content_error, with user:ann as owner"
    assert "NO   does the catalog have what is right?" in workspace.run("cases", "show", str(number), "--as", "ann").out


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_who_had_a_case_of_access_diagnosed_and_does_not_deal_with_access_learns_nothing(synced_copy, form):
    roles = "roles: {access: group:people-leads, triage: user:fay}\nrules:"
    synced_copy.replace("ownership.yaml", "rules:", roles)
    workspace = synced_copy.ready()
    question = "How many days does everyone in the closing office receive?"
    number = reported(workspace, "pat", question, "40 days", "--reason", "missing")
    done = workspace.run("cases", "diagnose", str(number), "--as", "fay", *form)
    assert done.code == 0
    assert all(word not in done.everything for word in ("access", "zanzibar", "may read", "stage", "catalog"))
    if form:
        assert json.loads(done.out) == {"id": number, "routed": True}
    assert workspace.run("cases", "show", str(number), "--as", "fay").code == 2
    assert workspace.json("cases", "show", str(number), "--as", "ann")["cause"] == "access_filtered"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_source_that_lags_behind_its_schedule_is_a_case_of_its_owner(workspace, monkeypatch):
    monkeypatch.setattr("concord.worker.worker.do", lambda *_: "on another machine")
    workspace.replace("sources/finance-policies.yaml", "connector:", "schedule: {every: 1h}\nconnector:")
    assert workspace.run("apply").code == 0
    lock = workspace.folder / ".concord" / "locks" / "finance-policies.lock"
    now = datetime.now(UTC).timestamp()
    os.utime(lock, (now - 3.1 * 3600,) * 2)
    concord = Concord.open(workspace.folder)
    try:  # the worker of another machine has synced it
        for hours in (1, 4):
            concord.runs.forget(datetime.now(UTC) + timedelta(minutes=1), [])
            began = datetime.now(UTC) - timedelta(hours=hours)
            Worker(concord, lambda began=began: began).drain()
            assert [run.state for run in concord.runs.last("sync/finance-policies", 1)] == ["done"]
            assert len(workspace.json("cases", "detect")["cases"]) == (hours == 4)
    finally:
        concord.close()
    for hours in (2.9, 3.1):
        os.utime(lock, (now - hours * 3600,) * 2)
        assert workspace.json("cases", "detect")["cases"] == []  # it is found once a day


def test_a_source_that_was_never_synced_lags_since_it_was_declared(workspace):
    source = (workspace.folder / "sources" / "finance-policies.yaml").read_text("utf-8")
    workspace.write("sources/late.yaml", source.replace("connector:", "schedule: {every: 1h}\nconnector:"))
    assert workspace.run("apply").code == 0
    concord = Concord.open(workspace.folder)
    try:
        for hours, cases in ((2.9, 0), (3.1, 1)):
            with writing(concord.engine, renews=False) as connection:
                connection.execute(update(activations).values(activated_at=datetime.now(UTC) - timedelta(hours=hours)))
            assert len(workspace.json("cases", "detect")["cases"]) == cases
    finally:
        concord.close()


def test_what_a_run_lost_is_diagnosed_and_proven_and_nobody_is_told(workspace):
    golden = {"id": "q", "question": QUESTION, "principal": "user:pat", "values": ["27 days"], "evidence": [LEAVE]}
    workspace.write("evals/set.jsonl", json.dumps({**golden, "tags": ["regression"]}) + "\n")
    assert workspace.run("eval", "run").code == 0
    workspace.replace("content/people/leave.md", "27 days", "21 days")
    assert workspace.run("sync").code == 0
    assert workspace.run("eval", "gate", "--baseline", "last").code == 1
    (case,) = [each for each in workspace.json("cases", "list", "--as", "ann")["cases"] if each["item"] == LEAVE]
    assert diagnosed(workspace, case["id"])["cause"] == "content_error"
    workspace.replace("content/people/leave.md", "21 days", "27 days")
    assert workspace.run("sync").code == 0
    shown = workspace.json("cases", "show", str(case["id"]), "--as", "ann")
    assert shown["sub_state"] == "fixed_confirmed", shown["unproven"]
    assert not workspace.json("cases", "news", "--as", "pat")["news"]
    assert not (workspace.folder / "evals" / "cases.jsonl").exists()


@pytest.mark.parametrize(
    ("questions", "cases"),
    [
        (("How many days of leave do we get?", "days of annual leave a year?", "annual leave: how many days?"), 1),
        (("How many days of leave do we get?", "days of annual leave a year?"), 0),
        (("How many days of leave do we get?", "When is the bonus paid?", "annual leave: how many days?"), 0),
        (("How many days of leave do we get?",) * 3, 1),
        (
            (
                "How long may a locker be used?",
                "How many keys does a locker have?",
                "What does it cost when the keys of a locker are lost?",
            ),
            0,
        ),
    ],
)
def test_asking_the_same_again_and_again_in_a_conversation_is_a_case(workspace, questions, cases):
    """What is answered each time, by another sentence, is a conversation as it should be."""
    facts = "A locker may be used for six months.", "Each locker has 2 keys.", "Lost locker keys cost 30 euros."
    workspace.write("content/people/lockers.md", "\n\n".join(("# Lockers", *facts)))
    assert workspace.run("sync").code == 0
    concord = Concord.open(workspace.folder)
    try:
        with writing(concord.engine, renews=False) as connection:
            talk = conversations.begin(connection, "pat", questions[0], None, datetime.now(UTC))
        for question in questions:
            answer = concord.ask(question, concord.foundation.directory.principal("pat"))
            with writing(concord.engine, renews=False) as connection:
                conversations.add(connection, "pat", talk, question, None, answer.to_json(), datetime.now(UTC))
    finally:
        concord.close()
    assert len(workspace.json("cases", "detect")["cases"]) == cases
    assert workspace.json("cases", "detect")["cases"] == []


def test_a_change_of_what_finds_passages_is_looked_at_once_and_is_no_case_where_answers_stay(workspace):
    workspace.json("ask", QUESTION, "--as", "pat")
    settings = (workspace.folder / "concord.yaml").read_text("utf-8")
    told = []
    for more in ("", "retrieval: {candidates: 50}\n", "retrieval: {candidates: 50}\nchunking: {max_tokens: 90}\n"):
        workspace.write("concord.yaml", settings + more)
        assert workspace.run("sync").code == 0
        for _ in range(2):
            assert workspace.json("cases", "detect")["cases"] == []
        concord = Concord.open(workspace.folder)
        try:
            with reading(concord.engine) as connection:
                told.append([each.data.get("asked") for each in events_of(connection, "retrieval")])
        finally:
            concord.close()
    assert told == [[None], [None, 1], [None, 1, 1]]


def test_a_page_that_was_cited_and_is_superseded_since_is_a_case_of_its_owner(workspace):
    workspace.json("ask", QUESTION, "--as", "pat")
    assert workspace.json("cases", "detect")["cases"] == []
    page = "---\nmodified: 2026-03-01\nreplaces: leave.md\n---\n# Annual leave\n\nEveryone receives 29 days of leave.\n"
    workspace.write("content/people/leave-2027.md", page)
    assert workspace.run("sync").code == 0
    (found,) = workspace.json("cases", "detect")["cases"]
    case = workspace.json("cases", "show", str(found["id"]), "--as", "ann")
    assert (case["cause"], case["item"], case["owner"]) == ("stale_content", LEAVE, "user:ann")


def test_a_conflict_whose_winner_is_contested_is_a_case_once_it_is_asked_about(workspace):
    lower = '  rules:\n    - match: {path: "claims.md"}\n      set: {authority_tier: discussion}'
    workspace.replace("sources/people-handbook.yaml", "  rules:", lower)
    for source, days, modified in (("people", 30, "2026-02-01"), ("finance", 60, "2023-01-01")):
        page = f"# Expenses\n\nTravel expenses are paid within {days} days of receipt.\n"
        workspace.write(f"content/{source}/claims.md", f"---\nmodified: {modified}\n---\n{page}")
    settings = (workspace.folder / "concord.yaml").read_text("utf-8")
    workspace.write("concord.yaml", settings + "answer: {min_confidence: 0}\n")
    assert workspace.run("apply").code == 0 and workspace.run("sync").code == 0
    assert workspace.json("cases", "detect")["cases"] == []  # nobody was told of it
    workspace.json("ask", "Within how many days of receipt are travel expenses paid?", "--as", "fay")
    (found,) = workspace.json("cases", "detect")["cases"]
    case = workspace.json("cases", "show", str(found["id"]), "--as", "fay")
    assert (case["cause"], case["item"]) == ("source_conflict", "finance-policies/claims.md")
    assert workspace.json("cases", "detect")["cases"] == []


def test_what_somebody_says_in_their_own_words_is_no_right_answer(workspace):
    answer = workspace.json("ask", QUESTION, "--as", "pat")
    made = workspace.json("correct", answer["trace_id"], "--as", "pat", "--reason", "wrong", "--comment", "27 days?")
    number = made["corrections"][0]["case"]
    found = diagnosed(workspace, number)
    assert (found["cause"], found["reports"][0]["comment"]) == ("undetermined", "27 days?")
    assert found["reports"][0]["right_answer"] == ""
    fix = ("cases", "submit-fix", str(number), "--what", "nothing", "--as", "ann")
    assert workspace.run("cases", "acknowledge", str(number), "--as", "ann").code == 0
    assert workspace.run(*fix).code == 0, workspace.run(*fix).err
    assert workspace.run("sync").code == 0
    assert workspace.json("cases", "show", str(number), "--as", "ann")["sub_state"] != "fixed_confirmed"
    assert not (workspace.folder / "evals").exists()


def test_whoever_reported_a_case_does_not_learn_by_its_diagnosis_what_they_may_not_read(workspace):
    workspace.replace("ownership.yaml", "owner: user:fay", "owner: user:pat")
    workspace.replace("sources/finance-policies.yaml", '"group:finance"', '"group:staff"')
    assert workspace.run("apply").code == 0 and workspace.run("sync").code == 0
    question = "How many days does everyone in the closing office receive?"
    page = ("--evidence", "finance-policies/travel.md")  # by which the case is pat's own
    told = set()
    for guess in ("40 days", "41 days"):
        number = reported(workspace, "pat", question, guess, *page)
        done = workspace.run("cases", "diagnose", str(number), "--as", "pat")
        told.add((done.code, done.err))
    said = "whoever reported a case leaves its diagnosis to others who deal with it"
    assert told == {(2, f"concord: user:pat may not do this: {said}\n")}


def test_whoever_may_no_longer_read_what_a_case_is_about_has_it_no_longer(workspace):
    number = reported(workspace)
    assert workspace.run("cases", "assign", str(number), "--to", "user:pat", "--as", "ann").code == 0
    assert workspace.json("cases", "show", str(number), "--as", "pat")["owner"] == "user:pat"
    workspace.replace("sources/people-handbook.yaml", '"group:staff"', '"group:people-leads"')
    assert workspace.run("apply").code == 0 and workspace.run("sync").code == 0
    seen = workspace.json("cases", "show", str(number), "--as", "pat")
    assert seen["yours"] and "owner" not in seen  # as who reported it, and no more
    assert workspace.json("cases", "show", str(number), "--as", "ann")["owner"] == "user:ann"


ELSEWHERE = "Everyone receives 27 days of annual leave a year. Part-time staff work 22 days a month.\n"


def told_of(workspace, number):
    found = workspace.json("cases", "show", str(number), "--as", "ann")
    return found["state"], found["sub_state"], found["proof"] and found["proof"]["passed"], found["unproven"]


def rewritten(workspace, text):
    workspace.write("content/people/leave.md", f"---\nmodified: 2026-02-02\n---\n# Annual leave\n\n{text}")
    assert workspace.run("sync").code == 0


def test_a_right_value_that_stands_in_the_answer_of_something_else_neither_proves_nor_makes_a_report_invalid(workspace):
    rewritten(workspace, ELSEWHERE)
    number = reported(workspace, right="22 days")
    assert diagnosed(workspace, number)["cause"] != "invalid_feedback"
    rewritten(workspace, f"{ELSEWHERE}\nAsk your manager.\n")
    assert told_of(workspace, number)[:3] == ("assigned", None, False)
    rewritten(workspace, ELSEWHERE.replace("27", "22"))
    assert told_of(workspace, number)[:3] == ("resolved", "fixed_confirmed", True)


def test_where_only_a_person_can_say_whether_it_is_fixed_the_proof_waits_for_them(workspace):
    number = reported(workspace, right="28 days")
    diagnosed(workspace, number)
    rewritten(workspace, "Everyone receives 25 days or 28 days of annual leave a year.\n")
    state, sub_state, proof, why = told_of(workspace, number)
    assert (state, sub_state, proof) == ("fix_submitted", None, None)
    assert why.startswith("whether the answer of now says what is right is for a person to say")
    assert not (workspace.folder / "evals").exists()


@pytest.mark.parametrize("bound", ["up to 28 days", "at least 28 days"])
def test_a_bound_the_other_way_is_no_fix(workspace, bound):
    number = reported(workspace, right="at least 28 days")
    rewritten(workspace, f"Everyone receives {bound} of annual leave a year.\n")
    assert told_of(workspace, number)[1] == (None if bound.startswith("up") else "fixed_confirmed")


def test_lines_of_the_golden_set_that_are_no_question_stay_and_stop_no_proof(workspace):
    number = reported(workspace)
    workspace.write("evals/cases.jsonl", '{"id": "mine", "question":\n')
    rewritten(workspace, "Everyone receives 28 days of annual leave a year.\n")
    assert told_of(workspace, number)[1] == "fixed_confirmed"
    detail = workspace.json("cases", "show", str(number), "--as", "ann")["proof"]["detail"]
    assert detail.endswith("; evals/cases.jsonl has lines that are no question: 1")
    broken, made = (workspace.folder / "evals/cases.jsonl").read_text("utf-8").splitlines()
    assert broken == '{"id": "mine", "question":' and json.loads(made)["question"] == QUESTION


def test_a_question_has_the_evidence_of_the_fix_after_it_broke_again(workspace):
    number = reported(workspace)
    for days in (28, 26, 28):
        rewritten(workspace, f"Everyone receives {days} days of annual leave a year.\n")
    workspace.run("sync")
    assert told_of(workspace, number)[1] == "fixed_confirmed"
    (kept,) = parse_questions((workspace.folder / "evals" / "cases.jsonl").read_text("utf-8"))
    revision = workspace.json("cases", "show", str(number), "--as", "ann")["fix"]["revision"]
    assert kept.evidence == (f"{revision}..",) and revision != f"{LEAVE}@2"


def test_who_asked_what_cannot_be_judged_is_not_told_that_it_is_answered_rightly(workspace):
    number = reported(workspace)
    assert reported(workspace, "fay", right="") == number
    rewritten(workspace, "Everyone receives 28 days of annual leave a year.\n")
    assert told_of(workspace, number)[:3] == ("resolved", "fixed_confirmed", True)
    proof = workspace.json("cases", "show", str(number), "--as", "ann")["proof"]
    assert proof["detail"] == "1 of 1 questions are answered rightly; 1 could not be judged"
    told = {who: workspace.json("cases", "news", "--as", who)["news"] for who in ("pat", "fay")}
    closed = {who: [each["what"] for each in news if "fixed" in each["what"]] for who, news in told.items()}
    assert closed == {"pat": ["case.fixed_confirmed"], "fay": ["case.fixed_unjudged"]}


def test_reports_that_contradict_each_other_are_settled_by_most_people_and_else_by_a_person(workspace):
    number = reported(workspace)
    assert reported(workspace, "fay", right="30 days") == number
    assert reported(workspace, "fay", right="30 days") == number
    rewritten(workspace, "Everyone receives 28 days of annual leave a year.\n")
    waits = workspace.json("cases", "show", str(number), "--as", "ann")
    assert waits["state"] == "fix_submitted" and "reports contradict each other" in waits["unproven"]
    assert reported(workspace, "ann") == number
    assert workspace.run("sync").code == 0
    settled = workspace.json("cases", "show", str(number), "--as", "ann")
    assert settled["sub_state"] == "fixed_confirmed" and "1 said otherwise than most" in settled["proof"]["detail"]
    told = {who: workspace.json("cases", "news", "--as", who)["news"] for who in ("pat", "fay", "ann")}
    closed = {who: [each["what"] for each in news if "fixed" in each["what"]] for who, news in told.items()}
    assert closed == {
        "pat": ["case.fixed_confirmed"],
        "fay": ["case.fixed_otherwise"],
        "ann": ["case.fixed_confirmed"],
    }
    kept = parse_questions((workspace.folder / "evals" / "cases.jsonl").read_text("utf-8"))
    assert {(each.principal, each.reference) for each in kept} == {("user:pat", "28 days"), ("user:ann", "28 days")}


@pytest.mark.parametrize("first", ["27 days", "28 days"])
def test_a_case_is_invalid_only_where_every_report_of_it_is(workspace, first):
    number = reported(workspace, right=first)
    assert reported(workspace, "fay", right="27 days") == number
    both = first == "27 days"
    assert diagnosed(workspace, number)["cause"] == ("invalid_feedback" if both else "content_error")


def test_a_report_that_says_nothing_of_what_is_right_keeps_a_case_from_being_invalid(workspace):
    number = reported(workspace, right="27 days")
    assert reported(workspace, "fay", right="") == number
    assert diagnosed(workspace, number)["cause"] == "undetermined"
