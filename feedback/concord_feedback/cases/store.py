"""Where cases are kept: the port that the platform implements on its catalog."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from concord_feedback.cases.matters import Matter
from concord_feedback.cases.model import Case, Report, State


class CaseStore(Protocol):
    """Cases and their reports, inside one transaction: who writes is the only one to write until its end.

    Of one fingerprint, one case is open at most; a store refuses a second.
    """

    def add(self, case: Case) -> Case:
        """Keep a new case, under the next number."""
        ...

    def save(self, case: Case) -> None:
        """Write over a case that was loaded in this transaction."""
        ...

    def load(self, case_id: int) -> Case | None:
        """A case."""
        ...

    def open_case(self, fingerprint: str) -> Case | None:
        """The open case of a fingerprint."""
        ...

    def last_closed(self, fingerprint: str) -> Case | None:
        """The case of a fingerprint that was closed last."""
        ...

    def in_states(self, states: Collection[State]) -> Sequence[Case]:
        """The cases in any of the states, by number."""
        ...

    def filed(self, key: str) -> int | None:
        """The case to which the report of a key belongs."""
        ...

    def alike(self, matter: str) -> Sequence[Case]:
        """The cases to which reports of a matter belong (either of its hashes), by number."""
        ...

    def add_report(self, case_id: int, report: Report, matter: Matter) -> None:
        """Let a report, whose key is not there yet, belong to a case; it is found again by its matter."""
        ...

    def reports(self, case_id: int) -> Sequence[Report]:
        """The reports of a case, oldest first."""
        ...

    def move_reports(self, from_id: int, to_id: int) -> None:
        """Let every report of a case belong to another."""
        ...

    def record(self, event: str, by: str, at: datetime, case: Case, data: Mapping[str, Any]) -> None:
        """Add an event to the case's history."""
        ...

    def notify(self, key: str, recipient: str, at: datetime, case: Case, kind: str) -> bool:
        """Tell somebody (a token) of a case; False where the same `key` was told already."""
        ...
