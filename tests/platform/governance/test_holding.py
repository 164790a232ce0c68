"""Who may deal with each case: derived by the worker a few cases at a time, so that nobody who looks waits for it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import event

from concord.catalog import holdings
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading, writing
from concord.governance.dashboards import holding
from concord.worker.worker import Worker
from concord_feedback.cases import About, Case
from concord_feedback.causes import RootCause

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PAGES = ("people-handbook/leave.md", "people-handbook/leave-2024.md", "people-handbook/bonus.md")


def waiting(concord):
    holders = concord.boards.holders
    with reading(concord.engine) as connection:
        return len(holdings.pending(connection, holders._stamp(connection), 100))


def opened(house):
    with writing(house.concord.engine) as connection:
        for page in PAGES:
            CatalogCases(connection).add(Case(About(RootCause.CONTENT_ERROR, page), NOW, NOW))


def test_a_worker_leaves_nothing_to_whoever_looks_first(house, monkeypatch):
    monkeypatch.setattr(holding, "_AT_ONCE", 2)
    opened(house)
    assert waiting(house.concord) >= len(PAGES)
    now = datetime.now(UTC)
    worker = Worker(house.concord, lambda: now)
    worker.drain()
    now += timedelta(minutes=2)  # what its other duties moved meanwhile
    worker.drain()
    assert waiting(house.concord) == 0
    with reading(house.concord.engine) as connection:
        assert "user:ann" in holdings.held_tokens(connection, ["user:ann", "user:carl"])
    opened_again = Case(About(RootCause.STALE_CONTENT, PAGES[0]), NOW, NOW)
    with writing(house.concord.engine, renews=False) as connection:
        CatalogCases(connection).add(opened_again)
    assert waiting(house.concord) == 1
    now += timedelta(minutes=2)
    worker.drain()
    assert waiting(house.concord) == 0


def test_where_nothing_waits_nothing_is_written(house):
    opened(house)
    holders, written = house.concord.boards.holders, []
    assert holders.catch_up() >= len(PAGES)

    def note(_connection, _cursor, statement, *_):
        if statement.split(None, 1)[0].upper() not in ("SELECT", "PRAGMA", "WITH"):
            written.append(statement)

    event.listen(house.concord.engine, "before_cursor_execute", note)
    try:
        assert holders.catch_up() == 0
    finally:
        event.remove(house.concord.engine, "before_cursor_execute", note)
    assert [each for each in written if not each.startswith("BEGIN")] == []
