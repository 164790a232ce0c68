"""What is never told, whichever way one asks: that there is more, how it is held, and what a request may not say."""

import json
import re

import pytest

SECRET = "content/people/restricted/zanzibar.md"
CLOSED = "The Zanzibar office closes in June: how many days of annual leave for everyone in it?"
VOLATILE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|chatcmpl-\S+?\"|\"(created|asked)\": ?\d+|\"last_checked\": ?\"[^\"]*\""
    r"|\"timings_ms\": ?\{[^}]*\}|\d+(\.\d+)? ms"
)
"""Ids, times, and how often one asked oneself."""
GETS = (
    "/v1/use-cases",
    "/v1/items/people-handbook/leave.md",
    "/v1/items/people-handbook/bonus.md",
    "/v1/revisions/people-handbook/leave.md",
    "/v1/items/people-handbook/restricted/zanzibar.md",
    "/v1/conflicts?all=true",
    "/v1/sources",
    "/v1/taxonomy/schemes",
    "/v1/taxonomy/suggestions?q=zan",
    "/v1/models",
    "/",
    "/items/people-handbook/bonus.md",
)


def told(client, who):
    """Everything that a person can be told, ids of answers and times left aside."""
    headers = {"X-Concord-User": who}
    chat = {"model": "concord", "messages": [{"role": "user", "content": CLOSED}]}
    call = {"name": "ask", "arguments": {"question": CLOSED}}
    rpc = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    pages = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    mcp = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    answers = {path: client.get(path, headers={**headers, **pages}) for path in GETS}
    posts = {
        "ask": ("/v1/ask", {}, {"json": {"question": CLOSED}}),
        "stream": ("/v1/ask", {"Accept": "text/event-stream"}, {"json": {"question": CLOSED}}),
        "search": ("/v1/search", {}, {"json": {"question": CLOSED, "limit": 100}}),
        "chat": ("/v1/chat/completions", {}, {"json": chat}),
        "chat stream": ("/v1/chat/completions", {}, {"json": {**chat, "stream": True}}),
        "tool": ("/mcp", mcp, {"json": rpc}),
        "page": ("/ask", {**pages, "Accept": "text/event-stream"}, {"data": {"question": CLOSED}}),
    }
    for name, (path, more, body) in posts.items():
        answers[name] = client.post(path, headers={**headers, **more}, **body)
    assert client.post("/conversations/delete", headers={**headers, **pages}).status_code == 200
    return {name: (each.status_code, plain(each.text)) for name, each in answers.items()}


def plain(text):
    return VOLATILE.sub("", text.replace('\\"', '"'))


@pytest.mark.parametrize("who", ["pat", "carl"])
def test_with_and_without_the_hidden_document_everything_is_equal(house, serve, who):
    """No count, score, suggestion, conflict or error tells that there is something."""
    house.close()
    client = serve(house.workspace)
    before = told(client, who)
    house.workspace.remove(SECRET)
    concord = client.app.state.live.current()
    concord.sync_sources(concord.foundation.sources.values())
    after = told(client, who)
    assert {name for name in before if before[name] != after[name]} == set()
    assert before["ask"][0] == 200 and len(before) == 19


@pytest.mark.parametrize("key", ["filter", "readers", "must", "principals", "with_vectors", "payload", "tokens"])
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_no_request_says_what_it_is_filtered_by(client, path, key):
    """A key that is not of the request is refused, so that none can reach the index."""
    body = {"question": CLOSED, key: {"should": []}}
    assert client.post(path, json=body, headers={"X-Concord-User": "pat"}).status_code == 422


def test_a_client_that_sends_more_is_filtered_alike(client):
    """OpenAI's clients send much that is not used; nothing of it widens what is read."""
    chat = {"model": "concord", "messages": [{"role": "user", "content": CLOSED}]}
    more = {"filter": {}, "user": "ann", "principal": "ann", "metadata": {"readers": ["group:people-leads"]}}
    plainly, widened = (
        client.post("/v1/chat/completions", json=body, headers={"X-Concord-User": "pat"}).text
        for body in (chat, chat | more)
    )
    assert plain(plainly) == plain(widened) and "zanzibar" not in widened.lower()


def test_no_vector_leaves(client):
    """Text can be made again from one, so no answer has a field for it, and none holds a list of many numbers."""
    answers = [each for _, each in told(client, "ann").values()]
    assert "zanzibar" in str(answers).lower()
    assert not any(re.search(r"(-?\d+\.\d+[,\s]+){8}", each) for each in answers)
    parts = client.get("/openapi.json").json()["components"]["schemas"]
    assert "AnswerBody" in parts and not re.search(r"\"(vector|embedding|dense|sparse)s?\"", json.dumps(parts))
