"""Bodies that cannot be read: one clear problem at every path that takes one, which says what is wrong and where."""

import json
import time

import pytest

from concord.service.bodies import MAX_DIGITS, check

PAT = {"X-Concord-User": "pat"}
DEEP = b'{"question":\n ' + b"[" * 200 + b"]" * 200 + b"}"
BODIES = {
    "no UTF-8": (b'{"question": "\xff"}', "it is no UTF-8: byte 15 (0xff)"),
    "UTF-16": ('{"question": "What?"}'.encode("utf-16"), "it is no UTF-8: byte 1 (0xff)"),
    "cut off": (b'{"question": "Wh', "Unterminated string starting at: line 1, column 14"),
    "no value": (b'{\n "question": What?}', "Expecting value: line 2, column 14"),
    "more after it": (b"{} {}", "Extra data: line 1, column 4"),
    "deep": (DEEP, "it is nested more than 100 deep: line 2, column 101"),
    "deepest": (b"[" * 60_000, "it is nested more than 100 deep: line 1, column 101"),
    "NaN": (b'{"question": "NaN", "as_of": NaN}', "NaN is no JSON: line 1, column 30"),
    "Infinity": (b'{"limit": -Infinity}', "-Infinity is no JSON: line 1, column 11"),
    "long number": (b'{"limit": ' + b"9" * 5_000 + b"}", "a number has more than 4,300 digits: line 1, column 11"),
    "named twice": (b'{"a": {"question": 1, "question": 2}}', 'an object has "question" more than once'),
    "half a character": (rb'{"question": "\\ \ud83d?"}', r"\ud83d is half of a character: line 1, column 18"),
    "another half": (rb'{"\ude00": 1}', r"\ude00 is half of a character: line 1, column 3"),
}


def posts(client):
    """Every path that takes a body, as the schema has it."""
    paths = client.get("/openapi.json").json()["paths"]
    found = [(path, each["post"]) for path, each in paths.items() if "requestBody" in each.get("post", {})]
    return [(path.replace("{case_id}", "1").replace("{proposal_id}", "1"), operation) for path, operation in found]


@pytest.mark.parametrize("name", BODIES)
def test_what_cannot_be_read_is_told_with_its_place(client, name):
    body, detail = BODIES[name]
    paths = posts(client)
    assert {"/v1/ask", "/v1/search", "/v1/feedback", "/v1/chat/completions"} <= {path for path, _ in paths}
    for path, operation in paths:
        told = client.post(path, content=body, headers={**PAT, "Content-Type": "application/json"})
        assert told.status_code == 400 and told.headers["content-type"] == "application/problem+json", path
        assert told.json() == {
            "type": "urn:concord:problem:the-body-cannot-be-read",
            "title": "The body cannot be read",
            "status": 400,
            "detail": detail,
            "request_id": told.headers["x-request-id"],
        }
        assert "application/problem+json" in operation["responses"]["400"]["content"]


def test_a_body_of_long_numbers_is_read_once():
    """Anybody can send it, without a name: 40 took seconds, in which nobody else was answered."""
    body = ("[" + ",".join(["9" * MAX_DIGITS] * 14) + "]").encode()
    began = time.process_time()
    for _ in range(40):
        check("application/json", body)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("sent", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", ""])
def test_what_is_not_sent_as_json(client, sent):
    for path, operation in posts(client):
        headers = {**PAT, "Content-Type": sent} if sent else PAT
        told = client.post(path, content=b'{"question": "What?"}', headers=headers)
        assert (told.status_code, told.json()["title"]) == (415, "The body is not sent as JSON"), path
        assert told.json()["detail"].endswith("send it as application/json")
        assert sent in told.json()["detail"] and "415" in operation["responses"]


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"7", b"null", b"true"])
def test_what_is_no_object(client, body):
    for path, _ in posts(client):
        told = client.post(path, content=body, headers={**PAT, "Content-Type": "application/json"})
        assert told.status_code == 422 and told.json()["type"] == "urn:concord:problem:the-request-is-invalid", path
        assert told.json()["errors"][0]["location"] == ["body"], path


@pytest.mark.parametrize("sent", ["application/json", "application/json; charset=utf-8", "Application/vnd.x+JSON"])
def test_what_can_be_read(client, sent):
    """A backslash before `u`, whole pairs, brackets in strings, and as deep as may be."""
    question = r"Leave \ud83d\ude00 \\ud83d \" [[[{ NaN " + "[" * 200
    body = f'{{"question": "{question}", "x": {"[" * 99}{"]" * 99}}}'
    assert "😀" in json.loads(body)["question"]
    told = client.post("/v1/search", content=body.encode(), headers={**PAT, "Content-Type": sent})
    assert told.status_code in {200, 422} and "cannot be read" not in told.text
    if told.status_code == 422:
        assert all(each["location"] != ["body"] for each in told.json()["errors"])


@pytest.mark.parametrize("name", BODIES)
def test_the_tools_say_so_in_the_words_of_their_protocol(client, name):
    body, _ = BODIES[name]
    headers = {**PAT, "Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    told = client.post("/mcp", content=body, headers=headers)
    assert told.status_code == 400, told.text
    assert told.json()["error"]["code"] in {-32700, -32600, -32602} and "Traceback" not in told.text


@pytest.mark.parametrize("path", ["/ask", "/feedback"])
@pytest.mark.parametrize("body", [b"question=\xff", b"&".join(b"a=%d" % each for each in range(60))])
def test_a_form_that_cannot_be_read(client, path, body):
    headers = {**PAT, "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    told = client.post(path, content=body, headers=headers)
    wrong = "byte 10 (0xff)" if b"\xff" in body else "more than 50 fields"
    assert told.status_code == 422 and wrong in told.json()["errors"][0]["problem"]
