"""The curation ledger: what people did by hand, of what kind, for which use case, and how long it took.

Nothing is recorded for it: it reads the audit log, proposals and cases. Of each it counts what the person may read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any, Literal

from sqlalchemy import Connection

from concord.catalog import items
from concord.catalog.audit import AuditEvent, events_since
from concord.catalog.engine import reading
from concord.catalog.proposals import Proposal, State
from concord.governance.dashboards.boards import Boards
from concord.governance.errors import NotAllowed
from concord.governance.proposals import Proposals
from concord.workspace.settings import Curated
from concord_taxonomy.standard import Principal

AT_A_TIME = timedelta(minutes=30)
"""Acts of one person on the same thing are one piece of work while no more than this lies between them."""

CASE_ACTS = frozenset(
    f"case.{each}"
    for each in (
        "acknowledged",
        "assigned",
        "diagnosed",
        "merged",
        "disputed",
        "fix_submitted",
        "resolved",
        "reopened",
        "archived",
    )
)
PROPOSAL_ACTS = frozenset(f"proposal.{each}" for each in ("drafted", "revised", "approved", "rejected"))
CONFLICT_ACTS = frozenset(("conflict.accepted",))

AUTOMATES: Mapping[Curated, str] = {
    "case": "concord cases diagnose names the cause, and syncs prove fixes.",
    "tag": "Labels and synonyms in the vocabulary, or a field mapping in the source: both tag at every sync.",
    "merge": "concord taxonomy align finds pairs of concepts; one decision holds for every use case.",
    "alignment": "concord taxonomy align ranks pairs, so that only the doubtful ones are read.",
    "vocabulary": "Synonyms that cases suggest, accepted on their page; vocabularies that others keep, read as files.",
    "mapping": "concord mapping test shows what a mapping leaves empty; one serves every use case of its source.",
    "authority": "Dates and links in the metadata of sources decide without a rule of their own.",
    "difference": "Scope in the metadata of both pages: what holds elsewhere is no contradiction.",
    "use_case": "Sources and concepts that are declared once are shared by every use case.",
    "ownership": "Rules on sources and concepts cover new pages without an entry of their own.",
    "access": "Groups of the identity provider (auth: oidc) in place of principals.yaml.",
    "standard": "Nothing yet: settings of the standard change seldom.",
}
"""By kind of handwork, what would do it instead."""

_KINDS: Mapping[str, Curated] = {
    "taxonomy": "vocabulary",
    "source": "mapping",
    "use case": "use_case",
    "tags": "tag",
    "principals": "access",
    "policies": "access",
    "authority": "authority",
    "ownership": "ownership",
    "standard": "standard",
}
_OPERATIONS: Mapping[str, Curated] = {"merge": "merge", "align": "alignment"}


_Place = tuple[Curated, str]
_DIFFERENCE: _Place = ("difference", "")


@dataclass(frozen=True, slots=True)
class Entry:
    """Handwork of one kind for one use case ("": for all that share it).

    `minutes` are `declared` (interventions times the minutes that the settings give), or `measured`: what lies between
    acts of one person on the same thing, pauses of more than half an hour left out, and so at least that much. They
    are None where neither is known.
    """

    kind: Curated
    use_case: str
    interventions: int
    people: int
    minutes: float | None
    basis: Literal["declared", "measured"] | None

    @property
    def automates(self) -> str:
        """What would do it instead of people."""
        return AUTOMATES[self.kind]

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON values."""
        return {
            "kind": self.kind,
            "use_case": self.use_case or None,
            "interventions": self.interventions,
            "people": self.people,
            "minutes": self.minutes,
            "basis": self.basis,
            "automates": self.automates,
        }


@dataclass(slots=True)
class _Count:
    acts: int = 0
    people: set[str] = field(default_factory=set)
    between: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of a workspace: `leads` are the tokens that may see any, `minutes` what an act takes by kind."""

    boards: Boards
    proposals: Proposals
    leads: frozenset[str]
    minutes: Mapping[Curated, float]

    def open_to(self, who: Principal) -> bool:
        """Whether `who` leads anything."""
        return not self.leads.isdisjoint(who.tokens)

    def entries(self, who: Principal, since: datetime | None = None) -> list[Entry]:
        """Handwork on what `who` may read, most interventions first; raises `NotAllowed` for whoever leads nothing."""
        if not self.open_to(who):
            raise NotAllowed(f"user:{who.id}", "the ledger is for those who answer for the workspace or a use case")
        places: dict[str, list[_Place]] = {
            f"case/{number}": [("case", used)] for number, used in self.boards.use_cases(who).items()
        }
        places |= {each.subject: list(_places(each)) for each in self.proposals.listed(who, tuple(State))}
        counts: dict[_Place, _Count] = {}
        last: dict[tuple[str, str], datetime] = {}
        with reading(self.boards.desk.engine) as connection:
            done = events_since(connection, CASE_ACTS | PROPOSAL_ACTS | CONFLICT_ACTS, since)
            for event in done:
                if event.actor.startswith("system:"):
                    continue
                found: list[_Place] = places.get(event.subject, [])
                if event.type in CONFLICT_ACTS and _readable(connection, who, event):
                    found = [_DIFFERENCE]
                before = last.get((event.subject, event.actor))
                last[event.subject, event.actor] = event.at
                pause = event.at - before if before else timedelta()
                for place in found:
                    count = counts.setdefault(place, _Count())
                    count.acts += 1
                    count.people.add(event.actor)
                    count.between += pause / len(found) if pause <= AT_A_TIME else timedelta()
        made = [self._entry(kind, used, count) for (kind, used), count in counts.items()]
        return sorted(made, key=lambda each: (-each.interventions, each.kind, each.use_case))

    def _entry(self, kind: Curated, use_case: str, count: _Count) -> Entry:
        people = len(count.people)
        if kind in self.minutes:
            return Entry(kind, use_case, count.acts, people, count.acts * self.minutes[kind], "declared")
        minutes = round(count.between.total_seconds() / 60, 1)
        return Entry(kind, use_case, count.acts, people, minutes or None, "measured" if minutes else None)


def _places(proposal: Proposal) -> Iterator[_Place]:
    """The kind of a change, with each use case that it is of; what is shared is of none."""
    operation = (proposal.operation or {}).get("operation", "")
    kind = _OPERATIONS.get(operation, _KINDS[proposal.kind])
    used: Iterable[str] = [""] if kind != "use_case" else sorted(PurePath(path).stem for path in proposal.files)
    return ((kind, each) for each in used)


def _readable(connection: Connection, who: Principal, event: AuditEvent) -> bool:
    named = {identifier for pair in event.data.get("pairs", ()) for identifier in pair}
    return bool(named) and named <= items.readable(connection, who, named).keys()
