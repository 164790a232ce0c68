"""What a question comes to: an answer with its citations and the conflicts it resolved, or an abstention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from concord.authority.claims import Claim
from concord.authority.decision import Decision, Verdict
from concord.catalog.history import Period
from concord_taxonomy.standard import ContentItem

ABSTAIN_WEAK = "weak_evidence"
ABSTAIN_NOTHING = "no_evidence"
ABSTAIN_NO_VERSION = "no_version_at_date"


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation, numbered as in the answer, with what one has to know of its item.

    `period` is when the wording held, in an answer about the past.
    """

    n: int
    item: ContentItem
    quote: str
    period: Period | None = None

    def to_json(self) -> dict[str, Any]:
        """The citation as JSON values."""
        item = self.item
        modified = item.modified or item.issued or item.created
        return {
            "n": self.n,
            "identifier": item.identifier,
            "revision": item.revision,
            "title": item.title,
            "landing_page": item.landing_page,
            "quote": self.quote,
            "source": item.source,
            "publisher": item.publisher,
            "status": item.status.value,
            "modified": modified.isoformat() if modified else None,
            "authority_tier": item.authority_tier.value if item.authority_tier else None,
            "held": self.period.to_json() if self.period else None,
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """A conflict among what the asker may read, as it was decided; `attribute` says in words what it is about.

    An unresolved one has no winner: all its sides stand in `losers`.
    """

    attribute: str
    concept: str | None
    decision: Decision

    @property
    def losers(self) -> tuple[Claim, ...]:
        """The claims that lost; of an unresolved conflict the sides between which no rule decides."""
        lost = tuple(loss.claim for loss in self.decision.losers)
        return (*self.decision.standing, *lost) if self.decision.verdict is Verdict.UNRESOLVED else lost

    def to_json(self) -> dict[str, Any]:
        """The conflict as JSON values."""
        decision = self.decision
        return {
            "attribute": self.attribute,
            "concept": self.concept,
            "verdict": decision.verdict.value,
            "rule": decision.rule,
            "explanation": decision.explanation,
            "winner": _side(decision.winner) if decision.winner else None,
            "losers": [_side(claim) for claim in self.losers],
        }


def _side(claim: Claim) -> dict[str, str]:
    return {"identifier": claim.identifier, "value": claim.value.text, "quote": claim.quote}


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
class Answer:
    """An answer (`text` is None when abstaining, with a stable word as `reason`) and everything it stands on.

    `as_of` is the date of a question about the past.
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

    @property
    def abstained(self) -> bool:
        """Whether there is no answer."""
        return self.text is None

    def to_json(self) -> dict[str, Any]:
        """The answer as JSON values: what `concord ask --json` prints."""
        return {
            "answer": self.text,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "abstained": self.abstained,
            "reason": self.reason,
            "citations": [citation.to_json() for citation in self.citations],
            "conflicts": [conflict.to_json() for conflict in self.conflicts],
            "ambiguous": [each.to_json() for each in self.ambiguous],
            "policy_version": self.policy_version,
            "trace_id": self.trace_id,
            "timings_ms": dict(self.timings_ms),
        }
