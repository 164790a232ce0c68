"""What a question comes to: an answer with its citations and the conflicts it resolved, or an abstention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from concord.answering.neutral import Hosts, neutral, quoted, web_address
from concord.authority.claims import Claim
from concord.authority.decision import Decision, Verdict
from concord.catalog.history import Period
from concord_taxonomy.standard import ContentItem

ABSTAIN_WEAK = "weak_evidence"
ABSTAIN_NOTHING = "no_evidence"
ABSTAIN_NO_VERSION = "no_version_at_date"
ABSTAIN_POLICY = "no_winner"
ABSTAIN_UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation, numbered as in the answer, with what one has to know of its item.

    `period` is when the wording held, in an answer about the past.
    """

    n: int
    item: ContentItem
    quote: str
    period: Period | None = None

    def to_json(self, hosts: Hosts = ()) -> dict[str, Any]:
        """The citation as JSON values, its words harmless to show; links to `hosts` stay."""
        item = self.item
        modified = item.modified or item.issued or item.created
        return {
            "n": self.n,
            "identifier": item.identifier,
            "revision": item.revision,
            "title": quoted(item.title, hosts),
            "landing_page": web_address(item.landing_page),
            "quote": neutral(self.quote, hosts),
            "source": item.source,
            "publisher": quoted(item.publisher, hosts) if item.publisher else None,
            "status": item.status.value,
            "modified": modified.isoformat() if modified else None,
            "authority_tier": item.authority_tier.value if item.authority_tier else None,
            "held": self.period.to_json() if self.period else None,
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """A conflict among what the asker may read, as it was decided; `attribute` says in words what it is about.

    An unresolved one has no winner, nor has an accepted difference: all sides stand in `losers`. `sent_to` are those
    (tokens) for whom it is to settle, where it is not resolved.
    """

    attribute: str
    concept: str | None
    decision: Decision
    sent_to: tuple[str, ...] = ()

    @property
    def losers(self) -> tuple[Claim, ...]:
        """The claims that lost; where nobody wins, the sides between which no rule decides, or which may differ."""
        lost = tuple(loss.claim for loss in self.decision.losers)
        told = self.decision.verdict is Verdict.UNRESOLVED or self.decision.context.accepted
        return (*self.decision.standing, *lost) if told else lost

    @property
    def open(self) -> bool:
        """Whether somebody has to settle it."""
        return self.decision.verdict in (Verdict.CONTESTED, Verdict.UNRESOLVED)

    def to_json(self, citations: Sequence[Citation] = (), hosts: Hosts = ()) -> dict[str, Any]:
        """The conflict as JSON values, each side with its number in the answer where it is cited there."""
        decision = self.decision
        return {
            "attribute": quoted(self.attribute, hosts),
            "concept": self.concept,
            "verdict": decision.verdict.value,
            "rule": decision.rule,
            "explanation": quoted(decision.explanation, hosts),
            "winner": _side(decision.winner, citations, hosts) if decision.winner else None,
            "losers": [_side(claim, citations, hosts) for claim in self.losers],
            "abstained": decision.abstained,
            "sent_to": list(self.sent_to),
        }

    def by_scope_json(self, citations: Sequence[Citation] = (), hosts: Hosts = ()) -> dict[str, Any]:
        """A slot whose value depends on the scope, as JSON values: one entry a claim."""
        return {
            "attribute": quoted(self.attribute, hosts),
            "concept": self.concept,
            "explanation": quoted(self.decision.explanation, hosts),
            "values": [
                {"scope": quoted(claim.scope.describe(), hosts) or None, **_side(claim, citations, hosts)}
                for claim in self.decision.standing
            ],
        }


def _side(claim: Claim, citations: Sequence[Citation], hosts: Hosts) -> dict[str, Any]:
    facts = claim.facts
    return {
        "identifier": claim.identifier,
        "value": quoted(claim.value.text, hosts),
        "quote": neutral(claim.quote, hosts),
        "citation": number_of(claim, citations),
        "title": quoted(facts.title, hosts),
        "authority_tier": facts.tier,
        "modified": facts.modified.isoformat() if facts.modified else None,
    }


def number_of(claim: Claim, citations: Sequence[Citation]) -> int | None:
    """The number under which an answer cites a claim's sentence; None where it does not."""
    mine = (each for each in citations if each.item.identifier == claim.identifier)
    return next((each.n for each in mine if each.quote.casefold() == claim.quote.casefold()), None)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A concept that words of a question can mean, and the departments that use them so."""

    concept: str
    label: str
    used_by: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The meaning as JSON values."""
        return {"concept": self.concept, "label": self.label, "used_by": list(self.used_by)}


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Words of a question that mean several things in the organisation: how they were read, what else they mean.

    `by` says what chose: `department` (the asker's), `use_case`, `shared` (the shared vocabulary), or None where
    nothing did. Where it is `undecided`, all of `chosen` were searched, and only the asker can tell which was meant.
    """

    words: str
    chosen: tuple[Meaning, ...]
    others: tuple[Meaning, ...]
    by: str | None
    undecided: bool

    def to_json(self) -> dict[str, Any]:
        """The ambiguity as JSON values."""
        return {
            "words": self.words,
            "chosen": [each.to_json() for each in self.chosen],
            "others": [each.to_json() for each in self.others],
            "by": self.by,
            "undecided": self.undecided,
        }


@dataclass(frozen=True, slots=True)
class Expanded:
    """Words of the question, labels of the shared concepts that they name, and the terms searched for beside them."""

    words: str
    concepts: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer (`text` is None when abstaining, with a stable word as `reason`) and everything it stands on.

    `as_of` is the date of a question about the past; `by_scope` are values it quotes that depend on the scope. `asked`
    is the question as it was understood, where it follows up on earlier ones and was not asked in these words. `hosts`
    are those that links in it may lead to. `composed_by` says who worded it, and `fallback` why that was not the model
    of the settings, or not to the end. `expanded` says what else was searched for; the trace has it too.
    """

    question: str
    text: str | None
    reason: str | None
    citations: tuple[Citation, ...]
    conflicts: tuple[Conflict, ...]
    policy_version: str
    trace_id: str
    confidence: float
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    as_of: date | None = None
    ambiguous: tuple[Ambiguity, ...] = ()
    expanded: tuple[Expanded, ...] = ()
    by_scope: tuple[Conflict, ...] = ()
    asked: str | None = None
    composed_by: Literal["extractive", "llm"] = "extractive"
    fallback: str | None = None
    tokens: tuple[int | None, int | None] | None = None
    hosts: Hosts = frozenset()

    @property
    def abstained(self) -> bool:
        """Whether there is no answer."""
        return self.text is None

    def to_json(self) -> dict[str, Any]:
        """The answer as JSON values: what `concord ask --json` prints."""
        return {
            "answer": self.text,
            "asked": self.asked,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "abstained": self.abstained,
            "reason": self.reason,
            "citations": [citation.to_json(self.hosts) for citation in self.citations],
            "conflicts": [conflict.to_json(self.citations, self.hosts) for conflict in self.conflicts],
            "by_scope": [each.by_scope_json(self.citations, self.hosts) for each in self.by_scope],
            "ambiguous": [each.to_json() for each in self.ambiguous],
            "composed_by": self.composed_by,
            "fallback": self.fallback,
            "policy_version": self.policy_version,
            "trace_id": self.trace_id,
            "timings_ms": dict(self.timings_ms),
        }
