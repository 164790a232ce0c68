"""Retrieval drift: questions that cite another page than before, though neither page nor rules have changed.

It is looked for once after each change of what finds passages: by the log of that, in the audit log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from concord.catalog import items
from concord.catalog.audit import AuditEvent, events_of
from concord.catalog.engine import reading, writing
from concord.catalog.history import recorded_since
from concord.governance.cases.detecting import Signal
from concord.governance.replay import Ask, cited
from concord_feedback import Trace
from concord_feedback.cases import CLERK, About, Report
from concord_feedback.causes import RootCause

CHECKED = "retrieval.checked"
SUBJECT = "retrieval"


@dataclass(frozen=True, slots=True)
class Drift:
    """Compares what finds passages now (`facts`, by name) with what did when it was last looked at.

    `digest` names the declarations in force, under which an answer must have been given to be compared.
    """

    engine: Engine
    facts: Mapping[str, Any]
    digest: str

    def due(self) -> bool:
        """Whether something else finds passages than when it was last looked at; notes it where it never was."""
        with reading(self.engine) as connection:
            held = events_of(connection, SUBJECT)
        if not held:
            self.note({})
            return False
        return any(held[-1].data.get(name) != value for name, value in self.facts.items())

    def note(self, told: Mapping[str, Any]) -> None:
        """Write that it was looked at, with what came of it."""
        with writing(self.engine, renews=False) as connection:
            AuditEvent(CHECKED, CLERK, SUBJECT, {**self.facts, **told}).append(connection)

    def signals(self, traces: Sequence[Trace], ask: Callable[[], Ask]) -> list[Signal]:
        """Questions that are asked again and cite the page no more that they cited first."""
        with reading(self.engine) as connection:
            fit = [each for each in traces if self._comparable(connection, each)]
        asker = ask() if fit else None
        found = []
        for trace in fit:
            answer = asker(trace) if asker else None
            if answer is None:
                continue
            now = cited(answer)
            first = trace.citations[0]
            if first.identifier not in now:
                with reading(self.engine) as connection:
                    if _unchanged(connection, now, trace.at):
                        found.append(self._signal(connection, trace, f"{first.identifier}@{first.revision}"))
        return found

    def _comparable(self, connection: Connection, trace: Trace) -> bool:
        """Whether every page that it cited is as it was, and so are the rules.

        What was asked of the past is not, nor what was broken off: its citations are those that it might have used.
        """
        if trace.past or trace.broken_off or not trace.citations or trace.policy_version != self.digest:
            return False
        return _unchanged(connection, [each.identifier for each in trace.citations], trace.at)

    def _signal(self, connection: Connection, trace: Trace, expected: str) -> Signal:
        item = items.last_known(connection, trace.citations[0].identifier)
        concept = item.subject[0] if item and item.subject else ""
        about = About(RootCause.RETRIEVAL_MISS, trace.citations[0].identifier, concept, trace.use_case or "")
        key = f"drift/{trace.id}/{'/'.join(map(str, self.facts.values()))}"[:300]
        quoted = tuple(dict.fromkeys(f"{each.identifier}@{each.revision}" for each in trace.citations))
        at = datetime.now(UTC)
        given = (trace.question, trace.principal, trace.id, trace.use_case, "missing")
        return Signal(about, Report(key, "drift", at, *given, expected=(expected,), asked_at=trace.at, cited=quoted))


def _unchanged(connection: Connection, identifiers: Sequence[str], since: datetime) -> bool:
    """Whether items are there and in effect, and were so at a moment, in the same words."""
    held = items.live(connection, sorted(set(identifiers)))
    then, today = since.astimezone(UTC).date(), datetime.now(UTC).date()
    return all(
        identifier in held
        and held[identifier].in_force(then)
        and held[identifier].in_force(today)
        and recorded_since(connection, identifier, since) is None
        for identifier in identifiers
    )
