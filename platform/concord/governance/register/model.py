"""An entry of the conflict register, as far as one person may read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from concord.authority.claims import Claim
from concord.authority.conflicts import sides
from concord.authority.decision import Decision, Verdict
from concord.catalog.differences import Difference
from concord_feedback import Owner
from concord_taxonomy.standard import ContentItem

OFTEN = 5
"""Answers that told a side of it from which it is severe."""
_SETTLED = frozenset({"in_force", "status"})


class Severity(StrEnum):
    """How much an entry matters: by whom it reaches, and whether anything decides it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Page:
    """A claim of an entry with its item, and who answers for that."""

    claim: Claim
    item: ContentItem
    owner: Owner | None

    @property
    def told(self) -> str | None:
        """Who is told of a contradiction: the owner of the declarations, else the item's contact."""
        return self.owner.owner if self.owner else self.item.contact_point

    def to_json(self) -> dict[str, Any]:
        """The page as JSON values."""
        claim, item = self.claim, self.item
        return {
            "identifier": item.identifier,
            "revision": item.revision,
            "title": item.title,
            "landing_page": item.landing_page,
            "source": item.source,
            "quote": claim.quote,
            "claim_date": claim.claim_date.isoformat() if claim.claim_date else None,
            "authority_tier": claim.facts.tier,
            "status": claim.facts.status,
            "owner": self.told,
            "steward": self.owner.steward if self.owner else None,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """Two things that documents say of one slot, as it would be decided today.

    `certainty` is that of the contradiction itself (0 to 1), `asked` the answers that told a side, `use_cases` those
    that draw on one; `sent_to` are the owners, or stewards where an owner may not read all of it. `accepted`
    holds where all of it may differ.
    """

    id: str
    about: str
    pages: tuple[Page, ...]
    decision: Decision
    certainty: float
    since: datetime
    asked: int
    use_cases: tuple[str, ...]
    sent_to: tuple[str, ...]
    accepted: tuple[Difference, ...] = ()

    @property
    def owners(self) -> tuple[str, ...]:
        """Whoever owns a page of it."""
        return tuple(sorted({page.told for page in self.pages if page.told}))

    @property
    def within(self) -> bool:
        """Whether one document contradicts itself."""
        return len({page.item.identifier for page in self.pages}) == 1

    @property
    def settled(self) -> bool:
        """Whether no question gets the losing value anyway: it is no longer, or not yet, in force."""
        return self.decision.verdict is Verdict.NONE or self.decision.rule in _SETTLED

    @property
    def severity(self) -> Severity:
        """High where nothing decides it, or where it is asked about often; low where it reaches nobody."""
        if self.settled or self.accepted or not (self.asked or self.use_cases):
            return Severity.LOW
        undecided = self.decision.verdict in (Verdict.UNRESOLVED, Verdict.CONTESTED)
        return Severity.HIGH if undecided or self.asked >= OFTEN else Severity.MEDIUM

    def sides(self) -> Sequence[Sequence[Page]]:
        """The pages by what they say."""
        pages: Mapping[Claim, Page] = {page.claim: page for page in self.pages}
        return [[pages[claim] for claim in side] for side in sides(tuple(pages))]

    def concerns(self, token: str) -> bool:
        """Whether someone owns a page of it, or stands in for its owner."""
        owners = [page.owner for page in self.pages if page.owner]
        return token in {*self.owners, *(each for one in owners for each in (one.steward, one.backup))}

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON values."""
        decision = self.decision
        return {
            "id": self.id,
            "about": self.about,
            "concept": self.pages[0].claim.block.concept,
            "value_type": self.pages[0].claim.value.type.value,
            "severity": self.severity.value,
            "certainty": round(self.certainty, 3),
            "verdict": decision.verdict.value,
            "rule": decision.rule,
            "winner": decision.winner.identifier if decision.winner else None,
            "explanation": decision.explanation,
            "settled": self.settled,
            "within_one_item": self.within,
            "since": self.since.isoformat(timespec="seconds"),
            "sides": [
                {
                    "value": side[0].claim.value.text,
                    "wins": decision.winner in [page.claim for page in side],
                    "pages": [page.to_json() for page in side],
                }
                for side in self.sides()
            ],
            "owners": list(self.owners),
            "sent_to": list(self.sent_to),
            "reach": {"asked": self.asked, "use_cases": list(self.use_cases)},
            "accepted": [
                {"why": each.why, "scope": each.scope, "by": each.accepted_by, "at": each.accepted_at.isoformat()}
                for each in self.accepted
            ],
        }
