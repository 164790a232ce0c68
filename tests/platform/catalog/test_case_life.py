"""The life of cases against a model: reports come, people and timers act at once, and anything is killed at any point.

Whatever happens, no report is lost, nobody is told twice of one thing, and no case is where no step leads.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import event, func, select

from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading, writing
from concord.catalog.errors import CatalogUnreachable
from concord.catalog.schema import cases, notifications
from concord.governance import NotAllowed, NotPossible, Proposals
from concord.governance.cases import CaseDesk, Places
from concord.governance.cases.awaiting import put_back
from concord_feedback import Ownership
from concord_feedback.cases import EVENTS, TRANSITIONS, About, Act, Fix, Move, Proof, Report, Resolution, State
from concord_feedback.causes import RootCause
from concord_feedback.errors import CaseNotPossible
from concord_taxonomy.standard import Principal

OWNERSHIP = Ownership.parse(
    {
        "rules": [{"match": {}, "owner": "user:ann", "backup": "user:ben", "steward": "user:sue"}],
        "roles": {"triage": "user:tri"},
    }
)
PEOPLE = [Principal(name, frozenset({f"user:{name}"})) for name in ("ann", "ben", "sue", "tri")]
DECIDERS = ("user:cem", "user:dan")
ACTS = {name: act for act, name in EVENTS.items()} | {"case.merged": Act.ARCHIVE}
BY_PEOPLE = [Act.ACKNOWLEDGE, Act.ASSIGN, Act.SUBMIT_FIX, Act.RESOLVE, Act.REOPEN, Act.ARCHIVE]
BY_SYNCS = [Act.CONFIRM, Act.REJECT, Act.REGRESS, Act.DOUBT]
_runs = count()


class Killed(BaseException):
    """Nothing runs after it; the database undoes what was not committed."""


class Lives(RuleBasedStateMachine):
    """Two pages that are reported again and again."""

    def __init__(self, engine):
        super().__init__()
        self.engine = engine
        self.run = next(_runs)
        self.now = datetime(2026, 3, 1, tzinfo=UTC)
        self.keys = count()
        self.taken = set()
        self.left = None
        event.listen(engine, "before_cursor_execute", self._executes)

    def teardown(self):
        event.remove(self.engine, "before_cursor_execute", self._executes)

    @initialize()
    def opens(self):
        places = Places(OWNERSHIP, lambda holder, readers: True, lambda iri: frozenset({iri}), {})
        self.desk = CaseDesk(
            self.engine, places, deciding=lambda _connection, _proposal: (("user:cem",), ("user:dan",))
        )
        self.report(0, "pat", None)

    def _executes(self, *_):
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed

    def _tried(self, do, dies_after):
        """Do something that is killed after some statements, and then, as whoever started it does, do it again."""
        self.left = dies_after
        try:
            return do()
        except (Killed, CatalogUnreachable):  # what dies on PostgreSQL looks like a server that is gone
            assert self.left is not None and self.left < 0
            self.left = None
            self.holds()
            return do()
        finally:
            self.left = None

    @rule(
        page=st.integers(0, 1),
        who=st.sampled_from(["pat", "fay", "ann"]),
        dies_after=st.none() | st.integers(0, 14),
        question=st.sampled_from(["how?", "why?"]),
        hours_ago=st.sampled_from([0, 1, 200]),
    )
    def report(self, page, who, dies_after, question="how?", hours_ago=0):
        about = About(RootCause.UNDETERMINED, f"run-{self.run}/page-{page}")
        key = f"correction/{self.run}/{next(self.keys)}"
        self.now += timedelta(minutes=1)
        asked = self.now - timedelta(hours=hours_ago)
        given = Report(key, "correction", self.now, question, who, asked_at=asked)
        before = {each.id: each for each in self._cases()}

        def file():
            with writing(self.engine, renews=False) as connection:
                return self.desk.file(connection, about, given, self.now)

        case = self._tried(file, dies_after)
        self.taken.add(key)
        if case is not None and case.id in before and not before[case.id].open:
            # What was answered before the proof opens nothing, and what was answered since does.
            assert case.open is (asked > before[case.id].proof.at)
            assert case.state is State.ASSIGNED or case.state is before[case.id].state

    @rule(
        number=st.integers(0, 9),
        cause=st.sampled_from([RootCause.STALE_CONTENT, RootCause.CONTENT_ERROR]),
        dies_after=st.none() | st.integers(0, 20),
    )
    def somebody_diagnoses(self, number, cause, dies_after):
        found = self._cases()
        case = found[number % len(found)]
        self.now += timedelta(minutes=1)
        about = replace(case.about, cause=cause)
        made = self._tried(lambda: self.desk.diagnosed(case.id, about, [], "user:ann", self.now), dies_after)
        assert made.id == case.id or made.open

    @rule(who=st.lists(st.sampled_from(["pat", "fay", "ann"]), min_size=2, max_size=3))
    def the_same_is_reported_at_once(self, who):
        """Each report has its case, and those that opened none have joined one."""
        about = About(RootCause.UNDETERMINED, f"run-{self.run}/page-0")
        self.now += timedelta(minutes=1)
        keys = [f"correction/{self.run}/{next(self.keys)}" for _ in who]

        def file(given):
            with writing(self.engine, renews=False) as connection:
                return self.desk.file(connection, about, given, self.now)

        reports = [Report(key, "correction", self.now, "how?", each) for key, each in zip(keys, who, strict=True)]
        with ThreadPoolExecutor(len(who)) as pool:
            assert len({case.id for case in pool.map(file, reports)}) == 1
        self.taken.update(keys)

    def _move(self, act, who, passed):
        return Move(
            act,
            f"user:{who}",
            self.now,
            "because",
            resolution=Resolution.WILL_NOT_FIX if act is Act.RESOLVE else None,
            owner="user:ben" if act is Act.ASSIGN else None,
            fix=Fix(self.now, f"user:{who}", "mended") if act in (Act.SUBMIT_FIX, Act.DOUBT) else None,
            proof=Proof(passed, self.now, self.now + timedelta(seconds=1), "asked") if act in BY_SYNCS else None,
        )

    @rule(
        number=st.integers(0, 9),
        acts=st.lists(st.tuples(st.sampled_from(BY_PEOPLE), st.sampled_from(PEOPLE)), min_size=1, max_size=3),
        dies_after=st.none() | st.integers(0, 14),
    )
    def people_act_at_once(self, number, acts, dies_after):
        found = self._cases()
        case = found[number % len(found)]
        self.now += timedelta(minutes=1)

        def act(chosen):
            try:
                self.desk.act(chosen[1], case.id, self._move(chosen[0], chosen[1].id, True))
            except (CaseNotPossible, NotAllowed):
                return

        if len(acts) == 1:
            self._tried(lambda: act(acts[0]), dies_after)
        else:
            with ThreadPoolExecutor(len(acts)) as pool:
                list(pool.map(act, acts))

    @rule(number=st.integers(0, 9), act=st.sampled_from(BY_SYNCS), dies_after=st.none() | st.integers(0, 14))
    def a_sync_proves(self, number, act, dies_after):
        found = self._cases()
        case = found[number % len(found)]
        self.now += timedelta(minutes=1)

        def prove():
            try:
                self.desk.proven(case.id, self._move(act, "sync", act is Act.CONFIRM))
            except CaseNotPossible:
                return

        self._tried(prove, dies_after)

    @rule(
        number=st.integers(0, 9),
        withdrawn=st.booleans(),
        twice=st.booleans(),
        dies_after=st.none() | st.integers(0, 20),
    )
    def a_proposed_change_is_turned_down(self, number, withdrawn, twice, dies_after):
        """Nobody waits for it afterwards, whoever dies or is quicker."""
        found = self._cases()
        case = found[number % len(found)]
        self.now += timedelta(minutes=1)
        proposals = Proposals(self.engine, may_decide=lambda *_: True, turned_down=put_back)
        (made,) = proposals.propose(
            "authority", {"authority.yaml": f"{self.run} {self.now}"}, "user:ann", "why"
        ).proposals
        fix = Fix(self.now, "user:ann", "proposed", proposal=made.id)

        def wait():
            with suppress(CaseNotPossible, NotAllowed):
                self.desk.act(PEOPLE[0], case.id, replace(self._move(Act.SUBMIT_FIX, "ann", True), fix=fix))

        def turn_down():
            with suppress(NotPossible):
                if withdrawn:
                    proposals.withdraw(made.id, "user:ann")
                else:
                    proposals.reject((made.id, 1), PEOPLE[1], "no")

        if twice:  # the case begins to wait while the decision is made
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda do: do(), [wait, turn_down]))
        else:
            wait()
            self._tried(turn_down, dies_after)
        assert all(each.fix is None or each.fix.proposal != made.id for each in self._cases() if each.open)

    @rule(number=st.integers(0, 9), dies_after=st.none() | st.integers(0, 20))
    def a_proposed_change_waits(self, number, dies_after):
        """Nobody decides on it: whoever may is asked, and time passes."""
        found = self._cases()
        case = found[number % len(found)]
        self.now += timedelta(minutes=1)
        proposals = Proposals(self.engine, may_decide=lambda *_: True, turned_down=put_back)
        changed = {"authority.yaml": f"{self.run} {self.now}"}
        (made,) = proposals.propose("authority", changed, "user:ann", "why").proposals
        fix = Fix(self.now, "user:ann", "proposed", proposal=made.id)

        def wait():
            with suppress(CaseNotPossible, NotAllowed):
                self.desk.act(PEOPLE[0], case.id, replace(self._move(Act.SUBMIT_FIX, "ann", True), fix=fix))

        self._tried(wait, dies_after)

    @rule(hours=st.sampled_from([1, 100, 400]), dies_after=st.none() | st.integers(0, 30))
    def time_passes(self, hours, dies_after):
        self.now += timedelta(hours=hours)
        self._tried(lambda: self.desk.escalate(self.now), dies_after)
        self._tried(lambda: self.desk.ask_to_decide(self.now), dies_after)
        # What is late by several terms goes on one step at a time; a second timer at the same moment adds what is due.
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: self.desk.follow(self.now), range(2)))

    def _cases(self):
        with reading(self.engine) as connection:
            everything = CatalogCases(connection).in_states(list(State))
        return [each for each in everything if each.about.item.startswith(f"run-{self.run}/")]

    @invariant()
    def holds(self):
        with reading(self.engine) as connection:
            held = CatalogCases(connection)
            mine = [each for each in held.in_states(list(State)) if each.about.item.startswith(f"run-{self.run}/")]
            reported = [each.key for case in mine for each in held.reports(case.id)]
            assert sorted(reported) == sorted(set(reported)) and self.taken <= set(reported)
            is_open = [case.about.fingerprint for case in mine if case.open]
            assert len(is_open) == len(set(is_open))
            for case in mine:
                history = held.history(case)
                self._legal(case, [each for each in history if each.type in ACTS])
                if case.state is State.FIX_SUBMITTED and case.fix.proposal:
                    asked = [each for each in history if each.data.get("proposal") == case.fix.proposal]
                    asked = [each for each in asked if each.type == "case.decision_asked"]
                    assert (
                        len(asked) == len(case.fix.asked) and case.fix.asked == ("user:cem", "user:dan")[: len(asked)]
                    )
            numbers = [case.id for case in mine]
            told = select(notifications.c.case_id, notifications.c.kind, notifications.c.recipient, notifications.c.at)
            told = told.where(notifications.c.case_id.in_(numbers) & (notifications.c.kind != "case.routed"))
            rows = [tuple(each) for each in connection.execute(told)]
            assert len(rows) == len(set(rows))
            states = select(func.count()).where(cases.c.id.in_(numbers) & (cases.c.open != cases.c.state.in_(OPEN)))
            assert connection.scalar(states) == 0

    def _legal(self, case, history):
        state = State.NEW
        for each in history:
            following = TRANSITIONS[state, ACTS[each.type]]
            assert each.data["state"] == following.value
            state = following
        assert case.state is state
        types = [each.type for each in history]
        opened = {EVENTS[act] for act in (Act.REOPEN, Act.REGRESS, Act.DOUBT)}
        again = max((n for n, each in enumerate(types) if each in opened), default=-1)
        assert case.escalations == types[again + 1 :].count("case.escalated")


OPEN = [each.value for each in State if each not in (State.RESOLVED, State.ARCHIVED)]


def run(engine, examples, steps):
    profile = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=examples < 100,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lambda: Lives(engine), settings=profile)


def test_cases_hold_whatever_happens(engine):
    run(engine, 8, 15)


@pytest.mark.slow
@pytest.mark.timeout(5_400)
def test_cases_hold_whatever_happens_for_long(engine):
    run(engine, 200, 40)
