"""What authority has to know of an item, by value, so that a decision survives later edits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from concord_taxonomy.standard.item import ContentItem, modified_date


@dataclass(frozen=True, slots=True)
class Facts:
    """The fields of an item on which rules decide."""

    identifier: str
    revision: int
    title: str
    source: str
    status: str = "approved"
    tier: str | None = None
    publisher: str | None = None
    owner: str | None = None
    modified: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    invalidated: bool = False
    replaces: tuple[str, ...] = ()
    is_replaced_by: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    reviewed: date | None = None
    spatial: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()

    @classmethod
    def of(cls, item: ContentItem) -> Facts:
        """The facts of an item as it stands."""
        return cls(
            identifier=item.identifier,
            revision=item.revision,
            title=item.title,
            source=item.source,
            status=str(item.status),
            tier=str(item.authority_tier) if item.authority_tier else None,
            publisher=item.publisher,
            owner=item.contact_point,
            modified=modified_date(item),
            valid_from=item.valid_from,
            valid_until=item.valid_until,
            invalidated=item.invalidated_at is not None,
            replaces=item.replaces,
            is_replaced_by=item.is_replaced_by,
            subject=item.subject,
            reviewed=item.last_reviewed,
            spatial=item.spatial,
            audience=item.audience,
            conforms_to=tuple(map(str, item.conforms_to)),
        )

    def in_force(self, at: date) -> bool:
        """Whether the item is valid on a date by its own dates and status (links apart)."""
        if self.status == "withdrawn" or self.invalidated:
            return False
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_until is None or at < self.valid_until
        )

    def describe(self) -> str:
        """The item in words: "People handbook (policy, 2024-03)"."""
        details = [word for word in (self.tier, f"{self.modified:%Y-%m}" if self.modified else None) if word]
        return f"{self.title} ({', '.join(details)})" if details else self.title
