"""Governed search beside the raw engine: the same questions, filters and index process in one run.

    python benchmarks/query.py [--seed 0] [--scale 1] [--json] [--check] [--keep FOLDER]

Raw is what no governance at all would cost: embedding the question, and the very request that the governed search sends
(legs, filter, IDF corpus, limit) through the same index process. Governed is all of it: who may read, expansion by the
taxonomy, the check against the catalog, ranking, claims and conflicts decided by authority, and the confidence in that;
`ask` adds composing the answer and keeping its trace. Each question is asked both ways in turn, the first one
alternating. The limit is on the ratio of their 95th percentiles.

Warm is a process that has answered `--warm` other questions of the asker and goes on; how many passages a question
still had to read from the catalog is part of the output. Cold is one that keeps nothing of the catalog in memory from
one question to the next, as after a start or a writing; no limit is set for it.

Documents are written from real prose (`corpus.py`); questions are really embedded. So that 100,000 passages need no
hour of embedding, their vectors and their sentences' are those of other real texts of the same prose, with noise:
clustered as real ones are.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from corpus import PRINCIPALS, Corpus, Writer
from sqlalchemy import Connection

from concord.answering.confidence import confidence
from concord.bootstrap import Concord, garbage
from concord.catalog import items
from concord.catalog.chunks import Chunk
from concord.embedding import Embedded, Encoder, Passage
from concord.embedding.pooling import unit
from concord.governance import activation
from concord.index import Index, SearchRequest, SearchResult
from concord.retrieval import retriever
from concord.retrieval.question import Question
from concord_taxonomy.standard import Principal

PASSAGES = 10_000
SECTIONS = 10
ROUNDS = 5
QUESTIONS = 40
WARM = 200
LIMIT = 1.5
TODAY = date(2026, 10, 1)
Times = tuple[float, float]
_BASES = 1_000
_ASKING = ("How many days", "How long", "What is the limit", "When", "Who approves", "What is the policy", "How much")


class Borrowing:
    """The real model for questions; for passages, vectors of real texts with noise."""

    batches_at_once = 1

    def __init__(self, encoder: Encoder, writer: Writer, seed: int) -> None:
        self._encoder = encoder
        self._random = np.random.default_rng(seed)
        texts = sorted((writer.sentence() for _ in range(_BASES)), key=len)
        batches = [encoder.encode(texts[start : start + 32]) for start in range(0, _BASES, 32)]
        self._bases = np.concatenate(batches)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_passages(self, passages: Sequence[Passage]) -> list[Embedded]:
        """Vectors around a base for each passage, and around that for each of its sentences."""
        made = []
        for passage in passages:
            base = self._bases[self._random.integers(_BASES)]
            noise = self._random.standard_normal((len(passage.sentences) + 1, len(base)), np.float32)
            near = unit(base + noise * np.float32(0.6 / np.sqrt(len(base))))
            made.append(Embedded(near[0], near[1:]))
        return made


class Recording:
    """The index, noting what is asked of it; with `dry` it is not asked."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.dry = False
        self.last: SearchRequest | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def search(self, request: SearchRequest) -> SearchResult:
        """Search, and note the request."""
        self.last = request
        return SearchResult() if self.dry else self._index.search(request)


def build(folder: Path, passages: int, seed: int) -> tuple[Concord, Recording, Writer]:
    """A synced workspace of `passages` passages; one that is there already is used again."""
    corpus = Corpus(folder, passages // SECTIONS, SECTIONS, seed)
    done = folder / "synced"
    if not done.exists():
        corpus.write()
    concord = Concord.open(folder)
    garbage.look_seldom()  # as every command does
    if not done.exists():
        activation.apply(concord.engine, concord.desired().declarations, "local:bench")
        real, borrowing = concord.encoder, Borrowing(concord.encoder, corpus.writer, seed)
        vars(concord)["encoder"] = borrowing
        concord.sync_sources(concord.foundation.sources.values())
        vars(concord)["encoder"] = real
        vars(concord).pop("cached_encoder"), vars(concord).pop("chunker", None)
        done.touch()
    while len(list(concord.index_folder.glob("shard-*"))) > 1:  # the index process is still building its graph
        time.sleep(1)
    index = Recording(concord.index)
    vars(concord)["index"] = index
    return concord, index, corpus.writer


def question(writer: Writer, random: random.Random) -> str:
    """A question of 8 to 16 words about something that the prose speaks of."""
    words = writer.sentence().split()
    start = random.randrange(max(1, len(words) - 8))
    return f"{random.choice(_ASKING)} {' '.join(words[start : start + random.randint(4, 8)]).rstrip('.,;:?!')}?"


def measure(
    concord: Concord, index: Recording, who: Principal, questions: list[str], *, cold: bool = False
) -> list[tuple[str, Times, Times]]:
    """For each question the way it was asked (governed and ask in turn), and what that and raw took."""
    request: SearchRequest | None = None

    def raw(text: str) -> object:
        assert request is not None, "no search was sent"
        return index.search(replace(request, dense=concord.encoder.encode([text])[0].tolist()))

    def governed(text: str) -> object:
        question = Question(text, who, TODAY)
        found = concord.retriever.search(question)
        evidence = concord.answerer.weigh(question, found)
        return confidence(evidence.asked, found.expansion, evidence.passages, found.terms)

    def ask(text: str) -> object:
        return concord.ask(text, who)

    found = []
    for number, text in enumerate(questions):
        # What the governed search will send, learnt without sending it: nothing is warm for either side.
        index.dry = True
        concord.search(text, who)
        index.dry, request = False, index.last
        if cold:
            forget(concord)
        way = ask if number % 2 else governed
        first, second = (raw, way) if number // 2 % 2 else (way, raw)
        times = {each: timed(each, text) for each in (first, second)}
        found.append((way.__name__, times[way], times[raw]))
    return found


def forget(concord: Concord) -> None:
    """Let go of what is kept of the catalog in memory."""
    for name in ("memory", "known"):
        vars(concord.retriever).pop(name, None)
    items._parsed.cache_clear()


def timed(way: Callable[[str], object], text: str) -> Times:
    """Wall and CPU milliseconds (of this process) of one call."""
    began, busy = time.perf_counter(), time.process_time()
    way(text)
    return (time.perf_counter() - began) * 1_000, (time.process_time() - busy) * 1_000


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return float(np.percentile(values, 95))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help=f"times {PASSAGES:,} passages")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds of {QUESTIONS} questions each")
    parser.add_argument("--warm", type=int, default=WARM, help="questions of each principal asked beforehand")
    parser.add_argument("--keep", type=Path, help="make the workspace here, and use it again if it is there")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--check", action="store_true", help="exit with 1 where the limit is missed")
    options = parser.parse_args()
    passages = round(PASSAGES * options.scale)
    with TemporaryDirectory(prefix="concord-bench-") as folder:
        report = run(options.keep or Path(folder) / "workspace", passages, options)
    print(json.dumps(report, indent=2) if options.json else table(report))
    return int(options.check and not report["met"])


def run(folder: Path, passages: int, options: argparse.Namespace) -> dict[str, Any]:
    """Ask `rounds` times as many questions as each principal, and return the figures; times are in milliseconds."""
    concord, index, writer = build(folder, passages, options.seed)
    asking = random.Random(options.seed)
    # The prose that questions are drawn from is nothing that a process of Concord holds and collects garbage around.
    gc.collect()
    gc.freeze()
    report: dict[str, Any] = {
        "passages": index.count(),
        "prose": writer.prose.origin,
        "vectors": "of passages borrowed from other texts of the same prose, with noise; questions embedded",
        "questions": options.rounds * QUESTIONS,
        "warm": options.warm,
        "principals": {},
        "limit": LIMIT,
    }

    def asked(who: Principal, *, cold: bool) -> dict[str, Any]:
        rounds = []
        for _ in range(options.rounds):
            questions = [question(writer, asking) for _ in range(QUESTIONS)]
            rounds.append(measure(concord, index, who, questions, cold=cold))
        return summary(rounds)

    for name, who in PRINCIPALS.items():
        for _ in range(options.warm):
            concord.explain(question(writer, asking), who)
        with reads() as read:
            warm = asked(who, cold=False)
        warm["read"] = round(read[0] / options.rounds / QUESTIONS, 1)
        report["principals"][name] = {"warm": warm, "cold": asked(who, cold=True)}
    report["met"] = all(each["warm"]["governed"]["ratio"] <= LIMIT for each in report["principals"].values())
    index.stop()
    concord.close()
    return report


@contextmanager
def reads() -> Iterator[list[int]]:
    """Count the passages that are read from the catalog."""
    count, load = [0], retriever.load_chunks

    def counted(connection: Connection, ids: Sequence[str]) -> dict[str, Chunk]:
        count[0] += len(ids)
        return load(connection, ids)

    retriever.load_chunks = counted
    yield count
    retriever.load_chunks = load


def summary(rounds: Sequence[list[tuple[str, Times, Times]]]) -> dict[str, Any]:
    """For each way its percentiles and those of raw over all rounds, and the ratio of the 95th ones of each round."""
    report: dict[str, Any] = {}
    for way in ("governed", "ask"):
        pairs = [[(mine, raw) for name, mine, raw in each if name == way] for each in rounds]
        everything = [pair for each in pairs for pair in each]
        ratios = [p95([mine[0] for mine, _ in each]) / p95([raw[0] for _, raw in each]) for each in pairs]
        report[way] = {
            "raw_ms": percentiles([raw[0] for _, raw in everything]),
            "ms": percentiles([mine[0] for mine, _ in everything]),
            "raw_cpu_ms": percentiles([raw[1] for _, raw in everything]),
            "cpu_ms": percentiles([mine[1] for mine, _ in everything]),
            "ratio": round(statistics.median(ratios), 3),
            "ratio_low": round(min(ratios), 3),
            "ratio_high": round(max(ratios), 3),
            "pairwise": round(statistics.median(mine[0] / raw[0] for mine, raw in everything), 3),
        }
    return report


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50": round(statistics.median(values), 2), "p95": round(p95(values), 2)}


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = [
        f"{report['passages']:,} passages of {report['prose']}; vectors {report['vectors']}",
        f"{report['questions']} questions each, warm after {report['warm']} others; wall milliseconds; ratios of p95, "
        "median of rounds (low to high)",
    ]
    for name, states in report["principals"].items():
        for state, ways in states.items():
            for way in ("governed", "ask"):
                row = ways[way]
                raw, mine = row["raw_ms"], row["ms"]
                lines.append(
                    f"{name:7} {state} {way:8} raw {raw['p50']:6.1f} p95 {raw['p95']:6.1f}   {way:8} {mine['p50']:6.1f}"
                    f" p95 {mine['p95']:6.1f}   ratio {row['ratio']:.2f} ({row['ratio_low']:.2f} to "
                    f"{row['ratio_high']:.2f})   of pairs {row['pairwise']:.2f}"
                )
        lines.append(f"{name:7} warm, a question read {states['warm']['read']} passages from the catalog")
    lines.append(f"governed at most {report['limit']} x raw at p95: {'met' if report['met'] else 'MISSED'}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
