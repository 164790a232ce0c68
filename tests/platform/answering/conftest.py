"""Workspaces with a policy, a wiki below it and a closed source, whose documents a test writes itself."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

SOURCE = """\
title: {title}
connector: files
options: {{path: content/{name}}}
mapping:
  fields:
    status: {{path: metadata.status, default: approved}}
    modified: {{path: metadata.modified, date: true}}
    valid_until: {{path: metadata.valid_until, date: true}}
    replaces: {{path: metadata.replaces}}
    publisher: {{const: People}}
    authority_tier: {{const: {tier}}}
    readers: {{const: ["{readers}"]}}
"""
SOURCES = {
    "policies": ("Policies", "policy", "group:staff"),
    "wiki": ("Wiki", "guidance", "group:staff"),
    "closed": ("Closed", "regulation", "group:people-leads"),
}


@pytest.fixture
def answering(make_workspace, at_work) -> Callable:
    """A synced workspace with these documents: `answering({"wiki/leave.md": "# Leave …"})`."""

    def make(documents: dict[str, str]):
        workspace = make_workspace(
            {
                "sources/people-handbook.yaml": None,
                "sources/finance-policies.yaml": None,
                "authority.yaml": "contested_after_days: 365\n",
                "ownership.yaml": "rules:\n  - match: {}\n    owner: user:ann\n",
                "usecases/ask-people.yaml": None,
                **{
                    f"sources/{name}.yaml": SOURCE.format(name=name, title=title, tier=tier, readers=readers)
                    for name, (title, tier, readers) in SOURCES.items()
                },
                **{f"content/{path}": text for path, text in documents.items()},
            }
        )
        for name in SOURCES:
            (workspace.folder / "content" / name).mkdir(parents=True, exist_ok=True)
        house = at_work(workspace)
        house.apply()
        outcome, _ = house.sync()
        assert not outcome.failed, outcome
        return house

    return make


@dataclass
class StandIn:
    """An OpenAI-compatible endpoint on loopback that answers as a test says, and keeps what it was sent.

    `script` is the text of an answer, in which `{27 days}` stands for the number under which that was given as
    evidence, or a function that writes the response itself.
    """

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


@pytest.fixture
def model(monkeypatch) -> Iterator[StandIn]:
    """A stand-in for a model, which the settings name."""
    stand_in = StandIn()

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
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    monkeypatch.setenv("CONCORD_ANSWER__LLM__BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    monkeypatch.setenv("CONCORD_ANSWER__LLM__MODEL", "stand-in")
    monkeypatch.setenv("CONCORD_ANSWER__LLM__TIMEOUT_SECONDS", "10")
    monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "0")
    yield stand_in
    server.shutdown()
    server.server_close()
