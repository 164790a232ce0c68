"""What the catalog says is kept until something is written, and no longer."""

import pytest
from sqlalchemy import delete, event, insert

from concord.catalog.engine import create_catalog_engine, reading, sqlite_url, writing
from concord.catalog.migrate import migrate
from concord.catalog.schema import generation, replacements
from concord.retrieval import memory
from concord.retrieval.memory import Memory

LINK = {"successor": "s/new", "predecessor": "s/old", "stated_by": "s/new"}


@pytest.fixture
def engine(tmp_path):
    engine = create_catalog_engine(sqlite_url(tmp_path / "catalog.db"))
    migrate(engine)
    with writing(engine) as connection:
        connection.execute(insert(replacements), [LINK])
    yield engine
    engine.dispose()


@pytest.fixture
def asked(engine):
    """The statements that read links."""
    seen: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_):
        if statement.startswith("SELECT") and "replacements" in statement:
            seen.append(statement)

    return seen


def links(engine, memory, *keys):
    with reading(engine) as connection:
        return {(each.successor, each.predecessor) for each in memory.view(connection).links(keys)}


def test_what_was_read_is_not_read_again_and_what_is_not_there_neither(engine, asked):
    memory = Memory()
    for _ in range(2):
        assert links(engine, memory, "s/new", "s/old", "s/none") == {("s/new", "s/old")}
    assert len(asked) == 1
    assert links(engine, memory, "s/old", "s/other") == {("s/new", "s/old")}
    assert len(asked) == 2


def test_any_writing_ends_it(engine, asked):
    memory = Memory()
    assert links(engine, memory, "s/old")
    with writing(engine) as connection:
        connection.execute(delete(replacements))
    assert not links(engine, memory, "s/old")


def test_a_view_from_before_the_writing_is_no_memory_for_those_after(engine, asked):
    memory = Memory()
    with reading(engine) as before:
        view = memory.view(before)
        with writing(engine) as connection:
            connection.execute(delete(replacements))
        assert view.links(["s/old"])
    assert not links(engine, memory, "s/old")


def test_a_writing_that_failed_wrote_nothing_or_renews_nothing_leaves_it(engine, asked):
    memory = Memory()
    assert links(engine, memory, "s/old")
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        connection.execute(delete(replacements))
        _ = 1 / 0
    with writing(engine):
        pass
    with writing(engine, renews=False) as connection:
        connection.execute(delete(replacements))
    assert links(engine, memory, "s/old")
    assert len(asked) == 1


def test_without_a_generation_nothing_is_kept(engine, asked):
    memory = Memory()
    with writing(engine) as connection:
        connection.execute(delete(generation))
    assert links(engine, memory, "s/old") and links(engine, memory, "s/old")
    assert len(asked) == 2


def test_no_more_is_kept_than_allowed(engine, asked, monkeypatch):
    monkeypatch.setattr(memory, "MOST", 2)
    kept = Memory()
    for key in ("s/a", "s/b", "s/c"):
        links(engine, kept, key)
    assert len(asked) == 3
    links(engine, kept, "s/c")
    assert len(asked) == 3
    links(engine, kept, "s/a")
    assert len(asked) == 4
