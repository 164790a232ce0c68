"""How many real rule changes claims find, and how often rewrites that change no value raise a false alarm.

Reads `value_changes.jsonl` (old and new sentence of one rule) and `same_value_rewrites.jsonl` from the folder that
CONCORD_TEST_DATA names, `conflicts/` inside it where there is one. Each pair becomes two passages of two items with one
title; the first file's pairs should conflict, the second's should not.

    CONCORD_TEST_DATA=… python benchmarks/authority_values.py --json
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from concord.authority.claims import SourceText
from concord.authority.conflicts import find_conflicts
from concord.authority.extraction import extract_all
from concord_taxonomy.standard.item import ContentItem, Derivation


def main() -> int:
    """Measure, print, and return 2 where the data is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--misses", action="store_true", help="print the pairs that went wrong to standard error")
    parser.add_argument("--seed", type=int, default=0, help="seed of the bootstrap")
    parser.add_argument(
        "--scale",
        type=int,
        default=1,
        choices=range(1, 101),
        metavar="1-100",
        help="times each pair is read, for steadier timing",
    )
    options = parser.parse_args()
    folder = data_folder()
    if folder is None:
        print("No data: set CONCORD_TEST_DATA to a folder with conflicts/value_changes.jsonl.", file=sys.stderr)
        return 2
    report = measure(folder, seed=options.seed, scale=options.scale, misses=options.misses)
    print(json.dumps(report, indent=2) if options.json else _table(report))
    return 0


def data_folder() -> Path | None:
    """The folder of the two files, if CONCORD_TEST_DATA names one."""
    base = os.environ.get("CONCORD_TEST_DATA")
    if not base:
        return None
    folders = (Path(base) / "conflicts", Path(base))
    return next((folder for folder in folders if (folder / "value_changes.jsonl").is_file()), None)


def measure(folder: Path, *, seed: int = 0, scale: int = 1, misses: bool = False) -> dict[str, Any]:
    """Recall by value type, false alarms by kind of rewrite, each with a bootstrap interval, and the speed."""
    started = time.process_time()
    recall, alarms = defaultdict[str, list[bool]](list), defaultdict[str, list[bool]](list)
    letters = 0
    for name, kind, outcomes, wanted in (
        ("value_changes.jsonl", "value_type", recall, True),
        ("same_value_rewrites.jsonl", "neg_type", alarms, False),
    ):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            pair = json.loads(line)
            conflicting = in_conflict(pair)
            for _ in range(scale - 1):
                in_conflict(pair)
            letters += scale * (len(pair["old"]) + len(pair["new"]))
            outcomes[pair[kind]].append(conflicting)
            if misses and conflicting is not wanted:
                print(f"{name} {pair['id']} {pair[kind]}\n  - {pair['old']}\n  + {pair['new']}", file=sys.stderr)
    seconds = time.process_time() - started
    return {
        "recall": rates(recall, seed),
        "false_alarms": rates(alarms, seed),
        "characters_per_cpu_second": round(letters / seconds),
    }


def in_conflict(pair: dict[str, Any]) -> bool:
    """Whether the old and the new sentence of a pair are found to contradict each other."""
    sources = []
    for side in ("old", "new"):
        item = ContentItem(
            identifier=f"{side}/{pair['path']}",
            source=side,
            title=Path(pair["path"]).name.split(".")[0].replace("-", " "),
            was_derived_from=Derivation(native_id=pair["path"]),
        )
        sources.append(SourceText(item, 0, pair[side]))
    return bool(find_conflicts(extract_all(sources)).conflicts)


def rates(outcomes: dict[str, list[bool]], seed: int) -> dict[str, Any]:
    """The share of outcomes that are true, over all with a bootstrap interval, and by kind."""
    everything = [outcome for values in outcomes.values() for outcome in values]
    kinds = {
        kind: {"rate": round(sum(values) / len(values), 3), "n": len(values)}
        for kind, values in sorted(outcomes.items())
    }
    return {
        "rate": round(sum(everything) / len(everything), 3),
        "n": len(everything),
        "interval_95": interval(everything, seed),
        "by_kind": kinds,
    }


def interval(outcomes: list[bool], seed: int, rounds: int = 2_000) -> list[float]:
    """The bootstrap interval (95 %, percentiles) of a share."""
    generator = random.Random(seed)
    means = sorted(sum(generator.choices(outcomes, k=len(outcomes))) / len(outcomes) for _ in range(rounds))
    return [round(means[int(rounds * 0.025)], 3), round(means[int(rounds * 0.975) - 1], 3)]


def _table(report: dict[str, Any]) -> str:
    lines = []
    for name in ("recall", "false_alarms"):
        part = report[name]
        lines.append(
            f"{name}: {part['rate']:.3f} of {part['n']} (95 % {part['interval_95'][0]}–{part['interval_95'][1]})"
        )
        lines += [f"  {kind}: {each['rate']:.3f} of {each['n']}" for kind, each in part["by_kind"].items()]
    lines.append(f"characters per CPU second: {report['characters_per_cpu_second']:,}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
