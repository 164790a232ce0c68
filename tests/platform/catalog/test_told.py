"""What answers told is counted by sentence, once an answer, and goes with its trace."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, func, select

from concord.catalog.engine import reading, writing
from concord.catalog.schema import told
from concord.catalog.told import fill, times_told
from concord.catalog.traces import citing, forget_before, store_trace
from concord_feedback import Trace
from concord_feedback.traces import Citation

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
LEAVE, WIKI = ("p/leave.md", "27 days of leave."), ("w/leave.md", "25 days of leave.")


def trace(name, *cited, at=NOW, weighed=()):
    citations = [
        Citation(number=number, identifier=identifier, revision=1, quote=quote)
        for number, (identifier, quote) in enumerate(cited, start=1)
    ]
    claims = [{"identifier": identifier, "quote": quote} for identifier, quote in weighed]
    return Trace(
        id=name,
        at=at,
        principal="ann",
        question="How many?",
        as_of=date(2026, 11, 2),
        citations=citations,
        conflicts=({"verdict": "resolved", "claims": claims},) if claims else (),
    )


def counts(connection):
    return [times_told(connection, [each])[each] for each in (LEAVE, WIKI)]


def test_a_sentence_counts_once_an_answer_cited_or_weighed_in_whatever_letters(engine):
    with writing(engine) as connection:
        store_trace(connection, trace("one", LEAVE, LEAVE, weighed=[LEAVE, WIKI]))
        store_trace(connection, trace("two", (LEAVE[0], LEAVE[1].upper())))
        assert counts(connection) == [2, 1]
        assert [each.id for each in citing(connection, WIKI[0], 9)] == []  # weighed, and not cited
        assert {each.id for each in citing(connection, LEAVE[0], 9)} == {"one", "two"}


def test_it_goes_with_its_trace_and_is_made_of_traces_again(engine):
    with writing(engine) as connection:
        store_trace(connection, trace("old", LEAVE, at=NOW - timedelta(days=90)))
        store_trace(connection, trace("new", LEAVE, WIKI))
        connection.execute(delete(told))
        fill(connection)
        assert counts(connection) == [2, 1]
        assert forget_before(connection, NOW - timedelta(days=30)) == 1
        assert counts(connection) == [1, 1]
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(told)) == 2
        assert [each.id for each in citing(connection, LEAVE[0], 9)] == ["new"]
