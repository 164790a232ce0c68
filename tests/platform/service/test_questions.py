"""`/v1/ask` and `/v1/search`: the command line's answers over HTTP, and nothing of what one may not read."""

import json

import pytest

SECRET = "zanzibar"
ASKED = "How many days of annual leave does everyone receive?"
CLOSED = "The Zanzibar office closes in June: how many days of annual leave for everyone in it?"


def test_answers_and_passages_are_those_of_the_command_line(synced_copy, serve):
    assert synced_copy.run("sync").code == 0
    client, who = serve(synced_copy, shared=True), {"X-Concord-User": "pat"}
    over_http = client.post("/v1/ask", json={"question": ASKED}, headers=who).json()
    printed = json.loads(synced_copy.run("ask", ASKED, "--as", "pat", "--json").out)
    for each in (over_http, printed):
        each.pop("trace_id"), each.pop("timings_ms")
    assert over_http == printed
    assert over_http["answer"].startswith("Everyone receives 27 days")
    found = client.post("/v1/search", json={"question": ASKED, "limit": 3}, headers=who).json()["passages"]
    assert found == json.loads(synced_copy.run("search", ASKED, "--as", "pat", "--limit", "3", "--json").out)
    assert found


POISONED = """# Parrots ![x](https://evil.example/title)

## Club <img src=//evil.example/i>

The parrot club meets on Mondays, see [seeds](https://evil.example/s?d=1), https://evil.example/t, www.evil.example/x.
"""


def test_passages_and_tools_lead_to_no_strangers(synced_copy, serve):
    synced_copy.write("content/people/parrots.md", POISONED)
    assert synced_copy.run("sync").code == 0
    client, who = serve(synced_copy, shared=True), {"X-Concord-User": "pat"}
    asked = {"question": "When does the parrot club meet?", "limit": 100}
    found = client.post("/v1/search", json=asked, headers=who).json()
    [passage] = [each for each in found["passages"] if "parrots" in each["identifier"]]
    assert "meets on Mondays, see seeds" in passage["text"] and passage["heading_path"]

    def called(tool, arguments):
        rpc = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
        headers = {**who, "Accept": "application/json", "MCP-Protocol-Version": "2025-06-18"}
        return client.post("/mcp", json=rpc, headers=headers).json()["result"]

    item = called("get_item", {"identifier": passage["identifier"]})
    assert "meets on Mondays" in item["structuredContent"]["text"]
    assert called("search", asked)["structuredContent"] == found
    printed = synced_copy.run("search", asked["question"], "--as", "pat", "--limit", "100", "--json").out
    assert json.loads(printed) == found["passages"]
    assert "evil.example" not in json.dumps([found, item, printed])


def test_a_question_for_a_date(ask):
    assert ask("pat", ASKED, as_of="2025-06-01").status_code == 200


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_nothing_of_what_one_may_not_read(ask, path):
    assert SECRET in ask("ann", CLOSED, "/v1/search").text.lower()
    assert SECRET not in ask("pat", CLOSED, path).text.lower()


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_a_use_case_that_one_may_not_use_is_one_that_is_not_there(ask, path):
    hidden, missing = (ask("carl", ASKED, path, use_case=name) for name in ("ask-people", "ask-nobody"))
    assert hidden.status_code == missing.status_code == 404
    assert ask("pat", ASKED, path, use_case="ask-people").status_code == 200
    kept = [{**each.json(), "request_id": ""} for each in (hidden, missing)]
    assert str(kept[0]).replace("ask-people", "ask-nobody") == str(kept[1])


def test_a_revocation_that_was_applied_counts_at_once(ask, house):
    assert SECRET in ask("ann", CLOSED, "/v1/search").text.lower()
    house.workspace.replace("principals.yaml", "department: People, groups: [people-leads]", "department: People")
    assert SECRET in ask("ann", CLOSED, "/v1/search").text.lower()  # files alone are no decision
    assert house.workspace.run("apply").code == 0
    assert SECRET not in ask("ann", CLOSED, "/v1/search").text.lower()


def test_nothing_in_force_yet(workspace, serve):
    client = serve(workspace)
    answer = client.post("/v1/ask", json={"question": ASKED}, headers={"X-Concord-User": "pat"})
    assert answer.status_code == 503 and "concord apply" in answer.json()["detail"]
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert workspace.run("apply").code == 0
    assert client.get("/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"\xff"',
        b'{"question": ""}',
        b'{"question": "  \\n "}',
        b'{"question": 3}',
        b'{"question": "What?", "as_of": "yesterday"}',
        b'{"question": "What?", "filter": {"readers": ["everyone"]}}',
        json.dumps({"question": "a" * 2001}).encode(),
        b'{"question": "What?", "use_case": ' + b"[" * 20000 + b"]" * 20000 + b"}",
    ],
)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_a_request_that_is_none(client, path, body):
    answer = client.post(path, content=body, headers={"X-Concord-User": "pat", "Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == 400 or answer.json()["errors"]


def test_a_past_day(ask):
    passages = ask("pat", ASKED, "/v1/search", as_of="2026-03-01").json()["passages"]
    assert {each["identifier"]: each["held"] for each in passages}["people-handbook/leave.md"] == {
        "from": "2026-02-01",
        "until": None,
    }
    told = ask("pat", ASKED, as_of="1999-01-01").json()
    assert told["as_of"] == "1999-01-01" and told["reason"] == "no_version_at_date" and told["citations"] == []
    assert ask("pat", ASKED).json()["as_of"] is None


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_a_day_to_come(ask, path):
    told = ask("pat", ASKED, path, as_of="2999-01-01")
    assert told.status_code == 422 and "still to come" in told.json()["detail"]


@pytest.mark.parametrize("limit", [0, -1, 101, 1e9, "many", True, "3"])
def test_a_limit_out_of_bounds(ask, limit):
    assert ask("pat", ASKED, "/v1/search", limit=limit).status_code == 422


def test_characters_that_are_none(client):
    body = b'{"question": "What of \\ud83d\\ude00 and \\u0000?"}'
    answer = client.post("/v1/ask", content=body, headers={"X-Concord-User": "pat", "Content-Type": "application/json"})
    assert answer.status_code in {200, 422}
