"""The catalog on a PostgreSQL server, through psycopg 3."""

from __future__ import annotations

import os
import re
import socket
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, ExceptionContext, create_engine, event, func, select
from sqlalchemy.exc import ArgumentError

from concord.catalog.errors import CatalogBusy, CatalogError, CatalogSetting, CatalogUnreachable
from concord.catalog.storable import to_json

OLDEST = 15
"""The oldest major version that is still maintained; older ones are refused."""
BUSY_SECONDS = 30

_CONNECT = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""What the URL may say otherwise, in seconds. A machine that is gone is noticed after a minute, not after two hours."""
_SESSION = f"""
SET lock_timeout = '{BUSY_SECONDS}s';
SET idle_in_transaction_session_timeout = '5min';
SET tcp_keepalives_idle = 30;
SET tcp_keepalives_interval = 10;
SET tcp_keepalives_count = 3;
"""
"""The server lets go of a client that hangs or is gone, and of its locks, as soon."""


def open_engine(url: URL) -> Engine:
    """An engine for `url`; raises `CatalogSetting`, and on use that, `CatalogUnreachable` and `CatalogBusy`."""
    if url.drivername not in {"postgresql", "postgresql+psycopg"}:
        raise CatalogSetting("PostgreSQL is reached through psycopg 3 alone: write postgresql://")
    if "@" in (url.host or ""):
        # What the driver would say of such a host ends with the password's.
        raise CatalogSetting("there is more than one @ in it: in a password, write @ as %40, : as %3A and / as %2F")
    given = {name: value for name, value in _CONNECT.items() if name not in url.query}
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            json_serializer=to_json,
            hide_parameters=True,  # errors go to the log, which holds nothing of the content
            connect_args={**given, "application_name": whoami()},
        )
    except ArgumentError as error:  # a port among the options that is no number, for one
        raise CatalogSetting(f"one of its options is wrong: {error}") from error
    except ImportError as error:
        raise CatalogSetting(
            "PostgreSQL needs the extra `postgres`: `pip install 'concord-rag[postgres]'`, or from a clone "
            "`pip install -c requirements/constraints.txt -e '.[postgres]'`"
        ) from error
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _explain)
    return engine


def whoami() -> str:
    """The name of this process's sessions on the server: machine and process id."""
    return f"concord {socket.gethostname()[:40]} {os.getpid()}"


def lock_key(name: str) -> Any:
    """The number of an advisory lock: of this name and this schema, for another may hold another catalog."""
    return func.hashtextextended(func.concat("concord ", func.current_schema(), " ", name), 0)


def _connect(dialect: Dialect, _record: Any, args: Any, options: Any) -> Any:
    connection: Any = dialect.connect(*args, **options)
    try:
        _check(connection.info)
        connection.autocommit = True
        connection.execute(_SESSION)
        connection.autocommit = False
    except BaseException:
        connection.close()
        raise
    return connection


def _check(info: Any) -> None:
    if info.server_version < OLDEST * 10_000:
        found = info.server_version // 10_000
        raise CatalogSetting(f"the server is PostgreSQL {found}: upgrade it to {OLDEST} or later")
    encoding = info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise CatalogSetting(
            f"the database's encoding is {encoding}: create one for Concord with "
            "`createdb --encoding=UTF8 --template=template0`"
        )


def _begin(connection: Connection) -> None:
    from psycopg import IsolationLevel

    raw: Any = connection.connection.dbapi_connection
    if raw.autocommit:
        return
    writing = connection.get_execution_options().get("writing", False)
    # Who holds the lock sees all that was committed before it: each statement has a view of its own.
    raw.isolation_level = IsolationLevel.READ_COMMITTED if writing else IsolationLevel.REPEATABLE_READ
    raw.read_only = not writing
    if writing:
        connection.execute(select(func.pg_advisory_xact_lock(lock_key("writing"))))


_REFUSALS = (
    ("password authentication failed", "the password or the user's name is wrong: correct it, or set PGPASSWORD"),
    ("no password supplied", "the server asks for a password: set it in CONCORD_CATALOG__URL, or set PGPASSWORD"),
    ("role ", "the server knows no user of that name: correct it, or create the user (`createuser`)"),
    ("database ", "there is no such database: correct its name, or create it (`createdb`)"),
    ("no pg_hba.conf entry", "the server lets this user in from nowhere near: add a line to its pg_hba.conf"),
    ("starting up", "the server is starting: try again in a moment"),
    ("shutting down", "the server is shutting down: try again once it is back"),
    ("too many clients", "the server has no connection left: try again, or raise its max_connections"),
    ("connection slots", "the server has no connection left: try again, or raise its max_connections"),
)
"""What a server says when it refuses a connection, and what to do. A server may speak another language than English."""

_OPTION = re.compile(
    r"invalid (?:connection option|integer value|\w+ value).*|bad value for .*|missing .* in .*string.*"
)
"""What the driver says of a URL's options before it looks for a server."""

_STATES = {
    "42501": "the user may not do this: make it the owner of the database, or grant it CREATE on the schema",
    "25006": "the server is read-only: name the primary server, not a standby",
    "53100": "the server's disk is full: make room on it",
}
"""SQLSTATE to what to do."""


def _explain(context: ExceptionContext) -> None:
    error = context.original_exception
    state = getattr(error, "sqlstate", None)
    if state == "55P03":
        raise CatalogBusy(BUSY_SECONDS) from error
    if state in _STATES:
        raise CatalogSetting(_STATES[state]) from error
    if context.connection is None or context.is_disconnect:
        raise _unreachable(context, str(error)) from error


def _unreachable(context: ExceptionContext, said: str) -> CatalogError:
    if context.connection is not None and not context.is_pre_ping:
        return CatalogUnreachable("the server closed the connection: see that it runs, then try again")
    for words, advice in _REFUSALS:
        if words in said:
            return CatalogSetting(advice)
    if option := _OPTION.search(said):
        return CatalogSetting(f"one of its options is wrong: {option[0]}")
    last = next((line.strip() for line in reversed(said.splitlines()) if "failed" in line), said.strip())
    return CatalogUnreachable(f"no PostgreSQL server answers ({last}): start it, or correct host and port")
