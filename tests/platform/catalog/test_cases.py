"""Cases in the catalog, on both databases: as the plain store in memory, and one open case for each fingerprint."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from concord.catalog.audit import events
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading, writing
from concord.catalog.migrate import migrate
from concord.catalog.schema import reports
from concord_feedback.cases import (
    About,
    Act,
    Case,
    Fix,
    Matter,
    Move,
    Proof,
    Report,
    State,
    SubState,
    diagnosed,
    move,
    report,
)
from concord_feedback.cases.memory import MemoryCases
from concord_feedback.causes import RootCause

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ABOUT = About(RootCause.UNDETERMINED, "p/leave.md", "https://small.example/id/leave", "ask-people")


def given(key, who="ann", hours=0, question="How many days?", **more):
    at = NOW + timedelta(hours=hours)
    return Report(key, "correction", at, question, who, f"t-{key}", right_answer="28 days", expected=("p@1",), **more)


def walk(store):
    """Two reports, a diagnosis, a fix that is rejected and one that is confirmed, and reports that come after it."""
    first = report(store, ABOUT, given("r1"))
    report(store, ABOUT, given("r2", "pat", 1))
    assert report(store, ABOUT, given("r2", "pat", 2)) is None
    found = replace(ABOUT, cause=RootCause.STALE_CONTENT)
    diagnosed(store, first.id, found, [{"probe": "held"}], "user:ann", NOW)
    for passed, hours in ((False, 2), (True, 5)):
        at = NOW + timedelta(hours=hours)
        move(store, first.id, Move(Act.SUBMIT_FIX, "user:ann", at, fix=Fix(at, "user:ann", "edited")))
        later = at + timedelta(hours=1)
        act = Act.CONFIRM if passed else Act.REJECT
        move(store, first.id, Move(act, "system:sync", later, proof=Proof(passed, later, later)))
    assert not report(store, ABOUT, given("r3", "zoe", 8, asked_at=NOW)).open
    assert report(store, ABOUT, given("r4", "pat", 9)).id == first.id
    other = report(store, ABOUT, replace(given("r5", "fay", 10, "Does leave lapse?"), right_answer="no"))
    diagnosed(store, other.id, found, [], "user:ann", NOW + timedelta(hours=11))
    assert [each.id for each in store.alike(Matter.of(ABOUT, given("r6")).asks)] == [first.id]
    assert [each.id for each in store.alike(Matter.of(ABOUT, given("r6")).says)] == [first.id]
    assert not store.alike(Matter.of(ABOUT, given("r6", question="Who?")).asks)
    assert store.notify("k", "user:ann", NOW, first, "assigned") and not store.notify("k", "user:pat", NOW, first, "x")
    return first.id, other.id


def test_the_catalog_keeps_what_the_plain_store_keeps(engine):
    plain = MemoryCases()
    walk(plain)
    with writing(engine) as connection:
        one, two = walk(CatalogCases(connection))
    with reading(engine) as connection:
        held = CatalogCases(connection)
        assert [held.load(one), held.load(two)] == [plain.load(one), plain.load(two)]
        assert held.reports(one) == plain.reports(one) and held.reports(two) == plain.reports(two) == []
        assert held.load(one).sub_state is SubState.REGRESSED and held.load(two).merged_into == one
        assert held.in_states(list(State)) == plain.in_states(list(State))
        told = [each.type for each in held.history(held.load(one))]
        assert told == [name for number, name, _ in plain.events if number == one]
        assert [(each.recipient, each.kind) for each in held.told_to(["user:ann", "user:pat"])] == [
            ("user:ann", "assigned")
        ]
        assert held.reported_by("fay") == {one} and held.reported_by("moe") == frozenset()
        assert held.load(99) is None and held.filed("r9") is None
        assert len(list(events(connection))) == len(plain.events)


def test_reports_of_an_older_release_are_found_by_what_they_ask_and_say(engine):
    old, unknown = given("r1", use_case="ask-people"), replace(given("r2", use_case="ask-people"), expected=())
    asked = replace(ABOUT, place="asked:day", concept="")
    with writing(engine) as connection:
        held = CatalogCases(connection)
        report(held, replace(ABOUT, place="p"), old)
        report(held, asked, unknown)
        report(held, About(RootCause.STALE_CONTENT, "q"), replace(given("r3"), kind="stale"))
    migrate(engine, "-3")
    migrate(engine)
    with reading(engine) as connection:
        held = CatalogCases(connection)
        for number, about in ((1, replace(ABOUT, place="p")), (2, asked)):
            matter = Matter.of(about, given("r4"))
            assert [[each.id for each in held.alike(of)] for of in (matter.asks, matter.says)] == [[number], [number]]
        found = select(reports.c.key).where(reports.c.asks.is_(None))
        assert list(connection.scalars(found)) == ["r3"], "what a sign was filed as is not known"


def test_the_database_refuses_a_second_open_case_about_the_same(engine):
    held = Case(ABOUT, NOW, NOW)
    with writing(engine) as connection:
        CatalogCases(connection).add(held)
        CatalogCases(connection).add(replace(held, state=State.ARCHIVED))
    with pytest.raises(IntegrityError), writing(engine) as connection:
        CatalogCases(connection).add(held)


def test_reports_at_the_same_moment_open_one_case_and_none_is_lost(engine):
    ready = threading.Barrier(6)

    def one(number):
        ready.wait(10)
        with writing(engine) as connection:
            return report(CatalogCases(connection), ABOUT, given(f"r{number}", f"u{number}")).id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(one, range(6)))) == 1
    with reading(engine) as connection:
        held = CatalogCases(connection)
        assert len(held.in_states(list(State))) == 1 and len(held.reports(1)) == 6


def test_owners_who_act_at_the_same_moment_leave_a_legal_state_and_every_act_in_the_history(engine):
    with writing(engine) as connection:
        report(CatalogCases(connection), ABOUT, given("r1"))
    ready = threading.Barrier(4)

    def one(owner):
        ready.wait(10)
        with writing(engine) as connection:
            move(CatalogCases(connection), 1, Move(Act.ASSIGN, owner, NOW, owner=owner))

    owners = [f"user:u{n}" for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, owners))
    with reading(engine) as connection:
        held = CatalogCases(connection)
        case = held.load(1)
        history = [each for each in held.history(case) if each.type == "case.assigned"]
        assert case.state is State.ASSIGNED and sorted(each.actor for each in history) == owners
        assert case.owner == history[-1].actor


def test_a_transaction_that_ends_in_an_error_leaves_nothing(engine):
    class Killed(Exception):
        pass

    with pytest.raises(Killed), writing(engine) as connection:
        report(CatalogCases(connection), ABOUT, given("r1"))
        raise Killed
    with reading(engine) as connection:
        assert not CatalogCases(connection).in_states(list(State)) and not list(events(connection))
