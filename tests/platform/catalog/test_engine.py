"""Opening the catalog: what cannot be opened is told on one line that says what to do."""

import sys

import pytest
from sqlalchemy import text

from concord.catalog.engine import create_catalog_engine, reading, sqlite_url
from concord.catalog.errors import CatalogDamaged, CatalogSetting
from concord.catalog.migrate import migrate


@pytest.fixture
def _no_drivers(monkeypatch):
    # None makes an import fail as if the package were not installed.
    for name in ("psycopg", "psycopg2", "asyncpg"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("_no_drivers")
@pytest.mark.parametrize(
    ("url", "package"),
    [
        ("postgresql+psycopg://x:hidden@host/y", "'psycopg[binary]'"),
        ("postgresql+psycopg2://x:hidden@host/y", "'psycopg2-binary'"),
        ("postgresql+asyncpg://x:hidden@host/y", "'asyncpg'"),
    ],
)
def test_a_missing_driver_is_told_with_its_package_and_the_setting(workspace, monkeypatch, url, package):
    with pytest.raises(CatalogSetting, match=r"catalog\.url"):
        create_catalog_engine(url)
    monkeypatch.setenv("CONCORD_CATALOG__URL", url)
    done = workspace.run("status", "--as", "ann")
    assert done.code == 2 and done.err.count("\n") == 1
    assert f"pip install {package}" in done.err and "CONCORD_CATALOG__URL" in done.err and "hidden" not in done.err


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("garbage", "postgresql://user:password@host"),
        ("sqlite:catalog.db", "sqlite:////folder/catalog.db"),
        ("sqlite://host/catalog.db", "sqlite:////folder/catalog.db"),
        ("postgresql://x:hidden@host:port/y", "no database URL"),
        ("postgres://x:hidden@host/y", "write postgresql://"),
        ("nosuch://x:hidden@host/y", "no kind of database is called 'nosuch'"),
    ],
)
def test_a_url_that_is_none_is_told_with_its_setting(workspace, url, told):
    workspace.write("concord.yaml", f"catalog: {{url: '{url}'}}\n")
    done = workspace.run("status", "--as", "ann")
    assert done.code == 2 and done.err.count("\n") == 1
    assert "catalog.url" in done.err and told in done.err and "hidden" not in done.err


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
