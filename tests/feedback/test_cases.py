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
CAUSES = st.sampled_from([RootCause.UNDETERMINED, RootCause.STALE_CONTENT, RootCause.INVALID_FEEDBACK])


def case(state=State.NEW, **given):
    return Case(About(RootCause.STALE_CONTENT, "p/leave.md"), START, START, state=state, id=1, **given)


def at(hours):
    return START + timedelta(hours=hours)


BY_REPLAYS = (Act.CONFIRM, Act.REJECT, Act.REGRESS, Act.DOUBT)
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

    @rule(
        place=PLACES,
        said=st.sampled_from([("How?", ""), ("How?", "28 days"), ("How?", "30 days"), ("When?", "28 days")]),
        kind=st.sampled_from(["correction", "stale"]),
        who=st.sampled_from(["ann", "pat", None]),
        key=st.integers(0, 60),
        ago=st.integers(0, 9),
    )
    def reports(self, place, said, kind, who, key, ago):
        question, right = said
        now = self.now()
        before = dict(self.store.cases)
        asked = now - timedelta(hours=ago)
        given = Report(f"r{key}", kind, now, question, who, f"t{key}", right_answer=right, asked_at=asked)
        cause = RootCause.UNDETERMINED if kind == "correction" else RootCause.STALE_CONTENT
        held = report(self.store, About(cause, place), given)
        assert (held is None) == (given.key in self.reported)
        self.reported.add(given.key)
        if held is None:
            return
        if not held.open:
            assert (held.state, held.sub_state) == (before[held.id].state, SubState.FIXED_CONFIRMED)
            assert kind == "correction" and asked <= held.proof.at
        elif held.id in before and not before[held.id].open:
            assert held.sub_state is SubState.REGRESSED and held.proof.at > before[held.id].proof.at
            assert given.failed_at > before[held.id].proof.at

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
                if act in (Act.SUBMIT_FIX, Act.DOUBT)
                else None,
                proof=Proof(passed, now, index, "who knows") if act in BY_REPLAYS else None,
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
        if act is Act.DOUBT:
            assert not passed and after.unproven == "who knows" and after.open
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
        (
            case(State.FIX_SUBMITTED, fix=FIX),
            Move(Act.RESOLVE, "user:ann", at(1), "x", Resolution.FIXED),
            "only a fix that was asked again and could be neither proven nor rejected",
        ),
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


def test_what_a_sync_mends_by_itself_nobody_has_acknowledged():
    seen = step(case(), Move(Act.SUBMIT_FIX, "system:sync", at(1), fix=FIX))
    proven = step(seen, Move(Act.CONFIRM, "system:sync", at(3), proof=Proof(True, at(3), at(2))))
    assert proven.acknowledged_at is None
    assert step(case(), Move(Act.SUBMIT_FIX, "user:ann", at(1), fix=FIX)).acknowledged_at == at(1)


def test_a_report_after_the_proof_breaks_the_case_open_again():
    store, about = MemoryCases(), About(RootCause.STALE_CONTENT, "p/leave.md")
    first = report(store, about, Report("r1", "correction", at(0), "How?", "ann"))
    move(store, first.id, Move(Act.SUBMIT_FIX, "user:ann", at(1), fix=FIX))
    move(store, first.id, Move(Act.CONFIRM, "system:sync", at(3), proof=Proof(True, at(3), at(2))))
    again = report(store, about, Report("r2", "correction", at(5), "How?", "pat"))
    assert (again.id, again.state, again.sub_state) == (first.id, State.ASSIGNED, SubState.REGRESSED)


LEAVE = About(RootCause.UNDETERMINED, "p/leave.md", "", "people")


def said(key, who="ann", hours=0, question="How many days?", right="28 days", **given):
    return Report(key, "correction", at(hours), question, who, f"t-{key}", "people", right_answer=right, **given)


def found(store, cause=RootCause.CONTENT_ERROR, place="p/leave.md", **given):
    """A case of one report that was diagnosed."""
    first = report(store, LEAVE, said("r1", **given))
    return diagnosed(store, first.id, About(cause, place, "", "people"), [], "user:ann", at(1))


def confirmed(store, **given):
    """A diagnosed case whose fix was confirmed at hour 3."""
    first = found(store, **given)
    move(store, first.id, Move(Act.SUBMIT_FIX, "user:ann", at(2), fix=Fix(at(2), "user:ann", "edited")))
    proof = Proof(True, at(3), at(3), "1 of 1", "what is declared")
    return move(store, first.id, Move(Act.CONFIRM, "system:sync", at(3), proof=proof))


@pytest.mark.parametrize(
    ("given", "joins"),
    [
        ({}, True),
        ({"question": "how many days"}, True),
        ({"right": ""}, True),
        ({"right": "30 days"}, True),
        ({"question": "How much leave is there?"}, True),
        ({"question": "How much leave is there?", "right": "28 hours"}, False),
        ({"question": "Does leave lapse?", "right": ""}, False),
    ],
)
def test_later_reports_of_the_same_join_the_case_whatever_its_cause_was_found_to_be(given, joins):
    for cause, place in (
        (RootCause.CONTENT_ERROR, "p/leave.md"),
        (RootCause.STALE_CONTENT, "q/old.md"),
        (RootCause.ACCESS_FILTERED, "p/bands.md"),
    ):
        store = MemoryCases()
        first = found(store, cause, place)
        later = report(store, LEAVE, said("r2", "pat", 5, **given))
        assert (later.id == first.id) is joins
        assert later.about.cause is (cause if joins else RootCause.UNDETERMINED)
        assert (later.reach.people, later.severity) == ((2, Severity.MEDIUM) if joins else (1, Severity.LOW))


@pytest.mark.parametrize("cause", [None, RootCause.UNDETERMINED])
@pytest.mark.parametrize(
    ("place", "given", "joins"),
    [
        ("p/leave.md", {}, True),
        ("p/leave.md", {"question": "how many days"}, True),
        ("p/leave.md", {"question": "How much leave is there?"}, True),
        ("p/leave.md", {"question": "How much leave is there?", "right": "28 hours"}, False),
        ("p/leave.md", {"question": "Does leave lapse?", "right": ""}, False),
        ("asked:day leave", {"question": "Is leave a day?", "right": ""}, True),
    ],
)
def test_whether_reports_are_of_the_same_is_no_matter_of_when_one_was_diagnosed(cause, place, given, joins):
    store, about = MemoryCases(), replace(LEAVE, place=place)
    first = report(store, about, said("r1"))
    if cause:
        diagnosed(store, first.id, replace(about, cause=cause), [], "user:ann", at(1))
    assert (report(store, about, said("r2", "pat", 5, **given)).id == first.id) is joins


def test_questions_of_one_page_that_no_diagnosis_can_tell_of_stay_apart():
    store = MemoryCases()
    first, second = (report(store, LEAVE, said(f"r{n}", question=f"{n}?", right="")) for n in (1, 2))
    for each in (first, second):
        assert diagnosed(store, each.id, LEAVE, [], "user:ann", at(1)).id == each.id
    assert len([each for each in store.cases.values() if each.open]) == 2


@pytest.mark.parametrize("about", [replace(LEAVE, place="p/travel.md"), replace(LEAVE, scope="finance")])
def test_the_same_question_of_another_page_or_use_case_is_another_matter(about):
    store = MemoryCases()
    assert report(store, about, said("r2", "pat", 5)).id != found(store).id


def test_a_bare_yes_to_another_question_is_no_sign_of_the_same():
    store = MemoryCases()
    first = found(store, right="Yes.")
    assert report(store, LEAVE, said("r2", "pat", 5, "Does leave lapse?", "yes")).id != first.id


@pytest.mark.parametrize(("right", "joins"), [("28 days.", True), ("30 days", False), ("", False)])
def test_what_was_found_to_be_mistaken_takes_in_the_same_mistake_alone(right, joins):
    store = MemoryCases()
    first = found(store, RootCause.INVALID_FEEDBACK)
    assert (report(store, LEAVE, said("r2", "pat", 5, right=right)).id == first.id) is joins


def test_reports_of_a_merged_case_lead_to_the_one_that_it_joined():
    store = MemoryCases()
    first = found(store)
    second = report(store, LEAVE, said("r2", "pat", 2, "Does leave lapse?", "after 3 months"))
    diagnosed(store, second.id, first.about, [], "user:ann", at(3))
    assert report(store, LEAVE, said("r3", "fay", 4, "Does leave lapse?", "after 3 months")).id == first.id


def test_signs_of_the_same_join_a_case_that_was_diagnosed():
    store, topic = MemoryCases(), About(RootCause.UNDETERMINED, "asked:parking", "parking", "people")
    first = report(store, topic, Report("a1", "abstained", at(0), "Where to park?", "ann"))
    diagnosed(store, first.id, replace(topic, cause=RootCause.MISSING_CONTENT), [], "user:ann", at(1))
    assert report(store, topic, Report("a2", "abstained", at(2), "Is there parking?", "pat")).id == first.id


def test_the_same_answered_wrongly_after_the_proof_breaks_a_diagnosed_case_open():
    store = MemoryCases()
    first = confirmed(store)
    again = report(store, LEAVE, said("r2", "pat", 5, asked_at=at(4)))
    assert (again.id, again.state, again.sub_state) == (first.id, State.ASSIGNED, SubState.REGRESSED)
    assert again.about.cause is RootCause.CONTENT_ERROR and again.fix is None


@pytest.mark.parametrize(
    "given", [{"question": "Does leave lapse?"}, {"right": "30 days"}, {"question": "Does leave lapse?", "right": ""}]
)
def test_something_else_of_the_page_does_not_break_what_was_fixed(given):
    for late in (at(2), at(4)):
        store = MemoryCases()
        first = confirmed(store)
        other = report(store, LEAVE, said("r2", "pat", 5, asked_at=late, **given))
        assert other.id != first.id and other.open and store.load(first.id) == first


@pytest.mark.parametrize("right", ["28 days", "It is 28.", ""])
def test_an_answer_of_before_the_proof_joins_quietly_and_has_the_proof_made_again(right):
    store = MemoryCases()
    first = confirmed(store)
    late = report(store, LEAVE, said("r2", "pat", 9, right=right, asked_at=at(2)))
    assert (late.id, late.state, late.sub_state) == (first.id, State.RESOLVED, SubState.FIXED_CONFIRMED)
    assert late.proof == replace(first.proof, basis="") and late.closed_at == first.closed_at
    assert late.reach.people == 2 and late.reopened == 0 and len(store.reports(first.id)) == 2
    assert store.events[-1] == (first.id, "case.joined", "user:pat")


def test_a_fix_of_access_is_proven_for_whom_it_was_asked_alone():
    for who in ("ann", "pat"):
        for asked in (at(2), at(4)):
            store = MemoryCases()
            first = confirmed(store, cause=RootCause.ACCESS_FILTERED, place="p/bands.md")
            later = report(store, LEAVE, said("r2", who, 5, asked_at=asked))
            assert (later.id == first.id) is (who == "ann")


def test_what_cannot_be_broken_open_beside_an_open_case_joins_that():
    store = MemoryCases()
    first = confirmed(store)
    other = report(store, LEAVE, said("r2", "pat", 4, "Does leave lapse?", "after 3 months"))
    other = diagnosed(store, other.id, first.about, [], "user:ann", at(5))
    assert report(store, LEAVE, said("r3", "fay", 6)).id == other.id


def test_a_case_that_is_opened_again_has_no_reason_for_which_it_was_closed():
    store = MemoryCases()
    first = report(store, LEAVE, said("r1"))
    move(store, first.id, Move(Act.ACKNOWLEDGE, "user:ann", at(1)))
    closed = move(store, first.id, Move(Act.RESOLVE, "user:ann", at(2), "no", Resolution.WILL_NOT_FIX))
    again = move(store, first.id, Move(Act.REOPEN, "user:ann", at(3), "it was right"))
    assert (closed.resolution, again.resolution) == (Resolution.WILL_NOT_FIX, None)


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
    assert (merged.merged_into, merged.about, merged.owner, merged.role) == (
        first.id,
        replace(found, asked=second.about.asked),
        "user:mei",
        "access",
    )


def one_of_two(turned=False, *acts):
    """Two cases that turn out to be one, after acts on the first, or `turned` on the second; all three as they are."""
    store, about = MemoryCases(), About(RootCause.CONTENT_ERROR, "p/leave.md", "", "people")
    first = report(store, LEAVE, said("r1", "ann", 0))
    second = report(store, replace(LEAVE, place="q/other.md"), said("r2", "pat", 5, "Which days?", "Monday"))
    busy, idle = (second, first) if turned else (first, second)
    for each, owner in ((busy, "user:kim"), (idle, "user:leo")):
        store.save(replace(each, owner=owner))
    for each in acts:
        move(store, busy.id, each)
    before = store.load(busy.id)
    for number in (second.id, first.id):
        made = diagnosed(store, number, about, [{"probe": "held"}], "user:ann", at(7))
    assert [each.key for each in store.reports(made.id)] == ["r1", "r2"]
    assert (replace(made.about, asked=""), made.opened_at, made.found_at) == (about, at(0), at(0)) and made.diagnosis
    gone = store.load(idle.id)
    assert (gone.state, gone.merged_into) == (State.ARCHIVED, busy.id)
    assert [(who, kind) for who, _, kind in store.told.values()] == [("user:leo", "case.merged")]
    return before, made


def test_of_two_cases_that_are_one_the_older_stays():
    before, made = one_of_two()
    assert (made.id, made.state, made.owner) == (before.id, State.NEW, "user:kim")


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    "act",
    [
        Move(Act.ACKNOWLEDGE, "user:kim", at(5)),
        Move(Act.ASSIGN, "user:leo", at(5), owner="user:kim"),
        Move(Act.SUBMIT_FIX, "user:kim", at(6), fix=Fix(at(6), "user:kim", "edited")),
    ],
)
def test_of_two_cases_that_are_one_that_stays_on_which_more_was_done(act, turned):
    before, made = one_of_two(turned, act)
    assert (made.id, made.state, made.owner, made.by_hand, made.fix) == (
        before.id,
        before.state,
        "user:kim",
        before.by_hand,
        before.fix,
    )


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


def sign(key, moment, stands_on, trace="t"):
    return Report(key, "stale", moment, "How many days?", "pat", trace, stands_on=stands_on)


def closed(store, **given):
    about = About(RootCause.STALE_CONTENT, "p/leave.md")
    case_id = report(store, about, sign("r1", at(0), "1 2026-01-01"), at=at(1)).id
    move(store, case_id, Move(Act.ACKNOWLEDGE, "user:ann", at(2)))
    return about, move(store, case_id, Move(by="user:ann", at=at(3), comment="it stays", **given))


LEFT = {"act": Act.RESOLVE, "resolution": Resolution.WILL_NOT_FIX}
GONE = {"act": Act.RESOLVE, "resolution": Resolution.FIXED_ELSEWHERE}


@pytest.mark.parametrize(
    ("how", "given", "stays"),
    [
        (LEFT, sign("r2", at(5), "1 2026-01-01"), True),
        (LEFT | {"resolution": Resolution.ACCEPTED_DIFFERENCE}, sign("r2", at(5), "1 2026-01-01"), True),
        ({"act": Act.ARCHIVE}, sign("r2", at(5), "1 2026-01-01"), True),
        (LEFT, sign("r2", at(5), "2 2026-01-01"), False),  # the page is another by now
        (LEFT, replace(sign("r2", at(5), "1 2026-01-01"), kind="rephrased"), False),  # a sign of something else
        (LEFT, sign("r2", at(2), "2 2026-01-01"), True),  # an answer of before
        (LEFT, replace(sign("r2", at(5), ""), kind="correction", right_answer="28 days"), False),  # a person says so
        (GONE, sign("r2", at(5), "1 2026-01-01"), False),  # it is there though it was said to be gone
        (GONE, sign("r2", at(2), "1 2026-01-01"), True),
    ],
)
def test_what_somebody_decided_to_leave_is_opened_again_by_something_new_alone(how, given, stays):
    store = MemoryCases()
    about, case = closed(store, **how)
    again = report(store, about, given, at=at(6))
    assert (again.id == case.id) is stays
    assert again.open is not stays
    assert given.key in {each.key for each in store.reports(again.id)}
