"""Cases in memory: for tests, and as the plain statement of what a `CaseStore` does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from concord_feedback.cases.matters import Matter
from concord_feedback.cases.model import Case, Report, State


@dataclass(frozen=True, slots=True)
class MemoryCases:
    """A `CaseStore` without a transaction."""

    cases: dict[int, Case] = field(default_factory=dict)
    kept: dict[str, tuple[int, Report]] = field(default_factory=dict)
    matters: dict[str, Matter] = field(default_factory=dict)
    events: list[tuple[int, str, str]] = field(default_factory=list)
    told: dict[str, tuple[str, int, str]] = field(default_factory=dict)

    def add(self, case: Case) -> Case:
        """Keep a new case."""
        made = replace(case, id=len(self.cases) + 1)
        self.save(made)
        return made

    def save(self, case: Case) -> None:
        """Write over a case."""
        other = self.open_case(case.about.fingerprint)
        if case.open and other is not None and other.id != case.id:
            raise ValueError(f"case {other.id} is open about the same")
        self.cases[case.id] = case

    def load(self, case_id: int) -> Case | None:
        """A case."""
        return self.cases.get(case_id)

    def open_case(self, fingerprint: str) -> Case | None:
        """The open case of a fingerprint."""
        held = (each for each in self.cases.values() if each.open and each.about.fingerprint == fingerprint)
        return next(held, None)

    def last_closed(self, fingerprint: str) -> Case | None:
        """The case of a fingerprint that was closed last."""
        held = [each for each in self.cases.values() if not each.open and each.about.fingerprint == fingerprint]
        return max(held, key=lambda each: (each.changed_at, each.id), default=None)

    def in_states(self, states: Collection[State]) -> Sequence[Case]:
        """The cases in any of the states."""
        return [each for each in self.cases.values() if each.state in states]

    def filed(self, key: str) -> int | None:
        """The case to which the report of a key belongs."""
        held = self.kept.get(key)
        return held[0] if held else None

    def alike(self, matter: str) -> Sequence[Case]:
        """The cases to which reports of a matter belong."""
        keys = (key for key, each in self.matters.items() if matter in (each.asks, each.says))
        return [self.cases[number] for number in sorted({self.kept[key][0] for key in keys})]

    def add_report(self, case_id: int, report: Report, matter: Matter) -> None:
        """Let a report belong to a case."""
        self.kept[report.key] = (case_id, report)
        self.matters[report.key] = matter

    def reports(self, case_id: int) -> Sequence[Report]:
        """The reports of a case."""
        mine = (each for held, each in self.kept.values() if held == case_id)
        return sorted(mine, key=lambda each: (each.at, each.key))

    def move_reports(self, from_id: int, to_id: int) -> None:
        """Let every report of a case belong to another."""
        self.kept.update({key: (to_id, each) for key, (held, each) in self.kept.items() if held == from_id})

    def record(self, event: str, by: str, at: datetime, case: Case, data: Mapping[str, Any]) -> None:
        """Add an event to the case's history."""
        self.events.append((case.id, event, by))

    def notify(self, key: str, recipient: str, at: datetime, case: Case, kind: str) -> bool:
        """Tell somebody of a case."""
        if key in self.told:
            return False
        self.told[key] = (recipient, case.id, kind)
        return True
