from __future__ import annotations

import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import delete

from concord.bootstrap import Concord
from concord.catalog.engine import writing
from concord.catalog.schema import eval_judgements, eval_runs, eval_scores
from concord.governance import activation


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Concord]]:
    """Opens a copy of a workspace, applied and synced; its index process is stopped at the end."""
    made: list[tuple[Concord, Path]] = []

    def open_copy(workspace: Path) -> Concord:
        # Making an engine's folder syncs many small files: memory is kinder to it than a busy disk.
        shared = Path("/dev/shm")
        base = shared if os.access(shared, os.W_OK) else tmp_path_factory.mktemp("workspaces")
        folder = Path(mkdtemp(prefix=f"concord-{workspace.name}-", dir=base))
        shutil.copytree(workspace, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".concord", "authoring"))
        concord = Concord.open(folder)
        made.append((concord, folder))
        activation.apply(concord.engine, concord.desired().declarations, "test")
        outcome = concord.sync_sources(concord.foundation.sources.values())
        assert not outcome.failed
        assert not outcome.busy
        return concord

    yield open_copy
    for concord, folder in made:
        concord.index.stop()  # type: ignore[attr-defined]
        concord.close()
        shutil.rmtree(folder)


WORDS = {
    "concord.yaml": "name: Words\nembedding: {runtime: hashing}\nanswer: {min_confidence: 0}\n",
    "principals.yaml": "users:\n  - {id: pat, department: People}\n",
    "sources/hr.yaml": (
        "title: HR\nconnector: files\noptions: {path: content}\n"
        "mapping: {fields: {publisher: {const: Finance}, readers: {const: [everyone]}}}\n"
    ),
    "taxonomy/shared.ttl": """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:s> a skos:ConceptScheme .
<urn:s:leave> a skos:Concept ; skos:prefLabel "annual leave"@en ; skos:inScheme <urn:s> .
""",
    "taxonomy/people.ttl": """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:p> a skos:ConceptScheme ; <http://purl.org/dc/terms/publisher> "People" .
<urn:p:furlough> a skos:Concept ; skos:prefLabel "furlough"@en ; skos:inScheme <urn:p> ; skos:exactMatch <urn:s:leave> .
""",
    "content/leave.md": "# Annual leave\n\nEverybody has 25 days of annual leave.\n",
    "content/pay.md": "# Pay\n\nSalaries are paid on the last Friday.\n",
}


@pytest.fixture(scope="module")
def words_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace of two pages and two vocabularies, applied and synced; its index process is stopped at the end."""
    yield from _synced(tmp_path_factory.mktemp("once") / "words")


@pytest.fixture
def words_copy(tmp_path: Path) -> Iterator[Path]:
    """The same, for a test that changes what is synced."""
    yield from _synced(tmp_path / "words")


def _synced(folder: Path) -> Iterator[Path]:
    for path, text in WORDS.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    concord = Concord.open(folder)
    activation.apply(concord.engine, concord.desired().declarations, "test")
    assert not concord.sync_sources(concord.foundation.sources.values()).failed
    yield folder
    concord.index.stop()  # type: ignore[attr-defined]
    concord.close()


@pytest.fixture
def synced_words(words_once: Path) -> Path:
    """The same workspace with its settings as they were, no golden sets and no runs."""
    (words_once / "concord.yaml").write_text(WORDS["concord.yaml"], "utf-8")
    shutil.rmtree(words_once / "evals", ignore_errors=True)
    concord = Concord.open(words_once)
    with writing(concord.engine) as connection:
        connection.execute(delete(eval_judgements))
        connection.execute(delete(eval_scores))
        connection.execute(delete(eval_runs))
    concord.close()
    return words_once


SLOW_SECONDS = 3.0


class Standin:
    """A judge on the loopback interface that replies as its script says, by a marker in what it is asked about."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[dict] = []
        self.headers: list[dict] = []
        self.at_once = 0
        self.most_at_once = 0
        self.delay = 0.0
        self.lock = threading.Lock()


def sentences(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"(?<=\.)\s+", text) if each.strip()]


def good(prompt: str) -> dict:
    """What an honest judge says: something holds where the context has its words."""
    about, _ = json.JSONDecoder().raw_decode(prompt.rpartition("input: ")[2])
    schema = prompt.partition("JSON Schema:")[2][:1500]
    context = about.get("context", "")
    if "statements" in about:
        judged = [{"statement": each, "reason": "r", "verdict": int(each in context)} for each in about["statements"]]
        return {"statements": judged}
    if '"classifications"' in schema:
        parts = sentences(about["answer"])
        return {"classifications": [{"statement": s, "reason": "r", "attributed": int(s in context)} for s in parts]}
    if '"claims"' in schema:
        return {"claims": sentences(about["response"])}
    if '"noncommittal"' in schema:
        return {"question": "How much annual leave is there?", "noncommittal": 0}
    if '"statements"' in schema:
        return {"statements": sentences(about["answer"])}
    return {"reason": "r", "verdict": int(about["answer"] in context)}


def scripted(prompt: str) -> tuple[int, str]:
    """Status and text of a reply."""
    about = prompt.rpartition("input: ")[2]
    mode = next(iter(re.findall(r"\[(\w+)\]", about)), "good")
    reply = good(prompt)
    lists = [value for value in reply.values() if isinstance(value, list)]
    judged = bool(lists and isinstance(lists[0][0], dict))
    match mode:
        case "fenced":
            return 200, f"Here it is:\n```json\n{json.dumps(reply)}\n```\nAnything else?"
        case "thinking":
            return 200, f'<think>Perhaps {{"statements": []}}?</think>\n{json.dumps(reply)}'
        case "partial" if judged:
            lists[0].pop()
        case "empty" if lists:
            lists[0].clear()
        case "five" if judged:
            for each in lists[0]:
                each.update({name: 5 for name in ("verdict", "attributed") if name in each})
        case "broken":
            return 200, json.dumps(reply)[:-3]
        case "shape":
            return 200, json.dumps({"statements": "none of them"})
        case "prose":
            return 200, "I would rather not say."
        case "silent":
            return 200, ""
        case "down":
            return 500, "secret of the server"
        case "slow":
            time.sleep(SLOW_SECONDS)
    return 200, json.dumps(reply)


@pytest.fixture(scope="module")
def standin() -> Iterator[Standin]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = server.told
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.asked.append(body)
            told.headers.append(dict(self.headers))
            with told.lock:
                told.at_once += 1
                told.most_at_once = max(told.most_at_once, told.at_once)
            time.sleep(told.delay)
            status, text = scripted(body["messages"][-1]["content"])
            data = json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()
            with told.lock:
                told.at_once -= 1
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if "[drip]" in body["messages"][-1]["content"]:
                    for place in range(12):
                        self.wfile.write(data[place : place + 1])
                        time.sleep(SLOW_SECONDS / 12)
                    return
                self.wfile.write(data)
            except OSError:
                pass  # who asked has given up

        def log_message(self, *given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.told = Standin(f"http://127.0.0.1:{server.server_port}/v1")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.told  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()
