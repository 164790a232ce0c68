"""Routing: from the root cause of a case to a role, and from there to a person, with deadlines and who comes next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from concord_feedback.cases.lifecycle import Act, Move, step
from concord_feedback.cases.model import Case, State
from concord_feedback.causes import RootCause
from concord_feedback.ownership import Owner, Ownership


class Role(StrEnum):
    """As what somebody gets a case."""

    OWNER = "owner"
    STEWARD = "steward"
    SOURCE = "source"
    USE_CASE = "use_case"
    ACCESS = "access"
    AUTHORITY = "authority"
    TAXONOMY = "taxonomy"
    ENGINEERING = "engineering"
    TRIAGE = "triage"


ROLES: Mapping[RootCause, Role] = {
    RootCause.MISSING_CONTENT: Role.OWNER,
    RootCause.INGESTION_ERROR: Role.SOURCE,
    RootCause.CONTENT_ERROR: Role.OWNER,
    RootCause.STALE_CONTENT: Role.OWNER,
    RootCause.SOURCE_CONFLICT: Role.STEWARD,
    RootCause.AUTHORITY_MISCONFIGURED: Role.AUTHORITY,
    RootCause.ACCESS_FILTERED: Role.ACCESS,
    RootCause.ACCESS_TOO_WIDE: Role.ACCESS,
    RootCause.FILTER_EXCLUDED: Role.USE_CASE,
    RootCause.TAXONOMY_GAP: Role.TAXONOMY,
    RootCause.CHUNK_SPLIT: Role.ENGINEERING,
    RootCause.RETRIEVAL_MISS: Role.ENGINEERING,
    RootCause.MISSED_TOP_RANK: Role.ENGINEERING,
    RootCause.NOT_IN_CONTEXT: Role.ENGINEERING,
    RootCause.NOT_EXTRACTED: Role.ENGINEERING,
    RootCause.WRONG_FORMAT: Role.ENGINEERING,
    RootCause.INCORRECT_SPECIFICITY: Role.OWNER,
    RootCause.INCOMPLETE: Role.ENGINEERING,
    RootCause.HALLUCINATION: Role.ENGINEERING,
    RootCause.INVALID_FEEDBACK: Role.TRIAGE,
    RootCause.UNDETERMINED: Role.OWNER,
}
"""Who can mend what."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case belongs, as ownership sees it: source and native id of its item, concepts with broader ones.

    `use_case_owner` is the token of whoever owns the use case it was asked in, `approvers` are those of whoever may
    approve anything; `may_read` says whether a token may read the item: whoever may not is passed over, for they would
    learn that it is there.
    """

    source: str = ""
    path: str = ""
    concepts: Collection[str] = ()
    use_case_owner: str | None = None
    approvers: Collection[str] = ()
    may_read: Callable[[str], bool] = lambda holder: True


@dataclass(frozen=True, slots=True)
class Route:
    """Who has a case and as what; `chain` are those it goes to in turn, the first of whom has it."""

    role: Role
    chain: tuple[str, ...]

    @property
    def holder(self) -> str | None:
        """The token of who has it; None where no rule names anybody."""
        return self.chain[0] if self.chain else None

    def after(self, case: Case) -> tuple[str, ...]:
        """Those whom a case goes to in turn after who has it: nobody who has let it lapse."""
        place = self.chain.index(case.owner) + 1 if case.owner in self.chain else 0
        return tuple(each for each in self.chain[place:] if each not in (*case.lapsed, case.owner))


def route(cause: RootCause, place: Place, ownership: Ownership, on: date) -> Route:
    """Who is to have a case of this cause on a day, and who next: owner, then backup, then the domain's steward.

    Those come last who are away with all who stand in for them.
    """
    role = ROLES[cause]
    named = _named(role, place, ownership)
    stand_in = dict.fromkeys(ownership.present(each, on) for each in named)
    present = sorted(stand_in, key=lambda each: ownership.absent(each, on))
    chain = tuple(each for each in present if place.may_read(each))
    return Route(role, chain if chain or cause is RootCause.ACCESS_FILTERED else tuple(_left(place, ownership, on)))


def _left(place: Place, ownership: Ownership, on: date) -> Iterator[str]:
    """Whom a case goes to that no rule gives to anybody: where it was asked, and whoever may approve anything."""
    asked_in = (place.use_case_owner,) if place.use_case_owner else ()
    for each in dict.fromkeys(ownership.present(holder, on) for holder in (*asked_in, *place.approvers)):
        if place.may_read(each):
            yield each


def _named(role: Role, place: Place, ownership: Ownership) -> Iterator[str]:
    owner = ownership.resolve(place.source, place.path, place.concepts)
    everything = ownership.resolve("", "")
    match role:
        case Role.OWNER:
            yield from _line(owner)
        case Role.SOURCE:
            yield from _line(ownership.resolve(place.source, "") or owner)
        case Role.STEWARD:
            yield from (owner.steward,) if owner and owner.steward else ()
            yield from _line(owner)
        case Role.USE_CASE:
            yield from (place.use_case_owner,) if place.use_case_owner else ()
        case Role.TAXONOMY:
            yield from _given(ownership.roles.taxonomy)
            yield from _line(owner)
        case Role.AUTHORITY:
            yield from _given(ownership.roles.authority)
            yield from (owner.steward,) if owner and owner.steward else ()
            yield from _line(owner)
        case _:
            yield from _given(getattr(ownership.roles, role.value))
    # Whom nobody else stands above: whoever sorts cases, and whoever owns what no other rule names.
    if role is not Role.ACCESS:
        yield from _given(ownership.roles.triage)
    yield from _line(everything)
    # Who owns the item may read it, where none of the others may.
    yield from _line(owner)


def _line(owner: Owner | None) -> Iterator[str]:
    for each in (owner.owner, owner.backup, owner.steward) if owner else ():
        yield from _given(each)


def _given(holder: str | None) -> Iterator[str]:
    if holder:
        yield holder


def with_terms(case: Case, ownership: Ownership) -> Case:
    """The case with the deadlines of its severity, counted from when it was found or opened again."""
    term = getattr(ownership.sla, case.severity.value)
    return replace(
        case,
        acknowledge_by=case.since + timedelta(hours=term.acknowledge_hours),
        fix_by=case.since + timedelta(hours=term.fix_hours),
    )


def given_to(
    case: Case, to: Route, ownership: Ownership, on: date, may_read: Callable[[str], bool] = lambda holder: True
) -> Case:
    """The case with who has it on a day and its deadlines.

    Whom a person or a timer chose keeps it while they `may_read` it; while they are away their delegate has it, and
    where that is nobody who may, the next in line, but nobody who has let it lapse.
    """
    case = with_terms(case, ownership)
    chosen = (case.chosen or case.owner) if case.by_hand or case.escalations else None
    if chosen is None:
        return replace(case, owner=to.holder, role=to.role.value, by_hand=False, chosen=None)
    stands = ownership.present(chosen, on)
    absent = ownership.absent(stands, on)
    if may_read(stands) and not absent and (stands == chosen or stands not in case.lapsed):
        return replace(case, owner=stands, chosen=chosen)
    left = [each for each in to.after(case) if not ownership.absent(each, on)]
    if not left and case.owner and may_read(case.owner):
        return case
    following = left[0] if left else to.holder
    return replace(case, owner=following, chosen=following, role=to.role.value, by_hand=False)


def overdue(case: Case, now: datetime, ownership: Ownership) -> bool:
    """Whether a case has to go to the next in line.

    Nobody acknowledged it within its term, or it was acknowledged and not fixed within that of its fix; and it was not
    passed on since that term, or the last of its length, was over. What is assigned or acknowledged goes on when its
    fix is late, and what a fix by hand was submitted for when that is not proven; who decides on a proposed one is
    asked otherwise (`undecided`).
    """
    sla = getattr(ownership.sla, case.severity.value)
    proposed = case.state is State.FIX_SUBMITTED and case.fix is not None and case.fix.proposal is not None
    if not case.open or (proposed and not case.unproven):
        return False
    term = timedelta(hours=sla.acknowledge_hours if case.state is State.NEW else sla.fix_hours)
    gone = (now - case.since) // term
    return gone > 0 and (case.escalated_at is None or case.escalated_at < case.since + gone * term)


def decide_by(case: Case, ownership: Ownership) -> datetime | None:
    """Until when the change that a case waits for is to be decided on: within the term for acknowledging a case."""
    if case.state is not State.FIX_SUBMITTED or case.fix is None or case.fix.proposal is None:
        return None
    return case.fix.at + timedelta(hours=getattr(ownership.sla, case.severity.value).acknowledge_hours)


def undecided(case: Case, now: datetime, ownership: Ownership) -> bool:
    """Whether somebody has to be asked to decide on what a case waits for: at once, and again for each term gone by."""
    until = decide_by(case, ownership)
    return until is not None and case.fix is not None and now >= case.fix.at + (until - case.fix.at) * case.fix.terms


def escalated(case: Case, to: Route, by: str, at: datetime) -> tuple[Case, Move] | None:
    """The case at the next in line, with the act that brought it there; None where nobody is left."""
    left = to.after(case)
    if not left:
        return None
    made = Move(Act.ESCALATE, by, at, f"not dealt with in time by {case.owner or 'anybody'}", owner=left[0])
    return step(case, made), made
