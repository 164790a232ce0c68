"""Work on cases: reports open, join or break open a case; acts move it; a diagnosis says what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from concord_feedback.cases.lifecycle import EVENTS, Act, Move, step
from concord_feedback.cases.matters import ASKING, RECURRING, Matter, agrees, objects
from concord_feedback.cases.model import STANDING, About, Case, Proof, Reach, Report, Risk, State
from concord_feedback.cases.severity import RISKY_REASONS, severity
from concord_feedback.cases.store import CaseStore
from concord_feedback.causes import CONFIDENTIAL, RootCause
from concord_feedback.errors import CaseNotPossible, NoSuchCase

CLERK = "system:feedback"
"""Who acts where no person does."""
_PROGRESS = (State.NEW, State.ACKNOWLEDGED, State.ASSIGNED, State.FIX_SUBMITTED)
"""The states of open cases, in the order in which more was done."""


def report(
    store: CaseStore, about: About, given: Report, *, risk: Risk = Risk.NORMAL, at: datetime | None = None
) -> Case | None:
    """Let a report open a case, or join the one about the same; None where it was taken before.

    `at` is when it is filed where nobody reported it: it tells of something earlier. Where the last case about it was
    confirmed as fixed, that one has regressed and is opened again; of what went wrong before that was proven, the
    report joins it, and it stays closed and is proven again by the next sync. What somebody has decided to leave as it
    is stays closed too, while signs of the same are found of it; what fails otherwise, or worked in between, is opened
    again.
    """
    if store.filed(given.key) is not None:
        return None
    filed = at or given.at
    matter = Matter.of(about, given)
    if given.kind in ASKING and about.item:
        about = replace(about, asked=matter.asks or "")
    case = _open_alike(store, matter, given)
    case = case or _fixed_since(store, about, matter, given, filed) or store.open_case(about.fingerprint)
    case = case or _decided(store, about, matter, given) or _failing_anew(store, about, given, filed)
    risk = Risk.HIGH if given.reason in RISKY_REASONS else risk
    opened = case is None
    if case is None:
        case = store.add(Case(about, given.at, given.at, given.question, risk=risk, found_at=filed))
    store.add_report(case.id, given, matter)
    by = f"user:{given.by}" if given.by and at is None else CLERK
    case = _kept(store, replace(case, risk=risk if risk is Risk.HIGH else case.risk))
    store.record("case.opened" if opened else "case.joined", by, filed, case, {"report": given.key})
    return case


def move(store: CaseStore, case_id: int, made: Move) -> Case:
    """Do something with a case; raises `NoSuchCase` and `CaseNotPossible`."""
    held = _held(store, case_id)
    case = step(held, made)
    other = store.open_case(case.about.fingerprint) if case.open and not held.open else None
    if other is not None:
        raise CaseNotPossible(case_id, made.act.value, f"case {other.id} is open about the same")
    store.save(case)
    given = {"comment": made.comment, "owner": made.owner, "resolution": made.resolution and made.resolution.value}
    data: dict[str, Any] = {name: value for name, value in given.items() if value}
    if made.fix:
        data["fix"] = made.fix.what
        data |= {"proposal": made.fix.proposal} if made.fix.proposal else {}
    if made.proof:
        data |= {"passed": made.proof.passed, "indexed_at": made.proof.indexed_at.isoformat()}
    store.record(EVENTS[made.act], made.by, made.at, case, data)
    return case


def diagnosed(
    store: CaseStore, case_id: int, about: About, probes: Sequence[Mapping[str, Any]], by: str, at: datetime
) -> Case:
    """Write what a diagnosis came to, with its probes; returns the case, or the one that has its reports now.

    Where another is open about the same, the two become one: that on which more was done, else the older.
    """
    held = _held(store, case_id)
    about = replace(about, asked=held.about.asked)
    data = {"cause": about.cause.value, "was": held.about.cause.value}
    case = replace(held, about=about, diagnosis=tuple(map(dict, probes)), changed_at=at)
    other = store.open_case(about.fingerprint) if case.open else None
    if other is None or other.id == case.id:
        store.save(case)
        store.record("case.diagnosed", by, at, case, data)
        return case
    stays, goes = _order(case, other)
    stays = _joined(store, stays, replace(goes, about=about), by, at, data)
    if stays.id == case_id:
        store.record("case.diagnosed", by, at, stays, data)
    store.record("case.joined", by, at, stays, {"case": goes.id})
    return stays


def merge(store: CaseStore, case_id: int, other_id: int, by: str, at: datetime) -> Case:
    """Let two open cases be one, as somebody says that they are; returns that which has the reports of both.

    That is the one on which more was done, else the older, as where a diagnosis finds that they are the same. Who
    reported the other is told, once. Raises `NoSuchCase`, and `CaseNotPossible` where one is closed, or one is about
    access and the other is not: what that tells is for others.
    """
    held, other = _held(store, case_id), _held(store, other_id)
    for each in (held, other):
        if not each.open:
            raise CaseNotPossible(case_id, "merge", f"case {each.id} is {each.state.value}")
    if held.id == other.id:
        raise CaseNotPossible(case_id, "merge", "it is that case itself")
    causes = {held.about.cause, other.about.cause}
    if len(causes) > 1 and causes & CONFIDENTIAL:
        raise CaseNotPossible(case_id, "merge", "one of the two is about access, and the other is not about the same")
    stays, goes = _order(held, other)
    reporters = {f"user:{each.principal}" for each in store.reports(goes.id) if each.principal} - {by}
    stays = _joined(store, stays, replace(goes, about=stays.about), by, at, {})
    store.record("case.joined", by, at, stays, {"case": goes.id, "comment": f"case {goes.id} was merged into it"})
    for token in sorted(reporters):
        store.notify(f"{goes.id}/report_joined/{token}", token, at, stays, "case.report_joined")
    return stays


def _order(one: Case, other: Case) -> tuple[Case, Case]:
    """Of two cases that are one, that on which more was done, else the older; and the other."""
    stays, goes = sorted((one, other), key=lambda each: (-_PROGRESS.index(each.state), not each.by_hand, each.id))
    return stays, goes


def _joined(store: CaseStore, stays: Case, goes: Case, by: str, at: datetime, data: Mapping[str, Any]) -> Case:
    """Move the reports of a case to another, and archive it; whoever had it is told."""
    store.move_reports(goes.id, stays.id)
    # What the probes saw is for whoever deals with that: the merged case goes by the same cause and item.
    joined = replace(goes, owner=stays.owner, role=stays.role, sub_state=None, merged_into=stays.id)
    merged = step(joined, Move(Act.ARCHIVE, by, at, f"it is about the same as case {stays.id}"))
    store.save(merged)
    store.record("case.merged", by, at, merged, {**data, "into": stays.id})
    if goes.owner and goes.owner != stays.owner:
        store.notify(f"{goes.id}/merged/{at.isoformat()}", goes.owner, at, merged, "case.merged")
    found = min(stays.found_at or stays.opened_at, goes.found_at or goes.opened_at)
    opened = min(stays.opened_at, goes.opened_at)
    return _kept(store, replace(stays, changed_at=at, opened_at=opened, found_at=found))


def _open_alike(store: CaseStore, matter: Matter, given: Report) -> Case | None:
    """The open case of earlier reports that ask the same, or say the same to be right, whatever its cause is by now.

    One that was found to be mistaken is joined by whoever makes the same mistake alone.
    """
    for key in filter(None, (matter.asks, matter.says)):
        for case in store.alike(key):
            mistaken = case.about.cause is RootCause.INVALID_FEEDBACK
            if case.open and (not mistaken or agrees(given, store.reports(case.id))):
                return case
    return None


def _fixed_since(store: CaseStore, about: About, matter: Matter, given: Report, filed: datetime) -> Case | None:
    """The case of the same whose fix was confirmed: as it is, where that was proven since, else broken open.

    Not where the report says that something else is right; and of a case of access, only for whom it was proven.
    """
    last = _last_closed(store, about, matter, given)
    if last is None or not last.confirmed or last.proof is None:
        return None
    if last.about.cause in CONFIDENTIAL and given.principal not in {e.principal for e in store.reports(last.id)}:
        return None
    if given.failed_at <= last.proof.at:
        return replace(last, proof=replace(last.proof, basis=""))
    if other := store.open_case(last.about.fingerprint):
        return other
    broken = Proof(False, given.at, max(given.at, last.proof.indexed_at), "it was reported again")
    return move(store, last.id, Move(Act.REGRESS, CLERK, filed, proof=broken))


def _decided(store: CaseStore, about: About, matter: Matter, given: Report) -> Case | None:
    """The case that somebody closed by hand of which a sign tells nothing new: what a person says of an answer does.

    Nothing new is an answer of before, and whatever stands on the same as a sign that they decided to leave as it is.
    """
    last = _last_closed(store, about, matter, given) if given.kind not in ASKING else None
    if last is None or last.merged_into or last.confirmed:
        return None
    if given.trace and last.closed_at and given.failed_at <= last.closed_at:
        return last
    left = last.resolution in STANDING or (last.resolution is None and last.state is State.ARCHIVED)
    known = {(each.kind, each.stands_on) for each in store.reports(last.id)} if left and given.stands_on else set()
    return last if (given.kind, given.stands_on) in known else None


def _failing_anew(store: CaseStore, about: About, given: Report, filed: datetime) -> Case | None:
    """The case that somebody closed by hand of what fails again, or otherwise than when that was decided."""
    last = store.last_closed(about.fingerprint) if given.kind in RECURRING else None
    if last is None or last.merged_into or last.state is not State.RESOLVED:
        return None
    return move(store, last.id, Move(Act.REOPEN, CLERK, filed, "it fails anew, or otherwise than when it was closed"))


def _last_closed(store: CaseStore, about: About, matter: Matter, given: Report) -> Case | None:
    found = [each for each in (store.alike(matter.asks) if matter.asks else ()) if not each.open]
    if given.kind not in ASKING:
        found += filter(None, [store.last_closed(about.fingerprint)])
    same = [each for each in found if not objects(given, store.reports(each.id))]
    return max(same, key=lambda each: (each.changed_at, each.id), default=None)


def weigh(case: Case, reports: Sequence[Report], risk: Risk) -> Case:
    """The case with whom its reports reach by now, at the risk of now, and the severity of that.

    `risk` is that of what it is about; a report may be a risk by itself. A case without reports is left as it is.
    """
    if not reports:
        return case
    risky = any(each.reason in RISKY_REASONS for each in reports)
    return _weighed(replace(case, risk=Risk.HIGH if risky else risk), reports)


def reweigh(store: CaseStore, case_id: int, risk: Risk, by: str, at: datetime) -> Case | None:
    """Let an open case have the weight of now; None where it has it already.

    Its history tells of another severity. Raises `NoSuchCase`.
    """
    held = _held(store, case_id)
    case = weigh(held, store.reports(case_id), risk) if held.open else held
    if case == held:
        return None
    store.save(case)
    if case.severity is not held.severity:
        told = f"{held.severity.value} before: it reaches {case.reach.people} people, at {case.risk.value} risk"
        data = {"severity": case.severity.value, "was": held.severity.value}
        store.record("case.weighed", by, at, case, {**data, "comment": f"{case.severity.value}, {told}"})
    return case


def _kept(store: CaseStore, case: Case) -> Case:
    made = _weighed(case, store.reports(case.id))
    store.save(made)
    return made


def _weighed(case: Case, reports: Sequence[Report]) -> Case:
    """The case with the severity of its reports."""
    reach, rule = Reach.of(reports), next((each.rule for each in reports if each.rule), "")
    asked = min((each.asked_at or each.at for each in reports), default=case.asked_at)
    named = tuple(sorted({identifier for each in reports for identifier in each.named}))
    level = severity(reach, case.risk)
    return replace(case, severity=level, reach=reach, rule=rule, asked_at=asked, named=named)


def _held(store: CaseStore, case_id: int) -> Case:
    case = store.load(case_id)
    if case is None:
        raise NoSuchCase(case_id)
    return case
