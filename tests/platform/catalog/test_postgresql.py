"""A real PostgreSQL: what keeps the catalog from being opened is told on one line that says what to do."""

import socket

import pytest
from sqlalchemy import text

from concord.catalog import postgresql
from concord.catalog.engine import create_catalog_engine, reading, writing
from concord.catalog.errors import CatalogSetting, CatalogUnreachable
from concord.catalog.migrate import migrate
from concord.catalog.testing import Server

PASSWORD = "pa@ss:wo/rd-5316"
QUOTED = "pa%40ss%3Awo%2Frd-5316"


@pytest.fixture(scope="module")
def guarded(postgres: Server) -> Server:
    """The server, with a user that has to give a password and owns nothing."""
    postgres.execute(f"CREATE ROLE guarded LOGIN PASSWORD '{PASSWORD}'")
    rules = postgres.folder / "data" / "pg_hba.conf"
    rules.write_text("local all guarded scram-sha-256\n" + rules.read_text("utf-8"), "utf-8")
    postgres.execute("SELECT pg_reload_conf()")
    return postgres


@pytest.fixture
def own(guarded):
    """The URL of an empty database that belongs to the user with the password."""
    name = guarded.create()
    guarded.execute(f"ALTER DATABASE {name} OWNER TO guarded")
    yield guarded.url(name, "guarded")
    guarded.drop(name)


def told(workspace, url):
    """The one line that a command says of a URL; no password stands in it."""
    workspace.write("concord.yaml", f"catalog: {{url: '{url}'}}\n")
    done = workspace.run("status", "--as", "ann")
    assert done.code == 2 and done.err.count("\n") == 1 and not done.out, done.err
    assert "5316" not in done.everything and done.err.startswith("concord: catalog.url (in concord.yaml, or CONCORD_C")
    return done.err


def with_password(url, password=QUOTED):
    return url.replace("postgresql:///", f"postgresql://guarded:{password}@/").replace("&user=guarded", "")


def test_a_server_that_is_not_there(workspace):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = told(workspace, f"postgresql://concord:{QUOTED}@127.0.0.1:{port}/catalog")
    assert "no PostgreSQL server answers" in line and f"port {port}" in line and "start it, or correct host" in line
    line = told(workspace, f"postgresql://concord:{QUOTED}@/catalog?host={workspace.folder}")
    assert "no PostgreSQL server answers" in line and str(workspace.folder) in line


@pytest.mark.parametrize("option", ["sslmode=bogus", "port=abc", "connect_timeout=soon", "nosuch=1"])
def test_an_option_that_is_wrong(workspace, option):
    line = told(workspace, f"postgresql://concord:{QUOTED}@127.0.0.1/catalog?{option}")
    assert "one of its options is wrong" in line and option.partition("=")[2 if option != "nosuch=1" else 0] in line


def test_a_password_that_is_wrong_or_missing(workspace, own, monkeypatch):
    assert "the password or the user's name is wrong" in told(workspace, with_password(own, "wrong-5316"))
    assert "asks for a password" in told(workspace, own) and "PGPASSWORD" in told(workspace, own)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    workspace.write("concord.yaml", f"embedding: {{runtime: hashing}}\ncatalog: {{url: '{own}'}}\n")
    assert workspace.run("apply").code == 0


def test_the_whole_url_may_come_from_the_environment(workspace, own, monkeypatch):
    monkeypatch.setenv("CONCORD_CATALOG__URL", with_password(own).replace("postgresql:", "postgresql+psycopg:"))
    assert workspace.run("apply").code == 0
    assert not (workspace.folder / ".concord" / "catalog.db").exists()


def test_a_database_or_a_user_that_is_missing(workspace, postgres):
    assert "there is no such database" in told(workspace, postgres.url("nosuch"))
    assert "no user of that name" in told(workspace, postgres.url("postgres", "nosuch"))


def test_a_user_that_may_not_make_tables(workspace, guarded):
    name = guarded.create()
    line = told(workspace, with_password(guarded.url(name, "guarded")))
    guarded.drop(name)
    assert "make it the owner of the database, or grant it CREATE" in line


def test_a_server_that_is_too_old(workspace, postgres, monkeypatch):
    monkeypatch.setattr(postgresql, "OLDEST", 99)
    assert "upgrade it to 99 or later" in told(workspace, postgres.url("postgres"))


def test_a_database_of_another_encoding(workspace, postgres):
    postgres.execute("CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0")
    line = told(workspace, postgres.url("latin"))
    postgres.drop("latin")
    assert "encoding is LATIN1" in line and "--encoding=UTF8" in line


def test_a_server_that_goes_away_and_comes_back(engine, postgres):
    with pytest.raises(CatalogUnreachable, match="closed the connection"), writing(engine) as connection:
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        connection.execute(text("CREATE TABLE half (done int)"))
        postgres.execute(f"SELECT pg_terminate_backend({mine})")
        connection.execute(text("SELECT 1"))
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT to_regclass('half')")) is None


def test_a_read_only_server_is_no_place_to_write(engine, postgres):
    url = engine.url.update_query_dict({"options": "-c default_transaction_read_only=on"})
    standby = create_catalog_engine(url.render_as_string(hide_password=False))
    with reading(standby) as connection, pytest.raises(CatalogSetting, match="read-only"):
        connection.execute(text("CREATE TABLE extra (id int)"))
    standby.dispose()


def test_every_column_of_text_has_the_collation(engine, postgres):
    """A migration that writes `sa.Text()` instead of the types of `concord.catalog.columns` is caught here."""
    with reading(engine) as connection:
        others = connection.execute(
            text(
                "SELECT table_name, column_name, data_type, character_maximum_length FROM information_schema.columns "
                "WHERE table_schema = 'public' AND table_name <> 'alembic_version' "
                "AND data_type IN ('text', 'character varying') "
                "AND (collation_name IS DISTINCT FROM 'C' OR character_maximum_length IS NOT NULL)"
            )
        ).all()
    assert others == []


def test_psql_sees_who_is_connected(postgres):
    engine = create_catalog_engine(postgres.url("postgres"))
    with reading(engine) as connection:
        assert connection.scalar(text("SHOW application_name")) == postgresql.whoami()
    engine.dispose()


def test_migrations_of_another_schema_leave_this_one_alone(engine, postgres):
    postgres.execute("CREATE SCHEMA other", engine.url.database)
    url = engine.url.update_query_dict({"options": "-csearch_path=other"})
    other = create_catalog_engine(url.render_as_string(hide_password=False))
    with writing(engine):  # another catalog's lock is no hindrance
        migrate(other)
    with reading(other) as connection:
        assert connection.scalar(text("SELECT count(*) FROM other.items")) == 0
    other.dispose()
