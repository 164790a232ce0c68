"""What the vocabulary brings to questions asked in another department's words: recall with and without expansion.

    python -m concord_evals.vocabulary WORKSPACE evals/cross-vocabulary.jsonl [--at 5] [--seed 0] [--json]

The workspace has been applied and synced before. Without expansion a question is searched by its own words and their
meaning alone; items keep the tags and labels that the vocabulary gave them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from concord.bootstrap import Concord, question_of
from concord.retrieval.question import Question
from concord.usecases import choose
from concord_evals.statistics import bootstrap, mcnemar
from concord_feedback import GoldenQuestion, parse_questions

AT = 5
"""Pages that count as found, by default."""


@dataclass(frozen=True, slots=True)
class Found:
    """The rank (from 1) of the first right page without and with expansion, None where none was a candidate.

    `terms` are what expansion added.
    """

    id: str
    question: str
    plain: int | None
    expanded: int | None
    terms: tuple[str, ...]


def find_all(concord: Concord, questions: Iterable[GoldenQuestion]) -> Iterator[Found]:
    """Search for each question as its principal, twice."""
    for golden in questions:
        principal = concord.foundation.directory.principal(golden.principal)
        use_case = choose(concord.foundation.use_cases, golden.use_case, principal)
        question = question_of(golden.question, principal, use_case, golden.as_of)
        wanted = {reference.identifier for reference in golden.wanted()}
        plain, _ = _rank(concord, replace(question, expand=False), wanted)
        expanded, terms = _rank(concord, question, wanted)
        yield Found(golden.id, golden.question, plain, expanded, terms)


def _rank(concord: Concord, question: Question, wanted: set[str]) -> tuple[int | None, tuple[str, ...]]:
    retrieval = concord.retriever.search(question)
    pages = dict.fromkeys(passage.item.identifier for passage in retrieval.passages)
    rank = next((place for place, page in enumerate(pages, start=1) if page in wanted), None)
    return rank, retrieval.expansion.terms


def recall(found: Sequence[Found], at: int = AT, seed: int = 0) -> dict[str, Any]:
    """Recall at `at` pages both ways with bootstrap intervals, what expansion gained and lost, and the exact p."""
    hits = {way: [_hit(getattr(each, way), at) for each in found] for way in ("plain", "expanded")}
    pairs = list(zip(hits["plain"], hits["expanded"], strict=True))
    gained, lost = sum(a < b for a, b in pairs), sum(a > b for a, b in pairs)
    return {
        "questions": len(found),
        "at": at,
        **{
            way: {"found": sum(values), "recall": sum(values) / len(found), "interval": bootstrap(values, seed)}
            for way, values in hits.items()
        },
        "gained": gained,
        "lost": lost,
        "difference_interval": bootstrap([b - a for a, b in pairs], seed),
        "p": mcnemar(gained, lost),
    }


def _hit(rank: int | None, at: int) -> int:
    return int(rank is not None and rank <= at)


def main(arguments: Sequence[str] | None = None) -> None:
    """Search and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--at", type=int, default=AT, help="pages that count as found")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    options = parser.parse_args(arguments)
    asked = [each for file in options.questions for each in parse_questions(file.read_text("utf-8"), str(file))]
    answerable = [each for each in asked if each.evidence]
    if not answerable:
        parser.error("no question names a page that answers it")
    concord = Concord.open(options.workspace)
    try:
        found = list(find_all(concord, answerable))
    finally:
        concord.close()
    result = recall(found, options.at, options.seed)
    if options.json:
        print(json.dumps({**result, "ranks": [asdict(each) for each in found]}, indent=2))
        return
    for way, name in (("plain", "without expansion"), ("expanded", "with expansion")):
        low, high = result[way]["interval"]
        share = f"{result[way]['recall']:.2f} ({low:.2f} to {high:.2f})"
        print(f"recall@{options.at} {name:18} {result[way]['found']:3} of {len(found)}: {share}")
    low, high = result["difference_interval"]
    print(f"gained {result['gained']}, lost {result['lost']}: {low:+.2f} to {high:+.2f}, p = {result['p']:.3f}")
    for each in found:
        print(f"{each.id}: {each.plain or '-'} -> {each.expanded or '-'} | {each.question} | {', '.join(each.terms)}")


if __name__ == "__main__":
    main()
