"""What holds for every test, and the stand-in for a language model."""

import gc
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("concord", deadline=None)  # a test is about what is right, never about how long it took
settings.load_profile("concord")


def pytest_collection_finish() -> None:
    """What is collected lives to the end: the collector need not look at it again and again."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@dataclass
class StandIn:
    """An OpenAI-compatible endpoint on loopback that answers as a test says, and keeps what it was sent.

    `script` is the text of an answer, in which `{27 days}` stands for the number under which that was given as
    evidence, or a function that writes the response itself.
    """

    url: str = ""
    script: str | Callable[[BaseHTTPRequestHandler], None] = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    @property
    def seen(self) -> str:
        """Everything that it was sent."""
        return json.dumps(self.asked, ensure_ascii=False)

    @property
    def prompt(self) -> str:
        """The last question's message."""
        return self.asked[-1]["messages"][-1]["content"]

    def number(self, words: str) -> int:
        """The number under which it was given the first sentence with these words."""
        lines = self.prompt.splitlines()
        place = next(n for n, line in enumerate(lines) if line.startswith("    text: ") and words in line)
        return int(lines[place - 1][1:].split("]")[0])

    def begin(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()

    def chunk(self, handler: BaseHTTPRequestHandler, text: str = "", finish: str | None = None, **more: Any) -> None:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
        body = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice], **more}
        handler.wfile.write(f"data: {json.dumps(body)}\n\n".encode())
        handler.wfile.flush()

    def write(self, handler: BaseHTTPRequestHandler, text: str, *, end: bool = True) -> None:
        """An answer, in pieces that end in the middle of words."""
        filled = re.sub(r"\{([^{}]+)\}", lambda found: str(self.number(found[1])), text)
        self.begin(handler)
        for start in range(0, len(filled), 7):
            self.chunk(handler, filled[start : start + 7])
        if end:
            usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
            self.chunk(handler, finish="stop", usage=usage)
            handler.wfile.write(b"data: [DONE]\n\n")


@contextmanager
def _standing_in(script: str | Callable[[BaseHTTPRequestHandler], None] = "") -> Iterator[StandIn]:
    stand_in = StandIn(script=script)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            stand_in.paths.append(self.path)
            stand_in.keys.append(self.headers.get("Authorization"))
            stand_in.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            with suppress(OSError):
                if callable(stand_in.script):
                    stand_in.script(self)
                else:
                    stand_in.write(self, stand_in.script)

        def do_GET(self) -> None:
            stand_in.paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def standing_in() -> Callable[..., AbstractContextManager[StandIn]]:
    """A stand-in for a language model, while a block lasts: `with standing_in(script) as model:`."""
    return _standing_in
