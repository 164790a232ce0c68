"""What a policy does not permit is refused, and a policy that was applied counts at the next request."""

import json
import logging
from datetime import UTC, datetime, timedelta

from concord.catalog.engine import writing
from concord.catalog.keys import create_key
from concord.service.logs import JsonLines, TextLines

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
        sent = [ask("pat", ASKED), ask("carl", ASKED)]
    told = decisions(caplog)
    common = {"key": None, "action": "ask", "resource_type": "Workspace"}
    allowed = {"principal": "user:pat", "decision": "allow", "reason": "policy", "policies": ["people"]}
    denied = {"principal": "user:carl", "decision": "deny", "reason": "no_policy", "policies": []}
    ids = [{"request_id": each.headers["x-request-id"]} for each in sent]
    assert told == [common | allowed | ids[0], common | denied | ids[1]]
    [text] = {TextLines().format(each).partition(" INFO ")[2] for each in caplog.records[:1]}
    assert "decision=allow reason=policy policies=people request_id=" in text
    assert "annual" not in caplog.text + str(told) + text and "\n" not in text


def test_why_something_was_denied_is_logged(ask, house, client, caplog):
    now = datetime.now(UTC)
    with writing(client.app.state.live.current().engine) as connection:
        made, key = create_key(connection, "k", "pat", ["search"], "local:test", now, now + timedelta(1))
    put_in_force(
        house,
        '@id("all") permit (principal, action, resource);'
        '@id("broken") forbid (principal == User::"carl", action, resource) when { 9223372036854775807 + 1 > 0 };'
        '@id("not-ann") forbid (principal == User::"ann", action == Action::"ask", resource);',
    )
    with caplog.at_level(logging.INFO, "concord.service.access"):
        refused = [ask("ann", ASKED), ask("carl", ASKED)]
        headers = {"Authorization": f"Bearer {key}"}
        refused += [client.post("/v1/ask", json={"question": ASKED}, headers=headers)]
    assert {each.status_code for each in refused} == {403}
    told = decisions(caplog)
    assert [(each["reason"], each["policies"], each["key"]) for each in told] == [
        ("policy", ["not-ann"], None),
        ("policy_error", ["all"], None),
        ("key_scopes", [], made.id),
    ]
    assert {each["decision"] for each in told} == {"deny"} and told[2]["principal"] == "user:pat"
    assert key not in str([vars(each) for each in caplog.records])


def test_a_page_and_a_tool_name_their_request_too(client, caplog):
    headers = {"X-Concord-User": "pat", "Accept": "application/json", "MCP-Protocol-Version": "2025-06-18"}
    call = {"name": "search", "arguments": {"question": ASKED}}
    rpc = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    with caplog.at_level(logging.INFO, "concord.service.access"):
        client.post("/mcp", json=rpc, headers={**headers, "X-Request-ID": "of-a-tool"})
        client.get("/", headers={"X-Concord-User": "pat", "Accept": "text/html", "X-Request-ID": "of-a-page"})
    told = {(each["action"], each["request_id"]) for each in decisions(caplog)}
    assert ("search", "of-a-tool") in told and {each for _, each in told} == {"of-a-tool", "of-a-page"}


def test_nothing_is_offered_that_no_policy_permits_and_history_stays_one_s_own(client, house):
    def get(who, path="/"):
        return client.get(path, headers={"X-Concord-User": who, "Accept": "text/html"})

    ours = {"X-Concord-User": "pat", "Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    mine = client.post("/ask", data={"question": ASKED}, headers=ours).url.path
    offered = get("pat", mine).text
    assert "This is wrong" in offered and "How this was found" in offered
    put_in_force(house, 'permit (principal == User::"pat", action == Action::"ask", resource);')
    told = get("pat", mine).text
    assert "27 days" in told and "This is wrong" not in told and "How this was found" not in told
    put_in_force(house, 'permit (principal == User::"ann", action == Action::"ask", resource);')
    told = get("pat", mine)
    assert told.status_code == 200 and "You may not ask questions here any more" in told.text
    assert 'id="question"' not in told.text and ASKED in get("pat", "/conversations").text
    assert ASKED in get("pat", "/conversations.json").text and ASKED not in get("carl", "/conversations.json").text
    refused = get("pat")
    assert refused.status_code == 403 and "Be somebody else" in refused.text and 'href="/conversations"' in refused.text
    assert client.post("/conversations/delete", headers=ours).status_code == 200
    assert ASKED not in get("pat", "/conversations.json").text


def decisions(caplog):
    lines = [json.loads(JsonLines().format(each)) for each in caplog.records if each.message == "decision"]
    return [{k: v for k, v in each.items() if k not in {"at", "level", "logger", "message"}} for each in lines]


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
