"""Changes that cases suggest: proposed by whoever has the case, decided by another, proven by the sync that follows."""

from datetime import UTC, datetime, timedelta

import pytest

from concord.bootstrap import Concord
from concord_feedback.cases import Act, Fix, Move
from concord_feedback.errors import CaseNotPossible

LEAVE, OLD, OTHER = "people-handbook/leave.md", "people-handbook/leave-old.md", "finance-policies/leave.md"
CONCEPT = "https://small.example/id/leave"
QUESTION = "How many days of annual leave does everyone receive a year?"
SAYS_24 = "---\nmodified: 2026-02-01\n---\n# Annual leave\n\nEveryone receives 24 days of annual leave a year.\n"
GOVERNED = "governance: {mode: governed, approvers: ['user:pat']}\n"


def shown(workspace, number):
    return workspace.json("cases", "show", str(number), "--as", "ann")


def fields(workspace, number, kind):
    found = workspace.json("cases", "suggest", str(number), "--as", "ann")["suggestions"]
    (mine,) = [each for each in found if each["kind"] == kind]
    return {each["name"]: each["value"] for each in mine["fields"]}


def conflicting(workspace):
    workspace.write("content/finance/leave.md", SAYS_24)


def misranked(workspace):
    conflicting(workspace)
    ranking = f'- {{concept: "{CONCEPT}", sources: [finance-policies, people-handbook]}}   # for now'
    workspace.replace("authority.yaml", "rankings:\n", f"rankings:\n  {ranking}\n")


def overtaken(workspace):
    workspace.write("content/people/leave-old.md", SAYS_24)


def mistagged(workspace):
    workspace.write("tags.yaml", f'tags:\n  - identifier: {LEAVE}\n    remove: ["{CONCEPT}"]   # by mistake\n')


def overdue(workspace):
    overtaken(workspace)
    lower = '  rules:\n    - match: {path: "leave-old.md"}\n      set: {authority_tier: discussion}\n'
    workspace.replace("sources/people-handbook.yaml", "  rules:\n", lower)
    policy = (workspace.folder / "authority.yaml").read_text("utf-8")
    workspace.write("authority.yaml", policy + "freshness: [{days: 30}]\nabstain: [stale]\n")


def for_employees(workspace):
    conflicting(workspace)
    rule = '  rules:\n    - match: {path: "leave*.md"}\n      set: {audience: [All employees]}\n'
    workspace.replace("sources/people-handbook.yaml", "  rules:\n", rule)


def withdrawn(workspace):
    rule = '  rules:\n    - match: {path: "leave.md"}\n      set: {status: withdrawn}   # by mistake\n'
    workspace.replace("sources/people-handbook.yaml", "  rules:\n", rule)


def banner(workspace):
    workspace.replace(
        "content/people/leave.md", "# Annual leave\n", "# Annual leave\n\nThis page was withdrawn on 2026-03-01.\n"
    )


def unworded(workspace):
    return "How many days of furlough does everyone receive a year?"


def opened(workspace, wrong, *options, governed=True):
    """A governed workspace with something wrong in it, and the number of the case that is diagnosed of it."""
    workspace.replace("principals.yaml", "groups: [people-leads]", "groups: [people-leads, finance]")
    workspace.replace("ownership.yaml", "rules:", "roles: {triage: user:ann}\nrules:")
    question = wrong(workspace) or QUESTION
    workspace.ready()
    if governed:
        settings = (workspace.folder / "concord.yaml").read_text("utf-8")
        workspace.write("concord.yaml", settings + GOVERNED)
    answer = workspace.json("ask", question, "--as", "ann", *options)
    made = workspace.json("correct", answer["trace_id"], "--as", "ann", "--right-answer", "27 days")
    number = made["corrections"][0]["case"]
    workspace.json("cases", "diagnose", str(number), "--as", "ann")
    return number


def proposed(workspace, number, kind, *given):
    options = [part for each in given for part in ("--set", each)]
    return workspace.json("cases", "propose", str(number), kind, *options, "--as", "ann")


@pytest.mark.parametrize(
    ("wrong", "options", "kind", "filled", "given", "path", "written"),
    [
        (
            misranked,
            (),
            "ranking",
            {"concept": CONCEPT, "sources": "people-handbook, finance-policies"},
            (),
            "authority.yaml",
            "sources: [people-handbook, finance-policies]}   # for now",
        ),
        (
            overtaken,
            (),
            "replaces",
            {"newer": LEAVE, "older": OLD},
            (),
            "sources/people-handbook.yaml",
            f"    - match: {{native_id: leave.md}}\n      add: {{replaces: [{OLD}]}}\n",
        ),
        (
            mistagged,
            ("-u", "ask-people"),
            "concept",
            {"item": LEAVE, "concept": CONCEPT},
            (),
            "tags.yaml",
            f"    remove: []   # by mistake\n    add:\n      - '{CONCEPT}'\n",
        ),
        (
            overdue,
            (),
            "review",
            {"item": LEAVE, "review_due": ""},
            ("review_due=2099-05-01",),
            "sources/people-handbook.yaml",
            ", review_due: 2099-05-01}\n",
        ),
        (
            for_employees,
            (),
            "scope",
            {"item": OTHER, "audience": ""},
            ("audience=contractors",),
            "sources/finance-policies.yaml",
            "    - match: {native_id: leave.md}\n      set: {audience: [contractors]}\n",
        ),
        (
            withdrawn,
            (),
            "metadata",
            {"item": LEAVE, "status": ""},
            ("status=approved",),
            "sources/people-handbook.yaml",
            "    - match: {native_id: leave.md}\n      set: {status: approved}\n",
        ),
        (
            unworded,
            (),
            "synonym",
            {"concept": CONCEPT, "word": "furlough"},
            (),
            "taxonomy/shared.ttl",
            '"furlough"@en',
        ),
    ],
)
def test_a_suggested_change_is_approved_by_another_and_proven(
    synced_copy, wrong, options, kind, filled, given, path, written
):
    workspace = synced_copy
    number = opened(workspace, wrong, *options)
    assert filled.items() <= fields(workspace, number, kind).items()
    made = proposed(workspace, number, kind, *given)
    ref = str(made["proposal"]["id"])
    assert (made["state"], made["proposal"]["state"], made["written"]) == ("fix_submitted", "in_review", [])
    for _ in range(2):  # whatever is synced before the decision proves nothing
        assert workspace.run("sync").code == 0
        waits = shown(workspace, number)
        assert (waits["state"], waits["proof"], waits["fix"]["proposal"]) == ("fix_submitted", None, int(ref))
    own = workspace.run("proposals", "approve", ref, "--as", "ann")
    assert own.code == 2 and "does not decide on it" in own.err
    decider = "fay" if "finance" in path else "pat"  # who may read the page
    assert workspace.run("proposals", "approve", ref, "--as", decider).code == 0
    assert written in (workspace.folder / path).read_text("utf-8")
    assert shown(workspace, number)["state"] == "fix_submitted"
    assert workspace.run("sync").code == 0
    proven = shown(workspace, number)
    assert (proven["state"], proven["sub_state"]) == ("resolved", "fixed_confirmed")
    assert workspace.json("cases", "suggest", str(number), "--as", "ann")["suggestions"] == []


@pytest.mark.parametrize("act", ["reject", "withdraw"])
def test_a_change_that_is_turned_down_gives_the_case_back_with_the_reason(synced_copy, act):
    workspace = synced_copy
    number = opened(workspace, misranked)
    ref = str(proposed(workspace, number, "ranking")["proposal"]["id"])
    who, why = ("pat", "Finance decides here") if act == "reject" else ("ann", "a mistake of mine")
    assert workspace.run("proposals", act, ref, "--as", who, "--why", why).code == 0
    back = shown(workspace, number)
    assert (back["state"], back["owner"], back["fix"], back["proof"]) == ("assigned", "user:ann", None, None)
    last = back["history"][-1]
    assert last["what"] == "case.fix_declined" and last["comment"].startswith(f"proposal {ref} was {act}")
    assert ("Finance decides here" in last["comment"]) is (act == "reject")
    told = [each["what"] for each in workspace.json("cases", "news", "--as", "ann")["news"]]
    assert told.count("case.fix_declined") == 1
    assert workspace.run("sync").code == 0 and shown(workspace, number)["state"] == "assigned"
    again = proposed(workspace, number, "ranking")
    assert again["proposal"]["id"] != int(ref) and again["state"] == "fix_submitted"


def told(workspace, who):
    return [each["what"] for each in workspace.json("cases", "news", "--as", who)["news"] if "proposal" in each["what"]]


def later(workspace, hours):
    """Let the timers run as they would at a later hour, in a process that has just been started."""
    concord = Concord.open(workspace.folder)
    try:
        return [each.id for each in concord.desk.ask_to_decide(datetime.now(UTC) + timedelta(hours=hours))]
    finally:
        concord.close()


def test_who_may_decide_is_asked_in_turn_each_once_and_never_who_proposed_it(synced_copy):
    workspace = synced_copy
    everything = "rules:\n  - {match: {}, owner: user:ann, backup: user:fay, steward: group:finance}\n"
    workspace.replace("ownership.yaml", "rules:\n", everything)
    number = opened(workspace, misranked)  # with a term of 72 hours
    ref = proposed(workspace, number, "ranking")["proposal"]["id"]
    decision = shown(workspace, number)["decision"]
    assert (decision["proposal"], decision["asked"]) == (ref, ["user:fay"])  # ann owns it, and has proposed it
    assert (told(workspace, "fay"), told(workspace, "pat"), told(workspace, "ann")) == (["proposal.waits"], [], [])
    assert later(workspace, 71) == [] and later(workspace, 73) == [number] and later(workspace, 73) == []
    assert shown(workspace, number)["decision"]["asked"] == ["user:fay", "group:finance"]
    assert later(workspace, 145) == [number] and later(workspace, 145) == []
    assert told(workspace, "pat") == ["proposal.escalated"]  # who is named in the settings comes last
    assert told(workspace, "ann") == ["proposal.escalated"]  # as one of finance: it is her own, and no mail tells it
    for _ in range(2):
        assert later(workspace, 220) == [] and later(workspace, 300) == []
    assert told(workspace, "ann").count("proposal.undecided") == 1
    asked = [each for each in shown(workspace, number)["history"] if each["what"] == "case.decision_asked"]
    assert [(each["by"], each["proposal"]) for each in asked] == [("system:feedback", ref)] * 3
    assert f"on proposal {ref} by" in workspace.run("cases", "show", str(number), "--as", "ann").out
    listed = workspace.json("proposals", "list", "--as", "pat")["proposals"]
    assert [each["to_decide"] for each in listed] == [["user:fay", "group:finance", "user:pat"]]
    assert workspace.run("proposals", "approve", str(ref), "--as", "pat").code == 0
    assert shown(workspace, number)["decision"] is None and later(workspace, 999) == []


def test_who_is_asked_to_decide_learns_nothing_of_the_case(synced_copy):
    workspace = synced_copy
    number = opened(workspace, misranked)
    ref = proposed(workspace, number, "ranking")["proposal"]["id"]
    news = workspace.json("cases", "news", "--as", "pat")["news"]
    mine = [each for each in news if each["what"] == "proposal.waits"]
    assert [each["proposal"] for each in mine] == [ref] and "case" not in mine[0]
    assert workspace.run("cases", "show", str(number), "--as", "pat").code == 2
    assert f"proposal {ref}  proposal.waits" in workspace.run("cases", "news", "--as", "pat").out


def test_where_nobody_else_may_decide_who_has_the_case_is_told(synced_copy):
    workspace = synced_copy
    workspace.replace("ownership.yaml", "rules:\n", "rules:\n  - {match: {}, owner: user:ann}\n")
    number = opened(workspace, misranked)
    workspace.replace("concord.yaml", "approvers: ['user:pat']", "approvers: []")
    proposed(workspace, number, "ranking")
    assert told(workspace, "ann") == ["proposal.undecided"] and later(workspace, 100) == []
    assert told(workspace, "ann") == ["proposal.undecided"]
    assert "nobody else may decide on it" in workspace.run("cases", "list", "--as", "ann").out


def test_a_case_waits_for_one_change_at_a_time_and_no_longer_where_it_is_mended_by_hand(synced_copy):
    workspace = synced_copy
    number = opened(workspace, misranked)
    ref = proposed(workspace, number, "ranking")["proposal"]["id"]
    done = workspace.run("cases", "propose", str(number), "ranking", "--set", "use_case=ask-people", "--as", "ann")
    assert done.code == 2 and f"it waits for proposal {ref}" in done.err
    workspace.remove("content/finance/leave.md")
    assert workspace.run("sync").code == 0 and shown(workspace, number)["state"] == "fix_submitted"
    assert workspace.run("cases", "submit-fix", str(number), "--what", "the page is gone", "--as", "ann").code == 0
    assert workspace.run("sync").code == 0
    assert shown(workspace, number)["sub_state"] == "fixed_confirmed"
    assert workspace.run("proposals", "reject", str(ref), "--as", "pat", "--why", "too late").code == 0
    assert shown(workspace, number)["sub_state"] == "fixed_confirmed"


def test_cases_that_wait_for_a_decision_hold_up_no_other(synced_copy, monkeypatch):
    monkeypatch.setattr("concord.bootstrap.proving.AT_ONCE", 1)
    workspace = synced_copy
    first = opened(workspace, misranked)
    proposed(workspace, first, "ranking")
    answer = workspace.json("ask", "Up to how many pounds a night are hotels paid?", "--as", "fay")
    made = workspace.json("correct", answer["trace_id"], "--as", "fay", "--right-answer", "150 pounds")
    second = made["corrections"][0]["case"]
    assert workspace.run("cases", "submit-fix", str(second), "--what", "corrected", "--as", "ann").code == 0
    workspace.replace("content/finance/travel.md", "140", "150")
    assert workspace.run("sync").code == 0
    assert shown(workspace, second)["sub_state"] == "fixed_confirmed"
    assert shown(workspace, first)["state"] == "fix_submitted"


def test_nothing_is_proven_by_what_was_in_force_before_the_approval(synced_copy):
    """A sync that began before it goes by other rules than those that the fix is."""
    workspace = synced_copy
    number = opened(workspace, misranked)
    ref = str(proposed(workspace, number, "ranking")["proposal"]["id"])
    concord = Concord.open(workspace.folder)
    try:
        assert concord.foundation.policy.rankings  # it is at work already
        assert workspace.run("proposals", "approve", ref, "--as", "pat").code == 0
        assert concord.prove() == []
        fresh = concord.renewed()
        assert [each.id for each in fresh.prove()] == [number]
    finally:
        concord.close()
    assert shown(workspace, number)["sub_state"] == "fixed_confirmed"


def test_a_rule_of_a_source_is_proven_once_its_items_follow_it(synced_copy):
    workspace = synced_copy
    number = opened(workspace, overtaken)
    ref = str(proposed(workspace, number, "replaces")["proposal"]["id"])
    assert workspace.run("proposals", "approve", ref, "--as", "pat").code == 0
    concord = Concord.open(workspace.folder)
    try:
        assert concord.prove() == []  # no sync yet
    finally:
        concord.close()
    assert workspace.run("sync", "finance-policies").code == 0
    assert shown(workspace, number)["state"] == "fix_submitted"
    assert workspace.run("sync", "people-handbook").code == 0
    assert shown(workspace, number)["sub_state"] == "fixed_confirmed"


def test_who_was_interrupted_goes_on_with_the_proposal_that_was_made(synced_copy, monkeypatch):
    workspace = synced_copy
    number = opened(workspace, misranked)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("concord.governance.cases.CaseDesk.act", killed)
        assert workspace.run("cases", "propose", str(number), "ranking", "--as", "ann").code == 130
    assert shown(workspace, number)["state"] == "new"
    (left,) = workspace.json("proposals", "list", "--as", "ann")["proposals"]
    again = proposed(workspace, number, "ranking")
    assert again["proposal"]["id"] == left["id"] and shown(workspace, number)["fix"]["proposal"] == left["id"]
    assert len(workspace.json("proposals", "list", "--as", "ann")["proposals"]) == 1


def test_a_fix_is_no_proposal_that_was_turned_down_already(synced_copy):
    workspace = synced_copy
    number = opened(workspace, misranked)
    ref = proposed(workspace, number, "ranking")["proposal"]["id"]
    assert workspace.run("proposals", "reject", str(ref), "--as", "pat", "--why", "no").code == 0
    concord = Concord.open(workspace.folder)
    try:
        who, now = concord.foundation.directory.principal("ann"), datetime.now(UTC)
        made = Move(Act.SUBMIT_FIX, "user:ann", now, fix=Fix(now, "user:ann", "proposed", proposal=ref))
        with pytest.raises(CaseNotPossible, match=f"proposal {ref} was rejected"):
            concord.desk.act(who, number, made)
    finally:
        concord.close()


def test_a_development_workspace_puts_the_change_in_force_at_once(synced_copy):
    workspace = synced_copy
    number = opened(workspace, misranked, governed=False)
    made = proposed(workspace, number, "ranking")
    assert (made["proposal"]["state"], made["state"], made["written"]) == (
        "approved",
        "fix_submitted",
        ["authority.yaml"],
    )
    assert workspace.run("sync").code == 0
    assert shown(workspace, number)["sub_state"] == "fixed_confirmed"


def test_a_preview_shows_the_answer_that_changes_and_writes_nothing(synced_copy, dump):
    workspace = synced_copy
    number = opened(workspace, misranked)
    before = dump(workspace)
    done = workspace.json("cases", "propose", str(number), "ranking", "--preview", "--as", "ann")
    assert (done["files"], done["summary"]) == (
        ["authority.yaml"],
        "annual leave: people-handbook, finance-policies",
    )
    (changed,) = done["questions"]["answers"]
    assert changed["question"] == QUESTION and changed["cited_after"] == [LEAVE]
    assert dump(workspace) == before
    plain = workspace.run("cases", "propose", str(number), "ranking", "--preview", "--as", "ann").out
    assert "1 of 1 questions of the last 30 days change" in plain


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        ("replaces", ["newer=people-handbook/restricted/zanzibar.md"], "no page"),
        ("replaces", ["newer=people-handbook/nothing.md"], "no page"),
        ("replaces", [f"older={LEAVE}"], "older: it is the newer page too"),
        ("replaces", ["reader=everyone"], "reader: there is no such field here: newer, older"),
        ("review", [], "review_due: this is needed"),
        ("review", ["review_due=next May"], "no date"),
        ("scope", [], "say something of the page"),
        ("metadata", ["status=public"], "is none of draft"),
        ("metadata", ["readers=everyone"], "there is no such field"),
        ("metadata", ["authority_tier=regulation"], "there is no such field"),
        ("synonym", [], "it suggests replaces"),
        ("ranking", [], "it suggests replaces"),
        ("replaces", ["newer"], "--set takes FIELD=VALUE"),
    ],
)
def test_what_cannot_be_proposed_is_told_and_nothing_is(synced_copy, kind, given, told):
    workspace = synced_copy
    number = opened(workspace, overtaken)
    workspace.replace("principals.yaml", "groups: [people-leads, finance]", "groups: [people, finance]")
    workspace.write("concord.yaml", "name: Small\nembedding: {runtime: hashing}\nindex: {idle_seconds: 20}\n")
    assert workspace.run("apply").code == 0
    options = [part for each in given for part in ("--set", each)]
    done = workspace.run("cases", "propose", str(number), kind, *options, "--as", "ann")
    assert done.code == 2 and told in done.err and len(done.err.splitlines()) == 1
    assert shown(workspace, number)["state"] == "new"


def test_a_page_that_one_may_not_read_is_like_one_that_is_not_there(synced_copy):
    workspace = synced_copy
    number = opened(workspace, overtaken)
    workspace.replace("principals.yaml", "groups: [people-leads, finance]", "groups: [people, finance]")
    workspace.write("concord.yaml", "name: Small\nembedding: {runtime: hashing}\nindex: {idle_seconds: 20}\n")
    assert workspace.run("apply").code == 0
    told = []
    for page in ("people-handbook/restricted/zanzibar.md", "people-handbook/restricted/nothing.md"):
        done = workspace.run("cases", "propose", str(number), "replaces", "--set", f"newer={page}", "--as", "ann")
        told.append(done.err.replace(page, "PAGE"))
    assert told[0] == told[1]


def test_a_review_date_that_is_past_is_warned_of_before_it_is_proposed(synced_copy):
    workspace = synced_copy
    number = opened(workspace, overtaken)
    for given, warned in (("review_due=2020-05-01", "review_due 2020-05-01 is past"), ("review_due=2099-05-01", "")):
        preview = ("cases", "propose", str(number), "review", "--set", given, "--preview", "--as", "ann")
        told = workspace.json(*preview)["warnings"]
        assert [each.partition(":")[0] for each in told] == ([warned] if warned else [])
        assert ("warning: review_due" in workspace.run(*preview).err) is bool(warned)
    to_come = ("review", "--set", "review_due=2099-05-01", "--set", "last_reviewed=2098-01-01", "--preview")
    (told,) = workspace.json("cases", "propose", str(number), *to_come, "--as", "ann")["warnings"]
    assert told.startswith("last_reviewed 2098-01-01 is still to come")


def test_only_who_deals_with_a_case_is_shown_what_it_suggests(synced_copy):
    workspace = synced_copy
    number = str(opened(workspace, misranked))
    for command in (("suggest", number), ("propose", number, "ranking"), ("propose", number, "ranking", "--preview")):
        done, missing = (
            workspace.run("cases", *(each.replace(number, named) for each in command), "--as", "carl")
            for named in (number, "9999")
        )
        assert done.code == missing.code == 2
        assert done.err.replace(f"case {number} ", "case 9999 ") == missing.err


def test_a_cause_that_no_file_mends_says_what_does(synced_copy):
    workspace = synced_copy
    number = opened(workspace, lambda _workspace: None, governed=False)
    assert shown(workspace, number)["cause"] == "invalid_feedback"
    out = workspace.run("cases", "suggest", str(number), "--as", "ann").out
    assert "no change of the workspace's files mends this" in out and "What to do: Close the case" in out


def looked_at(workspace, question):
    """What the vocabulary's probe saw of a question whose right answer is "27 days", and the number of its case."""
    answer = workspace.json("ask", question, "--as", "pat")
    made = workspace.json("correct", answer["trace_id"], "--as", "pat", "--right-answer", "27 days")
    number = made["corrections"][0]["case"]
    workspace.json("cases", "diagnose", str(number), "--as", "ann")
    (looked,) = [each["saw"] for each in shown(workspace, number)["diagnosis"] if each["probe"] == "vocabulary"]
    return looked, number


def test_a_label_is_said_to_be_enough_only_where_the_question_is_answered_once_it_is_there(synced_copy):
    workspace = synced_copy
    workspace.replace("ownership.yaml", "rules:", "roles: {triage: user:ann}\nrules:")
    workspace.ready()
    looked, number = looked_at(workspace, "How many days of furloughs does everyone receive a year?")
    assert looked == "no label covers furloughs; asked with “annual leave” it is answered"
    assert fields(workspace, number, "synonym") == {"concept": CONCEPT, "word": "furloughs"}
    several = "How many days of furloughs does each tressel quillon of the marlow receive?"
    assert "“furloughs” as its label would not be enough" in looked_at(workspace, several)[0]


@pytest.mark.parametrize(
    ("wrong", "kind", "given", "path"),
    [
        (misranked, "ranking", (), "authority.yaml"),
        (unworded, "synonym", (), "taxonomy/shared.ttl"),
        (withdrawn, "metadata", ("status=approved",), "sources/people-handbook.yaml"),
    ],
)
def test_a_change_that_is_undone_makes_its_case_regressed(synced_copy, dump, wrong, kind, given, path):
    workspace = synced_copy
    number = opened(workspace, wrong, governed=False)
    before = (workspace.folder / path).read_text("utf-8")
    proposed(workspace, number, kind, *given)
    for _ in range(2):
        assert workspace.run("sync").code == 0
    assert shown(workspace, number)["sub_state"] == "fixed_confirmed"
    state = dump(workspace)
    assert workspace.run("sync").code == 0
    assert dump(workspace) == state, "nothing has changed, and nothing is asked again"
    policy = workspace.folder / "authority.yaml"
    workspace.write("authority.yaml", policy.read_text("utf-8") + "# another word\n")
    assert workspace.run("apply").code == 0 and workspace.run("sync").code == 0
    again = shown(workspace, number)
    assert again["sub_state"] == "fixed_confirmed" and again["proof"]["detail"].startswith("asked again after a change")
    workspace.write(path, before)
    assert workspace.run("apply").code == 0 and workspace.run("sync").code == 0
    broken = shown(workspace, number)
    assert (broken["state"], broken["sub_state"]) == ("assigned", "regressed")


def test_a_change_that_the_text_of_its_page_overrules_is_refused_and_what_is_left_of_one_is_warned_of(
    synced_copy, dump
):
    workspace = synced_copy
    number = opened(workspace, banner, governed=False)
    state = dump(workspace)
    why = "the page stays withdrawn: the page's own text says so, and that counts before any rule"
    for form in (("--preview",), ()):
        options = ("cases", "propose", str(number), "metadata", "--set", "status=approved", *form, "--as", "ann")
        done = workspace.run(*options)
        assert (done.code, done.err) == (2, f"concord: status: it would change nothing, {why}\n")
    assert dump(workspace) == state
    partly = ("--set", "status=approved", "--set", "valid_from=2026-01-01", "--preview")
    (warned,) = workspace.json("cases", "propose", str(number), "metadata", *partly, "--as", "ann")["warnings"]
    assert warned == f"status would not change, {why}"


def test_a_change_that_the_text_of_its_page_has_overruled_meanwhile_is_rejected_with_the_reason(synced_copy):
    workspace = synced_copy
    number = opened(workspace, withdrawn)
    ref = str(proposed(workspace, number, "metadata", "status=approved")["proposal"]["id"])
    banner(workspace)
    assert workspace.run("proposals", "approve", ref, "--as", "pat").code == 0
    assert workspace.run("sync").code == 0
    found = shown(workspace, number)
    assert (found["state"], found["proof"]["passed"]) == ("assigned", False)
    assert "status: the page stays withdrawn: the page's own text says so" in found["proof"]["detail"]
