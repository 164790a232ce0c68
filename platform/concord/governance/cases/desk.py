"""The desk where cases are filed, routed, shown and moved; every act is checked against who does it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Engine

from concord.authority.policy import Policy
from concord.catalog import items, register
from concord.catalog.cases import CatalogCases, Told
from concord.catalog.engine import reading, writing
from concord.catalog.proposals import Proposal
from concord.governance.cases.awaiting import Deciding, ask_to_decide, awaited, may_await, nobody, tell_deciders, untold
from concord.governance.cases.blast import Radius, blast_radius, notify
from concord.governance.cases.detecting import Signal, Unread, failed_sync, signals
from concord.governance.cases.filing import about_of, report_of
from concord.governance.cases.outdated import Dating
from concord.governance.cases.places import Places
from concord.governance.cases.shown import ShownCase, closed_to, named_in
from concord.governance.cases.telling import UNPROVEN, tell, tell_answered, tell_fixed_since
from concord.governance.errors import NotAllowed
from concord.governance.register import Entry
from concord_feedback import Correction, Trace
from concord_feedback.cases import (
    CLERK,
    OPEN,
    About,
    Act,
    Case,
    Move,
    Proof,
    Report,
    Risk,
    Severity,
    State,
    SubState,
    diagnosed,
    merge,
    move,
    report,
    reweigh,
    weigh,
)
from concord_feedback.causes import CONFIDENTIAL, OF_REASONS, RootCause
from concord_feedback.errors import CaseNotPossible, NoSuchCase, TooManyDisputes
from concord_feedback.routing import Route, decide_by, escalated, given_to, overdue
from concord_taxonomy.standard import AccessRights, AuthorityTier, Principal

_RISKY_RIGHTS = frozenset({AccessRights.RESTRICTED, AccessRights.CONFIDENTIAL})
_SEVERITIES = tuple(Severity)
_WEIGHED_AT_ONCE = 200
"""Open cases whose reports are in memory together."""

EntryOf = Callable[[Principal, str], Entry | None]
"""An entry of the conflict register as a person may read it; None for any other."""


def no_entry(_who: Principal, _entry: str) -> Entry | None:
    """No entry: the workspace keeps no conflict register."""
    return None


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """The cases of a workspace under what is in force.

    One person may dispute cases `disputes_per_hour` times; `deciding` says who decides on a proposal, and who next;
    `entry` gives contradictions, `policy` says which replacements take effect.
    """

    engine: Engine
    places: Places
    disputes_per_hour: int = 20
    deciding: Deciding = nobody
    entry: EntryOf = no_entry
    policy: Policy = field(default_factory=Policy)

    def corrected(self, connection: Connection, correction: Correction, trace: Trace) -> Case | None:
        """Let a thumb down or correction open or join a case; a thumb up opens none."""
        if correction.rating.helpful:
            return None
        given = report_of(correction, trace)
        cause = OF_REASONS.get(given.reason or "", RootCause.UNDETERMINED)
        about = about_of(connection, trace.question, trace.use_case, [*given.expected, *correction.cited], cause)
        return self.file(connection, about, given)

    def file(self, connection: Connection, about: About, given: Report, at: datetime | None = None) -> Case | None:
        """Let a report open or join a case, which is then routed; None where it was filed before.

        A case that stays closed is that of something fixed since: whoever reported it is told so.
        """
        held = CatalogCases(connection)
        case = report(held, about, given, risk=_risk(connection, about), at=at)
        filed = at or given.at
        if case is None:
            return None
        if not case.open:
            if case.confirmed:
                tell_fixed_since(held, case, given, filed)
            return case
        if case.reopened_at == filed:
            again = Act.REGRESS if case.sub_state is SubState.REGRESSED else Act.REOPEN
            tell(held, case, Move(again, CLERK, filed))
        return self._routed(connection, case, filed, CLERK)

    def diagnosed(
        self, case_id: int, about: About, probes: Sequence[dict[str, object]], by: str, at: datetime | None = None
    ) -> Case:
        """Write what a diagnosis came to, and route the case by its cause."""
        now = at or datetime.now(UTC)
        with writing(self.engine, renews=False) as connection:
            case = diagnosed(CatalogCases(connection), case_id, about, probes, by, now)
            return self._routed(connection, case, now, by) if case.open else case

    def cases(
        self, who: Principal, states: Collection[State] = tuple(OPEN), cause: str | None = None
    ) -> list[ShownCase]:
        """The cases that `who` deals with or has reported, most severe first, then by deadline."""
        with reading(self.engine) as connection:
            found = CatalogCases(connection).in_states(states)
            shown = [each for case in found if (each := self._shown(connection, who, case)) is not None]
        chosen = [each for each in shown if cause is None or (each.handles and each.case.about.cause.value == cause)]
        return sorted(chosen, key=lambda each: (_SEVERITIES.index(each.case.severity), str(each.case.fix_by)))

    def case(self, who: Principal, case_id: int) -> ShownCase:
        """One case with its history; raises `NoSuchCase`, for one that `who` may not see as for a missing one."""
        with reading(self.engine) as connection:
            shown = self._seen(connection, who, case_id)
            history = tuple(CatalogCases(connection).history(shown.case))
        found = (self.entry(who, each) for each in shown.entries)
        return replace(shown, history=history, conflicts=tuple(each for each in found if each is not None))

    def dealt_with(self, who: Principal, case_id: int) -> Case:
        """A case that `who` deals with; raises `NoSuchCase` and `NotAllowed`."""
        with reading(self.engine) as connection:
            return self._dealt_with(connection, who, case_id)

    def to_diagnose(self, who: Principal, case_id: int) -> Case:
        """A case that `who` may diagnose; raises `NoSuchCase` and `NotAllowed`.

        Not one that they reported, unless they deal with access or may read everything: what they say is right would be
        looked for in pages that they may not read, and where the case goes would tell whether it stands there.
        """
        access = self.places.ownership.roles.access
        with reading(self.engine) as connection:
            case = self._dealt_with(connection, who, case_id)
            reported = any(who.id in (each.principal, each.by) for each in CatalogCases(connection).reports(case_id))
            open_to = bool(access and who.may_read([access])) or items.reads_everything(connection, who)
        if reported and not open_to:
            raise NotAllowed(
                f"user:{who.id}", "whoever reported a case leaves its diagnosis to others who deal with it"
            )
        return case

    def _seen(self, connection: Connection, who: Principal, case_id: int) -> ShownCase:
        case = CatalogCases(connection).load(case_id)
        shown = self._shown(connection, who, case) if case else None
        if shown is None:
            raise NoSuchCase(case_id)
        return shown

    def _dealt_with(self, connection: Connection, who: Principal, case_id: int) -> Case:
        shown = self._seen(connection, who, case_id)
        if not shown.handles:
            raise NotAllowed(f"user:{who.id}", "it takes who deals with the case")
        return shown.case

    def of_conflict(self, entry: str) -> Case | None:
        """The newest case of an entry of the conflict register, which whoever may read the entry may know of."""
        with reading(self.engine) as connection:
            about = CatalogCases(connection).of_items(register.sides(connection, entry))
        return next((each for each in about if each.about.place.endswith(f"#{entry}")), None)

    def dating(self, today: date) -> Dating:
        """What tells which pages are outdated on a day."""
        return Dating(self.policy, self.places.may_read, today)

    def detect(self, traces: Sequence[Trace], today: date) -> list[Case]:
        """Let what nobody has reported open or join cases; returns these."""
        with reading(self.engine) as connection:
            found = list(signals(connection, traces, self.dating(today)))
        return self.found(found)

    def sync_failed(self, failures: Mapping[str, Unread], at: datetime) -> list[Case]:
        """Let sources that could not be synced open or join cases; a source once a day until it was read in between.

        What the owner of one decided to leave is news once it fails otherwise, or since another moment.
        """
        return self.found(list(failed_sync(failures, at)))

    def found(self, found: Sequence[Signal]) -> list[Case]:
        """Let signs open or join cases; returns those that are open. Nothing is written for what was filed before."""
        with reading(self.engine) as connection:
            held = CatalogCases(connection)
            fresh = [each for each in found if held.filed(each.report.key) is None]
        if not fresh:
            return []
        with writing(self.engine, renews=False) as connection:
            now = datetime.now(UTC)
            made = [case for each in fresh if (case := self.file(connection, each.about, each.report, now)) is not None]
        return list({case.id: case for case in made if case.open}.values())

    def merge(self, who: Principal, case_id: int, other_id: int, read: datetime | None = None) -> Case:
        """Let two cases be one that `who` deals with; returns the one that has the reports of both.

        Raises `NoSuchCase`, `NotAllowed` and `CaseNotPossible`: that also where the first was not changed last at the
        moment `read`, if one is given.
        """
        now, by = datetime.now(UTC), f"user:{who.id}"
        with writing(self.engine, renews=False) as connection:
            case = self._dealt_with(connection, who, case_id)
            self._dealt_with(connection, who, other_id)
            _as_read(case, "merge", read)
            return self._routed(connection, merge(CatalogCases(connection), case_id, other_id, by, now), now, by)

    def blast_radius(self, who: Principal, case_id: int) -> Radius:
        """Past answers that cited what a case that `who` deals with is about, as far as they may read it.

        Raises `NoSuchCase` and `NotAllowed`.
        """
        with reading(self.engine) as connection:
            return blast_radius(connection, who, self._dealt_with(connection, who, case_id), self.places.may_read)

    def tell_answered(self, who: Principal, case_id: int) -> int:
        """Tell who got one of these answers that it was corrected, each once; returns how many were told.

        Raises `NoSuchCase` and `NotAllowed`.
        """
        with writing(self.engine, renews=False) as connection:
            case = self._dealt_with(connection, who, case_id)
            people = blast_radius(connection, who, case, self.places.may_read).to_tell
            return notify(connection, case, people, f"user:{who.id}")

    def act(self, who: Principal, case_id: int, made: Move, read: datetime | None = None) -> Case:
        """Move a case that `who` deals with; raises `NoSuchCase`, `NotAllowed` and `CaseNotPossible`.

        That also where it was not changed last at the moment `read`, if one is given.
        """
        with writing(self.engine, renews=False) as connection:
            case = self._dealt_with(connection, who, case_id)
            _as_read(case, made.act.value, read)
            if made.owner and not self.places.known(made.owner):
                raise CaseNotPossible(
                    case_id, made.act.value, f"there is no {made.owner} in principals.yaml, or nobody is in it"
                )
            if made.owner and not self.places.of(connection, case).may_read(made.owner):
                raise NotAllowed(made.owner, "the item may not be read by them")
            may_await(connection, case_id, made.fix)
            moved = move(CatalogCases(connection), case_id, made)
            tell(CatalogCases(connection), moved, made)
            return ask_to_decide(connection, moved, self.deciding, self.places.ownership, made.at) or moved

    def dispute(self, who: Principal, case_id: int, comment: str, at: datetime | None = None) -> int:
        """Say that what was reported is not so; returns how many are told: who has the case, and who reported it.

        Of a closed case it is the outcome that is not right, which whoever has it is told. Whoever sees a case may
        dispute it, and it stays where it is: closing or opening it is for whoever deals with it. Raises `NoSuchCase`,
        `CaseNotPossible` for one that is another case by now, or where no comment says why, and `TooManyDisputes`.
        """
        now = at or datetime.now(UTC)
        with writing(self.engine, renews=False) as connection:
            case = self._seen(connection, who, case_id).case
            if case.merged_into or not comment.strip():
                why = f"it is one with case {case.merged_into}" if case.merged_into else "say why in a comment"
                raise CaseNotPossible(case_id, "dispute", why)
            held, by = CatalogCases(connection), f"user:{who.id}"
            if held.disputes_since(by, now - timedelta(hours=1)) >= self.disputes_per_hour:
                raise TooManyDisputes(self.disputes_per_hour)
            held.record("case.disputed", by, now, case, {"comment": comment.strip()})
            told, kind, of = {case.owner or self.places.ownership.roles.triage}, "case.disputed", ""
            if case.closed_at:
                kind, of = "case.outcome_disputed", f"/{case.closed_at.isoformat()}"
            else:
                told |= {f"user:{each.principal}" for each in held.reports(case.id) if each.principal}
            keys = {each: f"{case.id}/disputed/{by}/{each}{of}" for each in told if each and each != by}
            return sum(held.notify(key, each, now, case, kind) for each, key in sorted(keys.items()))

    def proven(self, case_id: int, made: Move) -> Case:
        """Move a case by what a sync or a replay has shown."""
        with writing(self.engine, renews=False) as connection:
            moved = move(CatalogCases(connection), case_id, made)
            tell(CatalogCases(connection), moved, made)
            return moved

    def answered(self, case_id: int, people: Collection[str], at: datetime) -> None:
        """Tell those of a case that stays open whose own question is answered rightly."""
        with writing(self.engine, renews=False) as connection:
            held = CatalogCases(connection)
            case = held.load(case_id)
            if case is not None and case.open:
                tell_answered(held, case, people, at)

    def renewed(self, case_id: int, proof: Proof) -> None:
        """Keep the proof of a replay that has passed again."""
        with writing(self.engine, renews=False) as connection:
            held = CatalogCases(connection)
            case = held.load(case_id)
            if case is not None and case.confirmed:
                held.save(replace(case, proof=proof))

    def unproven(self, case_id: int, why: str, at: datetime) -> None:
        """Note that nothing can be asked that would prove the fix of a case, and tell who has it, once."""
        with writing(self.engine, renews=False) as connection:
            held = CatalogCases(connection)
            case = held.load(case_id)
            if case is None or case.state is not State.FIX_SUBMITTED or case.fix is None or case.unproven == why:
                return
            fix, case = case.fix, replace(case, unproven=why)
            held.save(case)
            held.record(UNPROVEN, CLERK, at, case, {"comment": why})
            if case.owner:
                key = f"{case.id}/unproven/{case.owner}/{fix.at.isoformat()}"
                held.notify(key, case.owner, at, case, UNPROVEN)

    def escalate(self, now: datetime | None = None) -> list[Case]:
        """Let what was not dealt with in time go to the next in line; once for each term that passes."""
        now, found = now or datetime.now(UTC), []
        with writing(self.engine, renews=False) as connection:
            held = CatalogCases(connection)
            for case in held.in_states(OPEN):
                if not overdue(case, now, self.places.ownership):
                    continue
                to = self.places.route(connection, case, now.date())
                made = escalated(case, to, CLERK, now)
                if made is not None:
                    moved = move(held, case.id, made[1])
                    tell(CatalogCases(connection), moved, made[1])
                    found.append(moved)
                elif last := case.owner or self.places.ownership.roles.triage:
                    key = f"{case.id}/overdue/{last}/{case.state}/{case.since.isoformat()}"
                    held.notify(key, last, now, case, "case.overdue")
        return found

    def ask_to_decide(self, now: datetime | None = None) -> list[Case]:
        """Ask whoever is next to decide on what cases wait for; once for each term that passes."""
        now, found = now or datetime.now(UTC), []
        with writing(self.engine, renews=False) as connection:
            for case in CatalogCases(connection).in_states([State.FIX_SUBMITTED]):
                asked = ask_to_decide(connection, case, self.deciding, self.places.ownership, now)
                found += [asked] if asked else []
        return found

    def decisions_by(self, proposals: Iterable[Proposal]) -> dict[int, datetime]:
        """Until when those of the proposals that are in review are to be decided on.

        By the first deadline of the cases that wait for one, and at the latest within that of a case of low severity.
        """
        term = timedelta(hours=self.places.ownership.sla.low.acknowledge_hours)
        found = {each.id: each.changed_at + term for each in proposals if each.state.value == "in_review"}
        if not found:
            return {}
        with reading(self.engine) as connection:
            cases = {each.id: each for each in CatalogCases(connection).in_states([State.FIX_SUBMITTED])}
            waits = awaited(connection, cases.values())
        for number, proposal in waits.items():
            until = decide_by(cases[number], self.places.ownership)
            if until is not None and proposal.id in found:
                found[proposal.id] = min(until, found[proposal.id])
        return found

    def reroute(self, now: datetime | None = None) -> list[Case]:
        """Let open cases follow what ownership says now, those that a person assigned left alone."""
        now, found = now or datetime.now(UTC), []
        with writing(self.engine, renews=False) as connection:
            for case in CatalogCases(connection).in_states(OPEN):
                made = self._routed(connection, case, now, CLERK)
                if made.owner != case.owner:
                    found.append(made)
        return found

    def weigh(self, now: datetime | None = None) -> list[Case]:
        """Let open cases be as severe as what they are about and whom they reach make them; returns those changed.

        Their terms move with it. Nothing is written for the others.
        """
        now, found, other = now or datetime.now(UTC), [], list[int]()
        with reading(self.engine) as connection:
            held = CatalogCases(connection)
            waiting = held.in_states(OPEN)
            for start in range(0, len(waiting), _WEIGHED_AT_ONCE):
                part = waiting[start : start + _WEIGHED_AT_ONCE]
                reports = held.reports_of_cases([each.id for each in part])
                weighed = (
                    (each, weigh(each, reports.get(each.id, ()), _risk(connection, each.about))) for each in part
                )
                other += [case.id for case, made in weighed if made != case]
        if not other:
            return []
        with writing(self.engine, renews=False) as connection:
            held = CatalogCases(connection)
            for number in other:
                case = held.load(number)
                made = case and reweigh(held, number, _risk(connection, case.about), CLERK, now)
                found += [self._routed(connection, made, now, CLERK)] if made else []
        return found

    def follow(self, now: datetime | None = None) -> int:
        """Reroute, escalate and ask for decisions; returns how many cases moved.

        Nothing is written where no case is open, and no proposal waits of which nobody was told.
        """
        at = now or datetime.now(UTC)
        with reading(self.engine) as connection:
            idle, fresh = not CatalogCases(connection).in_states(OPEN), untold(connection, at)
        if fresh:
            with writing(self.engine, renews=False) as connection:
                tell_deciders(connection, self.deciding, at)
        return 0 if idle else len(self.reroute(now)) + len(self.escalate(now)) + len(self.ask_to_decide(now))

    def news(self, who: Principal) -> Sequence[Told]:
        """What `who` was told of, newest first."""
        with reading(self.engine) as connection:
            return CatalogCases(connection).told_to(who.tokens)

    def _shown(self, connection: Connection, who: Principal, case: Case) -> ShownCase | None:
        held = CatalogCases(connection)
        to = self.places.route(connection, case, datetime.now(UTC).date())
        handles = self._handles(connection, who, case, to)
        reports = tuple(held.reports(case.id))
        if not handles:
            reports = tuple(each for each in reports if each.principal == who.id)
            if not reports:
                return None
        readable = frozenset(items.readable(connection, who, sorted(named_in(case, reports))))
        if case.about.item and self.places.answers_for(connection, who, case.about.item):
            readable |= {case.about.item}
        others = {identifier for each in reports if each.principal != who.id for identifier in each.named}
        closed = closed_to(who, items.readers_of(connection, sorted(others)))
        until = decide_by(case, self.places.ownership) if awaited(connection, [case]) else None
        return ShownCase(case, handles, reports, readable, closed, next_in_line=to.after(case), decide_by=until)

    def _handles(self, connection: Connection, who: Principal, case: Case, to: Route) -> bool:
        """Whether a case is one's to deal with: its owner, those next in line, and whoever sorts all cases.

        None of them where they may not read (any more) what it is about.
        """
        held, place = {case.owner, *to.chain}, self.places.of(connection, case)
        if case.about.cause not in CONFIDENTIAL:
            held.add(self.places.ownership.roles.triage)
        return who.may_read([each for each in held if each and place.may_read(each)])

    def _routed(self, connection: Connection, case: Case, at: datetime, by: str) -> Case:
        held = CatalogCases(connection)
        to = self.places.route(connection, case, at.date())
        may_read = self.places.of(connection, case).may_read
        made = given_to(case, to, self.places.ownership, at.date(), may_read)
        if made == case:
            return case
        held.save(made)
        if made.owner != case.owner:
            held.record("case.routed", by, at, made, {"owner": made.owner, "role": made.role})
            if made.owner:
                key = f"{made.id}/routed/{made.owner}/{at.isoformat()}"
                held.notify(key, made.owner, at, made, "case.routed")
        return made


def _as_read(case: Case, act: str, read: datetime | None) -> None:
    if read is not None and case.changed_at != read:
        raise CaseNotPossible(case.id, act, "it has changed since it was read: look at it again")


def _risk(connection: Connection, about: About) -> Risk:
    """High for what few may read, and for what is law."""
    item = items.last_known(connection, about.item) if about.item else None
    if item is None:
        return Risk.NORMAL
    risky = item.access_rights in _RISKY_RIGHTS or item.authority_tier is AuthorityTier.REGULATION
    return Risk.HIGH if risky else Risk.NORMAL
