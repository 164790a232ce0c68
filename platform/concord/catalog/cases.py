"""Cases of the catalog: the `CaseStore` of `concord_feedback`, inside one transaction.

That one case is open for a fingerprint is the database's to hold; their history is the audit log's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, or_, select, update

from concord.catalog.audit import AuditEvent, events_of
from concord.catalog.schema import DISPUTED, audit_events, cases, notifications, reports
from concord.catalog.sql import ROWS_AT_ONCE
from concord_feedback.cases import Case, Matter, Report, State, SubState


@dataclass(frozen=True, slots=True)
class Told:
    """That somebody (a token) was told of a case, or of a `proposal` that no case waits for: what `kind` of news."""

    recipient: str
    case: int | None
    at: datetime
    kind: str
    proposal: int | None = None


@dataclass(frozen=True, slots=True)
class CatalogCases:
    """A `CaseStore` on a connection; whoever writes has a `writing` transaction."""

    connection: Connection

    def add(self, case: Case) -> Case:
        """Keep a new case, under the next number."""
        made = self.connection.execute(insert(cases).values(row_of(case)).returning(cases.c.id))
        case = replace(case, id=made.scalar_one())
        self.save(case)
        return case

    def save(self, case: Case) -> None:
        """Write over a case that was loaded in this transaction."""
        self.connection.execute(update(cases).where(cases.c.id == case.id).values(row_of(case)))

    def load(self, case_id: int) -> Case | None:
        """A case."""
        return next(iter(self._read(select(cases.c.data).where(cases.c.id == case_id))), None)

    def open_case(self, fingerprint: str) -> Case | None:
        """The open case of a fingerprint."""
        mine = (cases.c.fingerprint == fingerprint) & cases.c.open
        return next(iter(self._read(select(cases.c.data).where(mine))), None)

    def last_closed(self, fingerprint: str) -> Case | None:
        """The case of a fingerprint that was closed last."""
        mine = (cases.c.fingerprint == fingerprint) & ~cases.c.open
        newest = select(cases.c.data).where(mine).order_by(cases.c.changed_at.desc(), cases.c.id.desc()).limit(1)
        return next(iter(self._read(newest)), None)

    def in_states(self, states: Collection[State]) -> Sequence[Case]:
        """The cases in any of the states, by number."""
        wanted = [state.value for state in states]
        return self._read(select(cases.c.data).where(cases.c.state.in_(wanted)).order_by(cases.c.id))

    def numbered(self, numbers: Collection[int]) -> Mapping[int, Case]:
        """Cases by their numbers."""
        found = self._read(select(cases.c.data).where(cases.c.id.in_(list(numbers)))) if numbers else []
        return {each.id: each for each in found}

    def of_items(self, identifiers: Collection[str]) -> Sequence[Case]:
        """The cases about any of the items, newest first."""
        mine = cases.c.item.in_(list(identifiers))
        return self._read(select(cases.c.data).where(mine).order_by(cases.c.id.desc()))

    def filed(self, key: str) -> int | None:
        """The case to which the report of a key belongs."""
        return self.connection.scalar(select(reports.c.case_id).where(reports.c.key == key))

    def alike(self, matter: str) -> Sequence[Case]:
        """The cases to which reports of a matter belong (either of its hashes), by number."""
        of_it = select(reports.c.case_id).where(or_(reports.c.asks == matter, reports.c.says == matter))
        return self._read(select(cases.c.data).where(cases.c.id.in_(of_it)).order_by(cases.c.id))

    def add_report(self, case_id: int, report: Report, matter: Matter) -> None:
        """Let a report belong to a case; it is found again by its matter."""
        asked_at = report.asked_at.isoformat() if report.asked_at else None
        data = {**asdict(report), "at": report.at.isoformat(), "asked_at": asked_at}
        row = {
            "key": report.key,
            "case_id": case_id,
            "at": report.at,
            "principal": report.principal,
            "trace": report.trace,
            "asks": matter.asks,
            "says": matter.says,
            "data": data,
        }
        self.connection.execute(insert(reports), [row])

    def reports(self, case_id: int) -> Sequence[Report]:
        """The reports of a case, oldest first."""
        mine = select(reports.c.data).where(reports.c.case_id == case_id).order_by(reports.c.at, reports.c.key)
        return [_report(data) for data in self.connection.scalars(mine)]

    def reports_of_cases(self, numbers: Sequence[int]) -> Mapping[int, Sequence[Report]]:
        """The reports of a few cases by the number of the case, oldest first."""
        chosen = select(reports.c.case_id, reports.c.data).where(reports.c.case_id.in_(numbers))
        found: dict[int, list[Report]] = {}
        for row in self.connection.execute(chosen.order_by(reports.c.at, reports.c.key)):
            found.setdefault(row.case_id, []).append(_report(row.data))
        return found

    def move_reports(self, from_id: int, to_id: int) -> None:
        """Let every report of a case belong to another."""
        self.connection.execute(update(reports).where(reports.c.case_id == from_id).values(case_id=to_id))

    def record(self, event: str, by: str, at: datetime, case: Case, data: Mapping[str, Any]) -> None:
        """Add an event to the case's history."""
        state = {"state": case.state.value, "sub_state": case.sub_state.value if case.sub_state else None}
        AuditEvent(event, by, case.subject, {**data, **state}, at=at).append(self.connection)

    def notify(self, key: str, recipient: str, at: datetime, case: Case, kind: str) -> bool:
        """Tell somebody of a case, once."""
        return self._tell({"key": key, "recipient": recipient, "case_id": case.id, "at": at, "kind": kind})

    def notify_of(self, proposal: int, recipient: str, at: datetime, kind: str) -> bool:
        """Tell somebody of a proposal that no case waits for, once."""
        told = {"recipient": recipient, "at": at, "kind": kind}
        return self._tell({"key": f"proposal/{proposal}/{recipient}", "proposal_id": proposal, **told})

    def _tell(self, row: Mapping[str, Any]) -> bool:
        if self.notified([row["key"]]):
            return False
        self.connection.execute(insert(notifications), [row])
        return True

    def told_of(self, proposals: Collection[int]) -> set[int]:
        """Those of the proposals of which somebody was told though no case waits for them."""
        mine = select(notifications.c.proposal_id).where(notifications.c.proposal_id.in_(list(proposals)))
        return set(self.connection.scalars(mine.distinct()))

    def notified(self, keys: Collection[str]) -> set[str]:
        """Those of the keys under which somebody was told already."""
        wanted, found = sorted(keys), set[str]()
        for start in range(0, len(wanted), ROWS_AT_ONCE):
            part = wanted[start : start + ROWS_AT_ONCE]
            found.update(self.connection.scalars(select(notifications.c.key).where(notifications.c.key.in_(part))))
        return found

    def disputes_since(self, by: str, moment: datetime) -> int:
        """How often somebody has disputed a case since a moment."""
        mine = (audit_events.c.actor == by) & (audit_events.c.at >= moment) & DISPUTED
        return self.connection.scalar(select(func.count()).select_from(audit_events).where(mine)) or 0

    def history(self, case: Case) -> Sequence[AuditEvent]:
        """What was done to a case, oldest first."""
        return events_of(self.connection, case.subject)

    def told_to(self, recipients: Collection[str], limit: int | None = None) -> Sequence[Told]:
        """What people and groups were told of, newest first."""
        mine = notifications.c.recipient.in_(list(recipients))
        newest = select(notifications).where(mine).order_by(notifications.c.at.desc(), notifications.c.key)
        rows = self.connection.execute(newest.limit(limit))
        return [Told(row.recipient, row.case_id, row.at, row.kind, row.proposal_id) for row in rows]

    def reports_of(self, principal: str, limit: int) -> Sequence[tuple[int, Report]]:
        """A person's own corrections with the numbers of their cases, newest first."""
        mine = select(reports.c.case_id, reports.c.data).where(reports.c.principal == principal)
        mine = mine.where(reports.c.key.startswith("correction/")).order_by(reports.c.at.desc(), reports.c.key)
        return [(row.case_id, _report(row.data)) for row in self.connection.execute(mine.limit(limit))]

    def fixed(self, traces: Collection[str]) -> set[str]:
        """Those of the answers, by their traces, that a case is about whose fix is proven."""
        wanted, found = sorted(traces), set[str]()
        proven = cases.c.data["sub_state"].as_string() == SubState.FIXED_CONFIRMED.value
        for start in range(0, len(wanted), ROWS_AT_ONCE):
            mine = reports.c.trace.in_(wanted[start : start + ROWS_AT_ONCE])
            found.update(self.connection.scalars(select(reports.c.trace).join(cases).where(mine, proven)))
        return found

    def reported_by(self, principal: str) -> frozenset[int]:
        """The cases to which a person's reports belong."""
        mine = select(reports.c.case_id).where(reports.c.principal == principal)
        return frozenset(self.connection.scalars(mine))

    def _read(self, rows: Select[Any]) -> list[Case]:
        return [Case.from_json(data) for data in self.connection.scalars(rows)]


def row_of(case: Case) -> dict[str, Any]:
    """A case as the table has it; who may deal with it waits to be derived."""
    return {
        "fingerprint": case.about.fingerprint,
        "open": case.open,
        "state": case.state.value,
        "cause": case.about.cause.value,
        "item": case.about.item,
        "owner": case.owner,
        "changed_at": case.changed_at,
        "data": case.to_json(),
        "held_by": None,
    }


def _report(data: dict[str, Any]) -> Report:
    asked_at = datetime.fromisoformat(data["asked_at"]) if data.get("asked_at") else None
    at = datetime.fromisoformat(data["at"])
    named = {"expected": tuple(data["expected"]), "cited": tuple(data.get("cited", ()))}
    named["quoted"] = tuple(data.get("quoted", ()))
    return Report(**{**data, **named, "at": at, "asked_at": asked_at})
