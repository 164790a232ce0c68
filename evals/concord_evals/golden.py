"""A report over golden sets: every question counts, and a failure is never left out.

    python -m concord_evals.golden examples/meridian examples/meridian/evals/*.jsonl [--json]

The workspace has been applied and synced before.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from concord.bootstrap import Concord
from concord_evals.figures import abstentions, figures
from concord_evals.scoring import Score, means, score_all, totals
from concord_feedback import parse_questions


def report(scores: Sequence[Score]) -> dict[str, Any]:
    """The figures over all questions."""
    withheld, found = abstentions(scores), figures(scores)
    pairs = [(each.prompt_tokens, each.completion_tokens) for each in scores]
    tokens = [prompt + completion for prompt, completion in pairs if prompt is not None and completion is not None]
    return {
        "totals": totals(scores),
        "means": {name: {"mean": mean, "of": of, "missing": gone} for name, (mean, of, gone) in means(scores).items()},
        "abstention": {"precision": withheld.precision, "recall": withheld.recall},
        "access_violations": found["access_violations"].value,
        "access_unmeasured": found["access_violations"].missing,
        "unmeasured": sum(each.error is not None for each in scores),
        "ms": {"p50": found["ms_p50"].value, "p95": found["ms_p95"].value},
        "tokens": sum(tokens) if len(tokens) == len(scores) else None,
        "cost": {name: found[f"cost_{name}"].value for name in ("total", "mean")},
    }


def lines(figured: dict[str, Any], currency: str = "") -> list[str]:
    """The figures as lines for a person."""
    shown = [f"{name:18} {held:4} of {of}" for name, (held, of) in figured["totals"].items()]
    for name, each in figured["means"].items():
        mean = "undetermined" if each["mean"] is None else f"{each['mean']:.3f}"
        gone = f", {each['missing']} not measured" if each["missing"] else ""
        shown.append(f"{name:18} {mean} over {each['of']}{gone}")
    for name, value in figured["abstention"].items():
        shown.append(f"{f'abstention {name}':20} {'undetermined' if value is None else f'{value:.3f}'}")
    leaked, gone = figured["access_violations"], figured["access_unmeasured"]
    shown.append(
        f"access violations {'undetermined' if leaked is None else leaked}{f', {gone} not measured' if gone else ''}"
    )
    if figured["ms"]["p50"] is not None:
        shown.append(f"answered in {figured['ms']['p50']:.0f} ms (p50), {figured['ms']['p95']:.0f} ms (p95)")
    if figured["cost"]["total"] is None:
        shown.append("cost undetermined: the endpoint tells no tokens, or answer.llm has no prices")
    elif figured["tokens"]:
        total, mean = figured["cost"]["total"], figured["cost"]["mean"]
        shown.append(f"cost {total:.4f} {currency}, {mean:.6f} a question; {figured['tokens']} tokens")
    return shown


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    options = parser.parse_args(arguments)
    concord = Concord.open(options.workspace)
    try:
        asked = [each for file in options.questions for each in parse_questions(file.read_text("utf-8"), str(file))]
        scores = list(score_all(concord.evaluating("golden"), asked))
    finally:
        concord.close()
    figured = report(scores)
    if options.json:
        print(json.dumps({**figured, "questions": [asdict(each) for each in scores]}, indent=2))
        return
    print("\n".join(lines(figured, concord.settings.answer.llm.currency)))
    for each in scores:
        if each.error is not None:
            print(f"{each.id}: not asked: {each.error}")
        elif each.failed:
            print(f"{each.id}: {', '.join(each.failed)} | {each.question} | {each.answer or 'abstained'}")


if __name__ == "__main__":
    main()
