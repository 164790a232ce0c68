"""API keys: hashed, for some actions and a time, and gone at the next request once revoked."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from concord.catalog.audit import events
from concord.catalog.engine import reading, writing
from concord.catalog.keys import create_key
from concord.catalog.schema import api_keys

ASKED = "How many days of annual leave does everyone receive?"


@pytest.fixture
def made(house):
    """Make a key with the command: `made("pat", "ask")` gives its JSON."""
    house.close()

    def make(user="pat", *scopes, options=()):
        given = [part for scope in scopes or ("ask",) for part in ("--scope", scope)]
        done = house.workspace.run("keys", "create", "a bot", "--for", user, *given, *options, "--json")
        assert done.code == 0, done.err
        return json.loads(done.out)

    return make


def ask(client, key, path="/v1/ask"):
    return client.post(path, json={"question": ASKED}, headers={"Authorization": f"Bearer {key}"})


def test_a_key_asks_as_its_user_for_its_actions(made, client):
    key = made()["key"]
    assert ask(client, key).json()["answer"].startswith("Everyone receives 27 days")
    refused = ask(client, key, "/v1/search")
    assert refused.status_code == 403 and "this key has no scope 'search'" in refused.json()["detail"]
    assert ask(client, made("pat", "search")["key"], "/v1/search").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/conversations.json"),
        ("POST", "/conversations/delete"),
        ("POST", "/ask"),
        ("GET", "/work"),
    ],
)
def test_a_key_opens_no_page_and_no_history(made, client, method, path):
    headers = {"Authorization": f"Bearer {made()['key']}", "Sec-Fetch-Site": "same-origin"}
    told = client.request(method, path, headers=headers, data={"question": ASKED} if path == "/ask" else None)
    assert told.status_code == 403 and "pages are for people" in told.text


def test_a_key_goes_before_a_persona(made, client):
    key = made("carl")["key"]
    told = client.post("/v1/ask", json={"question": ASKED},
                       headers={"Authorization": f"Bearer {key}", "X-Concord-User": "pat"})  # fmt: skip
    assert told.json()["abstained"]


def test_a_revoked_key_is_out_at_the_next_request(made, client, house):
    key = made()
    assert ask(client, key["key"]).status_code == 200
    assert house.workspace.run("keys", "revoke", key["id"]).code == 0
    assert ask(client, key["key"]).status_code == 401
    again = house.workspace.run("keys", "revoke", key["id"])
    assert again.code == 2 and again.err.count("\n") == 1
    [listed] = json.loads(house.workspace.run("keys", "list", "--json").out)["keys"]
    assert listed["revoked_at"] and "key" not in listed and key["key"][-20:] not in str(listed)


def test_a_key_has_its_time(client):
    engine, now = client.app.state.live.current().engine, datetime.now(UTC)
    with writing(engine) as connection:
        _, old = create_key(connection, "old", "pat", ["ask"], "local:test", now - timedelta(2), now - timedelta(1))
    assert ask(client, old).status_code == 401


def test_a_key_ends_between_two_requests(client):
    """Everywhere at the same moment, and then like a key that never was."""
    engine, ends = client.app.state.live.current().engine, datetime.now(UTC) + timedelta(seconds=3)
    with writing(engine) as connection:
        _, key = create_key(connection, "k", "pat", ["ask", "search"], "local:test", ends - timedelta(1), ends)
    told = [ask(client, key)]
    assert told[0].status_code == 200
    while datetime.now(UTC) < ends:
        time.sleep(0.05)
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"Authorization": f"Bearer {key}"}
    refused = [ask(client, key), ask(client, key, "/v1/search"), client.get("/v1/use-cases", headers=headers)]
    refused += [client.post("/mcp", json=call, headers=headers), client.get("/metrics", headers=headers)]
    assert {each.status_code for each in refused} == {401}
    never = ask(client, "ck_0123456789abcdef_never").json()
    assert {str({**each.json(), "request_id": ""}) for each in refused} == {str({**never, "request_id": ""})}


def test_a_user_who_is_gone_takes_the_key_along(made, client, house):
    key = made("fay")["key"]
    assert ask(client, key).status_code == 200
    house.workspace.replace(
        "principals.yaml", "  - {id: fay, name: Fay Wood, department: Finance, groups: [finance]}\n", ""
    )
    house.workspace.write("ownership.yaml", "rules: []\n")
    assert house.workspace.run("apply").code == 0
    assert ask(client, key).status_code == 401


def test_wrong_keys_are_told_alike(made, client):
    key = made()
    wrong = (f"ck_{key['id']}_wrong", "ck_0123456789abcdef_wrong", "ck_", f"ck_{key['id']}", f"{key['key']}x")
    told = [ask(client, each) for each in wrong]
    assert {each.status_code for each in told} == {401}
    assert len({str({**each.json(), "request_id": ""}) for each in told}) == 1


def test_only_a_hash_is_kept_and_what_was_done_is_logged(made, client, house):
    key = made()
    engine = client.app.state.live.current().engine
    with reading(engine) as connection:
        rows = str(connection.execute(api_keys.select()).all())
        logged = [(each.type, each.subject) for each in events(connection)]
    secret = key["key"].split("_", 2)[2]
    assert secret not in rows and ("key.created", key["id"]) in logged


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--for", "nobody", "--scope", "ask"], "nobody"),
        (["--for", "pat", "--scope", "everything"], "no action 'everything'"),
        (["--for", "pat", "--scope", "ask", "--days", "0"], "--days"),
    ],
)
def test_a_key_that_cannot_be_made(synced, given, told):
    done = synced.run("keys", "create", "a bot", *given)
    assert done.code == 2 and told in done.err and done.err.count("\n") == 1


def test_no_keys(synced):
    assert "no keys" in synced.run("keys", "list").out
