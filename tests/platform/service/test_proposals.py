"""Proposals over HTTP: read by who made them and who may decide, decided by another, and for anybody else not there."""

from datetime import datetime, timedelta
from importlib.metadata import EntryPoint

import pytest

from concord.bootstrap import connecting
from concord.governance.entries import DescribeItem

GOVERNED = "governance: {mode: governed, approvers: ['user:fay', 'user:ann']}\n"
RIGHTS = "roles: {triage: user:fay}\nrules:"


@pytest.fixture
def client(serve_with):
    """The service of a governed workspace."""
    return serve_with(GOVERNED)


@pytest.fixture
def number(client, house):
    """A proposal of pat's, of other roles."""
    house.workspace.replace("ownership.yaml", "rules:", RIGHTS)
    assert house.workspace.run("apply", "--as", "pat", "--why", "fay sorts cases").code == 0
    (made,) = get(client, "pat").json()["proposals"]
    assert (made["state"], made["files"], made["proposer"]) == ("in_review", ["ownership.yaml"], "user:pat")
    return made["id"]


def get(client, who, path="", **more):
    return client.get(f"/v1/proposals{path}", params=more, headers={"X-Concord-User": who})


def decide(client, who, number, what, **body):
    return client.post(f"/v1/proposals/{number}/{what}", json={"revision": 1, **body}, headers={"X-Concord-User": who})


def test_a_proposal_is_read_and_approved_by_another(client, number, house):
    whole, mine = (get(client, who, f"/{number}").json() for who in ("fay", "pat"))
    assert whole["current"] and whole["you_may_decide"] and not mine["you_may_decide"]
    (change,) = whole["changes"]
    assert (change["path"], RIGHTS in change["before"], RIGHTS in change["after"]) == ("ownership.yaml", False, True)
    own = decide(client, "pat", number, "approvals")
    assert own.status_code == 403 and "does not decide on it" in own.json()["detail"]
    assert decide(client, "fay", number, "approvals", revision=2).status_code == 409
    done = decide(client, "fay", number, "approvals", why="as agreed")
    assert done.status_code == 201, done.text
    told = done.json()
    assert (told["state"], told["reviewer"], told["comment"]) == ("approved", "user:fay", "as agreed")
    assert client.app.state.live.current().foundation.ownership.roles.triage == "user:fay"
    assert told["policy_version"] == client.app.state.live.current().foundation.declarations.digest
    assert get(client, "fay").json()["proposals"] == []
    newest = get(client, "fay", decided=True, limit=1).json()
    assert [each["id"] for each in newest["proposals"]] == [number] and newest["limited"]
    again = decide(client, "fay", number, "approvals")
    assert again.status_code == 409 and "that is for good" in again.json()["detail"]


def test_a_proposal_is_rejected_with_a_reason(client, number):
    for nothing in ({}, {"why": "  "}):
        assert decide(client, "fay", number, "rejections", **nothing).status_code == 422
    done = decide(client, "fay", number, "rejections", why="not now")
    assert (done.status_code, done.json()["state"], done.json()["comment"]) == (201, "rejected", "not now")
    assert client.app.state.live.current().foundation.ownership.roles.triage is None


def test_for_whoever_may_not_read_it_a_proposal_is_not_there(client, number):
    assert get(client, "carl").json() == {"proposals": [], "limited": False}
    for each in (
        lambda at: get(client, "carl", f"/{at}"),
        lambda at: decide(client, "carl", at, "approvals"),
        lambda at: decide(client, "carl", at, "rejections", why="no"),
    ):
        foreign, missing = each(number), each(99_999)
        assert foreign.status_code == missing.status_code == 404
        told = [{**answer.json(), "request_id": ""} for answer in (foreign, missing)]
        assert str(told[0]).replace(f"proposal {number} ", "proposal 99999 ") == str(told[1])
    assert get(client, "fay", f"/{number}").json()["state"] == "in_review"
    assert get(client, "nobody").status_code == 401


def test_who_may_not_read_a_page_neither_reads_nor_decides_what_is_proposed_of_it(client):
    concord, made = client.app.state.live.current(), []
    for page in ("restricted/zanzibar.md", "leave.md"):
        operation = DescribeItem(identifier=f"people-handbook/{page}", values={"review_due": "2027-05-01"})
        files = operation.files(concord.foundation.declarations)
        made += concord.proposals.propose("source", files, "user:pat", "it holds", operation.to_json()).proposals
    hidden, shown = (each.id for each in made)
    assert [each["id"] for each in get(client, "fay").json()["proposals"]] == [shown]
    assert get(client, "fay", f"/{hidden}").status_code == 404
    assert decide(client, "fay", hidden, "approvals").status_code == 404
    asked = {each["id"]: each["to_decide"] for each in get(client, "ann").json()["proposals"]}
    assert (asked[shown][2:], asked[hidden]) == (["user:fay"], ["user:ann", "group:people-leads"])
    assert decide(client, "ann", hidden, "approvals").status_code == 201


def test_a_policy_says_who_reads_and_who_decides(client, number, house):
    house.workspace.write("policies/mine.cedar", 'permit (principal, action == Action::"read_cases", resource);')
    settings = (house.workspace.folder / "concord.yaml").read_text("utf-8")
    house.workspace.write("concord.yaml", settings.replace("mode: governed", "mode: development"))
    assert house.workspace.run("apply").code == 0
    assert get(client, "fay", f"/{number}").status_code == 200
    assert decide(client, "fay", number, "approvals").status_code == 403
    refused = decide(client, "fay", number, "rejections", why="no")
    assert refused.status_code == 403 and "decide on proposals" in refused.json()["detail"]


def test_a_proposal_is_previewed_by_who_may_read_it_and_taken_back_by_who_made_it(client, number):
    def send(who, what, at=number, **body):
        path = f"/v1/proposals/{at}/{what}"
        return client.post(path, json=body or None, headers={"X-Concord-User": who})

    seen = send("fay", "previews")
    assert seen.status_code == 200, seen.text
    assert (seen.json()["proposal"], seen.json()["files"]) == (number, ["ownership.yaml"])
    foreign, missing = send("carl", "previews"), send("carl", "previews", 99_999)
    assert foreign.status_code == missing.status_code == 404
    refused = send("fay", "withdrawals", why="not mine")
    assert refused.status_code == 403 and "is user:pat's" in refused.json()["detail"]
    assert [send("carl", "withdrawals", at, why="x").status_code for at in (number, 99_999)] == [404, 404]
    done = send("pat", "withdrawals", why="it is done otherwise")
    assert (done.status_code, done.json()["state"], done.json()["decide_by"]) == (201, "withdrawn", None)
    again = send("pat", "withdrawals", why="x")
    assert again.status_code == 409 and "withdrawn" in again.json()["detail"]


def test_each_proposal_in_review_has_a_time_by_which_it_is_to_be_decided(client, number):
    (listed,), whole = get(client, "fay").json()["proposals"], get(client, "fay", f"/{number}").json()
    made, by = (datetime.fromisoformat(listed[name]) for name in ("changed_at", "decide_by"))
    assert by - made == timedelta(hours=72) and whole["decide_by"] == listed["decide_by"]


def test_a_gate_that_refuses_says_why(house, serve_with, monkeypatch):
    real = connecting.entry_points
    gone = [EntryPoint("gone", "no_such_module:Gate", "concord.gates")]
    monkeypatch.setattr(
        connecting, "entry_points", lambda group: gone if group == "concord.gates" else real(group=group)
    )
    client = serve_with(GOVERNED)
    house.workspace.replace("ownership.yaml", "rules:", RIGHTS)
    assert house.workspace.run("apply", "--as", "pat", "--why", "fay sorts cases").code == 0
    (made,) = get(client, "fay").json()["proposals"]
    refused = decide(client, "fay", made["id"], "approvals")
    assert refused.status_code == 409 and refused.json()["title"] == "A gate does not let this change through"
    assert "the gate gone refuses: it could not be loaded" in refused.json()["detail"]
