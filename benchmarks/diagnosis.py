"""Seeded faults: corrupt workspaces in known ways, ask, correct, diagnose, and score the root causes.

    CONCORD_TEST_DATA=… python benchmarks/diagnosis.py --seed 0 --json

Every fault of `faults/accepted.json` is put into a copy of the sample workspace, and of the real handbooks where they
are, for as many of their questions as it makes the answer wrong for; each is then asked as its person, corrected as a
person would (with the right answer, and no more than they can know), and diagnosed. A fault that leaves an answer right
is no case. `undetermined` is wrong. Questions are chosen, and values made up, by the seed. `--tuning` leaves out the
kinds that are kept for the test. `--base` keeps the synced workspaces between runs.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.sample import Asked, Sample
from faults.seeds import SEEDS
from faults.workspaces import discard, right, workspaces

from concord.bootstrap import Concord
from concord.bootstrap.diagnosing import Diagnoser
from concord.bootstrap.traced import correct
from concord_feedback import Rating
from concord_feedback.cases import Report
from concord_feedback.corrections import Reason
from concord_feedback.diagnosis import Diagnosis, Outcome

ACCEPTED = Path(__file__).parent / "faults" / "accepted.json"
POOL = 12
"""Questions tried for each case that is wanted: many answers stay right."""


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
    parser.add_argument("--scale", type=float, default=1.0, help="share of the cases of each fault")
    parser.add_argument("--fault", action="append", help="only these kinds")
    parser.add_argument("--workspace", action="append", help="only these: meridian, handbooks")
    parser.add_argument("--tuning", action="store_true", help="leave out the kinds that are kept for the test")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="print each case that is wrong, on stderr")
    parser.add_argument("--base", type=Path, help="where the synced workspaces are kept between runs")
    given = parser.parse_args()
    table = json.loads(ACCEPTED.read_text("utf-8"))
    chosen = [each for each in table if not given.fault or each["fault"] in given.fault]
    if given.tuning:
        chosen = [each for each in chosen if not each.get("held_out")]
    scored: list[Scored] = []
    with tempfile.TemporaryDirectory(prefix="concord-faults-") as folder:
        for workspace in workspaces():
            if given.workspace and workspace.name not in given.workspace:
                continue
            base, began = (given.base or Path(folder)) / workspace.name, time.perf_counter()
            asked = workspace.prepare(base)
            told = f"{len(asked)} questions are answered rightly"
            print(f"{workspace.name}: {told} ({time.perf_counter() - began:.0f} s)", file=sys.stderr)
            for fault in chosen:
                if SEEDS[fault["fault"]].sample_only and workspace.name != "meridian":
                    continue
                copy, began = Path(folder) / "copy", time.perf_counter()
                workspace.copy(base, copy)
                sample = Sample(copy, workspace.style, random.Random(f"{given.seed}/{fault['fault']}/values"))
                limit = max(1, round(workspace.cases * given.scale))
                found = list(
                    run(fault, sample, _shuffled(asked, f"{given.seed}/{fault['fault']}"), limit, given.verbose)
                )
                discard(copy)
                hits, took = sum(each.right for each in found), time.perf_counter() - began
                print(f"{workspace.name} {fault['fault']}: {hits}/{len(found)} in {took:.0f} s", file=sys.stderr)
                scored += found
    print(json.dumps(score(scored), indent=None if given.json else 1))


def _shuffled(asked: Sequence[Asked], seed: str) -> list[Asked]:
    chosen = list(asked)
    random.Random(seed).shuffle(chosen)
    return chosen


def run(fault: dict[str, Any], sample: Sample, asked: Sequence[Asked], limit: int, verbose: bool) -> Iterator[Scored]:
    """Put one kind of fault into a copy, and diagnose what it makes wrong."""
    seed = SEEDS[fault["fault"]]
    seeded = seed.seed(sample, asked[: limit * POOL])
    concord, found = Concord.open(sample.folder), 0
    try:
        with seed.around(sample, concord):
            diagnoser = Diagnoser(concord)
            for question in seeded:
                if found == limit:
                    break
                made = diagnosed(concord, diagnoser, question, seed.says, seed.rightly)
                if made is None:
                    continue
                found += 1
                scored = Scored(fault["fault"], question.id, tuple(fault["accepted"]), made.cause.value)
                if verbose and not scored.right:
                    last = next(each for each in reversed(made.probes) if each.outcome is not Outcome.NOT_NEEDED)
                    print(f"  {question.id}: {scored.found}: {last.probe}: {last.saw} {last.items}", file=sys.stderr)
                yield scored
    finally:
        concord.close()


def diagnosed(concord: Concord, diagnoser: Diagnoser, asked: Asked, says: str, rightly: bool) -> Diagnosis | None:
    """Ask, correct, and diagnose; None where the answer is right although the fault is there (or wrong without one)."""
    who = concord.foundation.directory.principal(asked.principal)
    answer = concord.ask(asked.question, who, asked.use_case)
    if right(answer, asked) is not rightly:
        return None
    reason = Reason.MISSING if answer.abstained else Reason(says)
    rating = Rating(helpful=False, reason=reason, right_answer=asked.right)
    made = correct(concord.engine, who, answer.trace_id, rating, 100_000, concord.desk)
    return diagnoser.report(
        Report(
            key=f"correction/{made.id}",
            kind="correction",
            at=made.at,
            question=asked.question,
            principal=who.id,
            trace=answer.trace_id,
            use_case=asked.use_case,
            reason=reason.value,
            right_answer=asked.right,
        )
    )


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
