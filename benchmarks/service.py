"""The service under load beside raw calls: the same questions, people, filters and index process in one run.

    python benchmarks/service.py [--seed 0] [--scale 1] [--minutes 10] [--json] [--check] [--keep FOLDER]

Raw is what no governance and no HTTP would cost: embedding the question (in batches with those of other threads, as the
service does), and the very request that the service sends (legs, filter, IDF corpus, limit) through the same index
process, by as many threads as there are clients. The service is `concord serve` as a process of its own; `search` and
`ask` are `POST /v1/search` and `/v1/ask`, by clients that keep their connections and send the next question when they
have an answer. Rounds of each take turns, and the ratios are of one round. Then `ask` goes on for `--minutes`: errors,
percentiles, and the memory of the service and of the index process over that time.

The clients are one further process, whose CPU is told apart: on a machine of few cores it takes from the service what
raw calls have for themselves, and nothing is deducted for that. People (5,000 registered ones) are drawn at random:
most are in 5 of 300 groups, some in 30, a few in all.

Documents and vectors are those of `query.py`; every question is a new one, and is really embedded.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import resource
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from corpus import GROUPS, Corpus, Writer
from query import PASSAGES, SECTIONS, Borrowing, Recording, question

from concord.bootstrap import Concord
from concord.embedding.batched import BatchedEncoder
from concord.governance import activation
from concord.index import SearchRequest

PEOPLE = 5_000
SHARE = 0.6
SPREAD = 10
GROWTH = 1.1
_READY_SECONDS = 300
_LIMITS = {"CONCORD_SERVICE__REQUESTS_PER_MINUTE": "1000000", "HF_HUB_OFFLINE": "1"}
Asked = tuple[str, str]
"""Who asks, and what."""


@dataclass
class Told:
    """What one client saw: seconds of each answer, what went wrong, and the CPU seconds of its process."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    cpu: float = 0.0
    lasted: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.lasted if self.lasted else 0.0


def build(folder: Path, passages: int, seed: int) -> tuple[Concord, Recording, Writer]:
    """A synced workspace of `passages` passages and `PEOPLE` people; one that is there already is used again."""
    corpus, done = Corpus(folder, passages // SECTIONS, SECTIONS, seed), folder / "synced"
    if not done.exists():
        corpus.write()
        write_people(folder, seed)
    concord = Concord.open(folder)
    if done.exists() and done.read_text("utf-8") != concord.subjects.reader.fingerprint:
        raise SystemExit(f"{folder} is of another version: every question would read its passages anew; delete it")
    if not done.exists():
        activation.apply(concord.engine, concord.desired().declarations, "local:bench")
        real, borrowing = concord.encoder, Borrowing(concord.encoder, corpus.writer, seed)
        vars(concord)["encoder"] = borrowing
        concord.sync_sources(concord.foundation.sources.values())
        vars(concord)["encoder"] = real
        vars(concord).pop("cached_encoder"), vars(concord).pop("chunker", None)
        done.write_text(concord.subjects.reader.fingerprint, "utf-8")
    while len(list(concord.index_folder.glob("shard-*"))) > 1:  # the index process is still building its graph
        time.sleep(1)
    index = Recording(concord.index)
    vars(concord)["index"] = index
    return concord, index, corpus.writer


def write_people(folder: Path, seed: int) -> None:
    """`principals.yaml` with everybody: JSON is YAML."""
    draw = random.Random(seed)
    names = [f"g{number}" for number in range(GROUPS)]
    sizes = draw.choices((5, 30, GROUPS), (80, 18, 2), k=PEOPLE)
    users = [{"id": f"p{number}", "groups": draw.sample(names, size)} for number, size in enumerate(sizes)]
    text = json.dumps({"users": [*users, {"id": "bench"}], "groups": [{"id": name} for name in names]})
    (folder / "principals.yaml").write_text(text, "utf-8")


@contextmanager
def served(folder: Path, at_once: int) -> Iterator[tuple[int, int]]:
    """`concord serve` on a free port: the port, and its process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "concord.cli.main", "--workspace", str(folder), "serve", "--port", str(port)]
    settings = {**_LIMITS, "CONCORD_SERVICE__AT_ONCE": str(at_once)}
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **settings})
    try:
        until = time.monotonic() + _READY_SECONDS
        while not _ready(port):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the service did not start: {folder / 'serve.log'} says why")
            time.sleep(0.2)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


class Load:
    """Clients in a process of their own, that answers to this one."""

    def __init__(self, port: int, clients: int) -> None:
        here, there = multiprocessing.Pipe()
        self._pipe = here
        self._process = multiprocessing.get_context("spawn").Process(target=_clients, args=(there, port, clients))
        self._process.start()

    def run(self, path: str, asked: Sequence[Asked], seconds: float) -> Told:
        """Send these questions, from the first again where they run out, for so long."""
        self._pipe.send((path, list(asked), seconds))
        found: Told = self._pipe.recv()
        return found

    def close(self) -> None:
        """Let the process end."""
        self._pipe.send(None)
        self._process.join()


def _clients(pipe: Connection, port: int, clients: int) -> None:
    while (work := pipe.recv()) is not None:
        path, asked, seconds = work
        pipe.send(_timed(partial(_Client, port, path), asked, seconds, clients))


class _Client:
    """One connection that is kept."""

    def __init__(self, port: int, path: str) -> None:
        self._connection, self._path = http.client.HTTPConnection("127.0.0.1", port, timeout=60), path

    def __call__(self, who: str, text: str) -> None:
        headers = {"X-Concord-User": who, "Content-Type": "application/json"}
        self._connection.request("POST", self._path, json.dumps({"question": text}), headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {body[:200]!r}")


def _timed(make: Callable[[], Callable[[str, str], object]], asked: Sequence[Asked], seconds: float, at: int) -> Told:
    """Call, by so many threads at once, for so long; each has a caller of its own and shares the questions."""
    told, numbers, lock = Told(), iter(range(10**9)), threading.Lock()
    began, busy = time.perf_counter(), time.process_time()
    until = began + seconds

    def calling() -> None:
        call = make()
        while time.perf_counter() < until:
            with lock:
                who, text = asked[next(numbers) % len(asked)]
            start = time.perf_counter()
            try:
                call(who, text)
            except Exception as error:
                told.errors.append(str(error))
                call = make()
            else:
                told.seconds.append(time.perf_counter() - start)

    with ThreadPoolExecutor(at) as pool:
        for each in [pool.submit(calling) for _ in range(at)]:
            each.result()
    told.lasted, told.cpu = time.perf_counter() - began, time.process_time() - busy
    return told


class Raw:
    """Embedding and the engine's request, as often as they go."""

    def __init__(self, concord: Concord, index: Recording) -> None:
        self._concord, self._index = concord, index
        self._encoder = BatchedEncoder(getattr(concord.encoder, "_encoder", concord.encoder))
        self._requests: dict[Asked, SearchRequest] = {}

    def learn(self, asked: Sequence[Asked]) -> None:
        """Note what the service would send for these, without sending it."""
        self._index.dry, self._requests = True, {}
        for who, text in asked:
            self._concord.search(text, self._concord.foundation.directory.principal(who))
            if self._index.last is not None:
                self._requests[who, text] = self._index.last
            self._index.last = None
        self._index.dry = False

    def __call__(self, who: str, text: str) -> None:
        """One raw call."""
        vector = self._encoder.encode([text])[0]
        if (request := self._requests.get((who, text))) is not None:  # who reads nothing needs no search
            self._index.search(replace(request, dense=vector.tolist()))


class Memory(threading.Thread):
    """Resident megabytes of processes, once a second."""

    def __init__(self, processes: dict[str, int]) -> None:
        super().__init__(daemon=True)
        self._processes, self._ended = processes, threading.Event()
        self.seen: dict[str, list[float]] = {name: [] for name in processes}

    def run(self) -> None:
        """Look until it is enough."""
        while not self._ended.wait(1):
            for name, process in self._processes.items():
                self.seen[name].append(resident(process))

    def end(self) -> dict[str, dict[str, float]]:
        """Medians of the second and of the last tenth of the time (the first one warms up), and their ratio."""
        self._ended.set()
        self.join()
        return {name: _grown(values) for name, values in self.seen.items()}


def _grown(values: Sequence[float]) -> dict[str, float]:
    tenth = max(1, len(values) // 10)
    early, late = statistics.median(values[tenth : 2 * tenth] or values), statistics.median(values[-tenth:])
    return {"early_mb": round(early), "late_mb": round(late), "ratio": round(late / early, 3)}


def resident(process: int) -> float:
    """Megabytes that a process holds in memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def run(folder: Path, passages: int, options: argparse.Namespace) -> dict[str, Any]:
    """Measure, and return the figures."""
    concord, index, writer = build(folder, passages, options.seed)
    draw = random.Random(options.seed)

    def asked(count: int) -> list[Asked]:
        return [(f"p{draw.randrange(PEOPLE)}", question(writer, draw)) for _ in range(count)]

    raw, rounds = Raw(concord, index), []
    with served(folder, options.at_once) as (port, process):
        load = Load(port, options.clients)
        try:
            load.run("/v1/ask", asked(1_000), options.seconds * 2)  # warm
            for number in range(options.rounds):
                these = asked(round(options.seconds * 150))
                raw.learn(these)
                ways: dict[str, Callable[[], Told]] = {
                    "raw": lambda these=these: _timed(lambda: raw, these, options.seconds, options.clients),  # type: ignore[misc]
                    "search": lambda: load.run("/v1/search", asked(2_000), options.seconds),
                    "ask": lambda: load.run("/v1/ask", asked(2_000), options.seconds),
                }
                order = list(ways) if number % 2 else list(reversed(ways))
                rounds.append({name: ways[name]() for name in order})
                _note(f"round {number + 1} of {options.rounds}")
            memory = Memory({"service": process, "index": index.process_id()})
            memory.start()
            whole = load.run("/v1/ask", asked(20_000), options.minutes * 60)
            grown = memory.end()
        finally:
            load.close()
    report = _report(options, index.count(), writer.prose.origin, rounds, whole, grown)
    index.stop()
    concord.close()
    return report


def _report(
    options: argparse.Namespace, passages: int, prose: str, rounds: list[dict[str, Told]], whole: Told, grown: Any
) -> dict[str, Any]:
    ratios = {way: [each[way].rate / each["raw"].rate for each in rounds] for way in ("search", "ask")}
    cpu = {way: [each[way].cpu / each[way].lasted for each in rounds] for way in ("raw", "search", "ask")}
    p50, p99 = (1_000 * float(np.percentile(whole.seconds or [0.0], each)) for each in (50, 99))
    errors = [*whole.errors, *(error for each in rounds for told in each.values() for error in told.errors)]
    share = statistics.median(ratios["ask"])
    met = {
        f"ask at least {SHARE} of raw": share >= SHARE,
        f"p99 under {SPREAD} x p50": p99 < SPREAD * p50,
        "no error": not errors,
        "memory flat": all(each["ratio"] < GROWTH for each in grown.values()),
    }
    return {
        "passages": passages,
        "people": PEOPLE,
        "prose": prose,
        "cores": os.cpu_count(),
        "clients": options.clients,
        "rate": {
            way: round(statistics.median(each[way].rate for each in rounds), 1) for way in ("raw", "search", "ask")
        },
        "ratio": {way: _spread(each) for way, each in ratios.items()},
        "cores_of_caller": {way: round(statistics.median(each), 2) for way, each in cpu.items()},
        "sustained": {
            "minutes": round(whole.lasted / 60, 1),
            "answers": len(whole.seconds),
            "rate": round(whole.rate, 1),
            "p50_ms": round(p50, 1),
            "p99_ms": round(p99, 1),
            "generator_cores": round(whole.cpu / whole.lasted, 2),
            "memory": grown,
        },
        "errors": len(errors),
        "first_errors": errors[:3],
        "limits": met,
        "met": all(met.values()),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 3),
        "low": round(min(values), 3),
        "high": round(max(values), 3),
    }


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    rate, whole = report["rate"], report["sustained"]
    lines = [
        f"{report['passages']:,} passages of {report['prose']}, {report['people']:,} people, "
        f"{report['clients']} clients, {report['cores']} cores",
        f"raw    {rate['raw']:7.1f}/s, {report['cores_of_caller']['raw']} cores",
    ]
    for way, each in report["ratio"].items():
        lines.append(
            f"{way:6} {rate[way]:7.1f}/s, {each['median']:.2f} of raw ({each['low']:.2f} to {each['high']:.2f}), "
            f"the clients took {report['cores_of_caller'][way]} cores"
        )
    lines.append(
        f"ask for {whole['minutes']} minutes: {whole['answers']:,} answers, {whole['rate']}/s, "
        f"p50 {whole['p50_ms']} ms, p99 {whole['p99_ms']} ms, {report['errors']} errors"
    )
    lines += [
        f"memory of the {name}: {each['early_mb']} to {each['late_mb']} MB" for name, each in whole["memory"].items()
    ]
    lines += [f"{name}: {'met' if met else 'MISSED'}" for name, met in report["limits"].items()]
    return "\n".join([*lines, *report["first_errors"]])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help=f"times {10 * PASSAGES:,} passages")
    parser.add_argument("--clients", type=int, default=8, help="questions under way at once")
    parser.add_argument("--at-once", type=int, default=4, help="`service.at_once`")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of raw, search and ask")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each of them")
    parser.add_argument("--minutes", type=float, default=10.0, help="for which ask goes on at the end")
    parser.add_argument("--keep", type=Path, help="make the workspace here, and use it again if it is there")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a limit is missed")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="concord-bench-") as folder:
        report = run(options.keep or Path(folder) / "workspace", round(10 * PASSAGES * options.scale), options)
    print(json.dumps(report, indent=2) if options.json else table(report))
    return int(options.check and not report["met"])


if __name__ == "__main__":
    sys.exit(main())
