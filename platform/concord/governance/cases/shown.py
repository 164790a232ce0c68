"""What one person may see of a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from concord.catalog.audit import AuditEvent
from concord.governance.register import Entry
from concord_feedback.cases import Case, Reach, Report, State
from concord_feedback.causes import RootCause
from concord_taxonomy.standard import ItemRef, Principal


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case as one person sees it.

    Whoever deals with it (`handles`) sees the whole, but for items that they may not read; whoever reported it sees
    where it stands and what they said, and neither cause nor place: these may tell of what they may not read.
    Of a report of another that names items of `closed`, which the person may not read, the words are left out.
    """

    case: Case
    handles: bool
    reports: tuple[Report, ...]
    readable: frozenset[str]
    closed: frozenset[str] = frozenset()
    history: tuple[AuditEvent, ...] = ()
    next_in_line: tuple[str, ...] = ()
    decide_by: datetime | None = None
    """Until when the proposal that it waits for is to be decided on; None where it waits for none."""
    conflicts: tuple[Entry, ...] = ()
    """The contradictions that it was found by, as they stand now, of those pages that the person may read."""

    @property
    def entries(self) -> Sequence[str]:
        """The entries of the conflict register that it is about, or was found by; none for who only reported it."""
        if not self.handles:
            return ()
        found = [each.key.rpartition("/")[2] for each in self.reports if each.kind == "conflict"]
        about = self.case.about
        named = about.place.partition("#")[2] if about.cause is RootCause.SOURCE_CONFLICT else ""
        return tuple(dict.fromkeys(each for each in (named, *found) if each))

    @property
    def question(self) -> str:
        """The first question whose words may be shown."""
        told = (each.question for each in self.reports if not self.withheld(each))
        return next(told, self.case.question if self.handles and not self.reports else "")

    def stuck(self, now: datetime) -> bool:
        """Whether its deadline has gone by, and there is nobody that it could be passed on to."""
        case = self.case
        due = case.acknowledge_by if case.state is State.NEW else case.fix_by
        waits = case.state in (State.NEW, State.ACKNOWLEDGED, State.ASSIGNED)
        return self.handles and waits and due is not None and due <= now and not self.next_in_line

    def withheld(self, report: Report) -> bool:
        """Whether the words of a report are left out."""
        return not self.closed.isdisjoint(report.named)

    def to_json(self) -> dict[str, Any]:
        """The case as JSON values."""
        case = self.case
        data: dict[str, Any] = {
            "id": case.id,
            "state": case.state.value,
            "sub_state": case.sub_state.value if case.sub_state else None,
            "question": self.question,
            "opened_at": case.opened_at.isoformat(timespec="seconds"),
            "changed_at": case.changed_at.isoformat(),
            "yours": not self.handles,
            "reports": [self._report(each) for each in self.reports],
        }
        return data | self._whole() if self.handles else data

    def _whole(self) -> dict[str, Any]:
        case, reach = self.case, Reach.of(self.reports)
        about = case.about
        plain = case.to_json()
        return {
            "cause": about.cause.value,
            "item": about.item if about.item in self.readable else None,
            "concept": about.concept or None,
            "use_case": about.scope or None,
            "severity": case.severity.value,
            "risk": case.risk.value,
            "reach": {"people": reach.people, "use_cases": reach.use_cases, "asked": reach.asked},
            "owner": case.owner,
            "role": case.role or None,
            "by_hand": case.by_hand,
            "next_in_line": list(self.next_in_line),
            "acknowledge_by": plain["acknowledge_by"],
            "fix_by": plain["fix_by"],
            "escalations": case.escalations,
            "fix": {name: plain["fix"][name] for name in _FIX} if plain["fix"] else None,
            "decision": self._decision(),
            "proof": plain["proof"] and {name: plain["proof"][name] for name in _PROOF},
            "still_wrong": self._still_wrong(),
            "unproven": case.unproven or None,
            "resolution": plain["resolution"],
            "comment": case.comment,
            "merged_into": case.merged_into,
            "diagnosis": [_without(each, self.readable, quoted=not self.closed) for each in case.diagnosis],
            "conflicts": [each.to_json() for each in self.conflicts],
            "history": [
                {"at": each.at.isoformat(timespec="seconds"), "by": each.actor, "what": each.type, **_told(each.data)}
                for each in self.history
            ],
        }

    def _still_wrong(self) -> list[str]:
        """The questions that the last replay found answered wrongly, whose words may be shown."""
        failing = self.case.proof.failing if self.case.proof else ()
        named = (each.question for each in self.reports if each.key in failing and not self.withheld(each))
        return list(dict.fromkeys(each for each in named if each))

    def _decision(self) -> dict[str, Any] | None:
        """The proposal that it waits for, until when, and who was asked to decide on it."""
        if self.decide_by is None or self.case.fix is None:
            return None
        until = self.decide_by.isoformat(timespec="seconds")
        return {"proposal": self.case.fix.proposal, "by": until, "asked": list(self.case.fix.asked)}

    def _report(self, report: Report) -> dict[str, Any]:
        expected = [each for each in report.expected if ItemRef.parse(each).identifier in self.readable]
        return {
            "kind": report.kind,
            "at": report.at.isoformat(timespec="seconds"),
            "by": f"user:{report.principal}" if report.principal else None,
            "imported_by": f"user:{report.imported_by}" if report.imported_by else None,
            "question": "" if self.withheld(report) else report.question,
            "withheld": self.withheld(report),
            "use_case": report.use_case,
            "reason": report.reason,
            "right_answer": "" if self.withheld(report) else report.right_answer,
            "comment": "" if self.withheld(report) else report.comment,
            "expected": expected,
            "quoted": [] if self.withheld(report) else list(report.quoted),
            "trace": report.trace if not self.handles else None,
        }


_PROOF = ("passed", "at", "indexed_at", "detail")
_FIX = ("at", "by", "what", "revision", "proposal")
_QUOTING = frozenset({"grounded"})
"""Probes that tell a sentence of an answer."""


def named_in(case: Case, reports: Sequence[Report]) -> set[str]:
    """Every item that a case tells of."""
    named = {ItemRef.parse(each).identifier for report in reports for each in report.expected}
    named |= {each for probe in case.diagnosis for each in probe.get("items", ())}
    return named | ({case.about.item} if case.about.item else set())


def closed_to(who: Principal, readers: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Those of the items (by identifier, with their readers) that `who` may not read."""
    return frozenset(identifier for identifier, held in readers.items() if not who.may_read(list(held)))


def _without(probe: Mapping[str, Any], readable: Collection[str], *, quoted: bool) -> dict[str, Any]:
    """A probe with those of its items that may be read; what it saw of others, or quotes, is left out with them.

    Nothing says that it was: that would tell of pages that are there.
    """
    items = [each for each in probe.get("items", ()) if each in readable]
    whole = len(items) == len(probe.get("items", ())) and (quoted or probe["probe"] not in _QUOTING)
    return {**probe, "items": items, "saw": probe.get("saw", "") if whole else ""}


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: data[name] for name in ("comment", "owner", "state", "sub_state", "cause", "proposal") if data.get(name)
    }
