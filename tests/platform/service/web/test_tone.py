"""A use case's tone in a real browser: words of a model of its own where there is one, and quotations where not."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

LEAVE = "How many days of annual leave does everyone receive?"


@pytest.fixture(scope="module")
def endpoint():
    """An OpenAI-compatible endpoint on loopback, which keeps what it was sent and may be down."""
    state = SimpleNamespace(asked=[], down=False)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.asked.append([each["content"] for each in sent["messages"]])
            if state.down:
                self.send_error(500)
                return
            number = re.search(r"^\[(\d+)\].*\n    text: .*27 days", state.asked[-1][-1], re.M)[1]
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for words in (f"Good news: everyone receives 27 days of annual leave a year. [{number}]", ""):
                choice = {"index": 0, "delta": {"content": words}, "finish_reason": None if words else "stop"}
                chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def changed(endpoint):
    case = "title: {title}\naudience: [group:staff]\nanswer: {{{answer}}}\n"
    return {
        "concord.yaml": "name: Harbour\nembedding: {runtime: hashing}\n"
        f"answer: {{llm: {{base_url: '{endpoint.url}', model: m, retries: 0}}}}\n",
        "usecases/plain.yaml": case.format(title="Plain", answer="tone: warm and brief"),
        "usecases/strict.yaml": case.format(title="Strict", answer="llm: false, tone: warm and brief"),
    }


@pytest.fixture
def answer(tab, endpoint):
    """The answer in a use case, and what the model was told of the tone."""

    def ask(use_case, down=False):
        endpoint.asked.clear()
        endpoint.down = down
        here = tab()
        here.go(f"/?use_case={use_case}")
        turn = here.ask(LEAVE).inner_text()
        return turn, [re.findall(r"^Tone: (.*)$", system, re.M) for system, *_ in endpoint.asked]

    return ask


def test_a_model_is_told_the_tone_of_the_use_case(answer):
    turn, tones = answer("plain")
    assert "Good news: everyone receives 27 days" in turn and "word for word" not in turn
    assert tones == [["warm and brief"]]


def test_another_use_case_has_no_tone(answer):
    turn, tones = answer("ask-people")
    assert "Good news" in turn and tones == [[]]


def test_where_a_use_case_wants_quotations_no_model_is_asked(answer):
    turn, tones = answer("strict")
    assert "Everyone receives 27 days" in turn and "Good news" not in turn and "language model" not in turn
    assert tones == []


def test_where_the_model_is_down_it_says_so_and_quotes(answer):
    turn, tones = answer("plain", down=True)
    assert "Everyone receives 27 days" in turn and "Good news" not in turn
    assert "word for word: the language model could not be used" in turn
    assert tones == [["warm and brief"]]
