"""The dashboards over a year of questions and reports, beside a hundredth of them: time and memory.

    python benchmarks/feedback.py [--seed 0] [--scale 1] [--keep FOLDER] [--json] [--check]

Full scale is 1,000,000 questions and 50,000 reports; the other size is a hundredth of that, of the same organisation
(`feedback_log.py`). What the pages ask of the catalog is asked in turns of both, by whoever sorts all cases (alone, and
as one of a group that holds them too) and by an owner, each several times; a part's time is the median. The limit is
ten times for each part, and for all of them together. Memory is what a process of its own takes for the whole.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from feedback_log import Log, workspace

from concord.bootstrap import Concord
from concord.catalog import upkeep
from concord.catalog.boards import Chosen
from concord.catalog.engine import reading
from concord.catalog.traces import citing
from concord.service.web.desk.notices import own_reports

QUESTIONS = 1_000_000
REPORTS = 50_000
PART = 100
ROUNDS = 7
LIMIT = 10.0
MEMORY = 1.2
PAGE = 50


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help=f"times {QUESTIONS:,} questions")
    parser.add_argument("--keep", type=Path, help="write the workspaces there, and use them again")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a limit is missed")
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        for each in parts(Concord.open(options.once)).values():
            each()
        # Not ru_maxrss, which begins with what the parent took.
        told = next(each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM"))
        print(int(told.split()[1]) / 1024)
        return 0
    with nullcontext(str(options.keep)) if options.keep else TemporaryDirectory(prefix="concord-bench-") as folder:
        report = measure(Path(folder), options.scale, options.seed)
    print(json.dumps(report, indent=2) if options.json else table(report))
    return int(options.check and not report["met"])


def measure(folder: Path, scale: float, seed: int) -> dict[str, Any]:
    """Write both sizes, and ask them in turns."""
    sizes = {"small": scale / PART, "full": scale}
    made: dict[str, Concord] = {}
    told: dict[str, Any] = {}
    for name, size in sizes.items():
        made[name], told[name] = written(folder / f"{name}-{scale:g}-{seed}", size, seed)
    asked = {name: parts(concord) for name, concord in made.items()}
    times: dict[str, dict[str, list[float]]] = {part: {"small": [], "full": []} for part in asked["full"]}
    for _ in range(ROUNDS):
        for part, by in times.items():
            for name in sizes:
                began = time.perf_counter()
                asked[name][part]()
                by[name].append(1_000 * (time.perf_counter() - began))
    for concord in made.values():
        concord.close()
    ms = {part: {name: statistics.median(each) for name, each in by.items()} for part, by in times.items()}
    whole = {name: sum(by[name] for by in ms.values()) for name in sizes}
    ratios = {part: round(by["full"] / by["small"], 2) for part, by in ms.items()}
    memory = {name: round(_memory(concord.folder), 1) for name, concord in made.items()}
    growth = memory["full"] / memory["small"]
    worst = max(ratios.values())
    return {
        "scale": scale,
        "seed": seed,
        "sizes": told,
        "ms": {part: {name: round(each, 2) for name, each in by.items()} for part, by in ms.items()},
        "ratios": ratios,
        "worst": worst,
        "ratio": round(whole["full"] / whole["small"], 2),
        "limit": LIMIT,
        "memory_mb": memory,
        "memory_ratio": round(growth, 3),
        "memory_limit": MEMORY,
        "met": worst < LIMIT and growth < MEMORY,
    }


def written(folder: Path, size: float, seed: int) -> tuple[Concord, dict[str, Any]]:
    """The workspace of a size, written unless it is there; and how long it took to derive who may deal with what."""
    facts = folder / "bench.json"
    if facts.exists():
        return Concord.open(folder), json.loads(facts.read_text("utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    concord = workspace(folder)
    questions, reported = round(QUESTIONS * size), round(REPORTS * size)
    number = Log(concord.engine, seed).write(questions, reported)
    began = time.perf_counter()
    with concord.boards.holders.settled():
        took = time.perf_counter() - began
    told = {"questions": questions, "reports": reported, "cases": number, "derived_seconds": round(took, 2)}
    facts.write_text(json.dumps(told), "utf-8")
    return concord, told


def parts(concord: Concord) -> dict[str, Callable[[], object]]:
    """What the pages ask, by name."""
    boards, known = concord.boards, concord.foundation.directory.principal
    lead, owner = known("u0"), known("u3")
    one = type(lead)(lead.id, lead.tokens - {"group:leads"}, lead.name, lead.department)
    now = datetime.now(UTC)
    quarter = Chosen(since=(now - timedelta(days=90)).date())
    mine = Chosen(open=True, mine=True)
    owners = [f"user:{owner.id}"]

    def pages(stale: bool) -> object:
        with reading(concord.engine) as connection:
            if stale:
                return upkeep.stale(connection, owner, owners, now.date(), PAGE)
            return upkeep.unused(connection, owner, owners, now - timedelta(days=90), PAGE)

    def told_of() -> object:
        with reading(concord.engine) as connection:
            return own_reports(connection, owner, PAGE), citing(connection, "s0/page-0.md", PAGE)

    return {
        "my cases": lambda: (boards.by_deadline(owner, mine, PAGE), boards.totals(owner, mine)),
        "my gaps": lambda: boards.most_asked(owner, Chosen(open=True, mine=True, gap=True), PAGE),
        "stale pages": lambda: pages(stale=True),
        "unused pages": lambda: pages(stale=False),
        "news": told_of,
        "open cases": lambda: (boards.by_deadline(one, Chosen(open=True), PAGE), boards.totals(one, Chosen(open=True))),
        "cases of a cause": lambda: boards.newest(one, Chosen(cause="stale_content", department="Finance"), PAGE),
        "figures, 90 days": lambda: boards.insights(one, quarter),
        "figures, all": lambda: boards.insights(one, Chosen()),
        "figures, two tokens": lambda: boards.insights(lead, Chosen()),
        "a file of 500": lambda: boards.newest(one, Chosen(), 500),
    }


def _memory(folder: Path) -> float:
    """MiB that a process takes at most for one round of everything."""
    command = [sys.executable, __file__, "--once", str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    sizes = report["sizes"]
    lines = [
        f"{each['questions']:,} questions, {each['reports']:,} reports, {each['cases']:,} cases "
        f"(who may deal with them derived in {each['derived_seconds']} s)"
        for each in (sizes["small"], sizes["full"])
    ]
    for part, by in report["ms"].items():
        lines.append(f"{part:<22} {by['small']:>8.1f} ms {by['full']:>8.1f} ms  {report['ratios'][part]:>6.1f} x")
    lines.append(f"all together {report['ratio']} x, worst {report['worst']} x, limit {report['limit']:g} x")
    memory = report["memory_mb"]
    lines.append(f"memory {memory['small']} and {memory['full']} MiB: {report['memory_ratio']} x")
    return "\n".join([*lines, "met" if report["met"] else "MISSED"])


if __name__ == "__main__":
    sys.exit(main())
