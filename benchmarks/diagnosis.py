"""Seeded faults: corrupt the sample workspace in known ways, ask, correct, diagnose, and score the root causes.

    python benchmarks/diagnosis.py --seed 0 --json

Every fault of `diagnosis_faults.json` is put into a copy of `examples/meridian`, for as many of its golden questions as
it makes the answer wrong for; each is then asked as its person, corrected as a person would (with the right answer, and
no more than they can know), and diagnosed. A fault that leaves an answer right is no case. `undetermined` is wrong.
Questions are chosen, and values made up, by the seed. `--tuning` leaves out the kinds that are kept for the test.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diagnosis_seeding import SEEDS, Asked, Sample

from concord.answering.model import Answer
from concord.authority.decision import Verdict
from concord.bootstrap import Concord
from concord.bootstrap.diagnosing import Diagnoser
from concord.bootstrap.traced import correct
from concord.governance.cases.rightness import Right
from concord_feedback import Rating, parse_questions
from concord_feedback.cases import Report
from concord_feedback.causes import RootCause
from concord_feedback.corrections import Reason

HERE = Path(__file__).parent
MERIDIAN = HERE.parent / "examples" / "meridian"


@dataclass(frozen=True)
class Scored:
    """A case: its fault, the causes accepted for it, and the one found."""

    fault: str
    question: str
    accepted: tuple[str, ...]
    found: str

    @property
    def right(self) -> bool:
        """Whether the cause found is an accepted one."""
        return self.found in self.accepted


def main() -> None:
    """Run the faults and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the questions for each fault")
    parser.add_argument("--fault", action="append", help="only these kinds")
    parser.add_argument("--tuning", action="store_true", help="leave out the kinds that are kept for the test")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="print each case that was scored, on stderr")
    parser.add_argument("--base", type=Path, help="where the synced sample is kept between runs")
    given = parser.parse_args()
    table = json.loads((HERE / "diagnosis_faults.json").read_text("utf-8"))
    chosen = [each for each in table if not given.fault or each["fault"] in given.fault]
    if given.tuning:
        chosen = [each for each in chosen if not each.get("held_out")]
    with tempfile.TemporaryDirectory(prefix="concord-faults-") as folder:
        base = given.base or Path(folder) / "base"
        asked = prepare(base)
        scored = [
            case
            for fault in chosen
            for case in run(fault, asked, base, Path(folder) / "copy", given.seed, given.scale, given.verbose)
        ]
    figures = score(scored)
    print(json.dumps(figures, indent=None if given.json else 1))


def prepare(base: Path) -> list[Asked]:
    """Sync the sample once, and keep the golden questions that it answers rightly."""
    if not base.exists():
        shutil.copytree(MERIDIAN, base, ignore=shutil.ignore_patterns(".concord"))
    kept = base / ".answered.json"
    concord = Concord.open(base)
    try:
        if not kept.exists():
            concord.proposals.apply(concord.desired().declarations, "system:benchmark", "seeded faults")
            concord.sync_sources(concord.foundation.sources.values())
            kept.write_text(json.dumps([each.id for each in _answered(concord)]))
        ids = set(json.loads(kept.read_text()))
        return [each for each in _golden(concord) if each.id in ids]
    finally:
        concord.close()


def _golden(concord: Concord) -> Iterable[Asked]:
    for name in ("golden", "golden-engineering-legal", "golden-rates-mail"):
        text = (MERIDIAN / "evals" / f"{name}.jsonl").read_text("utf-8")
        for each in parse_questions(text, name):
            if each.expect == "answer" and each.values and each.evidence and each.as_of is None:
                page = each.wanted()[0].identifier
                yield Asked(each.id, each.question, each.principal, each.use_case, each.values, page)


def _answered(concord: Concord) -> Iterable[Asked]:
    for each in _golden(concord):
        answer = concord.ask(each.question, concord.foundation.directory.principal(each.principal), each.use_case)
        cited = {citation.item.identifier for citation in answer.citations}
        if right(answer, each) and each.page in cited:
            yield each


def right(answer: Answer, asked: Asked) -> bool:
    """Whether an answer tells all that is right, and takes a side."""
    torn = any(each.decision.verdict is Verdict.UNRESOLVED for each in answer.conflicts)
    return bool(answer.text) and not torn and Right(asked.right).told(answer.text or "") == len(asked.values)


def run(
    fault: dict[str, Any], asked: Sequence[Asked], base: Path, copy: Path, seed: int, scale: float, verbose: bool
) -> list[Scored]:
    """Put one kind of fault into a copy, and diagnose what it makes wrong."""
    name, began = fault["fault"], time.perf_counter()
    chosen = list(asked)
    random.Random(f"{seed}/{name}").shuffle(chosen)
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(base, copy, ignore=shutil.ignore_patterns("index"), symlinks=True)
    sample = Sample(copy, random.Random(f"{seed}/{name}/values"))
    limit = max(1, round(SEEDS[name].cases * scale))
    seeded = SEEDS[name].seed(sample, chosen[: SEEDS[name].tried(limit)])
    found: list[Scored] = []
    concord = Concord.open(copy)
    try:
        with SEEDS[name].around(sample, concord):
            for question in seeded:
                if len(found) >= limit:
                    break
                cause = diagnosed(concord, question, SEEDS[name].says)
                if cause is not None:
                    found.append(Scored(name, question.id, tuple(fault["accepted"]), cause[0].value))
                    if verbose and not found[-1].right:
                        print(f"  {name} {question.id}: {cause[0].value}: {cause[1]}", file=sys.stderr)
    finally:
        concord.close()
    if verbose:
        right = sum(each.right for each in found)
        print(f"{name}: {right}/{len(found)} in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return found


def diagnosed(concord: Concord, asked: Asked, reason: str) -> tuple[RootCause, str] | None:
    """Ask, correct, and diagnose; None where the answer is right although the fault is there."""
    who = concord.foundation.directory.principal(asked.principal)
    answer = concord.ask(asked.question, who, asked.use_case)
    told = right(answer, asked)
    if told != (reason == "mistaken"):
        return None
    chosen = Reason.WRONG if reason == "mistaken" else Reason.MISSING if answer.abstained else Reason(reason)
    rating = Rating(helpful=False, reason=chosen, right_answer=asked.right)
    made = correct(concord.engine, who, answer.trace_id, rating, 100_000, concord.desk)
    report = Report(
        f"correction/{made.id}",
        "correction",
        made.at,
        asked.question,
        who.id,
        answer.trace_id,
        asked.use_case,
        chosen.value,
        asked.right,
    )
    found = Diagnoser(concord).report(report)
    last = next(each for each in reversed(found.probes) if each.outcome.value != "not_needed")
    return found.cause, f"{last.probe}: {last.saw} {list(last.items)}"


def score(cases: Sequence[Scored]) -> dict[str, Any]:
    """Accuracy, and macro-F1 over the causes that were to be found; an accepted cause stands for a fault's others."""
    truth = [each.found if each.right else each.accepted[0] for each in cases]
    causes = sorted(set(truth))
    f1 = []
    for cause in causes:
        hits = sum(t == cause == each.found for t, each in zip(truth, cases, strict=True))
        named, wanted = sum(each.found == cause for each in cases), truth.count(cause)
        f1.append(2 * hits / (named + wanted))
    confusion: dict[str, dict[str, int]] = {}
    for each in cases:
        row = Counter(confusion.get(each.fault, {}))
        row[each.found] += 1
        confusion[each.fault] = dict(row)
    return {
        "cases": len(cases),
        "causes": len(causes),
        "accuracy": round(sum(each.right for each in cases) / max(1, len(cases)), 4),
        "macro_f1": round(sum(f1) / max(1, len(f1)), 4),
        "confusion": confusion,
    }


if __name__ == "__main__":
    main()
