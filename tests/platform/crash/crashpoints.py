"""Crash points: named places of a real run at which a process is killed, counted so that a seed always hits the same.

The production code knows nothing of them. In a process whose environment has `CRASH_FOLDER`, `install` wraps the
places that matter (transactions, statements, calls to the index, the engine's files, the renames between them) and
writes each one down as it is passed. Where `CRASH_POINT` names it (`role label number`), `CRASH_VICTIMS` are killed
with SIGKILL: `sync`, `index` or both. A point fires once, also where the process that met it starts again.
"""

import json
import os
import signal
import sqlite3
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

ROLES = {"concord.index.edge.process": "index", "concord.index.edge.rebuild": "optimise"}
"""Modules that commands start as processes."""
_SINGLE = ("os.remove", "os.utime")


class Points:
    """The points of this process."""

    def __init__(self, folder: Path, role: str) -> None:
        self.folder, self.role, self.passed = folder, role, Counter()
        self.wanted = os.environ.get("CRASH_POINT")
        self.log = os.open(folder / "points", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        (folder / f"{role}.pid").write_text(str(os.getpid()))

    def hit(self, label: str) -> None:
        """Pass a point; die at it where it is the one."""
        self.passed[label] += 1
        os.write(self.log, f"{self.role} {label}\n".encode())
        if f"{self.role} {label} {self.passed[label]}" == self.wanted:
            self.die()

    def die(self) -> None:
        """Kill the victims, this process last; only the first process that gets here does."""
        try:
            os.close(os.open(self.folder / "fired", os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        victims = os.environ["CRASH_VICTIMS"].split()
        for role in sorted(victims, key=lambda role: role == self.role):
            with suppress(FileNotFoundError, ProcessLookupError):
                os.kill(int((self.folder / f"{role}.pid").read_text()), signal.SIGKILL)
        if self.role not in victims:
            time.sleep(0.05)  # the other's death is seen by what comes next


def install(role: str) -> None:
    """Put the points into this process: a command (`sync`), the index process, or the child that optimises a copy."""
    points = Points(Path(os.environ["CRASH_FOLDER"]), role)
    _around_files(points)
    if role == "sync":
        _around_catalog(points)
        _around_client(points)
    _around_engine(points)


def _around(points: Points, owner: object, name: str, label: str) -> None:
    """Pass a point before and one after each call."""
    inner = getattr(owner, name)

    def outer(*arguments: object, **named: object) -> object:
        points.hit(f"{label}.before")
        done = inner(*arguments, **named)
        points.hit(f"{label}.after")
        return done

    setattr(owner, name, outer)


def _around_files(points: Points) -> None:
    """Renames, deletions and new times inside a workspace's state: Python tells of each before it is done."""
    watched = {"os.rename", "os.remove", "os.utime", "shutil.rmtree", "shutil.copytree", "subprocess.Popen"}

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if event not in watched:
            return
        name = Path(os.fsdecode(arguments[0])).name if isinstance(arguments[0], str | bytes | Path) else ""
        if event in _SINGLE and not name.endswith((".sock", ".pid", ".lock")):
            return  # the files inside a tree that is copied or deleted are one point: the tree
        kind = "temporary" if name.startswith((".current-", "tmp")) else name
        points.hit(f"file.{event}.{kind}")

    sys.addaudithook(heard)


def _around_catalog(points: Points) -> None:
    """Every statement that writes, every commit."""
    from sqlalchemy import Engine, event
    from sqlalchemy.engine.default import DefaultDialect

    commit = DefaultDialect.do_commit

    def committed(dialect, connection):
        """Note what has been committed, outside of the catalog: it must be there whatever happens now."""
        commit(dialect, connection)
        with suppress(sqlite3.OperationalError):  # before there is any table
            held = dict(connection.cursor().execute("SELECT name, seq FROM sqlite_sequence").fetchall())
            (points.folder / "committed").write_text(json.dumps(held))

    DefaultDialect.do_commit = committed
    _around(points, DefaultDialect, "do_commit", "catalog.commit")

    @event.listens_for(Engine, "after_cursor_execute")
    def _(_connection, _cursor, statement, *_rest):
        words = statement.split()
        kind = words[0].upper()
        if kind in ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP"):
            names = [word.strip('"(') for word in words[1:] if word.upper() not in ("INTO", "FROM", "TABLE", "UNIQUE")]
            points.hit(f"catalog.{kind.lower()}.{names[0]}")


def _around_client(points: Points) -> None:
    """Between the request and the answer, and around each write."""
    from concord.index.edge import wire
    from concord.index.edge.client import EdgeClient

    for name in ("upsert", "delete_item", "flush", "count"):
        _around(points, EdgeClient, name, f"client.{name}")
    _around(points, wire, "receive", "client.answer")


def _around_engine(points: Points) -> None:
    """Opening, writing and flushing the engine's files; making the copy of an index the index."""
    from concord.index.edge import engine, layout, rebuild, server
    from concord.index.edge.shard import EdgeIndex

    for name in ("create", "load"):
        _around(points, engine, name, f"engine.{name}")
    for name in ("_write", "flush", "optimize"):
        _around(points, EdgeIndex, name, f"engine.{name.strip('_')}")
    _around(points, layout, "write_current", "engine.current")
    _around(points, rebuild, "_carry_over", "engine.carry_over")
    _around(points, server.Server, "_shut", "engine.shut")
