"""A real PostgreSQL for tests: a server of one's own that is gone at the end, and databases made from a template.

    with Server.started(Path("/dev/shm/pg")) as server:
        engine = create_catalog_engine(server.url(server.create()))

`postgres` refuses to run as root: there, it runs as the account `postgres`, which Debian's package brings.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

_DEBIAN = Path("/usr/lib/postgresql")
# Nothing has to outlive the server, so it need not wait for a disk.
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
_SMALL = {"shared_buffers": "32MB", "max_connections": "50", "wal_level": "minimal", "max_wal_senders": "0"}


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs: on the PATH, or the newest of Debian's."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = [each for each in _DEBIAN.glob("*/bin") if (each / "initdb").is_file() and each.parent.name.isdigit()]
    return max(versions, key=lambda each: int(each.parent.name), default=None)


@dataclass
class Server:
    """A running server that listens on a Unix socket in its folder, and on `port` of this machine if there is one."""

    folder: Path
    process: subprocess.Popen[bytes]
    port: int | None = None
    _names: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    @contextmanager
    def started(cls, folder: Path, port: int | None = None) -> Iterator[Server]:
        """Make a server in `folder` and stop it at the end; raises `FileNotFoundError` where PostgreSQL is missing.

        Its databases order text as English dictionaries do, which no code may rely on or stumble over.
        """
        programs = binaries()
        if programs is None:
            raise FileNotFoundError("PostgreSQL is not installed: `apt-get install postgresql`")
        folder.mkdir(parents=True, exist_ok=True)
        account = _account()
        if account:
            os.chown(folder, account["user"], account["group"])
        data = folder / "data"
        collation = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en"]
        make = ["initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", *collation]
        _run(programs, make, folder, account)
        settings = {**_QUICK, **_SMALL, "unix_socket_directories": str(folder)}
        settings["listen_addresses"] = "127.0.0.1" if port else ""
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(data), *(["-p", str(port)] if port else []), *options]
        with (folder / "log").open("wb") as log:
            process: Any = subprocess.Popen(  # noqa: S603
                command, cwd=folder, stdout=log, stderr=log, **account
            )
        server = cls(folder, process, port)
        try:
            server._wait(programs)
            yield server
        finally:
            server.stop()

    def stop(self) -> None:
        """End the server at once, and with it every connection."""
        if self.process.poll() is None:
            self.process.send_signal(3)  # "immediate shutdown"
            self.process.wait(timeout=30)

    def url(self, database: str, user: str = "postgres") -> str:
        """The URL of a database."""
        return f"postgresql:///{database}?host={quote(str(self.folder))}&user={user}&port={self.port or 5432}"

    def create(self, template: str = "template0") -> str:
        """Make a database as a copy of `template`, to which nothing may be connected; returns its name."""
        name = f"t{next(self._names)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        """Delete a database; what is connected to it is cut off."""
        self.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run one statement as the superuser, outside of any transaction; returns the rows, if there are any."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def _wait(self, programs: Path) -> None:
        ready = [str(programs / "pg_isready"), "-q", "-t", "30", "-h", str(self.folder), "-p", str(self.port or 5432)]
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text('utf-8', 'replace')}")
            if subprocess.run(ready, check=False).returncode == 0:  # noqa: S603
                return
            try:
                self.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        raise RuntimeError("PostgreSQL did not start within 30 seconds")


def _account() -> dict[str, Any]:
    """Whom the server runs as, for `subprocess`: ourselves, and as root the account `postgres`."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _run(programs: Path, command: list[str], folder: Path, account: dict[str, Any]) -> None:
    whole = [str(programs / command[0]), *command[1:]]
    done = subprocess.run(whole, cwd=folder, capture_output=True, text=True, check=False, **account)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.strip()}")
