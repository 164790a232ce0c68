"""What dashboards ask: each case once, for the tokens that hold it, while that is derived from what holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from concord.catalog import boards, holdings, upkeep
from concord.catalog.boards import Chosen
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading, writing
from concord.catalog.holdings import Holding
from concord_feedback.cases import About, Case
from concord_feedback.causes import RootCause
from concord_taxonomy.standard import Principal

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def holding(token, number, **changed):
    made = Holding(
        token=token,
        mine=True,
        open=True,
        state="new",
        severity=3,
        due=NOW + timedelta(days=number),
        found_on=date(2026, 10, number),
        cause="content_error",
        department="People",
        use_case="",
        rule="",
        gap=False,
        asked=number,
        people=1,
        reopened=False,
        detect=60 * number,
        acknowledge=None,
        fix=None,
        confirm=None,
    )
    return replace(made, **changed)


@pytest.fixture
def held(engine):
    """Six cases of ann's, the even ones of the leads' too; one of fay's. Their stamp is "now"."""
    with writing(engine) as connection:
        store = CatalogCases(connection)
        for number in range(1, 8):
            store.add(Case(About(RootCause.CONTENT_ERROR, f"p/{number}"), NOW, NOW))
        made = {number: [holding("user:ann", number)] for number in range(1, 7)}
        for number in (2, 4, 6):
            made[number].append(holding("group:leads", number, mine=False))
        made[7] = [holding("user:fay", 7, cause="stale_content")]
        assert len(holdings.pending(connection, "now", 100)) == 7
        holdings.replace(connection, made, "now")
    return engine


ANN = ["group:leads", "user:ann"]


def test_a_case_that_several_tokens_hold_is_one(held):
    with reading(held) as connection:
        assert boards.totals(connection, ANN, Chosen(), NOW).cases == 6
        assert [each.cases for each in boards.counted(connection, ANN, Chosen(), "cause")] == [6]
        assert boards.totals(connection, ANN, Chosen(mine=True), NOW).cases == 6
        assert boards.totals(connection, ANN, Chosen(mine=False), NOW).cases == 3
        assert sum(cases for _, cases, _ in boards.by_day(connection, ANN, Chosen())) == 6


def test_nobody_else_s_case_is_counted(held):
    with reading(held) as connection:
        assert holdings.held_tokens(connection, ["everyone", "group:staff", "user:ann"]) == ["user:ann"]
        assert boards.counted(connection, ["user:ann"], Chosen(cause="stale_content"), "cause") == []
        for tokens in ([], ["user:pat"]):
            assert boards.totals(connection, tokens, Chosen(), NOW) == boards.Totals()
            assert boards.newest(connection, tokens, Chosen(), 9) == []
            assert boards.by_deadline(connection, tokens, Chosen(), 9) == []
            assert boards.most_asked(connection, tokens, Chosen(), 9) == []
            assert boards.by_day(connection, tokens, Chosen()) == []
            assert boards.took(connection, tokens, Chosen(), "detect").known == 0
            assert not boards.holds(connection, tokens, 1)
        assert boards.holds(connection, ["user:fay"], 7) and not boards.holds(connection, ["user:fay"], 1)


def test_pages_of_a_list_hold_each_case_once_and_in_order(held):
    with reading(held) as connection:
        first = boards.by_deadline(connection, ANN, Chosen(open=True), 4)
        rest = boards.by_deadline(connection, ANN, Chosen(open=True), 4, (first[-1][1], first[-1][0]))
        assert [number for number, _ in (*first, *rest)] == [1, 2, 3, 4, 5, 6]
        most = boards.most_asked(connection, ANN, Chosen(), 4)
        assert [number for _, _, number in (*most, *boards.most_asked(connection, ANN, Chosen(), 4, most[-1]))] == [
            6,
            5,
            4,
            3,
            2,
            1,
        ]
        assert boards.newest(connection, ANN, Chosen(), 2) == [6, 5]
        assert boards.newest(connection, ANN, Chosen(), 9, after=5) == [4, 3, 2, 1]


def test_filters_narrow(held):
    with reading(held) as connection:
        late = Chosen(overdue_at=NOW + timedelta(days=3))
        assert [number for number, _ in boards.by_deadline(connection, ANN, late, 9)] == [1, 2]
        assert boards.newest(connection, ANN, Chosen(since=date(2026, 10, 5)), 9) == [6, 5]
        for none in (Chosen(open=False), Chosen(gap=True), Chosen(department="Legal"), Chosen(reopened=True)):
            assert boards.totals(connection, ANN, none, NOW).cases == 0


def test_half_and_nine_in_ten(held):
    with reading(held) as connection:
        spans = boards.took(connection, ANN, Chosen(), "detect")
        assert (spans.known, spans.half, spans.most) == (6, 180, 300)
        assert boards.took(connection, ANN, Chosen(), "fix") == boards.Spans(0, None, None)


def test_a_case_that_was_moved_waits_to_be_derived_anew(held):
    with reading(held) as connection:
        assert not holdings.waiting(connection, "now") and holdings.waiting(connection, "later")
    with writing(held) as connection:
        store = CatalogCases(connection)
        store.save(store.load(3))
        assert [each.id for each in holdings.pending(connection, "now", 9)] == [3]
        holdings.replace(connection, {3: []}, "now")
        assert boards.newest(connection, ["user:ann"], Chosen(), 9) == [6, 5, 4, 2, 1]


def test_pages_are_the_owner_s_that_the_reader_may_read(engine):
    with reading(engine) as connection:
        ann = Principal("ann", frozenset({"user:ann", "everyone"}))
        assert upkeep.stale(connection, ann, ["user:ann"], NOW.date(), 5) == upkeep.Kept((), None)
        assert upkeep.unused(connection, ann, ["user:ann"], NOW, 5) == upkeep.Kept((), None)
        assert not upkeep.keeps(connection, ["user:ann"]) and not upkeep.keeps(connection, [])
