"""Everything that is known of one item, for a person who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from concord.catalog import items, records
from concord.catalog.errors import NoSuchItem
from concord.catalog.history import Period, chosen, history_of
from concord.catalog.items import TagRow
from concord_connectors.parsers.quality import Quality, quality
from concord_feedback import Owner
from concord_taxonomy.standard import ContentItem, ItemRef, Principal

if TYPE_CHECKING:
    from concord.bootstrap.concord import Concord


@dataclass(frozen=True, slots=True)
class Shown:
    """An item with what stands around it, links to what the person may not read left out.

    `period` is when a past revision held: of the past, no tags and no owner are known.
    """

    item: ContentItem
    body: str
    tags: list[TagRow]
    labels: dict[str, str]
    owner: Owner | None
    quality: Quality | None = None
    period: Period | None = None

    def to_json(self) -> dict[str, Any]:
        """The item as JSON values, without its text: what `concord item --json` prints."""
        owner = self.owner
        return {
            "held": self.period.to_json() if self.period else None,
            "item": self.item.model_dump(mode="json"),
            "tags": [
                {
                    "concept": tag.concept,
                    "label": self.labels.get(tag.concept),
                    "origin": tag.origin,
                    "score": tag.score,
                    "matched": list(tag.matched),
                }
                for tag in self.tags
            ],
            "parse_quality": self.quality
            and {"level": self.quality.level.value, "reasons": list(self.quality.reasons)},
            "ownership": owner
            and {"owner": owner.owner, "steward": owner.steward, "backup": owner.backup, "rule": owner.rule_number},
        }


def load(concord: Concord, connection: Connection, who: Principal, identifier: str) -> Shown:
    """The item of an identifier, or of `identifier@revision` as it was then.

    Raises `NoSuchItem`, the same for one that is not there and for one that `who` may not read, and `NoSuchRevision`.
    """
    try:
        identifier.encode()  # a command line may hold bytes that are no text, and no identifier has them
        named = ItemRef.parse(identifier)
    except ValueError:
        raise NoSuchItem(identifier) from None
    readable = items.readable(connection, who, [identifier, named.identifier])
    found = readable.get(identifier) or readable.get(named.identifier)
    if named.revision is not None and (
        found is None or (found.identifier != identifier and not named.covers(found.identifier, found.revision))
    ):
        recorded, was = chosen(history_of(connection, who, named.identifier, identifier), named)
        links = items.with_readable_links(connection, who, was)
        return Shown(links, recorded.body or "", tags=[], labels={}, owner=None, period=recorded.period)
    if found is None:
        raise NoSuchItem(identifier)
    tags = items.item_tags(connection, found.identifier)
    concepts = concord.foundation.vocabulary.concepts
    record = records.load(connection, found.source, found.was_derived_from.native_id)
    return Shown(
        item=items.with_readable_links(connection, who, found),
        body=items.item_body(connection, found.identifier),
        tags=tags,
        labels={tag.concept: concepts[tag.concept].label() for tag in tags if tag.concept in concepts},
        owner=concord.foundation.ownership.resolve(
            found.source, found.was_derived_from.native_id, concord.subjects.with_broader(found.subject)
        ),
        quality=quality(record.warnings if record else ()),
    )
