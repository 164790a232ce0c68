from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from concord_feedback import Ownership, OwnershipError
from concord_feedback.cases import About, Act, Case, Fix, Move, Severity, State, SubState, step
from concord_feedback.causes import RootCause
from concord_feedback.routing import (
    ROLES,
    Place,
    Role,
    Route,
    decide_by,
    escalated,
    given_to,
    overdue,
    route,
    undecided,
)

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
OWNERSHIP = Ownership.parse(
    {
        "rules": [
            {"match": {}, "owner": "group:knowledge"},
            {"match": {"source": "handbook"}, "owner": "user:priya", "steward": "user:tom", "backup": "user:ann"},
            {"match": {"source": "handbook", "path": "leave/**"}, "owner": "user:leo", "backup": "user:ann"},
            {"match": {"concept": "x:payroll"}, "owner": "user:finn"},
        ],
        "roles": {"access": "group:it", "engineering": "group:rag", "taxonomy": "user:tess"},
        "away": [
            {"who": "user:leo", "delegate": "user:kim", "since": "2026-12-20", "until": "2027-01-03"},
            {"who": "user:kim", "delegate": "user:leo", "since": "2026-12-24", "until": "2026-12-27"},
        ],
    }
)
LEAVE = Place("handbook", "leave/annual.md", use_case_owner="user:uma")


@pytest.mark.parametrize(
    ("cause", "place", "chain"),
    [
        (RootCause.STALE_CONTENT, LEAVE, ("user:leo", "user:ann", "group:knowledge")),
        (
            RootCause.STALE_CONTENT,
            Place("handbook", "pay.md"),
            ("user:priya", "user:ann", "user:tom", "group:knowledge"),
        ),
        (RootCause.STALE_CONTENT, Place("handbook", "pay.md", ("x:payroll",)), ("user:finn", "group:knowledge")),
        (
            RootCause.SOURCE_CONFLICT,
            Place("handbook", "a.md"),
            ("user:tom", "user:priya", "user:ann", "group:knowledge"),
        ),
        (RootCause.INGESTION_ERROR, LEAVE, ("user:priya", "user:ann", "user:tom", "group:knowledge", "user:leo")),
        (RootCause.FILTER_EXCLUDED, LEAVE, ("user:uma", "group:knowledge", "user:leo", "user:ann")),
        (RootCause.TAXONOMY_GAP, LEAVE, ("user:tess", "user:leo", "user:ann", "group:knowledge")),
        (RootCause.ACCESS_FILTERED, LEAVE, ("group:it", "group:knowledge", "user:leo", "user:ann")),
        (RootCause.NOT_EXTRACTED, LEAVE, ("group:rag", "group:knowledge", "user:leo", "user:ann")),
        (RootCause.MISSING_CONTENT, Place(), ("group:knowledge",)),
    ],
)
def test_a_cause_leads_to_a_role_and_the_role_to_people(cause, place, chain):
    assert route(cause, place, OWNERSHIP, TODAY).chain == chain


def test_every_cause_has_a_role():
    assert set(ROLES) == set(RootCause)


def test_nobody_gets_a_case_where_no_rule_names_anyone():
    assert route(RootCause.STALE_CONTENT, Place("wiki", "a.md"), Ownership(), TODAY).holder is None


def test_what_no_rule_names_goes_to_where_it_was_asked_and_to_who_may_approve_anything():
    place = Place(use_case_owner="user:uma", approvers=("group:council", "user:uma"))
    for cause in set(RootCause) - {RootCause.ACCESS_FILTERED, RootCause.FILTER_EXCLUDED}:
        assert route(cause, place, Ownership(), TODAY).chain == ("user:uma", "group:council")
    assert route(RootCause.ACCESS_FILTERED, place, Ownership(), TODAY).chain == ()
    closed = replace(place, may_read=lambda holder: holder == "group:council")
    assert route(RootCause.UNDETERMINED, closed, Ownership(), TODAY).chain == ("group:council",)


def test_who_may_not_read_the_item_is_passed_over():
    place = replace(LEAVE, may_read=lambda holder: holder == "group:knowledge")
    assert route(RootCause.STALE_CONTENT, place, OWNERSHIP, TODAY).chain == ("group:knowledge",)


@pytest.mark.parametrize(
    ("day", "holder"),
    [("2026-12-19", "user:leo"), ("2026-12-20", "user:kim"), ("2026-12-25", "user:ann"), ("2027-01-03", "user:leo")],
)
def test_a_delegate_stands_in_and_two_who_are_both_away_leave_it_to_the_next(day, holder):
    assert route(RootCause.STALE_CONTENT, LEAVE, OWNERSHIP, date.fromisoformat(day)).holder == holder


def test_what_somebody_chosen_has_goes_on_where_all_who_stand_in_are_away_and_else_stays():
    on = date(2026, 12, 25)
    case = replace(fresh(), owner="user:kim", chosen="user:kim", by_hand=True)
    to = route(case.about.cause, LEAVE, OWNERSHIP, on)
    assert to.chain == ("user:ann", "group:knowledge", "user:leo")
    assert given_to(case, to, OWNERSHIP, on).owner == "user:ann"
    assert given_to(case, Route(Role.OWNER, ("user:leo",)), OWNERSHIP, on).owner == "user:kim"


def fresh(**given):
    case = Case(About(RootCause.STALE_CONTENT, "handbook/leave/annual.md"), NOW, NOW, id=1, **given)
    return given_to(case, route(case.about.cause, LEAVE, OWNERSHIP, TODAY), OWNERSHIP, TODAY)


def test_deadlines_go_by_severity():
    case = fresh(severity=Severity.HIGH)
    assert (case.owner, case.role) == ("user:leo", Role.OWNER.value)
    assert case.acknowledge_by == NOW + timedelta(hours=8) and case.fix_by == NOW + timedelta(hours=72)


def test_what_a_person_assigned_is_not_moved_by_a_change_of_ownership():
    case = replace(fresh(), owner="user:zoe", by_hand=True)
    assert given_to(case, route(case.about.cause, LEAVE, OWNERSHIP, TODAY), OWNERSHIP, TODAY).owner == "user:zoe"


def test_an_unacknowledged_case_goes_down_the_line_once_a_term_and_ends_there():
    case, to, seen = fresh(severity=Severity.CRITICAL), route(RootCause.STALE_CONTENT, LEAVE, OWNERSHIP, TODAY), []
    for hour in range(12):
        now = NOW + timedelta(hours=hour)
        for _again in range(2):
            made = escalated(case, to, "system:feedback", now) if overdue(case, now, OWNERSHIP) else None
            if made:
                case, move = made
                seen.append((hour, case.owner, move.act.value))
    assert seen == [(2, "user:ann", "escalate"), (4, "group:knowledge", "escalate")]
    assert case.sub_state is SubState.ESCALATING and case.state is State.NEW


def away(who, delegate):
    since, until = TODAY, TODAY + timedelta(days=5)
    return Ownership.model_validate(
        {
            "rules": [{"match": {}, "owner": "user:alex", "backup": "user:kim", "steward": "user:eve"}],
            "away": [{"who": who, "delegate": delegate, "since": since, "until": until}] if who else [],
        }
    )


def escalated_to_kim(days):
    """A case that alex let lapse, `days` before today."""
    ownership, at = away(None, None), NOW - timedelta(days=days)
    to = route(RootCause.STALE_CONTENT, LEAVE, ownership, TODAY)
    case = given_to(Case(About(RootCause.STALE_CONTENT, "a"), at, at, id=1), to, ownership, TODAY)
    return escalated(case, to, "system:feedback", NOW)[0]


@pytest.mark.parametrize(
    ("delegate", "readers", "held", "following"),
    [
        ("user:dora", "alex kim dora eve", "user:dora", "user:eve"),
        ("user:dora", "alex kim eve", "user:eve", None),
        ("user:alex", "alex kim eve", "user:eve", None),  # who let it lapse is not given it again
    ],
)
def test_who_is_away_when_a_case_was_passed_on_to_them_is_replaced_and_it_never_goes_back(
    delegate, readers, held, following
):
    place = replace(LEAVE, may_read=lambda holder: holder.removeprefix("user:") in readers.split())
    case, ownership = escalated_to_kim(4), away("user:kim", delegate)
    assert (case.owner, case.lapsed) == ("user:kim", ("user:alex",))
    to = route(RootCause.STALE_CONTENT, place, ownership, TODAY)
    case = given_to(Case.from_json(case.to_json()), to, ownership, TODAY, place.may_read)
    assert case.owner == held
    assert given_to(case, to, ownership, TODAY, place.may_read) == case
    made = escalated(case, to, "system:feedback", NOW + timedelta(days=3))
    assert (made and made[0].owner) == following


def test_whom_a_timer_or_a_person_chose_has_it_again_once_they_are_back():
    by_hand = replace(escalated_to_kim(4), escalations=0, lapsed=(), by_hand=True)
    for case in (escalated_to_kim(4), by_hand):
        ownership, there = away("user:kim", "user:dora"), away(None, None)
        to = route(RootCause.STALE_CONTENT, LEAVE, ownership, TODAY)
        case = given_to(case, to, ownership, TODAY)
        assert case.owner == "user:dora"
        assert given_to(case, to, there, TODAY).owner == "user:kim"


def test_a_case_goes_on_from_who_is_in_the_line_no_more_and_not_back():
    case = escalated_to_kim(4)
    other = Ownership.model_validate(
        {"rules": [{"match": {}, "owner": "user:alex", "backup": "user:bob", "steward": "user:eve"}]}
    )
    to = route(RootCause.STALE_CONTENT, LEAVE, other, TODAY)
    assert to.after(case) == ("user:bob", "user:eve")
    assert escalated(case, to, "system:feedback", NOW)[0].owner == "user:bob"


def test_what_was_acknowledged_waits_for_its_fix():
    case = replace(fresh(severity=Severity.CRITICAL), state=State.ACKNOWLEDGED)
    assert not overdue(case, NOW + timedelta(hours=23), OWNERSHIP)
    assert overdue(case, NOW + timedelta(hours=24), OWNERSHIP)
    assert not overdue(replace(case, state=State.RESOLVED), NOW + timedelta(hours=99), OWNERSHIP)


def test_a_fix_is_late_after_its_own_term_however_often_the_case_was_passed_on_before_it_was_acknowledged():
    case, to, seen = fresh(severity=Severity.CRITICAL), route(RootCause.STALE_CONTENT, LEAVE, OWNERSHIP, TODAY), []
    for minute in range(0, 72 * 60, 30):
        now = NOW + timedelta(minutes=minute)
        if minute == 3 * 60:
            case = step(case, Move(Act.ACKNOWLEDGE, "user:ann", now))
        if overdue(case, now, OWNERSHIP) and (made := escalated(case, to, "system:feedback", now)):
            case = made[0]
            seen.append((minute / 60, case.state, case.owner))
    assert case.fix_by == NOW + timedelta(hours=24)
    assert seen == [(2, State.NEW, "user:ann"), (24, State.ACKNOWLEDGED, "group:knowledge")]
    assert overdue(case, NOW + timedelta(hours=48), OWNERSHIP)


def test_terms_that_passed_while_nobody_looked_pass_a_case_on_once():
    to, late = route(RootCause.STALE_CONTENT, LEAVE, OWNERSHIP, TODAY), NOW + timedelta(hours=7)
    case, _ = escalated(fresh(severity=Severity.CRITICAL), to, "system:feedback", late)
    assert not overdue(case, late, OWNERSHIP)
    assert overdue(case, NOW + timedelta(hours=8), OWNERSHIP)


def test_terms_count_from_when_somebody_could_know_of_it():
    later = NOW + timedelta(days=30)
    case = fresh(severity=Severity.CRITICAL, found_at=later)
    assert case.fix_by == later + timedelta(hours=24)
    assert not overdue(case, later, OWNERSHIP)
    closed = replace(case, state=State.RESOLVED, escalations=2)
    again = step(closed, Move(Act.REOPEN, "user:ann", later + timedelta(days=9), "it is wrong again"))
    assert (again.since, again.escalations) == (later + timedelta(days=9), 0)
    assert not overdue(again, again.since, OWNERSHIP)
    assert overdue(again, again.since + timedelta(hours=24), OWNERSHIP)


def test_a_fix_by_hand_that_nothing_proves_is_late_as_any_other():
    to, now = route(RootCause.STALE_CONTENT, LEAVE, OWNERSHIP, TODAY), NOW + timedelta(hours=24)
    fix = Fix(NOW, "user:leo", "rewrote it")
    case = replace(fresh(severity=Severity.CRITICAL), state=State.FIX_SUBMITTED, fix=fix, unproven="nothing to ask")
    assert not overdue(case, now - timedelta(hours=1), OWNERSHIP)
    assert overdue(case, now, OWNERSHIP)
    onward, _ = escalated(case, to, "system:feedback", now)
    assert (onward.owner, onward.state, onward.fix) == ("user:ann", State.FIX_SUBMITTED, fix)
    assert onward.unproven == "nothing to ask"
    proposed = replace(case, fix=replace(fix, proposal=3), unproven="")
    assert not overdue(proposed, now, OWNERSHIP)
    assert overdue(replace(proposed, unproven="nothing to ask"), now, OWNERSHIP)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"roles": {"access": "everyone"}}, "roles.access: everyone is nobody in particular"),
        ({"roles": {"legal": "user:a"}}, "roles.legal: unknown"),
        ({"sla": {"high": {"acknowledge_hours": 0, "fix_hours": 1}}}, "sla.high.acknowledge_hours"),
        (
            {"away": [{"who": "user:a", "delegate": "user:a", "since": "2026-01-01", "until": "2026-02-01"}]},
            "nobody stands in for themselves",
        ),
        (
            {"away": [{"who": "user:a", "delegate": "user:b", "since": "2026-02-01", "until": "2026-02-01"}]},
            "until is not after since",
        ),
    ],
)
def test_mistakes_are_named_at_their_places(data, told):
    with pytest.raises(OwnershipError, match=told):
        Ownership.parse(data)


def test_step_is_what_escalation_does():
    case, move = escalated(fresh(), route(RootCause.STALE_CONTENT, LEAVE, OWNERSHIP, TODAY), "system:feedback", NOW)
    assert step(fresh(), move) == case


def test_who_decides_is_asked_at_once_and_once_more_for_each_term():
    fix = Fix(NOW, "user:ann", "a ranking", proposal=12)
    waits = replace(fresh(severity=Severity.CRITICAL), state=State.FIX_SUBMITTED, fix=fix)
    term = decide_by(waits, OWNERSHIP) - NOW
    assert term == timedelta(hours=OWNERSHIP.sla.critical.acknowledge_hours)
    asked = []
    for half in range(7):
        now = NOW + half * term / 2
        for _again in range(2):
            if undecided(waits, now, OWNERSHIP):
                waits = replace(waits, fix=replace(waits.fix, terms=waits.fix.terms + 1))
                asked.append(half)
    assert asked == [0, 2, 4, 6]
    for other in (replace(waits, state=State.ASSIGNED), replace(waits, fix=replace(fix, proposal=None))):
        assert decide_by(other, OWNERSHIP) is None and not undecided(other, NOW + 99 * term, OWNERSHIP)
