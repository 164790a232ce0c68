"""Whether disagreements are found, and only where there are some: all figures of detection by one command.

Reads from the folder that CONCORD_TEST_DATA names (`conflicts/` inside it where there is one):

- `value_changes.jsonl` and `same_value_rewrites.jsonl`, as `authority_values.py` does;
- `ramdocs_first_half.jsonl` (RAMDocs, arXiv 2504.13079): a question's documents disagree where those that are no
  noise have more than one answer. Questions are parted by a hash into `tuning` and `validation`. Documents of one
  answer alone agree: what is found there is a false alarm (`agreeing`); with the question's noise beside them it mostly
  is one (`agreeing_and_noise`: some noise has an answer of its own).

Beside it, `authority_decoys.jsonl`: pairs of one template about two roles, tiers, periods, architectures, regions or
products. None contradicts the other. Half of them (`held_out`) were kept aside while rules were tuned, by the hand
that wrote both halves.

    CONCORD_TEST_DATA=… python benchmarks/authority_detection.py --json
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from authority_values import data_folder, in_conflict, interval, rates

from concord.authority.answers.asked import AskedFor
from concord.authority.examples import Example
from concord.authority.policy import Policy
from concord.authority.trial import Trial

Outcome = tuple[bool, bool]
"""Whether there is a disagreement, and whether one was found."""
_TRIAL = Trial(Policy())
_TODAY = date(2026, 1, 1)


def main() -> int:
    """Measure, print, and return 2 where the data is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--misses", action="store_true", help="print what went wrong (not of held-out decoys)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the bootstrap")
    parser.add_argument(
        "--scale",
        type=int,
        default=1,
        choices=range(1, 101),
        metavar="1-100",
        help="times questions are read, for steadier timing",
    )
    options = parser.parse_args()
    folder = data_folder()
    if folder is None or not (folder / "ramdocs_first_half.jsonl").is_file():
        print("No data: set CONCORD_TEST_DATA to a folder with conflicts/value_changes.jsonl.", file=sys.stderr)
        return 2
    started = time.process_time()
    report = {
        "value_changes": rates(_pairs(folder / "value_changes.jsonl", "value_type"), options.seed),
        "same_value_rewrites": rates(_pairs(folder / "same_value_rewrites.jsonl", "neg_type"), options.seed),
        "decoys": _decoys(options.seed, options.misses),
        "ramdocs": _ramdocs(folder / "ramdocs_first_half.jsonl", options),
    }
    for _ in range(options.scale - 1):
        _ramdocs(folder / "ramdocs_first_half.jsonl", options)
    report["cpu_seconds"] = round(time.process_time() - started, 1)
    print(json.dumps(report, indent=2) if options.json else _table(report))
    return 0


def _pairs(path: Path, kind: str) -> dict[str, list[bool]]:
    outcomes = defaultdict[str, list[bool]](list)
    for pair in _lines(path):
        outcomes[pair[kind]].append(in_conflict(pair))
    return outcomes


def _decoys(seed: int, misses: bool) -> dict[str, Any]:
    outcomes: dict[str, dict[str, list[bool]]] = {"tuning": defaultdict(list), "held_out": defaultdict(list)}
    for pair in _lines(Path(__file__).parent / "authority_decoys.jsonl"):
        alarm = _found(pair.get("question"), [pair["one"], pair["other"]])
        outcomes[pair["half"]][pair["shape"]].append(alarm)
        if misses and alarm and pair["half"] == "tuning":
            print(f"decoy {pair['id']}\n  - {pair['one']}\n  + {pair['other']}", file=sys.stderr)
    return {half: rates(found, seed) for half, found in outcomes.items()}


def _ramdocs(path: Path, options: argparse.Namespace) -> dict[str, Any]:
    parts = defaultdict[str, list[Outcome]](list)
    agreeing = defaultdict[str, list[bool]](list)
    for row in _lines(path):
        question, documents = row["question"], row["documents"]
        noise = [each["text"] for each in documents if each["type"] == "noise"]
        by_answer = defaultdict[str, list[str]](list)
        for each in documents:
            if each["type"] != "noise":
                by_answer[each["answer"]].append(each["text"])
        real, found = len(by_answer) > 1, _found(question, [each["text"] for each in documents])
        asked = AskedFor.read(question)
        half = _half(question)
        digits = "digits" if any(letter.isdigit() for answer in by_answer for letter in answer) else "names"
        for name in (half, f"{half}, {digits}", digits, "all", f"asked: {asked.kind if asked else 'unknown'}"):
            parts[name].append((real, found))
        for texts in by_answer.values():
            if len(texts) > 1:
                agreeing["agreeing"].append(_found(question, texts))
            if real and len(texts) + len(noise) > 1:
                agreeing["agreeing_and_noise"].append(_found(question, [*texts, *noise]))
        if options.misses and half == "tuning" and real != found:
            print(f"{'missed' if real else 'false'}: {question} {sorted(by_answer)}", file=sys.stderr)
    return {
        "detection": {name: _detection(outcomes, options.seed) for name, outcomes in sorted(parts.items())},
        "false_alarms": {name: _rate(found, options.seed) for name, found in agreeing.items()},
    }


def _half(question: str) -> str:
    return ("tuning", "validation")[int(hashlib.sha256(question.encode()).hexdigest(), 16) % 2]


def _found(question: str | None, texts: list[str]) -> bool:
    """Whether `concord authority test` would find a disagreement between the texts, each a document without a title."""
    example = Example.model_validate(
        {
            "id": "pair",
            "question": question,
            "documents": [{"identifier": f"d{number}", "text": text} for number, text in enumerate(texts)],
            "expect": {"conflict": False},
        }
    )
    return _TRIAL.run(example, _TODAY).conflict


def _detection(outcomes: list[Outcome], seed: int) -> dict[str, Any]:
    hits = [found for real, found in outcomes if real]
    right = [real for real, found in outcomes if found]
    alarms = [found for real, found in outcomes if not real]
    return {
        "n": len(outcomes),
        "recall": _rate(hits, seed),
        "precision": _rate(right, seed),
        "false_alarms": _rate(alarms, seed),
    }


def _rate(outcomes: list[bool], seed: int) -> dict[str, Any] | None:
    """A share with its interval; None of nothing."""
    if not outcomes:
        return None
    share = round(sum(outcomes) / len(outcomes), 3)
    return {"rate": share, "n": len(outcomes), "interval_95": interval(outcomes, seed)}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _table(report: dict[str, Any]) -> str:
    lines = [f"value changes found: {_shown(report['value_changes'])}"]
    lines.append(f"same-value rewrites, false alarms: {_shown(report['same_value_rewrites'])}")
    lines += [f"decoys ({half}), false alarms: {_shown(part)}" for half, part in report["decoys"].items()]
    for name, part in report["ramdocs"]["detection"].items():
        lines.append(f"RAMDocs ({name}, n={part['n']}):")
        lines += [f"  {measure.replace('_', ' ')} {_shown(part[measure])}" for measure in ("recall", "precision")]
        lines.append(f"  false alarms {_shown(part['false_alarms'])}")
    for name, part in report["ramdocs"]["false_alarms"].items():
        lines.append(f"RAMDocs, {name.replace('_', ' ')}, false alarms: {_shown(part)}")
    return "\n".join([*lines, f"CPU seconds: {report['cpu_seconds']}"])


def _shown(part: dict[str, Any] | None) -> str:
    if part is None:
        return "undetermined"
    return f"{part['rate']:.3f} of {part['n']} (95 % {part['interval_95'][0]}–{part['interval_95'][1]})"


if __name__ == "__main__":
    sys.exit(main())
