"""The life cycle of a case, walked at random: no illegal state, no lost report, one open case for a fingerprint."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from concord_feedback.cases import (
    EVENTS,
    GUARDS,
    OPEN,
    TRANSITIONS,
    About,
    Act,
    Case,
    Fix,
    Move,
    Proof,
    Reach,
    Report,
    Resolution,
    Risk,
    Severity,
    State,
    SubState,
    diagnosed,
    move,
    report,
    severity,
    step,
)
from concord_feedback.cases.memory import MemoryCases
from concord_feedback.causes import RootCause
from concord_feedback.errors import CaseNotPossible, NoSuchCase

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PLACES = st.sampled_from(["p/leave.md", "p/travel.md#Hotels", "asked:parking"])
CAUSES = st.sampled_from([RootCause.UNDETERMINED, RootCause.STALE_CONTENT])


def case(state=State.NEW, **given):
    return Case(About(RootCause.STALE_CONTENT, "p/leave.md"), START, START, state=state, id=1, **given)


def at(hours):
    return START + timedelta(hours=hours)


FIX = Fix(at(1), "user:ann", "corrected the number")


class Life(RuleBasedStateMachine):
    """Every act at any time, also those that are refused; the model knows only what must never be."""

    def __init__(self):
        super().__init__()
        self.store = MemoryCases()
        self.hours = 0
        self.reported = set()

    def now(self):
        self.hours += 1
        return at(self.hours)

    def some(self, data):
        return data.draw(st.sampled_from(sorted(self.store.cases)))

    @rule(place=PLACES, cause=CAUSES, who=st.sampled_from(["ann", "pat", None]), key=st.integers(0, 30))
    def reports(self, place, cause, who, key):
        given = Report(f"r{key}", "correction", self.now(), "How?", who, trace=f"t{key}")
        held = report(self.store, About(cause, place), given)
        assert (held is None) == (given.key in self.reported)
        self.reported.add(given.key)
        if held:
            assert held.open

    @precondition(lambda self: self.store.cases)
    @rule(data=st.data(), act=st.sampled_from(list(Act)), whole=st.booleans(), passed=st.booleans())
    def acts(self, data, act, whole, passed):
        number, now = self.some(data), self.now()
        before = self.store.cases[number]
        index = now - timedelta(hours=data.draw(st.integers(0, 4)))
        made = Move(act, "user:ann", now)
        if whole:
            made = replace(
                made,
                comment="because",
                resolution=Resolution.WILL_NOT_FIX if act is Act.RESOLVE else None,
                owner="user:pat" if act is Act.ASSIGN else None,
                fix=Fix(now, "user:ann", "edited", proposal=data.draw(st.sampled_from([None, 7])))
                if act is Act.SUBMIT_FIX
                else None,
                proof=Proof(passed, now, index) if act in (Act.CONFIRM, Act.REJECT, Act.REGRESS) else None,
            )
        events = len(self.store.events)
        try:
            after = move(self.store, number, made)
        except CaseNotPossible:
            assert self.store.cases[number] == before and len(self.store.events) == events
            return
        assert TRANSITIONS[before.state, act] is after.state
        assert self.store.events[-1] == (number, EVENTS[act], "user:ann")
        if act is Act.RESOLVE:
            assert after.resolution and after.comment
        if act is Act.CONFIRM:
            assert passed and before.fix and index > before.fix.at
        if act is Act.DECLINE:
            assert before.fix and before.fix.proposal and after.fix is None and after.comment
        if after.sub_state is SubState.REGRESSED:
            assert before.sub_state is SubState.FIXED_CONFIRMED

    @precondition(lambda self: self.store.cases)
    @rule(data=st.data(), place=PLACES, cause=CAUSES)
    def diagnoses(self, data, place, cause):
        number = self.some(data)
        made = diagnosed(self.store, number, About(cause, place), [{"probe": "held"}], "user:ann", self.now())
        assert made.id == number or self.store.cases[number].merged_into == made.id

    @invariant()
    def one_open_case_for_each_fingerprint(self):
        held = [each.about.fingerprint for each in self.store.cases.values() if each.open]
        assert len(held) == len(set(held))

    @invariant()
    def every_report_belongs_to_a_case(self):
        assert set(self.store.kept) == self.reported
        assert {number for number, _ in self.store.kept.values()} <= set(self.store.cases)

    @invariant()
    def nothing_is_in_an_illegal_state(self):
        for each in self.store.cases.values():
            assert each.open == (each.state in OPEN)
            if each.sub_state is SubState.FIXED_CONFIRMED:
                assert each.state in (State.RESOLVED, State.ARCHIVED)
                assert each.proof and each.proof.passed and each.fix and each.proof.indexed_at > each.fix.at
            elif each.state is State.RESOLVED:
                assert each.resolution and each.comment.strip()
            if each.sub_state is SubState.ESCALATING:
                assert each.state is not State.RESOLVED
                assert each.escalations
            if each.state is State.FIX_SUBMITTED:
                assert each.fix
            if each.merged_into:
                assert not each.open and not self.store.reports(each.id)


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestLife = Life.TestCase


def test_the_table_names_every_act_and_leads_out_of_every_open_state():
    assert {act for _, act in TRANSITIONS} == set(Act) == set(EVENTS)
    assert set(GUARDS) <= set(Act)
    for state in State:
        reached, todo = {state}, [state]
        while todo:
            here = todo.pop()
            todo += [to for (held, _), to in TRANSITIONS.items() if held is here and to not in reached]
            reached |= set(todo)
        assert State.ARCHIVED in reached, state


@pytest.mark.parametrize(
    ("held", "made", "told"),
    [
        (case(State.ASSIGNED), Move(Act.RESOLVE, "user:ann", at(1), "said"), "give a reason"),
        (
            case(State.ASSIGNED),
            Move(Act.RESOLVE, "user:ann", at(1), " ", Resolution.INVALID_FEEDBACK),
            "say more in a comment",
        ),
        (case(), Move(Act.RESOLVE, "user:ann", at(1), "x", Resolution.INVALID_FEEDBACK), "it is new"),
        (case(), Move(Act.ASSIGN, "user:ann", at(1)), "name who"),
        (case(), Move(Act.SUBMIT_FIX, "user:ann", at(1), fix=Fix(at(1), "user:ann", "")), "say what was done"),
        (case(State.FIX_SUBMITTED, fix=FIX), Move(Act.CONFIRM, "system:sync", at(3)), "no replay"),
        (
            case(State.FIX_SUBMITTED, fix=FIX),
            Move(Act.CONFIRM, "system:sync", at(3), proof=Proof(False, at(3), at(2))),
            "no replay of its questions has passed",
        ),
        (
            case(State.FIX_SUBMITTED, fix=FIX),
            Move(Act.CONFIRM, "system:sync", at(3), proof=Proof(True, at(3), FIX.at)),
            "older than the fix",
        ),
        (
            case(State.FIX_SUBMITTED, fix=FIX),
            Move(Act.REJECT, "system:sync", at(3), proof=Proof(False, at(3), at(0))),
            "older than the fix",
        ),
        (
            case(State.RESOLVED, resolution=Resolution.WILL_NOT_FIX),
            Move(Act.REGRESS, "system:sync", at(3), proof=Proof(False, at(3), at(3))),
            "never confirmed",
        ),
    ],
)
def test_what_is_missing_is_said(held, made, told):
    with pytest.raises(CaseNotPossible, match=told):
        step(held, made)


def test_a_fix_is_confirmed_by_a_later_index_alone_and_regresses_when_it_fails_again():
    fixed = step(case(), Move(Act.SUBMIT_FIX, "user:ann", at(1), fix=FIX))
    proven = step(fixed, Move(Act.CONFIRM, "system:sync", at(3), proof=Proof(True, at(3), at(2))))
    assert (proven.state, proven.sub_state) == (State.RESOLVED, SubState.FIXED_CONFIRMED)
    broken = step(proven, Move(Act.REGRESS, "system:sync", at(5), proof=Proof(False, at(5), at(4))))
    assert (broken.state, broken.sub_state, broken.fix) == (State.ASSIGNED, SubState.REGRESSED, None)


def test_a_report_after_the_proof_breaks_the_case_open_again():
    store, about = MemoryCases(), About(RootCause.STALE_CONTENT, "p/leave.md")
    first = report(store, about, Report("r1", "correction", at(0), "How?", "ann"))
    move(store, first.id, Move(Act.SUBMIT_FIX, "user:ann", at(1), fix=FIX))
    move(store, first.id, Move(Act.CONFIRM, "system:sync", at(3), proof=Proof(True, at(3), at(2))))
    again = report(store, about, Report("r2", "correction", at(5), "How?", "pat"))
    assert (again.id, again.state, again.sub_state) == (first.id, State.ASSIGNED, SubState.REGRESSED)


def test_a_closed_case_is_not_opened_beside_another_about_the_same():
    store, about = MemoryCases(), About(RootCause.STALE_CONTENT, "p/leave.md")
    first = report(store, about, Report("r1", "correction", at(0), "How?", "ann"))
    move(store, first.id, Move(Act.ACKNOWLEDGE, "user:ann", at(1)))
    move(store, first.id, Move(Act.RESOLVE, "user:ann", at(1), "no", Resolution.INVALID_FEEDBACK))
    second = report(store, about, Report("r2", "correction", at(2), "How?", "pat"))
    assert second.id != first.id
    with pytest.raises(CaseNotPossible, match=f"case {second.id} is open about the same"):
        move(store, first.id, Move(Act.REOPEN, "user:ann", at(3), "it was right"))


def test_a_merged_case_goes_by_what_its_diagnosis_says_and_belongs_to_who_has_the_other():
    store, found = MemoryCases(), About(RootCause.ACCESS_FILTERED, "p/bands.md")
    first = report(store, found, Report("r1", "correction", at(0), "How much?", "ann"))
    store.save(replace(first, owner="user:mei", role="access"))
    second = report(
        store, About(RootCause.UNDETERMINED, "p/leave.md"), Report("r2", "correction", at(1), "What?", "ann")
    )
    store.save(replace(second, owner="user:ann", role="owner"))
    diagnosed(store, second.id, found, [{"probe": "readable", "items": ["p/bands.md"]}], "user:ann", at(2))
    merged = store.load(second.id)
    assert (merged.merged_into, merged.about, merged.owner, merged.role) == (first.id, found, "user:mei", "access")


def test_severity_goes_by_distinct_people_and_by_risk():
    often = [Report(f"r{n}", "correction", at(n), "How?", "ann", trace=f"t{n}", use_case=f"u{n}") for n in range(6)]
    assert Reach.of(often) == Reach(people=1, use_cases=1, asked=1)
    assert severity(Reach.of(often), Risk.NORMAL) is Severity.LOW
    brought = [replace(each, principal=f"p{n}", imported_by="ann") for n, each in enumerate(often)]
    assert Reach.of([*brought, *often]) == Reach.of(often)
    other = Report("r9", "correction", at(9), "How?", "pat", trace="t9", use_case="u1")
    assert Reach.of([*often, other]) == Reach(people=2, use_cases=2, asked=2)
    nobodys = [Report(f"q{n}", "regression", at(n), "How?") for n in range(5)]
    assert Reach.of(nobodys) == Reach(asked=5) and severity(Reach.of(nobodys), Risk.NORMAL) is Severity.MEDIUM
    assert severity(Reach(people=2, asked=2), Risk.NORMAL) is Severity.MEDIUM
    assert severity(Reach(people=1, asked=1), Risk.HIGH) is Severity.HIGH
    assert severity(Reach(people=3, asked=3), Risk.HIGH) is Severity.CRITICAL


def test_a_case_survives_being_written():
    held = case(
        State.RESOLVED,
        sub_state=SubState.FIXED_CONFIRMED,
        fix=FIX,
        proof=Proof(True, at(3), at(2), "2 of 2"),
        fix_by=at(9),
        diagnosis=({"probe": "held", "outcome": "passed", "evidence": {"items": ["a"]}},),
    )
    assert Case.from_json(held.to_json()) == held


def test_a_missing_case_is_told_like_anothers():
    with pytest.raises(NoSuchCase, match="no case 7 that you may see"):
        move(MemoryCases(), 7, Move(Act.ACKNOWLEDGE, "user:ann", at(1)))
