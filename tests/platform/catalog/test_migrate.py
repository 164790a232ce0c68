"""Migrations lead to exactly the declared schema, back to nothing, and refuse a later version's catalog."""

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from concord.catalog import deliveries, texts
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading, writing
from concord.catalog.errors import CatalogTooNew
from concord.catalog.migrate import migrate
from concord.catalog.proposals import Proposal, add
from concord.catalog.schema import metadata
from concord_feedback.cases import About, Case
from concord_feedback.causes import RootCause


def differences(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        return compare_metadata(context, metadata)


def tables(engine):
    return set(inspect(engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}


def test_the_last_migration_is_the_declared_schema(engine):
    assert tables(engine) == set(metadata.tables)
    assert differences(engine) == []


def test_a_difference_would_be_seen(engine):
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE texts ADD COLUMN extra INTEGER"))
        connection.execute(text("DROP INDEX ix_items_source"))
    assert {change[0] for change in differences(engine)} == {"remove_column", "add_index"}


def test_down_to_nothing_and_up_again(engine):
    migrate(engine, "base")
    assert tables(engine) == set()
    migrate(engine)
    assert differences(engine) == []


def test_migrating_again_keeps_what_is_there(engine):
    with writing(engine) as connection:
        texts.keep(connection, ["kept"])
    migrate(engine)
    with reading(engine) as connection:
        assert texts.load(connection, [texts.text_hash("kept")]) == {texts.text_hash("kept"): "kept"}


def test_news_and_what_was_sent_of_them_outlive_a_step_back_and_forward(engine):
    now = datetime(2026, 3, 1, tzinfo=UTC)
    with writing(engine) as connection:
        held = CatalogCases(connection)
        case = held.add(Case(About(RootCause.STALE_CONTENT, "p/leave.md"), now, now))
        held.notify("kept", "user:ann", now, case, "case.routed")
        made = Proposal("authority", {}, {}, None, "user:ann", "why", now, now)
        held.notify_of(add(connection, made).id, "user:pat", now, "proposal.asked")
        deliveries.claim(connection, "email:ann", ["kept"], now)
    for revision in ("-4", "head"):
        migrate(engine, revision)
        with reading(engine) as connection:
            assert connection.execute(text("SELECT key, case_id FROM notifications")).all() == [("kept", case.id)]
            sent = connection.execute(text("SELECT target, notification, state FROM deliveries")).all()
            assert sent == [("email:ann", "kept", "sending")]
    assert differences(engine) == []


def test_a_failed_migration_leaves_nothing_half_done(empty_engine):
    with writing(empty_engine, renews=False) as connection:
        connection.execute(text("CREATE TABLE traces (id INTEGER)"))
    with pytest.raises(Exception, match=r"traces\"? already exists"):
        migrate(empty_engine)
    assert tables(empty_engine) == {"traces"}


def test_a_catalog_of_a_later_version_is_refused_and_left_alone(engine):
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CatalogTooNew, match=r"newer Concord \(schema 9999\)") as caught:
        migrate(engine)
    assert caught.value.revision == "9999"
    assert tables(engine) == set(metadata.tables)


def test_a_catalog_of_a_later_version_is_told_of_on_one_line(workspace):
    from concord.bootstrap import Concord

    concord = Concord.open(workspace.folder)
    with writing(concord.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    concord.close()
    done = workspace.run("status", "--as", "ann")
    assert done.code == 2 and done.err.count("\n") == 1 and "upgrade this installation" in done.err
