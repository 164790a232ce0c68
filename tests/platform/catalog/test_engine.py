"""Opening the catalog: what cannot be opened is told on one line that says what to do."""

import sys

import pytest
from sqlalchemy import text

from concord.catalog import postgresql
from concord.catalog.engine import create_catalog_engine, reading, sqlite_url, writing
from concord.catalog.errors import CatalogBusy, CatalogDamaged, CatalogSetting
from concord.catalog.migrate import migrate

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@ON_SQLITE
@pytest.mark.parametrize("url", ["postgresql://x:hidden@host/y", "postgresql+psycopg://x:hidden@host/y"])
def test_a_missing_driver_is_told_with_its_extra_and_the_setting(workspace, monkeypatch, url):
    monkeypatch.setitem(sys.modules, "psycopg", None)  # an import fails as if it were not installed
    with pytest.raises(CatalogSetting, match=r"catalog\.url"):
        create_catalog_engine(url)
    monkeypatch.setenv("CONCORD_CATALOG__URL", url)
    done = workspace.run("status", "--as", "ann")
    assert done.code == 2 and done.err.count("\n") == 1
    assert "pip install 'concord-rag[postgres]'" in done.err and "hidden" not in done.err
    assert "CONCORD_CATALOG__URL" in done.err


@ON_SQLITE
@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("garbage", "postgresql://user:password@host"),
        ("sqlite:catalog.db", "sqlite:////folder/catalog.db"),
        ("sqlite://host/catalog.db", "sqlite:////folder/catalog.db"),
        ("postgresql://x:hidden@host:port/y", "no database URL"),
        ("postgres://x:hidden@host/y", "write postgresql://"),
        ("nosuch://x:hidden@host/y", "no kind of database is called 'nosuch'"),
        ("mysql://x:hidden@host/y", "write sqlite:/// or postgresql://"),
        ("postgresql+asyncpg://x:hidden@host/y", "psycopg 3 alone: write postgresql://"),
        ("postgresql://x:pass@hidden@host/y", "write @ as %40"),
    ],
)
def test_a_url_that_is_none_is_told_with_its_setting(workspace, url, told):
    workspace.write("concord.yaml", f"catalog: {{url: '{url}'}}\n")
    done = workspace.run("status", "--as", "ann")
    assert done.code == 2 and done.err.count("\n") == 1
    assert "catalog.url" in done.err and told in done.err and "hidden" not in done.err


@ON_SQLITE
def test_a_file_that_is_no_database_is_named_with_the_way_out(synced_copy):
    path = synced_copy.folder / ".concord" / "catalog.db"
    for each in path.parent.glob("catalog.db-*"):
        each.unlink()
    path.write_bytes(b"no database " * 500)
    done = synced_copy.run("status", "--as", "ann")
    assert done.code == 2 and done.err.count("\n") == 1 and str(path) in done.err
    assert "backup" in done.err and "`concord apply` and `concord sync`" in done.err
    path.rename(path.with_suffix(".away"))
    assert synced_copy.run("apply").code == 0
    assert synced_copy.run("sync").code == 0
    assert synced_copy.run("status", "--as", "ann").code == 0


def test_damage_further_on_is_told_too(tmp_path):
    path = tmp_path / "catalog.db"
    engine = create_catalog_engine(sqlite_url(path))
    migrate(engine)
    with reading(engine) as connection:
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    engine.dispose()
    content = path.read_bytes()
    path.write_bytes(content[:size] + b"\xff" * (len(content) - size))
    with pytest.raises(CatalogDamaged, match="malformed") as caught, reading(engine) as connection:
        connection.execute(text("SELECT count(*) FROM items"))
    assert caught.value.path == str(path)
    engine.dispose()


def test_who_writes_too_long_is_told_of(engine, monkeypatch, database):
    module = "sqlite" if database == "sqlite" else "postgresql"
    monkeypatch.setattr(f"concord.catalog.{module}.BUSY_SECONDS", 0.2)
    monkeypatch.setattr(postgresql, "_SESSION", "SET lock_timeout = '200ms'")
    other = create_catalog_engine(engine.url.render_as_string(hide_password=False))
    with writing(engine), pytest.raises(CatalogBusy, match="wait for it to end"), writing(other):
        pass
    other.dispose()


def test_text_is_ordered_alike_whatever_the_databases_collation_is(engine, database, request):
    """The server orders as English dictionaries do: without a collation of our own, a would come before B."""
    if database == "postgresql":
        assert request.getfixturevalue("postgres").execute("SELECT 'a' < 'B'", engine.url.database) == [(True,)]
    names = ["a", "B", "b", "Z", "_", "é", "ß", "a-b", "ab", "A", "\U0001f600", "\uff5e"]
    with writing(engine) as connection:
        for name in names:
            connection.execute(text("INSERT INTO tags VALUES ('s/x', :name, 'rule', 1, '[]')"), {"name": name})
        found = list(connection.scalars(text("SELECT concept FROM tags ORDER BY concept")))
        assert found == sorted(names)
        after = connection.scalars(text("SELECT concept FROM tags WHERE concept > 'Z' ORDER BY concept"))
        assert list(after) == sorted(name for name in names if name > "Z")


def test_a_file_that_cannot_be_opened_is_told_with_its_place(tmp_path):
    engine = create_catalog_engine(sqlite_url(tmp_path / "nowhere" / "catalog.db"))
    with pytest.raises(CatalogSetting, match="nowhere"), reading(engine):
        pass
