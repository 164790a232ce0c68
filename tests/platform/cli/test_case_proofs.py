"""Cases that nobody reported are proven by what they were found by: it is looked for again, as those who asked."""

from datetime import UTC, datetime

import pytest

from concord.bootstrap import Concord, proving
from concord.bootstrap.traced import correct
from concord.catalog import conversations
from concord.catalog.engine import writing
from concord.ingestion.locks import SourceLocks
from concord_feedback import Rating, parse_questions

LEAVE = "people-handbook/leave.md"
BICYCLE = "For how many hours may bicycles be parked in the shed?"
LEAVE_QUESTION = "How many days of annual leave does everyone receive?"
CLAIMS = "Within how many days of receipt are travel expenses paid?"


@pytest.fixture
def workspace(synced_copy):
    synced_copy.replace("ownership.yaml", "rules:", "roles: {triage: user:ann}\nrules:")
    return synced_copy.ready()


def case(workspace, number, who="ann"):
    return workspace.json("cases", "show", str(number), "--as", who)


def stands(workspace, number, who="ann"):
    found = case(workspace, number, who)
    return found["state"], found["sub_state"]


def synced(workspace, times=1):
    for _ in range(times):
        assert workspace.run("sync").code == 0


def submitted(workspace, number, who="ann"):
    assert workspace.run("cases", "submit-fix", str(number), "--what", "a page", "--as", who).code == 0


def detected(workspace):
    (found,) = workspace.json("cases", "detect")["cases"]
    return found["id"]


def gap(workspace):
    for who in ("pat", "fay", "ann"):
        assert workspace.json("ask", BICYCLE, "--as", who)["abstained"]
    return detected(workspace)


def answer_it(workspace, path="bicycles.md"):
    page = "# Parking bicycles\n\nBicycles may be parked in the shed for 12 hours.\n"
    workspace.write(f"content/people/{path}", page)


def test_a_gap_is_closed_once_its_questions_are_answered_as_those_who_asked(workspace):
    number = gap(workspace)
    submitted(workspace, number)
    synced(workspace)
    rejected = case(workspace, number)
    assert rejected["state"] == "assigned" and rejected["proof"]["detail"].startswith("0 of 3 questions are answered")
    answer_it(workspace)
    submitted(workspace, number)
    synced(workspace, 2)
    proven = case(workspace, number)
    assert (proven["state"], proven["sub_state"]) == ("resolved", "fixed_confirmed")
    assert proven["proof"]["detail"] == "3 of 3 questions are answered now, with evidence"
    assert proven["proof"]["indexed_at"] > proven["fix"]["at"]
    kept = parse_questions((workspace.folder / "evals" / "cases.jsonl").read_text("utf-8"))
    assert {each.principal for each in kept} == {"user:pat", "user:fay", "user:ann"}
    assert {each.evidence for each in kept} == {("people-handbook/bicycles.md@1..",)}


def test_a_gap_that_a_new_page_closed_is_seen_though_nobody_said_so(workspace):
    number = gap(workspace)
    synced(workspace)
    assert stands(workspace, number) == ("new", None)
    answer_it(workspace)
    synced(workspace)
    seen = case(workspace, number)
    assert (seen["state"], seen["fix"]["by"]) == ("fix_submitted", "system:sync")
    synced(workspace)
    assert stands(workspace, number) == ("resolved", "fixed_confirmed")


def test_a_gap_stays_while_one_who_asked_is_not_answered(workspace):
    number = gap(workspace)
    answer_it(workspace, "restricted/bicycles.md")
    submitted(workspace, number)
    synced(workspace)
    found = case(workspace, number)
    assert (found["state"], found["proof"]["detail"][:6]) == ("assigned", "1 of 3")
    assert found["proof"]["passed"] is False


def contested(workspace):
    lower = '  rules:\n    - match: {path: "claims.md"}\n      set: {authority_tier: discussion}'
    workspace.replace("sources/people-handbook.yaml", "  rules:", lower)
    for source, days, modified in (("people", 30, "2026-02-01"), ("finance", 60, "2023-01-01")):
        page = f"# Expenses\n\nTravel expenses are paid within {days} days of receipt.\n"
        workspace.write(f"content/{source}/claims.md", f"---\nmodified: {modified}\n---\n{page}")
    settings = (workspace.folder / "concord.yaml").read_text("utf-8")
    workspace.write("concord.yaml", settings + "answer: {min_confidence: 0}\n")
    assert workspace.run("apply").code == 0
    synced(workspace)
    workspace.json("ask", CLAIMS, "--as", "fay")
    return detected(workspace)


def test_a_conflict_is_mended_once_neither_the_register_nor_an_answer_has_it(workspace):
    number = contested(workspace)
    submitted(workspace, number, "fay")
    synced(workspace)
    rejected = case(workspace, number, "fay")
    assert rejected["state"] == "assigned" and rejected["proof"]["passed"] is False
    page = (workspace.folder / "content/people/claims.md").read_text("utf-8")
    workspace.write("content/people/claims.md", page.replace("30 days", "60 days"))
    synced(workspace, 2)
    proven = case(workspace, number, "fay")
    assert (proven["state"], proven["sub_state"]) == ("resolved", "fixed_confirmed")
    assert "told of no open contradiction" in proven["proof"]["detail"]


def test_a_conflict_that_another_page_of_it_mends_needs_nobody_to_say_so_and_breaks_open_again(workspace):
    number = contested(workspace)
    other = workspace.folder / "content/people/claims.md"
    page = other.read_text("utf-8")
    other.unlink()
    synced(workspace)
    assert case(workspace, number, "fay")["fix"]["what"] == "what it was found by is there no more"
    synced(workspace)
    assert stands(workspace, number, "fay") == ("resolved", "fixed_confirmed")
    workspace.write("content/people/claims.md", page)
    synced(workspace)
    workspace.json("ask", CLAIMS, "--as", "fay")
    workspace.json("cases", "detect")
    assert stands(workspace, number, "fay") == ("assigned", "regressed")


def test_an_abstention_mends_no_conflict_and_nobody_is_told_that_it_is_answered(workspace):
    number = contested(workspace)
    for source in ("people", "finance"):
        workspace.folder.joinpath(f"content/{source}/claims.md").unlink()
    workspace.replace("concord.yaml", "min_confidence: 0", "min_confidence: 1")
    submitted(workspace, number, "fay")
    synced(workspace, 2)
    assert workspace.json("ask", CLAIMS, "--as", "fay")["abstained"]
    found = case(workspace, number, "fay")
    assert (found["state"], found["proof"]) == ("fix_submitted", None)
    assert "was answered is not any more" in found["unproven"]
    told = [each["what"] for each in workspace.json("cases", "news", "--as", "fay")["news"]]
    assert "case.fixed_confirmed" not in told


def test_an_accepted_difference_mends_the_case_of_a_conflict(workspace):
    number = contested(workspace)
    workspace.replace("ownership.yaml", "steward: user:ann", "steward: user:fay")
    assert workspace.run("apply").code == 0
    synced(workspace)
    (entry,) = [
        each["id"] for each in workspace.json("conflicts", "--as", "fay")["conflicts"] if "expenses" in str(each)
    ]
    done = workspace.run("conflicts", "accept", entry, "--why", "both hold", "--as", "fay")
    assert done.code == 0, done.err
    synced(workspace, 2)
    assert stands(workspace, number, "fay") == ("resolved", "fixed_confirmed")


@pytest.mark.parametrize("mend", ["reviewed", "no longer cited"])
def test_an_old_page_is_mended_by_its_review_or_by_another_that_is_cited(workspace, mend):
    past = "    review_due: {const: 2025-01-01}\n  rules:"
    workspace.replace("sources/people-handbook.yaml", "  rules:", past)
    assert workspace.run("apply").code == 0
    synced(workspace)
    workspace.json("ask", "How many days of annual leave does everyone receive?", "--as", "pat")
    workspace.json("cases", "detect")
    (number,) = [
        each["id"] for each in workspace.json("cases", "list", "--as", "ann")["cases"] if each.get("item") == LEAVE
    ]
    submitted(workspace, number)
    synced(workspace)
    assert case(workspace, number)["proof"]["passed"] is False
    if mend == "reviewed":
        workspace.replace("sources/people-handbook.yaml", "2025-01-01", "2125-01-01")
        assert workspace.run("apply").code == 0
    else:
        workspace.folder.joinpath("content/people/leave.md").unlink()
    synced(workspace, 2)
    assert stands(workspace, number) == ("resolved", "fixed_confirmed")


def replaced(workspace, path="leave-2027.md"):
    page = (
        "---\nmodified: 2026-03-01\nreplaces: {}\n---\n# Annual leave\n\nEveryone receives 29 days of annual leave.\n"
    )
    workspace.write(f"content/people/{path}", page.format("leave.md"))
    synced(workspace)


@pytest.mark.parametrize("overdue", [False, True])
def test_a_page_that_another_replaced_needs_nobody_once_the_other_is_cited(workspace, overdue):
    past = "  rules:\n    - {match: {path: leave.md}, set: {review_due: 2025-01-01}}"
    workspace.replace("sources/people-handbook.yaml", "  rules:", past if overdue else "  rules:")
    assert workspace.run("apply").code == 0
    synced(workspace)
    workspace.json("ask", LEAVE_QUESTION, "--as", "pat")
    replaced(workspace)
    number = detected(workspace)
    synced(workspace, 2)
    assert stands(workspace, number) == ("resolved", "fixed_confirmed")
    assert "without the old page" in case(workspace, number)["proof"]["detail"]
    kept = parse_questions((workspace.folder / "evals" / "cases.jsonl").read_text("utf-8"))
    assert [each.evidence for each in kept] == [("people-handbook/leave-2027.md@1..",)]


def test_a_page_past_its_review_that_nothing_cites_any_more_needs_nobody(workspace):
    past = "  rules:\n    - {match: {path: leave.md}, set: {review_due: 2025-01-01}}"
    workspace.replace("sources/people-handbook.yaml", "  rules:", past)
    assert workspace.run("apply").code == 0
    synced(workspace)
    workspace.json("ask", LEAVE_QUESTION, "--as", "pat")
    number = detected(workspace)
    synced(workspace, 2)
    assert stands(workspace, number) == ("new", None)
    replaced(workspace)
    synced(workspace)
    assert stands(workspace, number) == ("resolved", "fixed_confirmed")


def test_a_replacement_that_not_all_may_read_is_no_sign_and_is_told_to_nobody(workspace):
    for who in ("pat", "ann"):
        workspace.json("ask", LEAVE_QUESTION, "--as", who)
    replaced(workspace, "restricted/leave-2027.md")
    assert "27 days" in workspace.json("ask", LEAVE_QUESTION, "--as", "pat")["answer"]
    assert workspace.json("cases", "detect")["cases"] == []
    replaced(workspace)
    number = detected(workspace)
    (workspace.folder / "content/people/leave-2027.md").unlink()
    submitted(workspace, number)
    synced(workspace)
    assert stands(workspace, number) == ("resolved", "fixed_confirmed"), "the page holds for all who read it"


def test_a_record_that_is_read_again_and_one_that_is_gone_close_their_cases(workspace):
    mine = workspace.json("cases", "list", "--as", "fay")["cases"]
    by_item = {each["item"]: each["id"] for each in mine}
    empty = by_item["finance-policies/empty.md"]
    submitted(workspace, empty, "fay")
    assert stands(workspace, empty, "fay") == ("fix_submitted", None)
    workspace.write("content/finance/empty.md", "# Not empty\n\nIt says something by now.\n")
    synced(workspace, 2)
    assert stands(workspace, empty, "fay") == ("resolved", "fixed_confirmed")
    assert case(workspace, empty, "fay")["proof"]["detail"] == "1 of 1 records are out of quarantine"


def test_a_source_that_is_read_again_closes_its_case(workspace):
    folder = workspace.folder / "content" / "finance"
    folder.rename(workspace.folder / "content" / "moved")
    assert workspace.run("sync").code == 1
    (number,) = [
        each["id"]
        for each in workspace.json("cases", "list", "--as", "fay")["cases"]
        if any(report["kind"] == "sync_failed" for report in each["reports"])
    ]
    submitted(workspace, number, "fay")
    assert workspace.run("sync").code == 1
    assert stands(workspace, number, "fay") == ("fix_submitted", None), "it was not read since"
    (workspace.folder / "content" / "moved").rename(folder)
    synced(workspace)
    assert stands(workspace, number, "fay") == ("resolved", "fixed_confirmed")


def test_where_there_is_nothing_to_ask_again_the_case_says_so_and_is_closed_by_hand(workspace):
    answer = workspace.json("ask", "How many days of annual leave does everyone receive?", "--as", "pat")
    made = workspace.json("correct", answer["trace_id"], "--as", "pat", "--reason", "wrong")
    number = made["corrections"][0]["case"]
    submitted(workspace, number)
    synced(workspace, 2)
    found = case(workspace, number)
    assert (found["state"], found["proof"]) == ("fix_submitted", None)
    assert found["unproven"] == "nothing says what the right answer is, or what gives it"
    told = [each["what"] for each in workspace.json("cases", "news", "--as", "ann")["news"]]
    assert told.count("case.unproven") == 1
    assert "undetermined" in workspace.run("cases", "show", str(number), "--as", "ann").out
    closed = ("resolve", str(number), "--reason", "fixed_elsewhere", "--comment", "the page was rewritten")
    assert workspace.run("cases", *closed, "--as", "ann").code == 0
    found = case(workspace, number)
    assert (found["state"], found["sub_state"], found["unproven"]) == ("resolved", None, None)


def scales_reported(workspace):
    """The case of a page that says once a year where twice a year is right."""
    workspace.write("content/people/scales.md", "# Scales\n\nThe scales are checked once a year.\n")
    synced(workspace)
    answer = workspace.json("ask", "How often are the scales checked?", "--as", "pat")
    said = ("--reason", "wrong", "--right-answer", "twice a year")
    made = workspace.json("correct", answer["trace_id"], "--as", "pat", *said)
    return made["corrections"][0]["case"]


def test_a_fix_in_other_words_is_not_rejected_and_is_confirmed_by_a_person(workspace):
    number = scales_reported(workspace)
    by_hand = ("cases", "resolve", str(number), "--reason", "fixed", "--comment", "every 6 months", "--as", "ann")
    submitted(workspace, number)
    assert "could be neither proven nor rejected" in workspace.run(*by_hand).err
    workspace.write("content/people/scales.md", "# Scales\n\nThe scales are checked every 6 months.\n")
    synced(workspace, 2)
    found = case(workspace, number)
    assert (found["state"], found["proof"]) == ("fix_submitted", None)
    assert "is for a person to say" in found["unproven"]
    assert workspace.run(*by_hand).code == 0
    found = case(workspace, number)
    assert (found["state"], found["resolution"], found["unproven"]) == ("resolved", "fixed", None)
    told = [each["what"] for each in workspace.json("cases", "news", "--as", "pat")["news"]]
    assert told == ["case.fixed_by_hand"]


def golden(workspace):
    file = workspace.folder / "evals" / "cases.jsonl"
    return parse_questions(file.read_text("utf-8")) if file.exists() else []


def test_what_a_person_confirmed_is_a_question_of_the_golden_set_and_is_asked_again(workspace):
    number = scales_reported(workspace)
    workspace.write("content/people/scales.md", "# Scales\n\nThe scales are checked every 6 months.\n")
    synced(workspace, 2)
    by_hand = ("cases", "resolve", str(number), "--reason", "fixed", "--comment", "every 6 months", "--as", "ann")
    assert workspace.run(*by_hand).code == 0
    (kept,) = golden(workspace)
    assert (kept.question, kept.principal) == ("How often are the scales checked?", "user:pat")
    assert (kept.reference, kept.evidence) == ("twice a year", ("people-handbook/scales.md@2..",))
    more = "The scales are checked  every 6 months.\n\nThey weigh 5 kg."
    workspace.write("content/people/scales.md", f"# Scales\n\n{more}\n")
    synced(workspace)
    found = case(workspace, number)
    assert (found["state"], found["sub_state"], found["resolution"]) == ("resolved", None, "fixed")
    assert "1 of 1 questions are answered as a person confirmed" in found["proof"]["detail"]
    workspace.write("content/people/scales.md", "# Scales\n\nThe scales are checked every 9 months.\n")
    synced(workspace)
    assert stands(workspace, number) == ("assigned", "regressed")
    told = [each["what"] for each in workspace.json("cases", "news", "--as", "pat")["news"]]
    assert told == ["case.regressed", "case.fixed_by_hand"]


def test_a_thumb_down_that_a_person_calls_mended_is_kept_with_what_answers_it(workspace):
    answer = workspace.json("ask", LEAVE_QUESTION, "--as", "pat")
    made = workspace.json("correct", answer["trace_id"], "--as", "pat", "--reason", "wrong")
    number = made["corrections"][0]["case"]
    submitted(workspace, number)
    synced(workspace)
    done = workspace.run("cases", "resolve", str(number), "--reason", "fixed", "--comment", "it holds", "--as", "ann")
    assert done.code == 0, done.err
    assert [(each.reference, each.evidence) for each in golden(workspace)] == [(None, (f"{LEAVE}@1..",))]
    answer = workspace.json("ask", LEAVE_QUESTION, "--as", "pat")
    workspace.json("correct", answer["trace_id"], "--as", "pat", "--reason", "wrong")
    assert stands(workspace, number) == ("assigned", "regressed"), "it was reported again"


def test_what_nothing_answers_is_no_question_of_the_golden_set_though_a_person_calls_it_mended(workspace):
    answer = workspace.json("ask", LEAVE_QUESTION, "--as", "pat")
    made = workspace.json("correct", answer["trace_id"], "--as", "pat", "--reason", "wrong")
    number = made["corrections"][0]["case"]
    for page in ("leave.md", "leave-2024.md"):
        workspace.remove(f"content/people/{page}")
    submitted(workspace, number)
    synced(workspace)
    done = workspace.run("cases", "resolve", str(number), "--reason", "fixed", "--comment", "gone", "--as", "ann")
    assert done.code == 0, done.err
    assert workspace.json("ask", LEAVE_QUESTION, "--as", "pat")["abstained"]
    assert golden(workspace) == [] and case(workspace, number)["proof"] is None


def test_a_fix_that_changes_nothing_of_the_answer_is_rejected(workspace):
    number = scales_reported(workspace)
    submitted(workspace, number)
    synced(workspace)
    assert case(workspace, number)["proof"]["passed"] is False


UP = Rating(helpful=True)
OVER_AND_OVER = ("How many days of leave do we get?", "days of annual leave a year?", "annual leave: how many days?")


def asked_over_and_over(workspace):
    """One person asks the same three times in a conversation; returns the case that is found of it."""
    concord = Concord.open(workspace.folder)
    try:
        with writing(concord.engine, renews=False) as connection:
            talk = conversations.begin(connection, "pat", OVER_AND_OVER[0], None, datetime.now(UTC))
        for question in OVER_AND_OVER:
            answer = concord.ask(question, concord.foundation.directory.principal("pat")).to_json()
            with writing(concord.engine, renews=False) as connection:
                conversations.add(connection, "pat", talk, question, None, answer, datetime.now(UTC))
    finally:
        concord.close()
    return detected(workspace)


def thumb(workspace, who, rating, question=OVER_AND_OVER[1]):
    concord = Concord.open(workspace.folder)
    try:
        person = concord.foundation.directory.principal(who)
        trace = concord.ask(question, person).trace_id
        correct(concord.engine, person, trace, rating, 100, concord.desk)
    finally:
        concord.close()


def test_what_was_asked_over_and_over_is_mended_once_who_asked_says_that_the_answer_helps(workspace):
    number = asked_over_and_over(workspace)
    thumb(workspace, "pat", UP, question="For how many pounds a night are hotels paid?")
    submitted(workspace, number)
    thumb(workspace, "fay", UP)  # it did not trouble her
    synced(workspace, 2)
    waits = case(workspace, number)
    assert (waits["state"], waits["proof"]) == ("fix_submitted", None)
    assert "has not said since whether the answer of now helps" in waits["unproven"]
    thumb(workspace, "pat", UP)
    synced(workspace)
    assert stands(workspace, number) == ("resolved", "fixed_confirmed")
    assert "who asked says that it helps" in case(workspace, number)["proof"]["detail"]


def test_what_was_asked_over_and_over_is_not_mended_where_who_asked_says_so(workspace):
    number = asked_over_and_over(workspace)
    submitted(workspace, number)
    thumb(workspace, "pat", Rating(helpful=False, reason="not_for_me"))
    synced(workspace)
    assert stands(workspace, number) == ("assigned", None)


def test_a_thumb_up_of_who_asked_over_and_over_is_enough_where_nobody_worked_on_it(workspace):
    number = asked_over_and_over(workspace)
    synced(workspace)
    assert case(workspace, number)["fix"] is None
    thumb(workspace, "pat", UP)
    synced(workspace, 2)
    assert stands(workspace, number) == ("resolved", "fixed_confirmed")


def proven_now(workspace):
    """What the worker does between syncs."""
    concord = Concord.open(workspace.folder)
    try:
        return [each.id for each in concord.prove()]
    finally:
        concord.close()


def test_what_was_done_by_hand_is_neither_rejected_nor_confirmed_before_a_sync_has_read_it(workspace):
    number = gap(workspace)
    answer_it(workspace)
    submitted(workspace, number)
    assert proven_now(workspace) == [] and stands(workspace, number) == ("fix_submitted", None)
    assert workspace.run("sync", "finance-policies").code == 0  # the page is elsewhere
    assert proven_now(workspace) == [] and stands(workspace, number) == ("fix_submitted", None)
    assert workspace.run("sync", "people-handbook").code == 0
    assert stands(workspace, number) == ("resolved", "fixed_confirmed")
    proof, fix = (case(workspace, number)[each] for each in ("proof", "fix"))
    assert fix["at"] < proof["indexed_at"] < proof["at"]


def test_a_sync_that_began_before_the_fix_says_nothing_of_it(workspace):
    number = gap(workspace)
    began = datetime.now(UTC)
    submitted(workspace, number)
    locks = SourceLocks(workspace.folder / ".concord" / "locks")
    for source in ("people-handbook", "finance-policies"):
        locks.checked(source, began)  # it ends after the fix was submitted
    assert proven_now(workspace) == [] and stands(workspace, number) == ("fix_submitted", None)
    for source in ("people-handbook", "finance-policies"):
        locks.checked(source, datetime.now(UTC))
    assert proven_now(workspace) == [number] and stands(workspace, number) == ("assigned", None)


def test_while_a_source_cannot_be_read_a_fix_is_not_rejected_and_is_confirmed_by_the_others(workspace):
    number = gap(workspace)
    submitted(workspace, number)
    (workspace.folder / "content/finance").rename(workspace.folder / "content/gone")
    workspace.run("sync")
    assert stands(workspace, number) == ("fix_submitted", None)
    answer_it(workspace)
    workspace.run("sync")
    assert stands(workspace, number) == ("resolved", "fixed_confirmed")


LEAVE_ASKED = "How many days of annual leave does everyone receive?"
DESKS_ASKED = "For how many hours may a desk be booked?"


def confirmed(workspace, question, right, path, old, new):
    """A case that was confirmed once a page says what was said to be right."""
    answer = workspace.json("ask", question, "--as", "ann")
    made = workspace.json("correct", answer["trace_id"], "--as", "ann", "--right-answer", right, "--evidence", path)
    workspace.replace(f"content/people/{path.partition('/')[2]}", old, new)
    synced(workspace, 2)
    number = made["corrections"][0]["case"]
    assert stands(workspace, number) == ("resolved", "fixed_confirmed")
    return number


def test_a_case_is_broken_by_another_page_than_its_own(workspace):
    number = confirmed(workspace, LEAVE_ASKED, "28 days", LEAVE, "27 days", "28 days")
    page = "# Annual leave\n\nEveryone receives 29 days of annual leave a year.\n"
    workspace.write("content/people/leave-2027.md", f"---\nmodified: 2026-11-01\nreplaces: leave.md\n---\n{page}")
    synced(workspace)
    assert stands(workspace, number) == ("assigned", "regressed")


def test_confirmed_cases_take_turns_and_none_is_asked_twice_of_one_change(workspace, monkeypatch):
    workspace.write("content/people/desks.md", "# Desks\n\nA desk may be booked for 8 hours.\n")
    synced(workspace)
    first = confirmed(workspace, LEAVE_ASKED, "28 days", LEAVE, "27 days", "28 days")
    other = confirmed(workspace, DESKS_ASKED, "9 hours", "people-handbook/desks.md", "8 hours", "9 hours")
    monkeypatch.setattr(proving, "ELSEWHERE", 1)
    concord = Concord.open(workspace.folder)
    try:
        ann = concord.foundation.directory.principal("ann")

        def proofs():
            return [concord.desk.case(ann, each).case.proof.at for each in (first, other)]

        def turn(act):
            before = proofs()
            act()
            longest = before.index(min(before))
            return [old != new for old, new in zip(before, proofs(), strict=True)], longest

        while any(turn(concord.prove)[0]):
            pass  # what the syncs above have changed since
        workspace.write("content/people/lunch.md", "# Lunch\n\nLunch is at noon.\n")
        one, longest = turn(lambda: concord.sync_sources(concord.foundation.sources.values()))
        then, last = turn(concord.prove)
        assert one == [longest == 0, longest == 1] and then == [last == 0, last == 1] and last != longest
        assert turn(concord.prove)[0] == [False, False]
        assert [concord.desk.case(ann, each).case.sub_state for each in (first, other)] == ["fixed_confirmed"] * 2
    finally:
        concord.close()
