"""A sync that finds nothing changed, beside the first one: what looking costs.

    python benchmarks/sync.py [--seed 0] [--scale 1] [--json] [--check]

The first sync reads, parses, describes, cuts and indexes every document, but borrows its vectors (`query.py` says how):
with the model it would take many times as long, so that the ratio here is the strictest. Then the workspace is opened
anew and synced again, several times. It also reports what such a sync must not do: read a file, load the model.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus import Corpus
from query import Borrowing

from concord.bootstrap import Concord
from concord.governance import activation

DOCUMENTS = 10_000
ROUNDS = 5
LIMIT = 0.02


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help=f"times {DOCUMENTS:,} documents")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--check", action="store_true", help="exit with 1 where the limit is missed")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="concord-bench-") as folder:
        report = measure(Path(folder) / "workspace", round(DOCUMENTS * options.scale), options.seed)
    print(json.dumps(report, indent=2) if options.json else table(report))
    return int(options.check and not report["met"])


def measure(folder: Path, documents: int, seed: int) -> dict[str, Any]:
    """Sync twice and more; seconds of wall and of this process's CPU."""
    corpus = Corpus(folder, documents, 1, seed)
    corpus.write()
    concord = Concord.open(folder)
    activation.apply(concord.engine, concord.desired().declarations, "local:bench")
    vars(concord)["encoder"] = Borrowing(concord.encoder, corpus.writer, seed)
    first, first_cpu = timed(concord)
    concord.close()
    again, again_cpu = [], []
    for _ in range(ROUNDS):
        concord = Concord.open(folder)
        wall, cpu = timed(concord)
        loaded = any(name in vars(concord.encoder) for name in ("_session", "_tokens"))
        concord.close()
        again.append(wall)
        again_cpu.append(cpu)
    ratios = [wall / first for wall in again]
    concord = Concord.open(folder)
    concord.index.stop()  # type: ignore[attr-defined]
    concord.close()
    return {
        "documents": documents,
        "first_seconds": round(first, 2),
        "first_cpu_seconds": round(first_cpu, 2),
        "again_seconds": [round(each, 3) for each in sorted(again)],
        "again_cpu_seconds": [round(each, 3) for each in sorted(again_cpu)],
        "ratio": round(statistics.median(ratios), 4),
        "ratio_low": round(min(ratios), 4),
        "ratio_high": round(max(ratios), 4),
        "cpu_ratio": round(statistics.median(again_cpu) / first_cpu, 4),
        "model_loaded": loaded,
        "limit": LIMIT,
        "met": statistics.median(ratios) < LIMIT and not loaded,
    }


def timed(concord: Concord) -> tuple[float, float]:
    """Wall and CPU seconds of a sync of everything."""
    began, busy = time.perf_counter(), time.process_time()
    concord.sync_sources(concord.foundation.sources.values())
    return time.perf_counter() - began, time.process_time() - busy


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    return (
        f"{report['documents']:,} documents: first sync {report['first_seconds']} s with borrowed vectors, again "
        f"{statistics.median(report['again_seconds'])} s: {report['ratio']:.2%} "
        f"({report['ratio_low']:.2%} to {report['ratio_high']:.2%}; of CPU {report['cpu_ratio']:.2%}), "
        f"limit {report['limit']:.0%}: {'met' if report['met'] else 'MISSED'}"
    )


if __name__ == "__main__":
    sys.exit(main())
