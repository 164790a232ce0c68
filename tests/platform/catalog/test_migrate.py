"""Migrations lead to exactly the declared schema, back to nothing, and refuse a later version's catalog."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from concord.catalog import texts
from concord.catalog.engine import reading, writing
from concord.catalog.errors import CatalogTooNew
from concord.catalog.migrate import migrate
from concord.catalog.schema import metadata


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
