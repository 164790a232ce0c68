"""Evidence: passages after authority has spoken — which may be quoted, and what conflicts were decided on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from concord.answering.model import Conflict
from concord.authority.claims import Claim, SourceText
from concord.authority.concepts import VocabularyMatcher
from concord.authority.conflicts import find_conflicts
from concord.authority.decide import decide
from concord.authority.decision import Decision, Verdict
from concord.authority.extraction import extract_all
from concord.authority.facts import Facts
from concord.authority.links import superseded
from concord.authority.policy import Policy
from concord.authority.questions import Question as Asked
from concord.retrieval.passages import Passage
from concord.retrieval.question import Question
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import ContentItem, Status

QUOTABLE = frozenset({Status.APPROVED, Status.IN_REVIEW, Status.DEPRECATED})
"""Statuses of which an answer may be made; a draft is compared with, and never quoted as the answer."""

_CLAIMED_PASSAGES = 40
_RELEVANT_ITEMS = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages that may be quoted, best first, and the conflicts that concern them, most relevant first."""

    passages: tuple[Passage, ...]
    conflicts: tuple[Conflict, ...]
    by_scope: tuple[Decision, ...]
    asked: Asked

    @property
    def lost(self) -> frozenset[str]:
        """Quotes that lost a conflict, case-folded: they are no answer."""
        kept = {claim.quote.casefold() for conflict in self.conflicts for claim in _standing(conflict.decision)}
        lost = {claim.quote.casefold() for conflict in self.conflicts for claim in conflict.losers}
        return frozenset(lost - kept)


@dataclass(frozen=True, slots=True)
class Adjudicator:
    """Finds the conflicts among passages that answer a question, and decides them by the policy."""

    policy: Policy
    vocabulary: Vocabulary
    matcher: VocabularyMatcher

    def read(self, question: Question) -> Asked:
        """What the question asks about, as authority reads it."""
        return Asked.read(question.text, self.matcher, question.principal.department)

    def weigh(self, question: Question, passages: Sequence[Passage], related: Iterable[ContentItem]) -> Evidence:
        """Weigh passages; `related` are readable items that replace, or are replaced by, one of theirs."""
        asked = self.read(question)
        facts = {passage.item.identifier: Facts.of(passage.item) for passage in passages}
        others = [Facts.of(item) for item in related if item.identifier not in facts]
        claims = extract_all(map(_source_text, passages[:_CLAIMED_PASSAGES]), self.matcher)
        sets = find_conflicts(claims, question=asked)
        relevant = _leading_items(passages)
        decisions = [
            decide(
                each,
                self.policy,
                at=question.at,
                narrower=self.vocabulary.narrower_closure,
                items=(*facts.values(), *others),
            )
            for each in sets
            if any(claim.identifier in relevant for claim in each.claims)
        ]
        decisions.sort(key=lambda made: -max(asked.coverage(claim) for claim in made.claims))
        replaced = superseded((*facts.values(), *others), self.policy, question.at)
        return Evidence(
            tuple(passage for passage in passages if _quotable(passage.item, question, replaced)),
            tuple(self._conflict(made) for made in decisions if made.verdict in _CONFLICTS),
            tuple(made for made in decisions if made.verdict is Verdict.DIFFERS_BY_SCOPE),
            asked,
        )

    def _conflict(self, decision: Decision) -> Conflict:
        claim = decision.winner or decision.standing[0]
        concept = claim.block.concept
        named = self.vocabulary.concepts.get(concept) if concept else None
        label = named.label() if named else None
        words = [label] if label else []
        words += [word for word in claim.attribute.words if not label or word not in label.casefold()]
        return Conflict(" ".join(words) or claim.block.value_type.value, concept, decision)


_CONFLICTS = frozenset({Verdict.RESOLVED, Verdict.CONTESTED, Verdict.UNRESOLVED})


def _standing(decision: Decision) -> tuple[Claim, ...]:
    winner = (decision.winner,) if decision.winner else decision.standing
    return (*winner, *decision.agreeing)


def _source_text(passage: Passage) -> SourceText:
    chunk = passage.chunk
    return SourceText(passage.item, chunk.ordinal, chunk.text, chunk.heading_path, chunk.changed)


def _quotable(item: ContentItem, question: Question, replaced: Mapping[str, str]) -> bool:
    return item.status in QUOTABLE and item.in_force(question.at) and item.identifier not in replaced


def _leading_items(passages: Sequence[Passage]) -> frozenset[str]:
    """The best items: a conflict among others is not what was asked about."""
    return frozenset(list(dict.fromkeys(passage.item.identifier for passage in passages))[:_RELEVANT_ITEMS])
