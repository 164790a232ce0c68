"""Blast radius: past answers that cited what a case is about, and who got them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from concord.catalog import items
from concord.catalog.cases import CatalogCases
from concord.catalog.traces import citing
from concord_feedback.cases import Case

LIMIT = 10_000
"""Answers that are listed at most, the newest ones."""


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer that cited it: to whom it was given, which revision and words it cited, and whether these still stand.

    The question is theirs, and is not told.
    """

    trace: str
    at: datetime
    principal: str
    revision: int
    quote: str
    stands: bool

    def to_json(self) -> dict[str, Any]:
        """The answer as JSON values."""
        return {
            "at": self.at.isoformat(timespec="seconds"),
            "principal": f"user:{self.principal}",
            "revision": self.revision,
            "quote": self.quote,
            "stands": self.stands,
        }


def blast_radius(connection: Connection, case: Case) -> list[PastAnswer]:
    """The answers that cited the case's item in words that it does not say any more, or all while it is not fixed."""
    identifier = case.about.item
    if not identifier:
        return []
    body = " ".join(items.item_body(connection, identifier).split()).casefold()
    found = [
        PastAnswer(
            trace.id,
            trace.at,
            trace.principal,
            each.revision,
            each.quote,
            " ".join(each.quote.split()).casefold().rstrip(".") in body,
        )
        for trace in citing(connection, identifier, LIMIT)
        for each in trace.citations
        if each.identifier == identifier
    ]
    return [each for each in found if not each.stands or case.proof is None]


def notify(connection: Connection, case: Case, answers: list[PastAnswer], by: str) -> int:
    """Tell everyone who got one of these answers that it was corrected, each once; returns how many were told."""
    held, now = CatalogCases(connection), datetime.now(UTC)
    told = [
        held.notify(f"{case.id}/blast/{name}", f"user:{name}", now, case, "answer.corrected")
        for name in sorted({each.principal for each in answers})
    ]
    if any(told):
        held.record("case.answers_notified", by, now, case, {"people": sum(told)})
    return sum(told)
