"""Changes that a case suggests, over HTTP: looked at and proposed by who deals with the case, and by nobody else."""

import pytest

from concord_feedback.cases import About
from concord_feedback.causes import RootCause

ASKED = "How many days of annual leave does everyone receive?"
LEAVE, OLD, HIDDEN = (
    "people-handbook/leave.md",
    "people-handbook/leave-2024.md",
    "people-handbook/restricted/zanzibar.md",
)
GOVERNED = "governance: {mode: governed, approvers: ['user:fay']}\n"
PARTS = ("suggestions", "previews", "proposals", "blast", "blast/notifications", "diagnoses")


@pytest.fixture
def client(serve_with):
    """The service of a governed workspace."""
    return serve_with(GOVERNED)


@pytest.fixture
def number(client):
    """A case of ann's: an old page says otherwise than the one that is right, and a hidden one does too."""
    ann = {"X-Concord-User": "ann"}
    trace = client.post("/v1/ask", json={"question": ASKED}, headers={"X-Concord-User": "pat"}).json()["trace_id"]
    said = {"trace_id": trace, "helpful": False, "reason": "outdated", "right_answer": "27 days", "evidence": [LEAVE]}
    assert client.post("/v1/feedback", json=said, headers={"X-Concord-User": "pat"}).status_code == 201
    concord = client.app.state.live.current()
    desk = concord.desk
    mine = next(each.case.id for each in desk.cases(concord.foundation.directory.principal("ann")) if each.question)
    probe = {"probe": "held", "outcome": "failed", "saw": "what is cited is past its review", "items": [OLD, HIDDEN]}
    desk.diagnosed(mine, About(RootCause.STALE_CONTENT, OLD, "https://small.example/id/leave"), [probe], "user:ann")
    assert client.get(f"/v1/cases/{mine}/suggestions", headers=ann).status_code == 200
    return mine


@pytest.fixture
def send(client, number):
    """Send to a part of the case as a person: `send("ann", "proposals", kind="review")`."""

    def sent(who, part, case=None, **body):
        path, headers = f"/v1/cases/{case or number}/{part}", {"X-Concord-User": who}
        return (
            client.get(path, headers=headers)
            if part in ("suggestions", "blast")
            else client.post(path, json=body, headers=headers)
        )

    return sent


def values(answer, kind):
    (mine,) = [each for each in answer.json()["suggestions"] if each["kind"] == kind]
    return {each["name"]: each["value"] for each in mine["fields"]}


def test_a_change_is_suggested_previewed_proposed_and_waits(send, number, house):
    told = send("ann", "suggestions")
    assert [each["kind"] for each in told.json()["suggestions"]] == ["review", "replaces", "metadata"]
    assert values(told, "replaces") == {"newer": LEAVE, "older": HIDDEN}  # what it replaces already is not named again
    fields = {"item": OLD, "status": "withdrawn"}
    seen = send("ann", "previews", kind="metadata", fields=fields)
    assert seen.status_code == 200, seen.text
    preview = seen.json()
    assert (preview["files"], preview["summary"]) == (["sources/people-handbook.yaml"], f"{OLD}: status withdrawn")
    assert [(each["identifier"], each["fields"]) for each in preview["items"]["items"]] == [(OLD, ["status"])]
    assert [each["question"] for each in preview["questions"]["answers"]] == [ASKED]  # ann answers for the source
    made = send("ann", "proposals", kind="metadata", fields=fields, why="nobody keeps it")
    assert made.status_code == 201, made.text
    assert (made.json()["state"], made.json()["decision"]) == ("fix_submitted", "in_review")
    ref = made.json()["proposal"]
    again = send("ann", "proposals", kind="review", fields={"review_due": "2099-01-01"})
    assert again.status_code == 409 and f"waits for proposal {ref}" in again.json()["detail"]
    proposed = house.workspace.run("proposals", "show", str(ref), "--as", "fay")
    assert f"case {number}: nobody keeps it" in proposed.out
    assert "match: {native_id: leave-2024.md}" in proposed.out
    assert house.workspace.run("proposals", "reject", str(ref), "--as", "fay", "--why", "keep it").code == 0
    assert send("ann", "proposals", kind="review", fields={"review_due": "2099-01-01"}).status_code == 201


@pytest.mark.parametrize("part", PARTS)
def test_for_whoever_does_not_deal_with_it_the_case_is_not_there(send, part):
    body = {"kind": "review", "fields": {"review_due": "2099-01-01"}}
    for who in ("fay", "carl"):
        foreign, missing = send(who, part, **body), send(who, part, case=99_999, **body)
        assert foreign.status_code == missing.status_code == 404
        told = [{**each.json(), "request_id": ""} for each in (foreign, missing)]
        assert {**told[0], "detail": ""} == {**told[1], "detail": ""}
    reporter = send("pat", part, **body)
    assert reporter.status_code == 403 and "it takes who deals with the case" in reporter.json()["detail"]
    assert send("nobody", part, **body).status_code == 401


def test_nothing_of_a_page_that_one_may_not_read_is_told(send, house):
    directory = "department: People, groups: [people-leads]"
    house.workspace.replace("principals.yaml", directory, "department: People, groups: [people]")
    settings = (house.workspace.folder / "concord.yaml").read_text("utf-8")
    house.workspace.write("concord.yaml", settings.replace("mode: governed", "mode: development"))
    assert house.workspace.run("apply").code == 0
    told = send("ann", "suggestions")
    assert told.status_code == 200 and "zanzibar" not in told.text
    assert values(told, "replaces") == {"newer": LEAVE, "older": ""}
    for part in ("previews", "proposals"):
        closed, none = (
            send("ann", part, kind="replaces", fields={"older": page})
            for page in (HIDDEN, "people-handbook/restricted/nothing.md")
        )
        assert closed.status_code == none.status_code == 422
        assert closed.json()["errors"][0]["location"] == ["body", "fields", "older"]
        assert closed.json()["detail"].replace(HIDDEN, "X") == none.json()["detail"].replace(
            "people-handbook/restricted/nothing.md", "X"
        )


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"kind": "ranking"}, 403, "it suggests review, replaces, metadata"),
        ({"kind": "review", "fields": {"review_due": "soon"}}, 422, "no date"),
        ({"kind": "review", "fields": {"readers": "everyone"}}, 422, "no such field"),
        ({"kind": "metadata", "fields": {"title": "a\u0000b"}}, 422, "no line can hold"),
        ({"kind": "metadata", "fields": {}}, 422, "say something of the page"),
        ({"kind": "review", "fields": {"review_due": 5}}, 422, ""),
        ({"kind": "review", "more": 1}, 422, ""),
        ({}, 422, ""),
    ],
)
def test_what_cannot_be_changed_is_a_problem_that_names_the_field(send, body, status, told):
    for part in ("previews", "proposals"):
        if part == "previews" or "kind" in body:
            refused = send("ann", part, **body)
            assert refused.status_code == status, refused.text
            assert refused.headers["content-type"] == "application/problem+json" and told in refused.text


def test_a_policy_says_who_looks_and_who_proposes(send, house):
    settings = (house.workspace.folder / "concord.yaml").read_text("utf-8")
    house.workspace.write("concord.yaml", settings.replace("mode: governed", "mode: development"))
    house.workspace.write("policies/mine.cedar", 'permit (principal, action == Action::"read_cases", resource);')
    assert house.workspace.run("apply").code == 0
    assert send("ann", "suggestions").status_code == 200
    body = {"kind": "review", "fields": {"review_due": "2099-01-01"}}
    assert send("ann", "blast").status_code == 200
    acts = ("previews", "proposals", "blast/notifications", "diagnoses")
    assert [send("ann", part, **body).status_code for part in acts] == [403] * 4


def test_who_got_an_answer_that_was_corrected_is_listed_and_told_once(client, send, number, house):
    for who in ("fay", "fay"):  # who got two answers is one person
        said = client.post("/v1/ask", json={"question": ASKED}, headers={"X-Concord-User": who}).json()
        assert LEAVE in [each["identifier"] for each in said["citations"]]
    concord = client.app.state.live.current()
    concord.desk.diagnosed(number, About(RootCause.CONTENT_ERROR, LEAVE), [], "user:ann")
    before = send("ann", "blast").json()
    assert (before["case"], before["people"], before["to_tell"], before["told"]) == (number, 2, 0, 0)
    assert {(each["principal"], each["revision"], each["stands"]) for each in before["answers"]} == {
        ("user:fay", 1, True),
        ("user:pat", 1, True),
    }
    assert send("ann", "blast/notifications").json() == {"case": number, "told": 0}
    house.workspace.replace("content/people/leave.md", "27 days", "28 days")
    concord.sync_sources(concord.foundation.sources.values())
    after = send("ann", "blast")
    assert ASKED not in after.text and after.json()["to_tell"] == 2
    told = [send("ann", "blast/notifications") for _ in range(2)]
    assert [(each.status_code, each.json()["told"]) for each in told] == [(201, 2), (201, 0)]
    last = send("ann", "blast").json()
    assert (last["people"], last["to_tell"], last["told"]) == (2, 0, 2)


def test_a_diagnosis_tells_its_probes_to_who_deals_with_the_case(send, number):
    told = send("ann", "diagnoses")
    assert told.status_code == 201, told.text
    found = told.json()
    assert (found["case"], found["routed"], found["cause"]) == (number, False, "invalid_feedback")
    first = found["probes"][0]
    assert (first["probe"], first["outcome"]) == ("feedback", "failed") and first["asks"].endswith("?")
    assert found["means"] and found["mends"] and "zanzibar" not in told.text


def test_where_the_cause_is_access_whoever_had_it_diagnosed_is_told_that_it_went_on(client, house):
    roles = "roles: {access: group:people-leads, triage: user:fay}\nrules:"
    house.workspace.replace("ownership.yaml", "rules:", roles)
    settings = (house.workspace.folder / "concord.yaml").read_text("utf-8")
    house.workspace.write("concord.yaml", settings.replace("mode: governed", "mode: development"))
    assert house.workspace.run("apply").code == 0
    pat, fay, ann = ({"X-Concord-User": who} for who in ("pat", "fay", "ann"))
    asked = {"question": "How many days does everyone in the closing office receive?"}
    trace = client.post("/v1/ask", json=asked, headers=pat).json()["trace_id"]
    said = {"trace_id": trace, "helpful": False, "reason": "missing", "right_answer": "40 days"}
    assert client.post("/v1/feedback", json=said, headers=pat).status_code == 201
    concord = client.app.state.live.current()
    (made,) = [each.case.id for each in concord.desk.cases(concord.foundation.directory.principal("pat"))]
    first = client.post(f"/v1/cases/{made}/diagnoses", headers=fay)
    nothing = {"cause": None, "item": None, "owner": None, "role": None, "means": "", "mends": "", "probes": []}
    assert (first.status_code, first.json()) == (201, {"case": made, "routed": True, **nothing})
    again, missing = (client.post(f"/v1/cases/{each}/diagnoses", headers=fay) for each in (made, 99_999))
    assert again.status_code == missing.status_code == 404
    assert again.json()["detail"].replace(str(made), "X") == missing.json()["detail"].replace("99999", "X")
    whole = client.post(f"/v1/cases/{made}/diagnoses", headers=ann).json()
    assert (whole["cause"], whole["role"]) == ("access_filtered", "access")


def test_cases_are_listed_for_those_who_deal_with_them_alone(client, number):
    ann, pat, fay = ({"X-Concord-User": who} for who in ("ann", "pat", "fay"))
    told = client.get("/v1/cases", headers=ann)
    assert told.status_code == 200, told.text
    (mine,) = [each for each in told.json()["cases"] if each["id"] == number]
    assert (mine["item"], mine["cause"], mine["question"]) == (OLD, "stale_content", ASKED)
    assert client.get("/v1/cases?state=closed", headers=ann).json() == {"cases": [], "next": None}
    stale = client.get("/v1/cases?state=all&cause=stale_content&mine=true", headers=ann).json()["cases"]
    assert [each["id"] for each in stale] == [number]
    for who in (pat, fay):
        others = client.get("/v1/cases?state=all", headers=who)
        assert number not in [each["id"] for each in others.json()["cases"]] and OLD not in others.text


@pytest.mark.parametrize("after", ["x", "9" * 40, "-1", "2026-01-01,1", "2026-01-01T00:00:00,1", "1,1", f"1,1,{2**40}"])
@pytest.mark.parametrize("path", ["/v1/cases?state=open", "/v1/cases?state=all", "/cases?state=open", "/cases?gap=yes"])
def test_no_list_goes_on_where_none_ended(client, number, path, after):
    told = client.get(path, params={"after": after}, headers={"X-Concord-User": "ann"})
    assert told.status_code == 422, told.text


def test_cases_come_in_pages(client, number):
    pat, ann = {"X-Concord-User": "pat"}, {"X-Concord-User": "ann"}
    for question in ("What is a notice period?", "Who approves the budget?"):
        trace = client.post("/v1/ask", json={"question": question}, headers=pat).json()["trace_id"]
        said = {"trace_id": trace, "helpful": False, "reason": "outdated", "evidence": [LEAVE]}
        client.post("/v1/feedback", json=said, headers=pat)
    for state in ("open", "all"):
        whole = client.get(f"/v1/cases?state={state}", headers=ann).json()["cases"]
        parts, after = [], ""
        while after is not None:
            page = client.get("/v1/cases", params={"state": state, "limit": 1, "after": after}, headers=ann).json()
            parts, after = parts + page["cases"], page["next"]
        assert parts == whole and len(whole) > 1


def test_a_case_is_shown_as_far_as_one_may_see_it(client, number):
    ann, pat = ({"X-Concord-User": who} for who in ("ann", "pat"))
    whole = client.get(f"/v1/cases/{number}", headers=ann).json()
    assert (whole["yours"], whole["cause"], whole["item"]) == (False, "stale_content", OLD)
    assert whole["history"][0]["what"] == "case.opened"
    mine = client.get(f"/v1/cases/{number}", headers=pat).json()
    assert mine["yours"] and mine["reports"][0]["right_answer"] == "27 days"
    assert not {"cause", "item", "diagnosis", "history", "owner"} & mine.keys()
    other, missing = (client.get(f"/v1/cases/{each}", headers={"X-Concord-User": "fay"}) for each in (number, 99_999))
    assert other.status_code == missing.status_code == 404
    assert other.json()["detail"].replace(str(number), "X") == missing.json()["detail"].replace("99999", "X")
