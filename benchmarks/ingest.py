"""Ingestion beside raw encoding, and beside llama-index's own pipeline: the same unique passages, cold caches.

    python benchmarks/ingest.py [--seed 0] [--scale 1] [--json] [--check] [--no-peer]

Each round writes a workspace of unique documents (`corpus.py`) and measures, in alternating order: a sync of it from
files to flushed index points (parsing, describing, cutting, reading, embedding, catalog, index); encoding the very same
passages with the same backend, as a list sorted by length in the same batches, and as many of these at once as a sync
encodes (`raw`), or one after the other, each on all cores (`turns`, which was `raw` before syncs encoded several at
once); `SentenceTransformer.encode` of them on torch; and llama-index's `IngestionPipeline` into `QdrantVectorStore`
over the same files, with the same model on torch.
Rates are passages per wall second, with CPU seconds beside them (of a sync, those of the parsing and the index process
too): wall times on a busy machine say little. The vocabulary's labels are embedded before, as `concord apply` does it.
Memory: growth of the syncing process above the loaded model, and of the index process above an empty index, for the
documents and for ten times as many; of the index also what is its own, and what the engine maps from its files, which
the system takes back where others need it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus import Corpus

from concord.bootstrap import Concord, garbage
from concord.catalog.chunks import item_chunks
from concord.catalog.engine import reading
from concord.catalog.schema import items
from concord.embedding import CachedEncoder, Encoder, Passage, open_encoder
from concord.embedding.cache import BATCH_SIZE
from concord.governance import activation

DOCUMENTS = 40
SECTIONS = 5
ROUNDS = 3
BATCH = 32
"""Of torch and of the peer: sentence-transformers' own default. Ours are in `concord.embedding.cache`."""
LIMITS = {"end_to_end": 0.9, "backend": 1.0, "memory": 1.5}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help=f"times {DOCUMENTS} documents of {SECTIONS} passages")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a limit is missed")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each way")
    parser.add_argument("--no-peer", action="store_true", help="leave llama-index out")
    parser.add_argument("--no-memory", action="store_true", help="leave the measurement of memory out")
    parser.add_argument("--grow", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.grow:
        print(json.dumps(growth(options.grow)))
        return 0
    documents, rounds = round(DOCUMENTS * options.scale), options.rounds
    report = run(documents, options.seed, rounds, peer=not options.no_peer, memory=not options.no_memory)
    print(json.dumps(report, indent=2) if options.json else table(report))
    return int(options.check and not all(report["met"].values()))


def run(documents: int, seed: int, rounds: int, *, peer: bool, memory: bool) -> dict[str, Any]:
    """Rates by way, ratios of each round, and growth of memory."""
    onnx, torch = open_encoder(runtime="onnx"), open_encoder(runtime="torch")
    for encoder in (onnx, torch):
        encoder.encode(["warm up"])
        encoder.encode_passages([Passage("warm up")])
    rates: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    for number in range(rounds):
        with TemporaryDirectory(prefix="concord-bench-") as folder:
            made = _round(Path(folder) / "workspace", documents, seed * 1_000 + number, onnx, torch, peer, number)
        for name, (rate, busy) in made.items():
            rates.setdefault(name, []).append(rate)
            cpu.setdefault(name, []).append(busy)
    report: dict[str, Any] = {
        "documents": documents,
        "passages": documents * SECTIONS,
        "rounds": rounds,
        "passages_per_second": {name: spread(values) for name, values in rates.items()},
        "cpu_ms_per_passage": {name: spread(values) for name, values in cpu.items()},
        "end_to_end": spread([one / other for one, other in zip(rates["sync"], rates["raw"], strict=True)]),
        "end_to_end_cpu": spread([other / one for one, other in zip(cpu["sync"], cpu["raw"], strict=True)]),
        "end_to_end_turns": spread([one / other for one, other in zip(rates["sync"], rates["turns"], strict=True)]),
        "backend": spread([one / other for one, other in zip(rates["raw"], rates["torch"], strict=True)]),
    }
    if peer:
        report["peer"] = spread([one / other for one, other in zip(rates["sync"], rates["peer"], strict=True)])
    if memory:
        grown = [grow(documents * times, seed) for times in (1, 10)]
        report["memory_mib"] = grown
        report["memory"] = [round(ten / max(one, 1.0), 2) for one, ten in zip(*grown, strict=True)][:2]
    report["limits"] = LIMITS
    report["met"] = {
        "end_to_end": report["end_to_end"][1] >= LIMITS["end_to_end"],
        "backend": report["backend"][1] >= LIMITS["backend"],
        **({"memory": max(report["memory"]) < LIMITS["memory"]} if memory else {}),
    }
    return report


def _round(
    folder: Path, documents: int, seed: int, onnx: Encoder, torch: Encoder, peer: bool, number: int
) -> dict[str, tuple[float, float]]:
    """Rate and CPU milliseconds per passage of each way over one workspace; the order turns with `number`."""
    Corpus(folder, documents, SECTIONS, seed).write()
    concord = Concord.open(folder)
    garbage.look_seldom()  # as every command does
    vars(concord)["encoder"] = onnx
    activation.apply(concord.engine, concord.desired().declarations, "local:bench")
    concord.embed_labels(concord.foundation.vocabulary, lambda _done, _all: None)  # as `concord apply` does
    index = concord.index.process_id()  # type: ignore[attr-defined]  # it is up, as it is for any but the first command
    passages: list[Passage] = []

    def sync() -> None:
        concord.sync_sources(concord.foundation.sources.values())
        concord.parser.close()  # its process ends, and is counted

    made = {"sync": reported("sync", measured(sync, index))}
    with reading(concord.engine) as connection:
        for identifier in connection.scalars(items.select().with_only_columns(items.c.identifier)).all():
            kept = item_chunks(connection, identifier).values()
            passages += [chunk.passage for chunks in kept for chunk in chunks]
    if len(passages) < documents * SECTIONS:
        raise SystemExit(f"{len(passages)} passages of {documents} documents: not all were taken, see quarantine")
    passages.sort(key=lambda passage: len(passage.text))
    texts = [passage.text for passage in passages]
    ways: dict[str, Callable[[], object]] = {
        "raw": lambda: CachedEncoder(onnx, Nothing()).embed(passages),
        "turns": lambda: [onnx.encode([each.text for each in part]) for part in batches(passages)],
        "torch": lambda: torch.sentence_transformer.encode(texts, batch_size=BATCH, show_progress_bar=False),  # type: ignore[attr-defined]
    }
    if peer:
        ways["peer"] = lambda: llama_index(folder / "content", torch)
    names = list(ways)
    for name in names[::-1] if number % 2 else names:
        made[name] = reported(name, measured(ways[name]))
    stop = getattr(concord.index, "stop", None)
    if stop is not None:
        stop()
    concord.close()
    return {name: (len(passages) / wall, busy * 1_000 / len(passages)) for name, (wall, busy) in made.items()}


def llama_index(folder: Path, torch: Any) -> object:
    """llama-index's own pipeline over the same files: read, cut at headings, embed, store in Qdrant (in memory)."""
    from llama_index.core import SimpleDirectoryReader
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.node_parser import MarkdownNodeParser
    from llama_index.vector_stores.qdrant import QdrantVectorStore
    from qdrant_client import QdrantClient

    model = torch.sentence_transformer

    class Embedding(BaseEmbedding):  # the model loaded already, as for the other ways
        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = model.encode(texts, batch_size=BATCH, show_progress_bar=False).tolist()
            return vectors

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    documents = SimpleDirectoryReader(str(folder), recursive=True, required_exts=[".md"]).load_data()
    store = QdrantVectorStore("bench", client=QdrantClient(":memory:"))
    steps = [MarkdownNodeParser(), Embedding(embed_batch_size=BATCH)]
    return IngestionPipeline(transformations=steps, vector_store=store).run(documents=documents)


class Nothing:
    """A cache that keeps nothing."""

    def held(self, model: str, hashes: Sequence[str]) -> Collection[str]:
        """None of the hashes."""
        return ()


def batches(passages: Sequence[Passage]) -> list[Sequence[Passage]]:
    """Passages in batches."""
    return [passages[start : start + BATCH_SIZE] for start in range(0, len(passages), BATCH_SIZE)]


def measured(work: Callable[[], object], beside: int | None = None) -> tuple[float, float]:
    """Wall seconds, and CPU seconds of this process, of the children that ended and of the process `beside`."""
    began, busy = time.perf_counter(), _busy(beside)
    work()
    return time.perf_counter() - began, _busy(beside) - busy


def reported(name: str, seconds: tuple[float, float]) -> tuple[float, float]:
    """Say on stderr what a way took, for a round takes minutes."""
    print(f"{name}: {seconds[0]:.1f} s, CPU {seconds[1]:.1f} s", file=sys.stderr, flush=True)
    return seconds


def _busy(beside: int | None) -> float:
    own = sum(os.times()[:4])
    if beside is None:
        return own
    fields = Path(f"/proc/{beside}/stat").read_text("utf-8").rpartition(")")[2].split()
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def grow(documents: int, seed: int) -> list[float]:
    """Growth of the syncing and of the index process in MiB, both new ones: nothing stays from what ran before.

    Then what of the index's is its own at the end, and what is mapped from files.
    """
    with TemporaryDirectory(prefix="concord-bench-") as folder:
        Corpus(Path(folder) / "workspace", documents, SECTIONS, seed).write()
        command = [sys.executable, __file__, "--grow", str(Path(folder) / "workspace")]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    grown: list[float] = json.loads(done.stdout)
    sync, index, own, mapped = grown
    told = f"sync {sync} MiB, index {index} MiB, at the end {own} of its own and {mapped} mapped from files"
    print(f"memory of {documents} documents: {told}", file=sys.stderr, flush=True)
    return grown


def growth(folder: Path) -> list[float]:
    """MiB by which a sync's peak stands above the process with its model loaded and used, and the index's above empty.

    Both are peaks of all resident memory, what the engine maps from its files included. Behind them stands by how much
    the index's own memory and what it maps have grown at the end.
    """
    concord = Concord.open(folder)
    garbage.look_seldom()  # as every command does
    activation.apply(concord.engine, concord.desired().declarations, "local:bench")
    text = "A sentence of ordinary words that is repeated until it fills a passage. " * 24
    concord.encoder.encode_passages([Passage(text, ((0, 71),))] * BATCH)
    index = concord.index.process_id()  # type: ignore[attr-defined]
    before = peak(os.getpid()), peak(index), *held(index)
    concord.sync_sources(concord.foundation.sources.values())
    after = peak(os.getpid()), peak(index), *held(index)
    stop = getattr(concord.index, "stop", None)
    if stop is not None:
        stop()
    concord.close()
    return [round(now - then, 1) for now, then in zip(after, before, strict=True)]


def peak(process: int) -> float:
    """The most memory that a process ever held, in MiB."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def held(process: int) -> tuple[float, float]:
    """What a process holds in memory of its own, and mapped from files, in MiB."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8").splitlines()[1:]
    sizes = {name: int(rest.split()[0]) / 1024 for name, _, rest in (line.partition(":") for line in lines)}
    return sizes["Anonymous"], sizes["Rss"] - sizes["Anonymous"]


def spread(values: Sequence[float]) -> list[float]:
    """Minimum, median, maximum."""
    return [round(value, 3) for value in (min(values), statistics.median(values), max(values))]


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = [f"{report['passages']:,} unique passages a round, {report['rounds']} rounds; median (low to high)"]
    for name, (low, middle, high) in report["passages_per_second"].items():
        busy = report["cpu_ms_per_passage"][name][1]
        lines.append(f"{name:6} {middle:8.1f} passages/s ({low:.1f} to {high:.1f}), {busy:.1f} CPU-ms a passage")
    for name, told in (
        ("end_to_end", "sync / raw encoding"),
        ("end_to_end_cpu", "the same by CPU time"),
        ("end_to_end_turns", "sync / raw encoding, one batch after the other"),
        ("backend", "raw encoding / torch"),
        ("peer", "sync / llama-index"),
    ):
        if name in report:
            low, middle, high = report[name]
            limit = f", at least {LIMITS[name]}" if name in LIMITS else ""
            lines.append(f"{told}: {middle:.2f} ({low:.2f} to {high:.2f}){limit}{_verdict(report, name)}")
    if "memory" in report:
        for number, name in enumerate(("sync", "index")):
            one, ten = (grown[number] for grown in report["memory_mib"])
            ratio = f"{report['memory'][number]:.2f} x for ten times the documents ({one} to {ten} MiB)"
            lines.append(f"memory of the {name} process above its start, model loaded: {ratio}")
        lines[-1] += f", both under {LIMITS['memory']}{_verdict(report, 'memory')}"
        small, large = ([f"{size} MiB" for size in grown[2:]] for grown in report["memory_mib"])
        parts = zip(("its own", "mapped from files"), small, large, strict=True)
        lines.append("of the index's at the end: " + ", ".join(f"{name} {one} to {ten}" for name, one, ten in parts))
    return "\n".join(lines)


def _verdict(report: dict[str, Any], name: str) -> str:
    return f": {'met' if report['met'][name] else 'MISSED'}" if name in report["met"] else ""


if __name__ == "__main__":
    sys.exit(main())
