"""What a policy does not permit is refused, and a policy that was applied counts at the next request."""

import logging

ASKED = "How many days of annual leave does everyone receive?"
CLOSED = "The Zanzibar office closes in June: how many days of annual leave for everyone in it?"
PATHS = {
    "search": "/v1/sources",
    "read_items": "/v1/items/people-handbook/leave.md",
    "read_conflicts": "/v1/conflicts",
    "read_taxonomy": "/v1/taxonomy/schemes",
    "ask": "/v1/use-cases",
}


def put_in_force(house, text):
    house.workspace.write("policies/mine.cedar", text)
    done = house.workspace.run("apply")
    assert done.code == 0, done.err


def test_a_policy_that_was_applied_counts_at_the_next_request(ask, house):
    assert ask("pat", ASKED).status_code == 200
    put_in_force(house, 'permit (principal == User::"ann", action == Action::"ask", resource);')
    refused = ask("pat", ASKED)
    assert (
        refused.status_code == 403
        and "you may not ask questions here: no policy permits it" in refused.json()["detail"]
    )
    assert ask("ann", ASKED).status_code == 200
    assert ask("ann", ASKED, "/v1/search").status_code == 403


def test_every_path_asks_for_its_action(client, house):
    put_in_force(house, 'permit (principal == User::"ann", action == Action::"read_conflicts", resource);')
    told = {path: client.get(path, headers={"X-Concord-User": "ann"}).status_code for path in PATHS.values()}
    assert told.pop("/v1/conflicts") == 200 and set(told.values()) == {403}
    for path, body in (("/v1/ask", {"question": "a"}), ("/v1/feedback", {"trace_id": "a", "helpful": True})):
        assert client.post(path, json=body, headers={"X-Concord-User": "ann"}).status_code == 403
    assert client.get("/v1/traces/abc", headers={"X-Concord-User": "ann"}).status_code == 403


def test_what_decided_is_logged_and_nothing_of_the_question(ask, house, caplog):
    put_in_force(house, '@id("people") permit (principal in Group::"people", action, resource);')
    with caplog.at_level(logging.INFO, "concord.service.access"):
        ask("pat", ASKED)
        ask("carl", ASKED)
    assert "allowed ask to user:pat by people" in caplog.text
    assert "denied ask to user:carl by default" in caplog.text
    assert "annual leave" not in caplog.text


def test_others_traces_are_for_those_whom_a_policy_permits(client, ask, house):
    mine, hers = ask("pat", ASKED).json()["trace_id"], ask("ann", CLOSED).json()["trace_id"]

    def trace(who, name):
        return client.get(f"/v1/traces/{name}", headers={"X-Concord-User": who})

    assert trace("ann", mine).status_code == 404
    text = 'permit (principal in Group::"people", action, resource);'
    put_in_force(house, text + 'forbid (principal == User::"fay", action, resource);')
    assert trace("ann", mine).json()["answer"]
    seen = trace("pat", hers)
    assert seen.json()["withheld"] and "40 days" not in seen.text and "restricted" not in seen.text
