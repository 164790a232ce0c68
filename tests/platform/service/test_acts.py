"""What is done with a case over HTTP: by who deals with it, by its life cycle, and on what was read."""

from concurrent.futures import ThreadPoolExecutor

import pytest

ASKED = "How many days of annual leave does everyone receive?"
LEAVE = "people-handbook/leave.md"
BODIES = {
    "acknowledgements": {},
    "assignments": {"to": "group:people-leads"},
    "fixes": {"what": "it says so now"},
    "resolutions": {"reason": "will_not_fix", "comment": "the page is right"},
    "reopenings": {"comment": "it is not"},
    "archivals": {"comment": "nobody asks that any more"},
}


@pytest.fixture
def number(client):
    """A new case, which is ann's and was reported by pat."""
    pat = {"X-Concord-User": "pat"}
    trace = client.post("/v1/ask", json={"question": ASKED}, headers=pat).json()["trace_id"]
    said = {"trace_id": trace, "helpful": False, "reason": "outdated", "right_answer": "28 days", "evidence": [LEAVE]}
    assert client.post("/v1/feedback", json=said, headers=pat).status_code == 201
    listed = client.get("/v1/cases", headers={"X-Concord-User": "ann"}).json()["cases"]
    (made,) = [each for each in listed if each["item"] == LEAVE]
    return made["id"]


@pytest.fixture
def act(client, number):
    """Do something with the case: `act("ann", "fixes")`, with a body as it has to be and more."""

    def done(who, part, case=None, **more):
        path, body = f"/v1/cases/{case or number}/{part}", {**BODIES[part], **more}
        return client.post(path, json=body, headers={"X-Concord-User": who})

    return done


@pytest.fixture
def shown(client, number):
    return lambda: client.get(f"/v1/cases/{number}", headers={"X-Concord-User": "ann"}).json()


def test_a_case_is_acknowledged_assigned_mended_closed_opened_again_and_put_away(act, shown, number):
    steps = {
        "acknowledgements": "acknowledged",
        "assignments": "assigned",
        "fixes": "fix_submitted",
        "resolutions": "resolved",
        "reopenings": "assigned",
        "archivals": "archived",
    }
    for part, state in steps.items():
        done = act("ann", part)
        assert done.status_code == 201, done.text
        told, now = done.json(), shown()
        assert told == {"case": number, **{name: now[name] for name in told if name != "case"}}
        assert told["state"] == state
    assert now["owner"] == "group:people-leads" and now["by_hand"]
    comments = [each["comment"] for each in now["history"] if "comment" in each]
    assert [BODIES[part]["comment"] for part in ("resolutions", "reopenings", "archivals")] == comments[-3:]
    assert "it says so now" not in str(now["fix"])  # opened again, it has no fix


def test_what_its_life_cycle_does_not_allow_now_is_a_problem_that_says_what_does(act, shown):
    early = act("ann", "reopenings")
    assert early.status_code == 409 and "it is new: acknowledge, assign" in early.json()["detail"]
    assert early.headers["content-type"] == "application/problem+json"
    assert early.json()["type"] == "urn:concord:problem:this-cannot-be-done-with-the-case-now"
    assert [act("ann", "acknowledgements").status_code for _ in range(2)] == [201, 409]
    assert shown()["state"] == "acknowledged"


def test_what_has_changed_since_it_was_read_is_left_as_it_is(act, shown):
    read = shown()["changed_at"]
    first = act("ann", "assignments", to="user:ann", changed_at=read)
    assert first.status_code == 201, first.text
    late = act("ann", "assignments", changed_at=read)
    assert late.status_code == 409 and "it has changed since it was read" in late.json()["detail"]
    assert shown()["owner"] == "user:ann"
    assert act("ann", "assignments", changed_at=first.json()["changed_at"]).status_code == 201
    assert act("ann", "assignments", changed_at="2026-01-01").status_code == 422


@pytest.mark.parametrize("part", BODIES)
def test_for_whoever_does_not_deal_with_it_the_case_is_not_there(act, part, number):
    for who in ("fay", "carl"):
        foreign, missing = act(who, part), act(who, part, case=99_999)
        assert foreign.status_code == missing.status_code == 404
        assert foreign.json()["detail"].replace(str(number), "X") == missing.json()["detail"].replace("99999", "X")
    reporter = act("pat", part)
    assert reporter.status_code == 403 and "it takes who deals with the case" in reporter.json()["detail"]
    assert act("nobody", part).status_code == 401


@pytest.mark.parametrize(
    ("part", "more"),
    [
        ("assignments", {"to": "helena"}),
        ("assignments", {"to": "user: "}),
        ("fixes", {"what": "  "}),
        ("resolutions", {"comment": ""}),
        ("resolutions", {"reason": "because"}),
        ("reopenings", {"comment": " "}),
        ("archivals", {"more": 1}),
    ],
)
def test_what_an_act_misses_is_told_with_its_field(act, shown, part, more):
    refused = act("ann", part, **more)
    assert refused.status_code == 422 and refused.json()["errors"][0]["location"] == ["body", next(iter(more))]
    assert shown()["state"] == "new"


def test_nobody_is_given_what_they_may_not_read(act, shown, house):
    nobody = act("ann", "assignments", to="user:nobody")
    assert nobody.status_code == 409 and "there is no user:nobody" in nobody.json()["detail"]
    refused = act("ann", "assignments", to="user:carl")
    assert refused.status_code == 403 and "may not be read by them" in refused.json()["detail"]
    assert shown()["state"] == "new"


def test_a_policy_says_who_works_on_cases(act, shown, house):
    house.workspace.write("policies/mine.cedar", 'permit (principal, action == Action::"read_cases", resource);')
    assert house.workspace.run("apply").code == 0
    assert {act("ann", part).status_code for part in BODIES} == {403}
    assert shown()["state"] == "new"


def test_of_several_who_do_it_at_once_one_does(act, shown):
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda _: act("ann", "acknowledgements").status_code, range(6)))
    assert sorted(told) == [201, *[409] * 5]
    assert [each["what"] for each in shown()["history"]].count("case.acknowledged") == 1


def test_cases_that_are_perhaps_the_same_are_named_and_made_one(client, number, shown):
    pat, ann = ({"X-Concord-User": who} for who in ("pat", "ann"))
    trace = client.post("/v1/ask", json={"question": "How many days of annual leave are there?"}, headers=pat).json()
    evidence = ["people-handbook/leave-2024.md"]
    said = {"trace_id": trace["trace_id"], "helpful": False, "reason": "wrong", "evidence": evidence}
    assert client.post("/v1/feedback", json=said, headers=pat).status_code == 201
    ((other, question),) = [(each["id"], each["question"]) for each in shown()["similar"]]
    assert question == "How many days of annual leave are there?"
    path = f"/v1/cases/{number}/merges"
    assert "similar" not in client.get(f"/v1/cases/{number}", headers=pat).json()
    assert [
        client.post(path, json={"other": other}, headers=who).status_code for who in (pat, {"X-Concord-User": "carl"})
    ] == [403, 404]
    assert client.post(path, json={"other": 99_999}, headers=ann).status_code == 404
    stale = {"other": other, "changed_at": "2020-01-01T00:00:00Z"}
    assert client.post(path, json=stale, headers=ann).status_code == 409
    made = client.post(path, json={"other": other, "changed_at": shown()["changed_at"]}, headers=ann)
    assert (made.status_code, made.json()["case"]) == (201, number)
    assert len(shown()["reports"]) == 2 and shown()["similar"] == []
    assert client.post(path, json={"other": other}, headers=ann).status_code == 409
