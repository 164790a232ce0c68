"""Asking golden questions, and judging what came back: every question counts, and a failure is never left out.

    python -m concord_evals.golden examples/meridian examples/meridian/evals/*.jsonl [--json]

The workspace has been applied and synced before.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from concord.answering.model import Answer
from concord.bootstrap import Concord
from concord_feedback import GoldenQuestion, parse_questions

CHECKS = (
    "abstained",
    "answered",
    "right_page_first",
    "right_page_cited",
    "values",
    "no_false_conflict",
    "winner",
    "losers",
    "rule",
    "only_readable",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A question's checks: True, False, or None where a check does not apply to it."""

    id: str
    question: str
    confidence: float
    answer: str | None
    cited: tuple[str, ...]
    abstained: bool | None = None
    answered: bool | None = None
    right_page_first: bool | None = None
    right_page_cited: bool | None = None
    values: bool | None = None
    no_false_conflict: bool | None = None
    winner: bool | None = None
    losers: bool | None = None
    rule: bool | None = None
    only_readable: bool | None = None

    @property
    def failed(self) -> tuple[str, ...]:
        """The checks that did not hold."""
        return tuple(name for name in CHECKS if getattr(self, name) is False)


def ask_all(concord: Concord, questions: Iterable[GoldenQuestion]) -> Iterator[Verdict]:
    """Ask each question as its principal, inside its use case, and judge the answer."""
    for golden in questions:
        principal = concord.foundation.directory.principal(golden.principal)
        answer = concord.ask(golden.question, principal, golden.use_case, golden.as_of or datetime.now(UTC).date())
        yield judge(golden, answer, all(principal.may_read(each.item.readers) for each in answer.citations))


def judge(golden: GoldenQuestion, answer: Answer, only_readable: bool) -> Verdict:
    """Hold an answer against what was expected of it."""
    wanted = [reference.identifier for reference in golden.wanted()]
    cited = tuple(citation.item.identifier for citation in answer.citations)
    checks: dict[str, bool] = {"only_readable": only_readable}
    if golden.expect == "abstain":
        checks["abstained"] = answer.abstained
    else:
        checks["answered"] = not answer.abstained
        checks["right_page_first"] = bool(cited) and cited[0] in wanted
        checks["right_page_cited"] = any(each in wanted for each in cited)
        if golden.values:
            text = (answer.text or "").casefold()
            checks["values"] = all(value.casefold() in text for value in golden.values)
    if golden.conflict is False:
        checks["no_false_conflict"] = not answer.conflicts
    elif golden.conflict:
        checks |= _conflict_checks(golden, answer)
    return Verdict(golden.id, golden.question, answer.confidence, answer.text, cited, **checks)


def _conflict_checks(golden: GoldenQuestion, answer: Answer) -> dict[str, bool]:
    expected = golden.conflict
    assert expected  # noqa: S101 - told apart by the caller
    found = [
        each
        for each in answer.conflicts
        if (each.decision.winner.identifier if each.decision.winner else None) == expected.winner
    ]
    lost = [{claim.identifier for claim in each.losers} for each in found]
    return {
        "winner": bool(found),
        "losers": any(set(expected.losers) <= each for each in lost),
        "rule": any(expected.rule in (None, each.decision.rule) for each in found),
    }


def totals(verdicts: Sequence[Verdict]) -> dict[str, tuple[int, int]]:
    """For each check how many held, of how many that it applies to."""
    given = {name: [getattr(each, name) for each in verdicts if getattr(each, name) is not None] for name in CHECKS}
    return {name: (sum(values), len(values)) for name, values in given.items() if values}


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    options = parser.parse_args(arguments)
    concord = Concord.open(options.workspace)
    try:
        asked = [each for file in options.questions for each in parse_questions(file.read_text("utf-8"), str(file))]
        verdicts = list(ask_all(concord, asked))
    finally:
        concord.close()
    if options.json:
        print(json.dumps({"totals": totals(verdicts), "questions": [asdict(each) for each in verdicts]}, indent=2))
        return
    for name, (held, of) in totals(verdicts).items():
        print(f"{name:18} {held:4} of {of}")
    for each in verdicts:
        if each.failed:
            print(f"{each.id}: {', '.join(each.failed)} | {each.question} | {each.answer or 'abstained'}")


if __name__ == "__main__":
    main()
