"""Pages of cases: whoever may not deal with a case learns nothing of it, and acts are those of its life cycle."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from concord.bootstrap.running import Timer
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading, writing
from concord.catalog.schema import metadata
from concord.worker import Worker
from concord.worker.duties import DutyFailed
from concord.workspace.schedule import Every
from concord_feedback.cases import About, Case, Resolution, State, SubState
from concord_feedback.causes import RootCause

SECRET = "zanzibar"
LEAVE = "people-handbook/leave.md"
ASKED = "How many days of annual leave does everyone receive?"
CLOSED = "How many days of annual leave does everyone in the Zanzibar office receive?"
OURS = {"Sec-Fetch-Site": "same-origin"}
PAGES = (
    "/work",
    "/work/conflicts",
    "/work/pages?kind=stale",
    "/work/pages?kind=unused",
    "/work/pages.csv?kind=stale",
    "/work/pages.csv?kind=unused",
    "/cases",
    "/cases?state=open",
    "/cases?state=closed",
    "/cases?gap=yes",
    "/cases?cause=access_filtered",
    "/cases.csv",
    "/insights",
    *(f"/insights/{each}.csv" for each in ("cause", "department", "use_case", "rule", "found", "took")),
    "/notices",
    "/notices.csv",
    "/notices/reports.csv",
    "/proposals.csv",
    "/work/conflicts.csv",
    "/work/runs.csv",
)


@pytest.fixture
def desk(client, house):
    """A service of a workspace with roles: the leads decide on access, fay sorts cases."""
    roles = "roles: {access: group:people-leads, triage: user:fay}\nrules:"
    house.workspace.replace("ownership.yaml", "rules:", roles)
    assert house.workspace.run("apply").code == 0
    return client


def page(client, who, path="/work", **headers):
    return client.get(path, headers={"X-Concord-User": who, "Accept": "text/html", **headers})


def act(client, who, number, name, headers=OURS, **fields):
    sent = {"X-Concord-User": who, "Accept": "text/html", **headers}
    return client.post(f"/cases/{number}/{name}", data=fields, headers=sent, follow_redirects=False)


def reported(client, who="pat", question=ASKED, right="28 days", **more):
    """Ask, say that it is wrong; returns the number of the case."""
    headers = {"X-Concord-User": who}
    trace = client.post("/v1/ask", json={"question": question}, headers=headers).json()["trace_id"]
    body = {"trace_id": trace, "helpful": False, "reason": "wrong", "right_answer": right, **more}
    assert client.post("/v1/feedback", json=body, headers=headers).status_code == 201


def numbers(text):
    return sorted({int(each) for each in re.findall(r'id="case-(\d+)"', text)})


def plain_text(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def rows(answer):
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def of(client, who, cause="undetermined", path="/cases.csv"):
    return [each for each in rows(page(client, who, path)) if each["cause"] == cause]


@pytest.mark.parametrize(
    ("path", "file", "head"),
    [
        ("/work/conflicts", "/work/conflicts.csv", "entry,about,severity,verdict,"),
        ("/work/runs", "/work/runs.csv", "job,due,state,"),
        ("/proposals", "/proposals.csv", "proposal,why,what,"),
        ("/notices", "/notices.csv", "at,what,question,"),
        ("/notices", "/notices/reports.csv", "at,question,right_answer,"),
    ],
)
def test_every_list_is_there_as_a_file(desk, house, path, file, head):
    reported(desk, "ann")
    made = page(desk, "ann", file)
    assert made.headers["content-type"].startswith("text/csv") and made.text.startswith(head)
    listed = rows(made)
    assert (f'href="{file}"' in page(desk, "ann", path).text) is bool(listed)
    if file in ("/notices.csv", "/notices/reports.csv"):
        assert any(each["question"] == ASKED for each in listed)


def test_the_owner_sees_a_case_in_words_and_the_reporter_does_not(client):
    reported(client)
    (mine,) = of(client, "ann")
    assert (mine["item"], mine["title"], mine["owner"]) == (LEAVE, "Annual leave", "user:ann")
    told = page(client, "ann").text
    assert ASKED in told and "Acknowledge" in told
    one = page(client, "ann", f"/cases/{mine['case']}").text
    assert "Nobody has looked for the cause yet" in one and "28 days" in one and "Pat Moss" in one
    assert page(client, "pat", f"/cases/{mine['case']}").status_code == 404
    assert of(client, "pat") == []


@pytest.mark.parametrize("who", ["pat", "fay", "carl"])
def test_what_one_may_not_read_changes_no_page_and_no_file(desk, who):
    before = {path: plain(page(desk, who, path)) for path in PAGES}
    reported(desk, "ann", CLOSED, "41 days", evidence=["people-handbook/restricted/zanzibar.md"])
    (hers,) = of(desk, "ann")
    assert SECRET in hers["item"]
    number = int(hers["case"])
    for path in PAGES:
        answer = page(desk, who, path)
        assert answer.status_code == 200, path
        assert plain(answer) == before[path], path
    hidden, missing = page(desk, who, f"/cases/{number}"), page(desk, who, "/cases/99999")
    assert hidden.status_code == missing.status_code == 404
    assert plain(hidden).replace(f"/{number}", "/99999") == plain(missing)
    for name in ("acknowledge", "diagnose", "archive", "notify"):
        refused, none = act(desk, who, number, name, comment="x"), act(desk, who, 99999, name, comment="x")
        assert refused.status_code == none.status_code == 404


def test_the_words_of_a_report_about_what_one_may_not_read_are_left_out(desk):
    reported(desk, "ann", CLOSED, "41 days", evidence=["people-handbook/restricted/zanzibar.md"])
    assert act(desk, "ann", of(desk, "ann")[0]["case"], "diagnose").status_code == 303
    (shared,) = of(desk, "fay", "content_error")  # it turned out to be about a page that everybody reads
    assert (shared["item"], shared["question"]) == (LEAVE, "")
    assert of(desk, "ann", "content_error")[0]["question"] == CLOSED
    one = plain(page(desk, "fay", f"/cases/{shared['case']}"))
    assert "its words are about pages that you may not read" in one and "41 days" not in one
    for path in (*PAGES, f"/cases/{shared['case']}"):
        assert SECRET not in plain(page(desk, "fay", path))


def plain(answer):
    return re.sub(r"[0-9a-f-]{36}", "", re.sub(r'value="/[^"]*"', "", answer.text)).lower()


def test_a_case_of_access_is_for_those_who_decide_on_it_alone(desk):
    reported(desk, "pat", "How many days does everyone in the closing office receive?", "40 days", reason="missing")
    number = max(int(each["case"]) for each in rows(page(desk, "ann", "/cases.csv")))
    assert act(desk, "ann", number, "diagnose").status_code == 303
    (mine,) = of(desk, "ann", "access_filtered")
    told = page(desk, "ann", f"/cases/{mine['case']}").text
    assert "Only those who decide on access see this case" in told
    for who in ("pat", "fay", "carl"):
        for path in (*PAGES, f"/cases/{mine['case']}"):
            text = plain(page(desk, who, path))
            assert SECRET not in text and (path.startswith("/notices") or "closing office" not in text)
            assert int(mine["case"]) not in numbers(text)
    news = page(desk, "pat", "/notices").text
    assert "closing office" in news and "access" not in news.lower() and SECRET not in news.lower()


def test_a_right_that_was_taken_away_counts_at_the_next_look(client, house):
    reported(client)
    assert of(client, "ann")
    house.workspace.replace("principals.yaml", "department: People, groups: [people-leads]", "department: People")
    assert house.workspace.run("apply").code == 0
    assert of(client, "ann") == []
    assert f">{ASKED}<" not in page(client, "ann").text
    assert "people-handbook" not in page(client, "ann", "/cases.csv").text


def test_ownership_that_changed_counts_at_the_next_look(client, house):
    reported(client)
    assert of(client, "pat") == []
    house.workspace.replace("ownership.yaml", "backup: group:people-leads", "backup: user:pat")
    assert house.workspace.run("apply").code == 0
    assert len(of(client, "pat")) == 1
    assert of(client, "pat", path="/cases.csv?mine=yes") == []  # it comes to them next


def test_a_case_that_several_of_one_s_tokens_hold_is_counted_once(client):
    for who in ("pat", "ann"):
        reported(client, who)
    assert len(of(client, "ann")) == 1  # as the owner, and as one of the leads who stand in
    assert rows(page(client, "ann", "/insights/cause.csv?cause=undetermined")) == [
        {"cause": "undetermined", "cases": "1", "closed": "0", "open": "1"}
    ]


def test_acts_go_by_the_life_cycle_and_say_what_is_missing(client):
    reported(client)
    number = int(of(client, "ann")[0]["case"])
    assert act(client, "ann", number, "acknowledge").headers["location"] == f"/cases/{number}"
    again = act(client, "ann", number, "acknowledge")
    assert again.status_code == 409 and "It is acknowledged: assign" in again.text
    for fields, told in (({}, "Give a reason"), ({"reason": "will_not_fix"}, "Say more in a comment")):
        refused = act(client, "ann", number, "resolve", **fields)
        assert refused.status_code == 409 and told in refused.text
    assert "Name who is to have it" in act(client, "ann", number, "assign").text
    assert "may not be read by them" in act(client, "ann", number, "assign", other="carl").text
    assert act(client, "ann", number, "assign", other="pat", comment="you know").status_code == 303
    assert of(client, "pat")[0]["owner"] == "user:pat"
    assert act(client, "pat", number, "submit-fix", what="mended").status_code == 303
    assert act(client, "pat", number, "resolve", reason="fixed_elsewhere", comment="by hand").status_code == 303
    done = page(client, "ann", f"/cases/{number}").text
    assert "It was mended elsewhere" in done.replace("it was", "It was") and "by hand" in done
    assert act(client, "ann", number, "confirm").status_code == 404  # a proof is no act of a person


def test_a_fix_that_only_a_person_can_judge_is_confirmed_on_the_page_of_its_case(client):
    reported(client)
    number = int(of(client, "ann")[0]["case"])
    assert act(client, "ann", number, "fixed", comment="28 days").status_code == 409
    assert of(client, "ann")[0]["state"] == "new"
    assert act(client, "ann", number, "submit-fix", what="mended").status_code == 303
    assert "It is right now" not in page(client, "ann", f"/cases/{number}").text
    client.app.state.live.current().desk.unproven(number, "it is for a person to say", datetime.now(UTC))
    assert "It is right now" in page(client, "ann", f"/cases/{number}").text
    assert act(client, "ann", number, "fixed").status_code == 409
    assert act(client, "ann", number, "fixed", comment="28 days").status_code == 303
    assert "having read the answer of now" in page(client, "pat", "/notices").text


def test_what_a_page_that_is_behind_would_do_over_another_s_act_is_refused(client):
    reported(client)
    number = int(of(client, "ann")[0]["case"])
    (read,) = set(re.findall(r'name="read" value="([^"]+)"', page(client, "ann", f"/cases/{number}").text))
    assert act(client, "ann", number, "assign", other="pat", read=read).status_code == 303
    for name, fields in (("assign", {"other": "ann"}), ("resolve", {"reason": "will_not_fix", "comment": "no"})):
        refused = act(client, "pat", number, name, read=read, **fields)
        assert refused.status_code == 409 and "It has changed since it was read" in refused.text
    (now,) = set(re.findall(r'name="read" value="([^"]+)"', refused.text))
    assert act(client, "pat", number, "assign", other="ann", read=now).status_code == 303


def test_a_new_case_is_marked_as_mistaken_in_one_step_or_not_at_all(client):
    reported(client)
    number = int(of(client, "ann")[0]["case"])
    assert act(client, "ann", number, "invalid").status_code == 409
    assert of(client, "ann")[0]["state"] == "new"
    assert act(client, "ann", number, "invalid", comment="27 is right").status_code == 303
    assert of(client, "ann")[0]["state"] == "resolved"
    assert "looked at and closed" in page(client, "pat", "/notices").text


def diagnosed(client, number, cause, probe, saw, items=(), about=LEAVE):
    """Let a case have a cause, by what a probe saw."""
    told = {"probe": probe, "outcome": "failed", "saw": saw, "items": list(items)}
    about = About(cause, about, "https://small.example/id/leave")
    client.app.state.live.current().desk.diagnosed(number, about, [told], "user:ann")


def test_a_suggested_word_becomes_a_change_of_the_vocabulary(client, house):
    reported(client)
    number = int(of(client, "ann")[0]["case"])
    assert "once its cause is known" in page(client, "ann", f"/cases/{number}").text
    assert act(client, "ann", number, "proposals", kind="synonym", word="vacation").status_code == 409
    saw = "no label covers vacation; asked with the concept's label it is answered"
    diagnosed(client, number, RootCause.TAXONOMY_GAP, "vocabulary", saw)
    told = page(client, "ann", f"/cases/{number}").text
    assert 'value="annual leave"' in told and 'value="vacation"' in told
    given = {"kind": "synonym", "concept": "annual leave"}
    assert act(client, "pat", number, "proposals", word="vacation", **given).status_code == 404
    missing = act(client, "ann", number, "proposals", word=" ", **given)
    assert missing.status_code == 409 and "Word: this is needed" in missing.text
    assert act(client, "ann", number, "proposals", word="holiday", **given).status_code == 409  # it is one already
    assert act(client, "ann", number, "proposals", word="vacation", **given).status_code == 303
    assert "vacation" in (house.workspace.folder / "taxonomy" / "shared.ttl").read_text("utf-8")
    assert of(client, "ann", "taxonomy_gap")[0]["state"] == "fix_submitted"


def test_a_suggested_change_is_looked_at_before_it_is_proposed(client, house, rows_of):
    reported(client)
    number = int(of(client, "ann")[0]["case"])
    diagnosed(client, number, RootCause.STALE_CONTENT, "held", "past its review", [LEAVE])
    told = page(client, "ann", f"/cases/{number}").text
    assert "Say that a page was reviewed" in told and f'value="{LEAVE}"' in told
    given = {"kind": "review", "item": LEAVE, "review_due": "2099-05-01"}
    before = rows_of(client)
    seen = act(client, "ann", number, "previews", **given)
    assert seen.status_code == 200 and "What it would do" in seen.text and "next review" in seen.text
    assert 'value="2099-05-01"' in seen.text and rows_of(client) == before
    assert 'name="last_reviewed" value=""' in seen.text  # what was emptied stays empty
    refused = act(client, "ann", number, "previews", **{**given, "review_due": "soon"})
    assert refused.status_code == 409 and "is no date" in refused.text and 'value="soon"' in refused.text
    assert act(client, "ann", number, "proposals", **given).status_code == 303
    after = page(client, "ann", f"/cases/{number}").text
    assert "is in force since" in after and "the next sync follows it" in after
    assert "native_id: leave.md" in (house.workspace.folder / "sources/people-handbook.yaml").read_text("utf-8")


def test_a_page_that_one_may_not_read_is_in_no_form_and_in_no_change(client, house):
    reported(client)
    number = int(of(client, "ann")[0]["case"])
    hidden = "people-handbook/restricted/zanzibar.md"
    diagnosed(client, number, RootCause.STALE_CONTENT, "held", "past its review", [LEAVE, hidden])
    house.workspace.replace("principals.yaml", "department: People, groups: [people-leads]", "groups: [people]")
    assert house.workspace.run("apply").code == 0
    assert SECRET not in plain(page(client, "ann", f"/cases/{number}"))
    told = [
        act(client, "ann", number, name, kind="replaces", newer=LEAVE, older=older).text.replace(older, "X")
        for name in ("previews", "proposals")
        for older in (hidden, "people-handbook/restricted/nothing.md")
    ]
    assert all("no page &#39;X&#39; that you may read" in each for each in told)
    assert told[0] == told[1] and told[2] == told[3]


def test_a_proposal_has_a_page_for_those_who_may_read_it(client, house):
    reported(client)
    number = int(of(client, "ann")[0]["case"])
    diagnosed(client, number, RootCause.STALE_CONTENT, "held", "past its review", [LEAVE])
    given = {"kind": "review", "item": LEAVE, "review_due": "2099-05-01"}
    assert act(client, "ann", number, "proposals", **given).status_code == 303
    (path,) = re.findall(r'href="(/proposals/\d+)"', page(client, "ann", f"/cases/{number}").text)
    one = page(client, "ann", path)
    assert one.status_code == 200 and "In force" in one.text and "review_due 2099-05-01" in one.text
    assert f"Case {number}: " in one.text and "sources/people-handbook.yaml" in one.text
    for who in ("pat", "carl"):
        hidden, missing = page(client, who, path), page(client, who, "/proposals/99999")
        assert hidden.status_code == missing.status_code == 404
        ref = path.rpartition("/")[2]
        told = plain(hidden).replace(f"proposal {ref} ", "proposal 99999 ").replace(path, "/proposals/99999")
        assert told == plain(missing)


def test_a_proposal_is_decided_on_in_the_browser_by_another_who_answers_for_it(house, serve_with):
    client = serve_with("governance: {mode: governed, approvers: ['user:pat']}\n")
    rules = house.workspace.folder / "sources/people-handbook.yaml"
    reported(client)
    number = int(of(client, "ann")[0]["case"])
    diagnosed(client, number, RootCause.STALE_CONTENT, "held", "past its review", [LEAVE])

    def decide(who, ref, name, **fields):
        sent = {"X-Concord-User": who, "Accept": "text/html", **OURS}
        return client.post(f"/proposals/{ref}/{name}", data=fields, headers=sent, follow_redirects=False)

    def proposed(day):
        given = {"kind": "review", "item": LEAVE, "review_due": day}
        assert act(client, "ann", number, "proposals", **given).status_code == 303
        told = page(client, "ann", f"/cases/{number}").text
        assert "waits for a decision" in told and "See what it would do" not in told
        return int(re.search(r'href="/proposals/(\d+)"', told)[1])

    first = proposed("2099-05-01")
    for who, sees in (("ann", True), ("pat", True), ("fay", False), ("carl", False)):
        assert (f'href="/proposals/{first}"' in page(client, who, "/proposals").text) is sees
    assert "Nothing waits" in page(client, "carl", "/proposals").text
    for who, path in (("ann", f"/cases/{number}"), ("ann", "/cases?state=open"), ("ann", "/work")):
        told = page(client, who, path).text
        assert f"It waits for a decision on proposal {first} by Pat Moss, due in 3 days" in told
    for who in ("ann", "pat"):
        told = plain_text(page(client, who, "/proposals").text)
        assert "To be decided by Pat Moss, due in 3 days" in told
    assert "Waits for your decision" in page(client, "pat").text and "Waits for your" not in page(client, "ann").text
    told = page(client, "pat", "/notices").text
    assert "waits for your decision" in told and f'href="/proposals/{first}"' in told and "/cases/" not in told
    (exported,) = [each for each in rows(page(client, "ann", "/cases.csv")) if each["case"] == str(number)]
    assert exported["decide_by"] and exported["proposal"] == str(first)
    assert exported["asked_to_decide"] == "user:pat"
    mine, theirs = (page(client, who, f"/proposals/{first}").text for who in ("ann", "pat"))
    assert ("/approve" in mine, "/withdraw" in mine) == (False, True)
    assert ("/approve" in theirs, "/withdraw" in theirs) == (True, False)
    assert decide("ann", first, "approve", revision=1).status_code == 403
    assert decide("carl", first, "approve", revision=1).status_code == 404
    seen = decide("pat", first, "preview")
    assert seen.status_code == 200 and "next review" in seen.text
    for fields, told in (({"revision": 1}, "Say why"), ({"revision": 9, "why": "no"}, f"{first}@1")):
        refused = decide("pat", first, "reject", **fields)
        assert refused.status_code == 409 and told in refused.text
    assert decide("pat", first, "reject", revision=1, why="nobody read it").status_code == 303
    back = page(client, "ann", f"/cases/{number}").text
    assert (
        "nobody read it" in back and "Say that a page was reviewed" in back and "2099" not in rules.read_text("utf-8")
    )

    second = proposed("2098-05-01")
    assert decide("pat", second, "approve", revision=1, why="as agreed").status_code == 303
    assert "review_due: 2098-05-01" in rules.read_text("utf-8")
    assert "is in force since" in page(client, "ann", f"/cases/{number}").text
    assert "waits for a decision" not in page(client, "ann", "/cases?state=open").text
    again = decide("pat", second, "approve", revision=1)
    assert again.status_code == 409 and "is approved" in again.text


def test_leads_are_told_of_proposals_that_nobody_decided_on_in_time(house, serve_with):
    client = serve_with("governance: {mode: governed, approvers: ['user:pat']}\n")
    house.workspace.replace("ownership.yaml", "rules:", "roles: {triage: user:fay}\nrules:")
    assert house.workspace.run("apply", "--as", "ann", "--why", "fay sorts cases").code == 0
    assert "Overdue proposals" not in page(client, "pat", "/insights").text
    assert "due late" not in page(client, "pat", "/proposals").text
    with writing(client.app.state.live.current().engine) as connection:
        late = datetime.now(UTC) - timedelta(hours=73)
        connection.execute(update(metadata.tables["proposals"]).values(changed_at=late))
    assert "Overdue proposals: 1" in page(client, "pat", "/insights").text
    assert "due late" in page(client, "pat", "/proposals").text and "due late" in page(client, "pat").text
    assert "Overdue proposals" not in page(client, "carl", "/insights").text


@pytest.fixture
def rows_of():
    """Every row of the catalog of a service."""

    def dumped(client):
        with reading(client.app.state.live.current().engine) as connection:
            return [sorted(map(repr, connection.execute(select(each)))) for each in metadata.sorted_tables]

    return dumped


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
def test_nothing_is_done_for_another_page(client, headers):
    reported(client)
    number = int(of(client, "ann")[0]["case"])
    for name in ("acknowledge", "diagnose", "archive", "notify"):
        assert act(client, "ann", number, name, headers, comment="x").status_code == 403
    assert of(client, "ann")[0]["state"] == "new"


def test_a_policy_says_who_sees_and_who_does(client, house):
    reported(client)
    number = int(of(client, "ann")[0]["case"])
    house.workspace.write("policies/mine.cedar", 'permit (principal, action == Action::"read_cases", resource);')
    assert house.workspace.run("apply").code == 0
    assert page(client, "ann", f"/cases/{number}").status_code == 200
    assert [act(client, "ann", number, each).status_code for each in ("acknowledge", "notify")] == [403, 403]
    house.workspace.write("policies/mine.cedar", 'permit (principal, action == Action::"ask", resource);')
    assert house.workspace.run("apply").code == 0
    for path in (*PAGES, f"/cases/{number}"):
        assert page(client, "ann", path).status_code == 403


def test_lists_go_on_where_they_end(client, monkeypatch):
    monkeypatch.setattr("concord.service.web.desk.listing.LISTED", 2)
    for use_case in range(5):
        reported(client, "pat", f"{ASKED} Now, {use_case}?", "28 days", evidence=[])
    reported(client, "fay", "What is paid for hotels a night?", "1 pound")
    for path in ("/cases?state=open", "/cases", "/cases?gap=yes", "/cases?state=new"):
        met, where = [], path
        while where:
            text = page(client, "ann", where).text
            assert len(numbers(text)) <= 2
            met += numbers(text)
            more = re.search(r'href="([^"]+)" rel="next"', text)
            where = more and more[1].replace("&amp;", "&")
        assert len(met) == len(set(met))
        total = re.search(r"(\d+) cases?<", page(client, "ann", path).text)
        assert len(met) == int(total[1])
        file = page(client, "ann", path.replace("/cases", "/cases.csv") + f"{'&' if '?' in path else '?'}after=")
        assert {int(each["case"]) for each in rows(file)} == set(met)
    for path in ("/cases", "/cases.csv"):
        for after in ("nonsense", "1.5", "2026-01-01T00:00:00,1"):
            assert page(client, "ann", f"{path}?state=open&after={after}").status_code == 422
    assert page(client, "ann", "/cases?cause=nonsense").status_code == 422


def test_figures_lead_to_the_cases_they_count(client):
    reported(client)
    reported(client, "fay", "How much is paid for hotels a night?", "150 pounds")
    told = page(client, "ann", "/insights").text
    for path in re.findall(r'href="(/cases\?(?:cause|department|use_case|rule)=[^"]+)"', told):
        row = re.search(
            rf'href="{re.escape(path)}">.*?<td class="amount">\d+</td><td class="amount">(\d+)</td>', told, re.S
        )
        assert len(rows(page(client, "ann", path.replace("/cases?", "/cases.csv?").replace("&amp;", "&")))) == int(
            row[1]
        )


def test_the_time_to_fix_is_that_of_what_is_proven_and_apart_of_what_a_person_confirmed(client):
    now = datetime.now(UTC).replace(microsecond=0)
    closed = (
        {"sub_state": SubState.FIXED_CONFIRMED, "closed_at": now + timedelta(hours=1)},
        {"resolution": Resolution.FIXED, "closed_at": now + timedelta(hours=2)},
        {"resolution": Resolution.FIXED, "closed_at": now + timedelta(hours=3), "state": State.ARCHIVED},
        {"resolution": Resolution.FIXED_ELSEWHERE, "closed_at": now + timedelta(hours=4)},
        {"state": State.ASSIGNED},
    )
    with writing(client.app.state.live.current().engine, renews=False) as connection:
        for number, how in enumerate(closed):
            case = Case(About(RootCause.CONTENT_ERROR, LEAVE, scope=str(number)), now, now, owner="user:ann")
            CatalogCases(connection).add(replace(case, **{"state": State.RESOLVED, **how}))
    told = {each["what"]: each for each in rows(page(client, "ann", "/insights/took.csv?cause=content_error"))}
    assert [(told[each]["cases"], told[each]["seconds_of_half"]) for each in ("fix", "confirm")] == [
        ("1", "3600"),
        ("2", "7200"),
    ]
    shown = plain_text(page(client, "ann", "/insights?cause=content_error").text)
    assert "Until a fix was proven 1 hour 1 hour 1" in shown
    assert "Until a person confirmed a fix that nothing could prove 2 hours 2 hours 2" in shown


def test_a_cell_that_a_spreadsheet_would_compute_is_text(client):
    reported(client, "pat", "=1+1: how many days of annual leave does everyone receive?")
    assert of(client, "ann")[0]["question"].startswith("'=1+1")


def test_pages_of_one_s_own_that_nobody_quoted(client):
    unused = {each["page"] for each in rows(page(client, "ann", "/work/pages.csv?kind=unused"))}
    assert LEAVE in unused and all(each.startswith("people-handbook/") for each in unused)
    reported(client)
    assert LEAVE not in {each["page"] for each in rows(page(client, "ann", "/work/pages.csv?kind=unused"))}
    assert "Annual leave in 2024" in page(client, "ann", "/work/pages?kind=unused").text


def test_what_is_said_of_an_answer_tells_what_became_of_it(client):
    reported(client)
    assert "waits to be looked at" in page(client, "pat", "/notices").text
    act(client, "ann", of(client, "ann")[0]["case"], "acknowledge")
    assert "Somebody is looking at it" in page(client, "pat", "/notices").text
    assert page(client, "carl", "/notices").status_code == 200


def test_the_ledger_is_there_for_leads_alone_and_counts_what_they_may_read(desk):
    path = "/insights/ledger"
    for who in ("pat", "carl"):
        hidden, missing = page(desk, who, path), page(desk, who, "/insights/nothing")
        assert hidden.status_code == missing.status_code == page(desk, who, f"{path}.csv").status_code == 404
        assert "Done by hand" not in page(desk, who, "/insights").text
    before = rows(page(desk, "fay", f"{path}.csv"))
    reported(desk, "ann", CLOSED, "41 days", evidence=["people-handbook/restricted/zanzibar.md"])
    assert act(desk, "ann", of(desk, "ann")[0]["case"], "acknowledge").status_code == 303
    hers = {each["kind"]: each for each in rows(page(desk, "ann", f"{path}.csv"))}
    assert (hers["case"]["interventions"], hers["case"]["minutes"], hers["case"]["basis"]) == ("1", "", "")
    assert "Work on cases" in page(desk, "ann", path).text and path in page(desk, "ann", "/insights").text
    assert rows(page(desk, "fay", f"{path}.csv")) == before
    assert "Work on cases" not in page(desk, "fay", path).text
    assert page(desk, "ann", f"{path}?days=7").status_code == 422


def test_a_case_is_disputed_on_its_page_and_stays_open(client):
    reported(client)
    number = of(client, "ann")[0]["case"]
    assert "Dispute it" in page(client, "ann", f"/cases/{number}").text
    refused = act(client, "ann", number, "dispute")
    assert refused.status_code == 409 and "Say why in a comment" in refused.text
    assert act(client, "ann", number, "dispute", comment="the page is right").status_code == 303
    shown = page(client, "ann", f"/cases/{number}").text
    assert "Disputed" in shown and "the page is right" in shown and of(client, "ann")[0]["state"] == "new"
    assert act(client, "pat", number, "dispute", comment="x").status_code == 404


def test_runs_of_the_worker_are_on_a_page_of_who_answers_for_them_without_their_words(client, monkeypatch):
    assert "No runs" in page(client, "ann", "/work/runs").text
    jobs = {name: Timer(Every(timedelta(hours=1))) for name in ("sync/people-handbook", "cases/proofs")}

    def fail(_concord, _job):
        raise DutyFailed(f"{SECRET} cannot be read")

    for room in ("bootstrap.running", "worker.worker"):
        monkeypatch.setattr(f"concord.{room}.timers", lambda _: jobs)
    monkeypatch.setattr("concord.worker.worker.do", fail)
    assert [run.state for run in Worker(client.app.state.live.current()).drain()] == ["failed", "failed"]
    mine = page(client, "ann", "/work/runs").text
    assert "Sync of People handbook" in mine and "Proofs of fixes" in mine and "Failed" in mine
    assert SECRET not in mine.lower()
    assert "No runs" in page(client, "pat", "/work/runs").text
    monkeypatch.setattr("concord.service.web.desk.runs.LISTED", 1)
    parts = [page(client, "ann", f"/work/runs?page={number}").text for number in (1, 2, 3)]
    assert ["Proofs of fixes" in each for each in parts] == [True, False, False]
    assert ["Sync of People handbook" in each for each in parts] == [False, True, False]
    assert ['href="/work/runs?page=2"' in each for each in parts] == [True, False, False]
    assert 'href="/work/runs?page=1"' in parts[1] and "No more runs" in parts[2]
    assert page(client, "ann", "/work/runs?page=0").status_code == 422


def test_open_cases_that_ask_much_the_same_are_named_and_hidden_ones_are_not(desk):
    reported(desk, question="How many days of annual leave does everyone receive?", evidence=[LEAVE])
    reported(desk, question="How many days of annual leave?", evidence=["people-handbook/leave-2024.md"])
    reported(desk, question="When is the bonus paid?", evidence=["people-handbook/bonus.md"])
    reported(desk, "ann", CLOSED, "41 days", evidence=["people-handbook/restricted/zanzibar.md"])
    known = {each["item"].rpartition("/")[2]: each["case"] for each in of(desk, "ann")}
    mine = page(desk, "ann", f"/cases/{known['leave.md']}").text
    assert "Perhaps the same" in mine and f">Case {known['leave-2024.md']}<" in mine
    assert f">Case {known['bonus.md']}<" not in mine
    assert f">Case {known['zanzibar.md']}<" in mine
    shared = page(desk, "fay", f"/cases/{known['leave.md']}").text
    assert f">Case {known['leave-2024.md']}<" in shared
    assert f"/cases/{known['zanzibar.md']}" not in shared and SECRET not in shared.lower()
    assert "Perhaps the same" not in page(desk, "ann", f"/cases/{known['bonus.md']}").text
    closing = {"reason": "not_reproduced", "comment": "it is right"}
    assert act(desk, "ann", known["leave-2024.md"], "resolve", **closing).status_code == 303
    assert f">Case {known['leave-2024.md']}<" not in page(desk, "ann", f"/cases/{known['leave.md']}").text


def reach(client, number):
    """What the page of a case says of past answers, in words."""
    told = page(client, "ann", f"/cases/{number}").text
    section = told[told.index('id="answers"') :].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", section.partition(">")[2]).split())


def test_who_got_an_answer_of_a_page_is_on_its_case_and_is_told_once_it_says_otherwise(client, house):
    reported(client, "pat")
    client.post("/v1/ask", json={"question": ASKED}, headers={"X-Concord-User": "fay"})
    number = int(of(client, "ann")[0]["case"])
    before = reach(client, number)
    assert "2 people got answers that quoted the page" in before and "The page still says so" in before
    assert "Fay Wood, Pat Moss" in before and "Nobody is to be told" in before and ASKED not in before
    assert act(client, "ann", number, "notify").headers["location"] == f"/cases/{number}#answers"
    assert "corrected since" not in page(client, "fay", "/notices").text
    house.workspace.replace("content/people/leave.md", "27 days", "28 days")
    concord = client.app.state.live.current()
    concord.sync_sources(concord.foundation.sources.values())
    gone = reach(client, number)
    assert "The page does not say so any more" in gone and "Tell 2 people that it was corrected" in gone
    assert act(client, "ann", number, "notify").status_code == 303
    assert "2 people were told" in reach(client, number) and "Tell 2" not in reach(client, number)
    assert page(client, "fay", "/notices").text.count("was corrected since") == 1


def test_a_case_that_reached_nobody_says_so(client):
    found = next(each for each in of(client, "fay", "ingestion_error") if not each["title"])
    told = page(client, "fay", f"/cases/{found['case']}").text
    assert "no answer is known to have quoted it" in told and "/notify" not in told


def test_a_case_that_is_perhaps_the_same_is_merged_with_one_click(client):
    reported(client, evidence=["people-handbook/leave.md"])
    reported(client, question=f"{ASKED} Now?", evidence=["people-handbook/leave-2024.md"])
    one, other = sorted(int(each["case"]) for each in of(client, "ann"))
    text = page(client, "ann", f"/cases/{other}").text
    fields = dict(re.findall(r'name="(read|other)" value="([^"]+)"', text[text.index(f"/cases/{other}/merge") :]))
    assert fields["other"] == str(one)
    assert act(client, "pat", other, "merge", **fields).status_code == 404
    assert act(client, "ann", other, "merge", {"Sec-Fetch-Site": "cross-site"}, **fields).status_code == 403
    done = act(client, "ann", other, "merge", **fields)
    assert (done.status_code, done.headers["location"]) == (303, f"/cases/{one}")
    assert "Joined with another case" in page(client, "ann", f"/cases/{other}").text
    refused = act(client, "ann", one, "merge", other=other)
    assert refused.status_code == 409 and f"Case {other} is archived" in refused.text
