"""What a policy makes of examples, and how often that is what their authors expect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from concord.authority.answers import find_disagreement
from concord.authority.claims import SourceText
from concord.authority.concepts import MatchConcepts, NarrowerConcepts, no_concepts, only_itself
from concord.authority.conflicts import ConflictSet, find_conflicts
from concord.authority.decide import decide
from concord.authority.decision import Decision, Verdict
from concord.authority.examples import Example, ExampleDocument
from concord.authority.extraction import extract_all
from concord.authority.facts import Facts
from concord.authority.policy import Policy
from concord.authority.questions import Question
from concord_taxonomy.markdown import BlockKind, blocks

CONFLICTS = frozenset({Verdict.RESOLVED, Verdict.CONTESTED, Verdict.UNRESOLVED})
_NOTHING = "The documents do not contradict each other."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an example, beside what was expected."""

    example: Example
    conflict: bool
    verdict: Verdict
    winner: str | None = None
    rule: str | None = None
    explanation: str = _NOTHING

    @property
    def passed(self) -> bool:
        """Whether conflict and winner are those expected."""
        expected = self.example.expect
        return self.conflict == expected.conflict and self.winner == expected.winner

    def to_json(self) -> dict[str, Any]:
        """The outcome as JSON values."""
        return {
            "id": self.example.id,
            "conflict": self.conflict,
            "winner": self.winner,
            "verdict": self.verdict.value,
            "rule": self.rule,
            "explanation": self.explanation,
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """A policy and a vocabulary to try on examples; pure."""

    policy: Policy
    match_concepts: MatchConcepts = no_concepts
    narrower: NarrowerConcepts = only_itself

    def run(self, example: Example, today: date) -> Outcome:
        """Decide an example: its first contradiction, the nearest to the question if there is one."""
        texts = [text for document in example.documents for text in passages(document)]
        claims = extract_all(texts, self.match_concepts)
        question = Question.read(example.question, self.match_concepts) if example.question else None
        found = find_conflicts(claims, question=question)
        if question is not None and not any(found):
            found = find_disagreement(question.text, texts)
        facts = [Facts.of(document.item) for document in example.documents]
        at = example.as_of or today
        for each in found.conflicts:
            decision = self._decide(each, at, facts)
            if decision.verdict in CONFLICTS:
                winner = decision.winner.identifier if decision.winner else None
                return Outcome(example, True, decision.verdict, winner, decision.rule, decision.explanation)
        for each in found.by_scope:
            # A question that leaves the scope open has several answers, which is a disagreement to whoever asked.
            decision = self._decide(each, at, facts)
            return Outcome(example, question is not None, decision.verdict, explanation=decision.explanation)
        return Outcome(example, False, Verdict.NONE)

    def _decide(self, conflict: ConflictSet, at: date, facts: Sequence[Facts]) -> Decision:
        return decide(conflict, self.policy, at=at, narrower=self.narrower, items=facts)


def passages(document: ExampleDocument) -> Iterable[SourceText]:
    """The sections of a document, as a sync would cut a short one."""
    content = [block for block in blocks(document.text) if block.kind is not BlockKind.HEADING]
    for ordinal, (path, group) in enumerate(groupby(content, key=lambda block: block.heading_path)):
        section = list(group)
        yield SourceText(document.item, ordinal, document.text[section[0].start : section[-1].end], path)


def totals(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """How well conflicts are found and decided, over all and by kind. What cannot be measured is null.

    `precision`, `recall` and `f1` are of finding a conflict; `winner_accuracy` is the share of examples with an
    expected winner that name it (without a conflict found, wrong); `abstentions` have a conflict and no winner.
    """
    report = _totals(outcomes)
    kinds = sorted({each.example.kind for each in outcomes if each.example.kind})
    report["by_kind"] = {kind: _totals([each for each in outcomes if each.example.kind == kind]) for kind in kinds}
    return report


def _totals(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    hits = sum(each.conflict and each.example.expect.conflict for each in outcomes)
    found, real = sum(each.conflict for each in outcomes), sum(each.example.expect.conflict for each in outcomes)
    with_winner = [each for each in outcomes if each.example.expect.winner is not None]
    right = sum(each.winner == each.example.expect.winner for each in with_winner)
    return {
        "cases": len(outcomes),
        "passed": sum(each.passed for each in outcomes),
        "precision": _share(hits, found),
        "recall": _share(hits, real),
        "f1": _share(2 * hits, found + real),
        "winner_accuracy": _share(right, len(with_winner)),
        "abstentions": sum(each.conflict and each.winner is None for each in outcomes),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
