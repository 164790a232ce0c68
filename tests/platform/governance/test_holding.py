"""Who may deal with each case: derived by syncs, a few cases at a time, so that nobody who looks waits for it."""

from datetime import UTC, datetime

from concord.catalog import holdings
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading, writing
from concord.governance.dashboards import holding
from concord_feedback.cases import About, Case
from concord_feedback.causes import RootCause

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PAGES = ("people-handbook/leave.md", "people-handbook/leave-2024.md", "people-handbook/bonus.md")


def waiting(concord):
    holders = concord.boards.holders
    with reading(concord.engine) as connection:
        return len(holdings.pending(connection, holders._stamp(connection), 100))


def test_a_sync_leaves_nothing_to_whoever_looks_first(house, monkeypatch):
    monkeypatch.setattr(holding, "_AT_ONCE", 2)
    with writing(house.concord.engine) as connection:
        for page in PAGES:
            CatalogCases(connection).add(Case(About(RootCause.CONTENT_ERROR, page), NOW, NOW))
    assert waiting(house.concord) >= len(PAGES)
    house.workspace.write("content/people/new.md", "# New\n\nA page.\n")
    house.sync()
    assert waiting(house.concord) == 0
    with reading(house.concord.engine) as connection:
        assert "user:ann" in holdings.held_tokens(connection, ["user:ann", "user:carl"])
    assert house.concord.boards.holders.catch_up() == 0
