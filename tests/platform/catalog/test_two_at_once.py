"""Several writers at once, in processes or threads of their own: nothing is lost, doubled or out of order."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import insert, select, text

from concord.catalog import outbox
from concord.catalog.audit import AuditEvent, events
from concord.catalog.engine import create_catalog_engine, reading, writing
from concord.catalog.migrate import migrate
from concord.catalog.schema import crawls, items
from concord.catalog.schema import outbox as outbox_table

APPEND = """
import sys
from concord.catalog.audit import AuditEvent
from concord.catalog.engine import create_catalog_engine, writing
from concord.catalog.migrate import migrate
engine = create_catalog_engine(sys.argv[1])
migrate(engine)
for number in range(25):
    with writing(engine) as connection:
        AuditEvent("x", sys.argv[2], str(number)).append(connection)
engine.dispose()
"""


def url_of(engine):
    return engine.url.render_as_string(hide_password=False)


def test_processes_that_start_at_once_migrate_once_and_keep_one_chain(empty_engine):
    names = ("a", "b", "c")
    command = [sys.executable, "-c", APPEND, url_of(empty_engine)]
    running = [subprocess.Popen([*command, name], stderr=subprocess.PIPE, text=True) for name in names]
    for each in running:
        assert each.communicate(timeout=120)[1] == ""
        assert each.returncode == 0
    with reading(empty_engine) as connection:
        kept = [(event.actor, event.subject) for event in events(connection)]
    assert sorted(kept) == sorted((name, str(number)) for name in names for number in range(25))
    for name in names:
        assert [subject for actor, subject in kept if actor == name] == [str(number) for number in range(25)]


def test_numbers_of_the_outbox_are_given_in_the_order_of_commits(engine):
    """Who follows the outbox by number would else pass over an entry that is committed late."""
    first_has_its_number, second_is_done = threading.Event(), threading.Event()

    def late():
        with writing(engine) as connection:
            outbox.enqueue(connection, ["s/late"])
            first_has_its_number.set()
            assert not second_is_done.wait(0.5)

    def early():
        assert first_has_its_number.wait(10)
        with writing(engine) as connection:
            outbox.enqueue(connection, ["s/early"])
        second_is_done.set()

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(late), pool.submit(early)]:
            done.result(timeout=60)
    with reading(engine) as connection:
        assert [identifier for _, identifier in outbox.pending(connection, 9)] == ["s/late", "s/early"]


def test_nothing_enqueued_by_several_is_lost_to_a_drain(engine):
    def fill(name):
        for number in range(40):
            with writing(engine) as connection:
                outbox.enqueue(connection, [f"{name}/{number}"])

    seen = []

    def drain():
        with reading(engine) as connection:
            held = outbox.pending(connection, 7)
        with writing(engine) as connection:
            outbox.acknowledge(connection, [seq for seq, _ in held])
        seen.append([identifier for _, identifier in held])

    with ThreadPoolExecutor() as pool:
        filling = [pool.submit(fill, name) for name in ("a", "b")]
        while not all(each.done() for each in filling):
            drain()
        for each in filling:
            each.result()
    drain()  # what came after the last look
    while seen[-1]:
        drain()
    flat = [identifier for part in seen for identifier in part]
    assert sorted(flat) == sorted(f"{name}/{number}" for name in "ab" for number in range(40))


def test_what_was_read_to_be_raised_is_raised_by_everyone(engine):
    def count(connection):
        return connection.scalar(select(crawls.c.checkpoint).where(crawls.c.source == "s"))

    with writing(engine) as connection:
        connection.execute(insert(crawls).values(source="s", options="", checkpoint=0, complete=True))

    def raise_it(_):
        for _ in range(20):
            with writing(engine) as connection:
                connection.execute(crawls.update().values(checkpoint=count(connection) + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(raise_it, range(4)))
    with reading(engine) as connection:
        assert count(connection) == 80


def test_a_view_stands_still(engine):
    with writing(engine) as connection:
        outbox.enqueue(connection, ["s/a"])
    with reading(engine) as view:
        assert outbox.depth(view) == 1
        with writing(engine) as connection:
            outbox.enqueue(connection, ["s/b"])
        assert outbox.depth(view) == 1
        assert [identifier for _, identifier in outbox.pending(view, 9)] == ["s/a"]
    with reading(engine) as view:
        assert outbox.depth(view) == 2


def test_many_keys_are_asked_for_at_once(engine):
    """PostgreSQL's protocol counts parameters in 16 bits."""
    from concord.catalog.chunks import load_chunks
    from concord.catalog.items import links

    many = [f"s/{number}" for number in range(66_000)]
    with reading(engine) as connection:
        assert load_chunks(connection, many) == {}
        assert links(connection, many) == []


def test_one_step_back_and_forward_keeps_what_the_step_did_not_touch(engine):
    with writing(engine) as connection:
        outbox.enqueue(connection, [f"s/{number}" for number in range(3)])
        connection.execute(insert(crawls).values(source="s", options="", checkpoint={"at": 1}, complete=True))
    migrate(engine, "-1")
    with engine.connect() as connection:
        tables = set(engine.dialect.get_table_names(connection))
    migrate(engine)
    with reading(engine) as connection:
        # With the first schema alone, a step back is to nothing.
        kept = connection.scalar(select(outbox_table.c.seq).limit(1)) is not None
        assert kept == (outbox_table.name in tables)
        assert connection.execute(select(items)).all() == []


def test_going_back_while_another_writes_waits_for_it(engine):
    other = create_catalog_engine(url_of(engine))
    with ThreadPoolExecutor() as pool:
        with writing(engine) as connection:
            AuditEvent("x", "a", "s").append(connection)
            back = pool.submit(migrate, other, "base")
            threading.Event().wait(0.3)
            assert not back.done()
        back.result(timeout=60)
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 0
    other.dispose()
