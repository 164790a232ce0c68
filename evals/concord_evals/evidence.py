"""Whether what golden questions expect still stands: a page that was withdrawn or replaced answers nothing any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from concord.bootstrap import Concord
from concord.catalog import items
from concord.catalog.engine import reading
from concord_feedback import GoldenQuestion
from concord_taxonomy.standard import ContentItem, ItemRef


@dataclass(frozen=True, slots=True)
class Fallen:
    """Expected evidence of a question that stands no more, why, and who answers for the page (None: nobody)."""

    question: str
    reference: str
    why: str
    owner: str | None

    def __str__(self) -> str:
        whom = f"{self.owner} has" if self.owner else "somebody has"
        return f"{self.question}: {self.reference} {self.why}; {whom} to approve the question again"


def fallen(concord: Concord, questions: Iterable[GoldenQuestion]) -> list[Fallen]:
    """Every expected evidence that stands no more: gone, not in force, replaced, or at a revision that is not meant.

    Of questions about a past day nothing is said: what they expect has been.
    """
    today = datetime.now(UTC).date()
    asked = [each for each in questions if each.evidence and (each.as_of is None or each.as_of >= today)]
    wanted = [(golden, reference) for golden in asked for reference in golden.wanted()]
    names = list({reference.identifier for _, reference in wanted})
    with reading(concord.engine) as connection:
        held = items.live(connection, names)
        linked = items.links(connection, names)
        successors = items.live(connection, {each.successor for each in linked})
    replaced = {each.predecessor for each in linked if each.successor in successors}
    found = []
    for golden, reference in wanted:
        if (why := _why(reference, held, replaced, today)) is not None:
            found.append(Fallen(golden.id, str(reference), why, _owner(concord, reference.identifier)))
    return found


def _why(reference: ItemRef, held: Mapping[str, ContentItem], replaced: set[str], today: date) -> str | None:
    item = held.get(reference.identifier)
    if item is None:
        return "is gone"
    if item.status.value == "withdrawn":
        return "was withdrawn"
    if not item.in_force(today):
        return "is not in force"
    if reference.identifier in replaced:
        return "was replaced"
    if not reference.covers(item.identifier, item.revision):
        return f"is at revision {item.revision} now"
    return None


def _owner(concord: Concord, identifier: str) -> str | None:
    source, _, path = identifier.partition("/")
    owner = concord.foundation.ownership.resolve(source, path)
    return owner.owner if owner else None
