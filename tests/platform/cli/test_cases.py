"""Corrections and cases on the command line: who sees what, who may do what, and what is told of mistakes."""

import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from concord.bootstrap import Concord
from concord.catalog.audit import events
from concord.catalog.corrections import corrections_of, load_corrections
from concord.catalog.engine import reading, writing
from concord.catalog.schema import corrections
from concord.catalog.traces import asked_since
from concord_feedback.cases import About, Report
from concord_feedback.causes import RootCause

LEAVE = "people-handbook/leave.md"
QUESTION = "How many days of annual leave?"
HEAD = "principal,question,reason,right_answer,evidence\n"


@pytest.fixture
def workspace(synced_copy):
    assert synced_copy.run("sync").code == 0
    return synced_copy


def asked(workspace, who="pat", question=QUESTION):
    return json.loads(workspace.run("ask", question, "--as", who, "--json").out)["trace_id"]


def corrected(workspace, who="pat", *options, trace=None):
    done = workspace.run("correct", trace or asked(workspace, who), "--as", who, "--json", *options)
    assert done.code == 0, done.err
    return json.loads(done.out)["corrections"][0]


def cases(workspace, who, *options):
    done = workspace.run("cases", "list", "--as", who, "--json", *options)
    assert done.code == 0, done.err
    found = json.loads(done.out)["cases"]
    # What a sync had to quarantine is a case too.
    return [each for each in found if each.get("cause") != "ingestion_error"]


def shown(workspace, who, number):
    return json.loads(workspace.run("cases", "show", str(number), "--as", who, "--json").out)


def test_a_correction_opens_a_case_that_the_owner_sees_whole_and_the_reporter_in_part(workspace):
    made = corrected(workspace, "pat", "--reason", "outdated", "--right-answer", "28 days", "--evidence", LEAVE)
    (mine,) = cases(workspace, "ann")
    assert mine["id"] == made["case"]
    assert (mine["cause"], mine["item"], mine["owner"], mine["severity"]) == ("undetermined", LEAVE, "user:ann", "low")
    assert mine["reach"] == {"people": 1, "use_cases": 0, "asked": 1} and not mine["yours"]
    (reported,) = cases(workspace, "pat")
    assert reported["yours"] and reported["question"] == QUESTION
    assert reported.keys().isdisjoint({"cause", "item", "owner", "history", "diagnosis"})
    assert cases(workspace, "fay") == []
    number = str(made["case"])
    done = workspace.run("cases", "show", number, "--as", "fay")
    assert done.code == 2 and done.err.startswith(f"concord: no case {number} that you may see")
    missing = workspace.run("cases", "show", "999", "--as", "fay")
    assert missing.err == done.err.replace(f"case {number} ", "case 999 ")


def test_reports_about_the_same_join_and_one_person_counts_once(workspace):
    trace = asked(workspace)
    for _ in range(3):
        corrected(workspace, "pat", "--evidence", LEAVE, trace=trace)
    corrected(workspace, "ann", "--evidence", LEAVE)
    (mine,) = cases(workspace, "ann")
    assert mine["reach"] == {"people": 2, "use_cases": 0, "asked": 2} and mine["severity"] == "medium"
    assert len(mine["reports"]) == 4
    assert [each["by"] for each in cases(workspace, "pat")[0]["reports"]] == ["user:pat"] * 3


def test_the_life_of_a_case_is_kept_with_who_did_what(workspace):
    number = str(corrected(workspace, "pat", "--evidence", LEAVE)["case"])
    refused = workspace.run("cases", "acknowledge", number, "--as", "pat")
    assert refused.code == 2 and "it takes who deals with the case" in refused.err
    for command in (
        ("acknowledge", number),
        ("assign", number, "--to", "user:pat", "--comment", "pat knows"),
        ("resolve", number, "--reason", "will_not_fix", "--comment", "the page is right"),
        ("reopen", number, "--comment", "it is not"),
        ("archive", number, "--comment", "enough"),
    ):
        done = workspace.run("cases", *command, "--as", "ann")
        assert done.code == 0, done.err
    assert cases(workspace, "ann") == []
    kept = shown(workspace, "ann", number)
    assert (kept["state"], kept["owner"], kept["by_hand"]) == ("archived", "user:pat", True)
    assert [each["what"].partition(".")[2] for each in kept["history"]] == [
        "opened",
        "routed",
        "acknowledged",
        "assigned",
        "resolved",
        "reopened",
        "archived",
    ]
    told = json.loads(workspace.run("cases", "news", "--as", "pat", "--json").out)["news"]
    assert {each["what"] for each in told} == {"case.resolved", "case.assigned", "case.reopened", "case.archived"}
    assert f"case {number}: archived" in workspace.run("cases", "show", number, "--as", "ann").out


def test_nobody_gets_a_case_about_what_they_may_not_read(workspace):
    trace = asked(workspace, "ann", "When does the office close?")
    made = corrected(workspace, "ann", "--evidence", "people-handbook/restricted/zanzibar.md", trace=trace)
    (mine,) = cases(workspace, "ann")
    assert mine["risk"] == "high" and mine["severity"] == "high"
    for who in ("pat", "fay", "carl"):
        assert cases(workspace, who) == []
    nobody = workspace.run("cases", "assign", str(made["case"]), "--to", "user:ghost", "--as", "ann")
    assert (nobody.code, "there is no user:ghost" in nobody.err) == (2, True)
    done = workspace.run("cases", "assign", str(made["case"]), "--to", "user:fay", "--as", "ann")
    assert done.code == 2 and "may not be read by them" in done.err


def test_a_change_of_ownership_moves_a_case_unless_a_person_assigned_it(workspace):
    corrected(workspace, "pat", "--evidence", LEAVE)
    number = str(corrected(workspace, "pat", "--evidence", "people-handbook/bonus.md")["case"])
    assert workspace.run("cases", "assign", number, "--to", "group:people-leads", "--as", "ann").code == 0
    workspace.replace("ownership.yaml", "owner: user:ann\n    backup", "owner: user:pat\n    backup")
    for command in ("apply", "sync"):
        assert workspace.run(command).code == 0
    assert [each["owner"] for each in cases(workspace, "ann")] == ["user:pat", "group:people-leads"]
    assert "every case is with who is to have it" in workspace.run("cases", "reroute").out


def test_whoever_gives_a_case_away_is_told_where_it_is_though_it_is_theirs_no_more(workspace):
    number = str(corrected(workspace, "pat", "--evidence", LEAVE)["case"])
    assert workspace.run("cases", "assign", number, "--to", "fay", "--as", "ann").code == 0
    away = workspace.run("cases", "assign", number, "--to", "ann", "--as", "fay", "--json")
    assert away.code == 0, away.err
    assert json.loads(away.out) == {"id": int(number), "state": "assigned", "owner": "user:ann"}
    assert workspace.run("cases", "show", number, "--as", "fay").code == 2


def test_severity_and_deadlines_follow_what_the_page_is_by_now_and_history_says_so_once(workspace):
    number = str(corrected(workspace, "pat", "--evidence", LEAVE)["case"])
    before = shown(workspace, "ann", number)
    assert (before["severity"], before["risk"]) == ("low", "normal")
    law = '  rules:\n    - match: {path: "leave.md"}\n      set: {authority_tier: regulation}'
    workspace.replace("sources/people-handbook.yaml", "  rules:", law)
    for command in ("apply", "sync", "sync"):
        assert workspace.run(command).code == 0
    after = shown(workspace, "ann", number)
    assert (after["severity"], after["risk"]) == ("high", "high")
    assert after["acknowledge_by"] < before["acknowledge_by"] and after["fix_by"] < before["fix_by"]
    (told,) = [each for each in after["history"] if each["what"] == "case.weighed"]
    assert told["comment"].startswith("high, low before")
    assert after["changed_at"] == before["changed_at"]  # whoever has read it may still act
    workspace.replace("sources/people-handbook.yaml", law, "  rules:")
    for command in ("apply", "sync"):
        assert workspace.run(command).code == 0
    again = shown(workspace, "ann", number)
    kept = ("severity", "acknowledge_by", "fix_by")
    assert [again[each] for each in kept] == [before[each] for each in kept]


def test_a_case_that_waits_too_long_goes_to_the_next_in_line_once(workspace):
    corrected(workspace, "pat", "--evidence", LEAVE)
    assert "no case is overdue" in workspace.run("cases", "escalate").out
    concord = Concord.open(workspace.folder)
    try:
        later = datetime.now(UTC) + timedelta(hours=73)
        moved = [each.owner for each in concord.desk.escalate(later) if each.about.item == LEAVE]
        assert moved == ["group:people-leads"]
        assert concord.desk.escalate(later) == []
    finally:
        concord.close()
    (mine,) = cases(workspace, "ann")
    assert (mine["sub_state"], mine["escalations"]) == ("escalating", 1)


def test_a_case_that_is_overdue_with_nobody_next_is_told_of_once_and_says_so(workspace):
    workspace.replace("ownership.yaml", "rules:", "roles: {triage: user:fay}\nrules:")
    assert workspace.run("apply").code == 0
    for who in ("pat", "ann"):
        asked(workspace, who, "For how many hours may bicycles be parked in the shed?")
    assert workspace.run("cases", "detect").code == 0
    assert "asked by you" in workspace.run("cases", "list", "--as", "pat").out
    concord = Concord.open(workspace.folder)
    try:
        later = datetime.now(UTC) + timedelta(days=90)
        fay = concord.foundation.directory.principal("fay")
        (mine,) = [each for each in concord.desk.cases(fay) if each.case.about.place.startswith("asked:")]
        assert not mine.stuck(datetime.now(UTC)) and mine.stuck(later) and not mine.next_in_line
        for _ in range(2):
            concord.desk.escalate(later)
        told = [each for each in concord.desk.news(fay) if each.kind == "case.overdue"]
        assert [each.case for each in told].count(mine.case.id) == 1
    finally:
        concord.close()


def test_a_thumb_up_is_kept_and_opens_no_case(workspace):
    trace = asked(workspace, "pat")
    done = workspace.run("correct", trace, "--helpful", "--comment", "clear", "--as", "pat", "--json")
    assert done.code == 0, done.err
    (made,) = json.loads(done.out)["corrections"]
    assert (made["trace"], made["helpful"], made["reason"], made["case"]) == (trace, True, None, None)
    assert "thumb up" in workspace.run("correct", trace, "--helpful", "--as", "pat").out
    assert cases(workspace, "ann", "--all") == []


def imported(workspace, text, who):
    file = workspace.write("corrections.csv", text)
    return workspace.run("correct", "--csv", str(file), "--as", who, "--json")


def test_a_file_of_corrections_is_taken_whole_or_not_at_all(workspace):
    done = imported(workspace, f"{HEAD}pat,{QUESTION},outdated,28 days,{LEAVE}\nann,{QUESTION},wrong,,\n", "pat")
    assert done.code == 0, done.err
    one, two = (each["case"] for each in json.loads(done.out)["corrections"])
    assert one == two
    nobody = f"{HEAD}pat,{QUESTION},outdated,28 days,\nzoe,{QUESTION},wrong,,\nyan,{QUESTION},wrong,,\n"
    done = imported(workspace, nobody, "pat")
    assert done.code == 2 and "line 3, principal: no user 'zoe'" in done.err and "line 4, principal" in done.err
    assert "line 2, reason" in imported(workspace, f"{HEAD}pat,{QUESTION},late,28 days,\n", "pat").err
    trace = asked(workspace, "ann")
    lines = f"{trace},ann,wrong,{LEAVE}\n{trace},pat,wrong,\n{trace},ann,wrong,no.md\n"
    told = imported(workspace, f"trace,principal,reason,evidence\n{lines}", "ann").err
    assert "line 3: as user:pat: no trace" in told and "line 4: as user:ann: no item 'no.md'" in told
    assert len(cases(workspace, "ann")[0]["reports"]) == 2


def test_who_imports_is_in_the_audit_log_and_with_each_correction_and_weighs_as_one_person(workspace):
    lines = "".join(f"{who},{QUESTION},outdated,28 days,{LEAVE}\n" for who in ("pat", "fay", "user:pat", "ann"))
    assert imported(workspace, HEAD + lines, "fay").code == 0
    (mine,) = cases(workspace, "ann")
    assert mine["reach"]["people"] == 1 and len(mine["reports"]) == 4
    assert {each["by"] for each in mine["reports"]} == {"user:pat", "user:fay", "user:ann"}
    assert {each["imported_by"] for each in mine["reports"]} == {"user:fay"}
    assert "by user:pat (imported by user:fay)" in workspace.run("cases", "show", str(mine["id"]), "--as", "ann").out
    corrected(workspace, "pat", "--evidence", LEAVE)  # who says it here is a person more
    corrected(workspace, "fay", "--evidence", LEAVE)  # who imported it is not
    assert cases(workspace, "ann")[0]["reach"]["people"] == 2
    concord = Concord.open(workspace.folder)
    try:
        with reading(concord.engine) as connection:
            log = list(events(connection))
            kept = [each for each in log if each.type == "corrections.imported"]
            made = [each for each in log if each.type == "correction.made"]
            brought = corrections_of(connection, made[0].subject, "pat")
            asked_by_people, _ = asked_since(connection, datetime.now(UTC) - timedelta(hours=1), 100)
    finally:
        concord.close()
    digest = hashlib.sha256((HEAD + lines).encode()).hexdigest()
    assert [(each.actor, each.data) for each in kept] == [
        ("user:fay", {"file": "corrections.csv", "sha256": digest, "rows": 4, "new": 4})
    ]
    assert [each.actor for each in made] == ["user:fay"] * 4 + ["user:pat", "user:fay"]
    assert [each.imported_by for each in brought] == ["fay"]
    assert {each.principal for each in asked_by_people} == {"pat", "fay"}  # and not whom the file names


def test_a_file_is_taken_once_and_counts_for_no_hour_of_those_whom_it_names(workspace):
    workspace.write("concord.yaml", "embedding: {runtime: hashing}\nservice: {corrections_per_hour: 2}\n")
    text = HEAD + f"pat,{QUESTION},outdated,28 days,{LEAVE}\n" * 3
    for _ in range(2):
        assert imported(workspace, text, "fay").code == 0
    assert len(cases(workspace, "ann")[0]["reports"]) == 3
    corrected(workspace, "pat")
    corrected(workspace, "pat")
    refused = workspace.run("correct", asked(workspace, "pat"), "--as", "pat")
    assert refused.code == 2 and "at most 2 corrections" in refused.err


def test_of_a_file_that_was_changed_only_what_is_new_is_taken(workspace, monkeypatch):
    one, two, three = (f"pat,{QUESTION},outdated,{days} days,{LEAVE}\n" for days in (28, 29, 30))
    first = json.loads(imported(workspace, HEAD + one + one + two, "pat").out)["corrections"]
    monkeypatch.setattr("concord.bootstrap.importing.MAX_LINES", 4)
    # Sorted anew, with a blank line, one line more, a column that is empty where it meant the importer.
    longer = HEAD + two + "\n" + three + one.replace("pat", " ") + one
    again = json.loads(imported(workspace, longer, "pat").out)["corrections"]
    assert [each["id"] for each in again[:1] + again[2:]] == [first[2]["id"], first[0]["id"], first[1]["id"]]
    (mine,) = cases(workspace, "ann")
    assert len(mine["reports"]) == 4
    assert imported(workspace, longer, "pat").code == 0  # which brings nothing new, and is no 5th line
    refused = imported(workspace, HEAD + one * 3, "pat")
    assert refused.code == 2 and "at most 4 corrections" in refused.err
    mine_too = imported(workspace, longer, "ann")  # ann's own line is another than pat's
    assert mine_too.code == 0 and len(cases(workspace, "ann")[0]["reports"]) == 5


def test_a_file_that_an_older_release_took_is_not_taken_again(workspace):
    text = HEAD + f"pat,{QUESTION},outdated,28 days,{LEAVE}\n"
    (made,) = json.loads(imported(workspace, text, "fay").out)["corrections"]
    known = f"concord:import/{hashlib.sha256(text.encode()).hexdigest()}/2"
    older = str(uuid.uuid5(uuid.NAMESPACE_URL, known))
    concord = Concord.open(workspace.folder)
    try:
        with writing(concord.engine) as connection:
            data = load_corrections(connection, [made["id"]])[made["id"]].model_copy(update={"id": older})
            row = {"id": older, "data": data.model_dump(mode="json")}
            connection.execute(update(corrections).where(corrections.c.id == made["id"]).values(row))
    finally:
        concord.close()
    (again,) = json.loads(imported(workspace, text, "fay").out)["corrections"]
    assert again["id"] == older and len(cases(workspace, "ann")[0]["reports"]) == 1


def test_who_imported_a_report_leaves_its_diagnosis_to_others(workspace):
    assert imported(workspace, f"{HEAD}pat,{QUESTION},outdated,28 days,{LEAVE}\n", "ann").code == 0
    number = str(cases(workspace, "ann")[0]["id"])
    refused = workspace.run("cases", "diagnose", number, "--as", "ann")
    assert refused.code == 2 and "leaves its diagnosis to others" in refused.err


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("correct", "--as", "pat"), "give the trace of an answer, or a file"),
        (("correct", "t", "--as", "pat"), "no trace 't' that you may read"),
        (("correct", "t", "--reason", "bad", "--as", "pat"), "--reason is one of wrong"),
        (("correct", "t", "--helpful", "--reason", "wrong", "--as", "pat"), "a thumb up is of one answer"),
        (("cases", "show", "999", "--as", "pat"), "no case 999"),
        (("cases", "list", "--state", "open", "--as", "pat"), "--state is one of new"),
        (("cases", "list", "--cause", "bad", "--as", "pat"), "--cause is one of missing_content"),
        (("cases", "resolve", "1", "--reason", "no", "--comment", "x", "--as", "ann"), "--reason is one of"),
    ],
)
def test_mistakes_are_told_on_one_line(workspace, command, told):
    done = workspace.run(*command)
    assert done.code == 2 and told in done.err and done.err.count("\n") == 1


def test_an_empty_desk_says_so(workspace):
    assert "no cases of yours are open" in workspace.run("cases", "list", "--as", "carl").out
    assert "nothing is new" in workspace.run("cases", "news", "--as", "carl").out
    assert cases(workspace, "carl", "--all") == []


def test_where_people_sign_in_only_who_is_named_among_the_readers_is_known_to_read(workspace):
    workspace.write("concord.yaml", "auth: oidc\nembedding: {runtime: hashing}\n")
    concord = Concord.open(workspace.folder)
    may_read = concord.desk.places.may_read
    assert may_read("group:finance", ["group:finance"]) and may_read("user:ann", ["everyone"])
    assert not may_read("user:fay", ["group:finance"]) and not may_read("group:finance", [])
    concord.close()


def test_whoever_sees_a_case_may_dispute_it_and_the_others_are_told_once(workspace):
    number = str(corrected(workspace, "pat", "--evidence", LEAVE)["case"])
    command = ("cases", "dispute", number, "--comment", "27 days is right", "--json")
    assert json.loads(workspace.run(*command, "--as", "ann").out) == {"case": int(number), "told": 1}
    assert json.loads(workspace.run(*command, "--as", "ann").out)["told"] == 0
    news = json.loads(workspace.run("cases", "news", "--as", "pat", "--json").out)["news"]
    assert [each["what"] for each in news] == ["case.disputed"]
    mine = shown(workspace, "ann", number)
    assert mine["state"] == "new" and mine["history"][-1]["comment"] == "27 days is right"
    assert "27 days is right" not in workspace.run("cases", "show", number, "--as", "pat", "--json").out
    refused = workspace.run(*command, "--as", "fay")
    assert refused.code == 2 and f"no case {number} that you may see" in refused.err
    empty = workspace.run("cases", "dispute", number, "--comment", " ", "--as", "ann")
    assert empty.code == 2 and "say why in a comment" in empty.err


def test_a_case_names_an_open_one_that_asks_much_the_same_to_who_deals_with_it(workspace):
    pages = (LEAVE, "people-handbook/leave-2024.md")
    questions = (QUESTION, "How many days of annual leave does everyone receive?")
    one, other = (
        corrected(workspace, "pat", "--reason", "wrong", "--evidence", page, trace=asked(workspace, question=question))[
            "case"
        ]
        for page, question in zip(pages, questions, strict=True)
    )
    assert shown(workspace, "ann", one)["similar"] == [{"id": other, "question": questions[1]}]
    out = workspace.run("cases", "show", str(one), "--as", "ann").out
    assert f"perhaps the same as case {other}: {questions[1]}" in out
    assert "similar" not in shown(workspace, "pat", one)


def test_cases_of_one_cause_about_one_page_are_perhaps_one_whatever_was_asked(workspace):
    """A contradiction that was found is about its entry of the register, one that was reported about the page."""
    concord = Concord.open(workspace.folder)
    now, ann = datetime.now(UTC), concord.foundation.directory.principal("ann")
    asked = ("How many days of leave?", "Whom does one ask before a journey?", "When does the shed close?")
    places = ((RootCause.SOURCE_CONFLICT, f"{LEAVE}#0a1b"), (RootCause.SOURCE_CONFLICT, LEAVE))
    abouts = [*places, (RootCause.STALE_CONTENT, LEAVE)]
    try:
        with writing(concord.engine, renews=False) as connection:
            one, other, third = (
                concord.desk.file(connection, About(*about), Report(f"r/{n}", "conflict", now, words, "pat")).id
                for n, (about, words) in enumerate(zip(abouts, asked, strict=True))
            )
        found = {n: [each.case.id for each in concord.boards.similar(ann, n)] for n in (one, other, third)}
    finally:
        concord.close()
    assert found == {one: [other], other: [one], third: []}
