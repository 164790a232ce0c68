"""What a hybrid search costs in process and through the index process, beside the raw engine, per filter shape.

The points are clustered (iid vectors tell nothing about a graph) and each carries three of 300 groups. The raw engine
runs the same three legs under the same filters without checks, exact retries, payload decoding or a socket. Recall is
that of the dense leg at 20 against an exact search.

    python benchmarks/index_search.py --scale 4 --json
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import numpy as np
from qdrant_edge import IdfParams, Query, QueryRequest, SearchParams

from concord.index import Index, Payload, Point, SearchFilter, SearchRequest
from concord.index.conditions import conditions
from concord.index.edge import filters
from concord.index.edge.client import EdgeClient
from concord.index.edge.shard import EdgeIndex
from concord.index.queries import queries
from concord.index.schema import DENSE

DIMENSION = 384
POINTS = 5_000
GROUPS = [f"group:{number}" for number in range(300)]
WORDS = np.array([f"word{number}" for number in range(3_000)])
SHAPES = {
    "300 groups": SearchFilter(frozenset(GROUPS)),
    "60 groups": SearchFilter(frozenset(GROUPS[:60])),
    "6 groups and a tier": SearchFilter(frozenset(GROUPS[:6]), tiers=("policy",)),
}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=int, default=1, help=f"times {POINTS:,} points")
    parser.add_argument("--rounds", type=int, default=60, help="searches per shape and engine")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="concord-bench-") as folder:
        report = measure(Path(folder), options.seed, options.scale * POINTS, options.rounds)
    print(json.dumps(report, indent=2) if options.json else table(report))
    return 0


def measure(folder: Path, seed: int, size: int, rounds: int) -> dict[str, Any]:
    """Fill an index, search it three ways, and return the figures; times are in milliseconds."""
    random = np.random.default_rng(seed)
    vectors = clustered(random, size)
    index = EdgeIndex(folder, DIMENSION)
    began = time.perf_counter()
    for start in range(0, size, 1_000):
        index.upsert([make(random, number, vectors[number]) for number in range(start, min(size, start + 1_000))])
    index.flush()
    report: dict[str, Any] = {"points": size, "points_per_second": round(size / (time.perf_counter() - began))}
    requests = {shape: [ask(random, wanted, vectors) for _ in range(rounds)] for shape, wanted in SHAPES.items()}
    raw = {shape: timed(lambda request: search_raw(index, request), some) for shape, some in requests.items()}
    here = {shape: timed(index.search, some) for shape, some in requests.items()}
    recall = {shape: recall_at_20(index, some[:10]) for shape, some in requests.items()}
    index.close()
    client = EdgeClient(folder, DIMENSION)
    began = time.perf_counter()
    client.count()
    report["start_seconds"] = round(time.perf_counter() - began, 3)
    shared = {shape: timed(client.search, some) for shape, some in requests.items()}
    client.stop()
    client.close()
    report["shapes"] = {
        shape: {
            "recall": recall[shape],
            "raw_ms": middle(raw[shape]),
            "in_process_ratio": ratio(here[shape], raw[shape]),
            "shared_ratio": ratio(shared[shape], raw[shape]),
        }
        for shape in SHAPES
    }
    return report


def clustered(random: np.random.Generator, size: int) -> Any:
    """Vectors around 200 centres."""
    centres = random.normal(size=(200, DIMENSION))
    return (centres[random.integers(0, 200, size)] + 0.5 * random.normal(size=(size, DIMENSION))).astype("float32")


def make(random: np.random.Generator, number: int, vector: Any) -> Point:
    """Point `number`, with 80 words."""
    words = WORDS[random.integers(0, len(WORDS), 80)]
    readers = tuple(GROUPS[(number * 7 + step) % len(GROUPS)] for step in range(3))
    tier = ("policy", "guidance", "discussion")[number % 3]
    payload = Payload(f"s/{number // 5}", 1, number % 5, readers, "approved", f"s{number % 20}", tier=tier)
    return Point(str(UUID(int=number + 1)), vector, " ".join(words), " ".join(words[:4]), payload)


def ask(random: np.random.Generator, wanted: SearchFilter, vectors: Any) -> SearchRequest:
    """A question near a point, with four words."""
    near = vectors[random.integers(0, len(vectors))] + 0.2 * random.normal(size=DIMENSION).astype("float32")
    words = WORDS[random.integers(0, len(WORDS), 4)]
    return SearchRequest(wanted, near, " ".join(words), str(words[0]), limit=100)


def search_raw(index: EdgeIndex, request: SearchRequest) -> object:
    """The same three legs, straight to the engine."""
    wanted, asked = conditions(request.filter), queries(request, DIMENSION)
    assert wanted is not None and asked.dense is not None
    allowed = filters.to_filter(wanted)
    found = []
    for name, vector in {DENSE: asked.dense, **asked.sparse}.items():
        params = SearchParams(idf=None if name == DENSE else IdfParams(corpus=allowed))
        query = QueryRequest(
            limit=100, query=Query.Nearest(vector, using=name), filter=allowed, params=params, with_payload=True
        )
        found.append(index.shard.query(query))
    return found


def timed(search: Callable[[SearchRequest], object], requests: list[SearchRequest]) -> list[float]:
    """Milliseconds of each search, after one to warm up."""
    search(requests[0])
    times = []
    for request in requests:
        began = time.perf_counter()
        search(request)
        times.append((time.perf_counter() - began) * 1_000)
    return times


def recall_at_20(index: Index, requests: list[SearchRequest]) -> float:
    """The share of an exact dense search's first 20 that the search finds."""
    shares = []
    for request in requests:
        exact = SearchRequest(request.filter, request.dense, limit=request.limit, exact=True)
        best = {hit.id for hit in index.search(exact).dense[:20]}
        shares.append(len(best & {hit.id for hit in index.search(request).dense[:20]}) / max(1, len(best)))
    return round(statistics.mean(shares), 4)


def middle(times: list[float]) -> dict[str, float]:
    """Median and quartiles."""
    low, half, high = statistics.quantiles(times, n=4)
    return {"median": round(half, 2), "low": round(low, 2), "high": round(high, 2)}


def ratio(times: list[float], base: list[float]) -> dict[str, float]:
    """Median and quartiles of the ratios, search by search."""
    return middle([one / other for one, other in zip(times, base, strict=True)])


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = [
        f"{report['points']:,} points, {report['points_per_second']:,} written a second",
        f"process up in {report['start_seconds']} s",
        f"{'shape':22} recall   raw engine         in process         through the process",
    ]
    for shape, row in report["shapes"].items():
        cells = [f"{row[key]['median']:.2f} ({row[key]['low']:.2f}-{row[key]['high']:.2f})" for key in list(row)[1:]]
        lines.append(f"{shape:22} {row['recall']:.3f}    {cells[0]:15} ms {cells[1]:16} x {cells[2]} x")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
