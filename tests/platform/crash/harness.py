"""Kills commands at points that a seed chooses, runs them again, and compares with a run that nobody disturbed."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qdrant_edge import ScrollRequest
from scenario import STEPS
from sqlalchemy import inspect, select, text

from concord.bootstrap import Concord
from concord.catalog import audit, outbox
from concord.catalog.engine import create_catalog_engine, reading, sqlite_url
from concord.catalog.errors import NothingApplied
from concord.catalog.schema import Moment, items, metadata
from concord.index.edge.client import stop_process
from concord.index.edge.shard import EdgeIndex
from concord.ingestion.indexing import points_of

HERE = Path(__file__).parent
DIMENSION = 64
PEOPLE = ("ann", "pat", "fay", "carl")
QUESTIONS = ("annual leave days", "zanzibar laptops hotels", "tool renewed room note")

# Told apart from a run of another day or another process alone: moments, random ids, and hashes over those.
VOLATILE_COLUMNS = {"audit_events": {"seq", "id", "previous", "hash"}, "activations": {"seq"}, "outbox": {"seq"}}
VOLATILE_KEYS = {
    *(
        "generated_at",
        "invalidated_at",
        "opened_at",
        "changed_at",
        "asked_at",
        "found_at",
        "acknowledged_at",
        "closed_at",
    ),
    *("acknowledge_by", "fix_by", "at", "indexed_at", "generation"),
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00")
"""A moment inside a key, as of news of who a case went to."""
# Questions are no part of a sync; that none is lost is asked for apart.
LEFT_OUT = {"traces", "generation"}


@dataclass(frozen=True)
class Contents:
    """A catalog, row by row, and an index, point by point."""

    rows: dict[str, list[str]]
    points: dict[str, str]

    def differences(self, other: "Contents") -> list[str]:
        """What is here and not there, and the other way round; a few of each kind."""
        found = []
        for name in sorted({*self.rows, *other.rows}):
            mine, theirs = Counter(self.rows.get(name, ())), Counter(other.rows.get(name, ()))
            found += [f"{name} too much: {row[:300]}" for row in list(mine - theirs)[:3]]
            found += [f"{name} missing: {row[:300]}" for row in list(theirs - mine)[:3]]
        for identity in sorted({*self.points, *other.points}):
            mine, theirs = self.points.get(identity), other.points.get(identity)
            if mine != theirs:
                found.append(f"point {identity}: {str(mine)[:200]} instead of {str(theirs)[:200]}")
        return found


@dataclass(frozen=True)
class Seed:
    """A plan made of a number: where and when whom to kill, and again while it is made good."""

    number: int
    step: int
    point: str | None
    seconds: float
    victims: tuple[str, ...]
    again: str | None

    def __str__(self) -> str:
        where = f"at {self.point}" if self.point else f"after {self.seconds:.3f} s"
        again = f", then {self.again}" if self.again else ""
        return f"seed {self.number}: step {STEPS[self.step].name}, kill {' and '.join(self.victims)} {where}{again}"


@dataclass
class House:
    """The undisturbed run: before each step its workspace, after it what catalog and index hold, and its points."""

    folder: Path
    workspace: Path
    launcher: subprocess.Popen
    befores: list[Contents] = field(default_factory=list)
    afters: list[Contents] = field(default_factory=list)
    points: list[Counter] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    # ── the undisturbed run ──────────────────────────────────────────────────────────────────────────────────────

    def record(self) -> None:
        """Run every step once, and note everything."""
        for number, step in enumerate(STEPS):
            step.change(self.workspace)
            self.befores.append(self.contents())
            _copy(self.workspace, self.folder / f"before-{number}")
            log = self._control()
            began = time.monotonic()
            for command in step.commands:
                code, told = self.command(command, log)
                assert code == 0, told
            self.seconds.append(time.monotonic() - began)
            self.stop()
            self.points.append(Counter((log / "points").read_text().splitlines()))
            self.afters.append(self.contents())

    def seed(self, number: int) -> Seed:
        """The plan of a seed: steps in turn, then any point of the step as likely as any other."""
        rng = random.Random(number)
        step = number % len(STEPS)
        labels = sorted(self.points[step])
        point = self._point(rng, step, labels) if rng.random() < 0.85 else None
        role = point.split()[0] if point else rng.choice(("sync", "index"))
        victims = rng.choice(((role,), (role,), ("sync", "index"), ("index",), ("sync",)))
        again = self._point(rng, step, labels) if rng.random() < 0.25 else None
        return Seed(number, step, point, rng.uniform(0, self.seconds[step]), victims, again)

    def _point(self, rng: random.Random, step: int, labels: list[str]) -> str:
        label = rng.choice(labels)
        return f"{label} {rng.randint(1, self.points[step][label])}"

    # ── a disturbed one ──────────────────────────────────────────────────────────────────────────────────────────

    def disturb(self, seed: Seed) -> tuple[bool, list[str]]:
        """Run a seed: whether its kill came, and everything that is wrong afterwards."""
        self.stop()
        shutil.rmtree(self.workspace)
        _copy(self.folder / f"before-{seed.step}", self.workspace)
        step, wrong = STEPS[seed.step], []
        control = self._control()
        for command in step.commands:
            code, told = self.command(command, control, seed)
            wrong += _judged(command, code, told)
            if (control / "fired").exists():
                break
        fired = (control / "fired").exists()
        wrong += self.after_the_crash(seed.step, (control / "committed"))
        if seed.again:
            control = self._control()
            again = Seed(seed.number, seed.step, seed.again, 0, ("sync", "index"), None)
            for command in step.commands:
                code, told = self.command(command, control, again)
                wrong += _judged(command, code, told)
            wrong += self.after_the_crash(seed.step, (control / "committed"))
        for command in step.commands:
            code, told = self.command(command)
            if code:
                wrong.append(f"`{command}` after the crash exits with {code}: {told}")
        self.stop()
        return fired, wrong + self.contents().differences(self.afters[seed.step])

    def after_the_crash(self, step: int, committed: Path) -> list[str]:
        """What is wrong before anybody syncs again."""
        if not (self.workspace / ".concord/catalog.db").exists():
            return []
        wrong = self._catalog_is_sound(step, committed)
        concord = Concord.open(self.workspace)
        try:
            foundation = concord.foundation
            if step < len(STEPS) - 1:  # in the last, the index is broken to begin with
                wrong += self._index_follows(concord)
                for who in PEOPLE:
                    principal = foundation.directory.principal(who)
                    for question in QUESTIONS:
                        for passage in concord.search(question, principal).passages:
                            wrong += self._shown(who, principal.tokens, passage.item.identifier)
        except NothingApplied:
            pass
        finally:
            concord.close()
        self.stop()
        return wrong

    def _catalog_is_sound(self, step: int, committed: Path) -> list[str]:
        engine = create_catalog_engine(sqlite_url(self.workspace / ".concord/catalog.db"))
        wrong = []
        try:
            with reading(engine) as connection:
                if not inspect(connection).has_table("items"):
                    return []
                wrong += [str(row) for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
                wrong += [str(row) for row in connection.execute(text("PRAGMA foreign_key_check"))]
                list(audit.events(connection))
                held = dict(connection.execute(text("SELECT name, seq FROM sqlite_sequence")).all())
            before, after = self.befores[step].rows.get("items", ()), self.afters[step].rows["items"]
            known = set(map(_unmined, {*before, *after, *_withdrawn(before, after)}))
            wrong += [
                f"an item of neither before nor after: {row[:300]}"
                for row in _rows(engine)["items"]
                if _unmined(row) not in known
            ]
        finally:
            engine.dispose()
        if committed.exists():
            for name, number in json.loads(committed.read_text() or "{}").items():
                if held.get(name, 0) < number:
                    wrong.append(f"{name} was committed up to {number} and holds {held.get(name)}")
        return wrong

    def _index_follows(self, concord: Concord) -> list[str]:
        """Whatever no longer waits in the outbox has to be in the index as the catalog has it."""
        with reading(concord.engine) as connection:
            waiting = set(connection.scalars(outbox.waiting()))
            settled = set(connection.scalars(select(items.c.identifier))) - waiting
        wrong = []
        for identifier in sorted(settled):
            points = points_of(concord.engine, concord.encoder.model, identifier)
            if concord.index.item_payloads(identifier) != {each.id: each.payload for each in points}:
                wrong.append(f"{identifier} was acknowledged, and the index holds something else")
        return wrong

    def _shown(self, who: str, tokens: frozenset[str], identifier: str) -> list[str]:
        """Judge what a person was shown by the catalog's row alone."""
        engine = create_catalog_engine(sqlite_url(self.workspace / ".concord/catalog.db"))
        with reading(engine) as connection:
            row = connection.execute(select(items).where(items.c.identifier == identifier)).one()
        engine.dispose()
        if row.live and tokens & set(row.item["readers"]):
            return []
        return [f"{who} was shown {identifier}, whose readers are {row.item['readers']}"]

    # ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def command(self, command: str, control: Path | None = None, seed: Seed | None = None) -> tuple[int, str]:
        """Run a command as a process: its exit status (negative: killed), and what it printed."""
        words = command.split()
        head = (
            ["optimise", str(self.workspace)] if words == ["optimise"] else ["--workspace", str(self.workspace), *words]
        )
        environment = {}
        if control is not None:
            environment = {"CRASH_FOLDER": str(control), "PYTHONPATH": str(HERE / "hooks")}
            if seed is not None:
                environment["CRASH_VICTIMS"] = " ".join(seed.victims)
                environment["CRASH_POINT"] = seed.point or ""
        output = self.folder / "output"
        job = {"arguments": head, "environment": environment, "output": str(output)}
        assert self.launcher.stdin and self.launcher.stdout
        self.launcher.stdin.write(json.dumps(job) + "\n")
        self.launcher.stdin.flush()
        self.launcher.stdout.readline()
        timer = None
        if seed is not None and control is not None and seed.point is None:
            timer = threading.Timer(seed.seconds / len(STEPS[seed.step].commands), _kill, (control, seed.victims))
            timer.start()
        code = int(self.launcher.stdout.readline())
        if timer is not None:
            timer.cancel()
            timer.join()
        return code, output.read_text("utf-8", "replace")

    def contents(self) -> Contents:
        """Everything in catalog and index; no process may run."""
        path = self.workspace / ".concord/catalog.db"
        if not path.exists():
            return Contents({}, {})
        engine = create_catalog_engine(sqlite_url(path))
        try:
            rows = _rows(engine)
        finally:
            engine.dispose()
        return Contents(rows, _points(self.workspace / ".concord/index/hashing-1"))

    def stop(self) -> None:
        """End the index process."""
        folder = self.workspace / ".concord/index/hashing-1"
        if folder.is_dir():
            stop_process(folder)

    def _control(self) -> Path:
        folder = self.folder / "control"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder


def _withdrawn(before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    """The rows of items that go as they stand between: taken away first, described by new declarations after that."""
    held = {row["identifier"]: row for row in map(json.loads, before)}
    for row in map(json.loads, after):
        if not row["live"] and row["identifier"] in held:
            old = held[row["identifier"]]
            item = {**old["item"], "invalidated_at": row["item"]["invalidated_at"]}
            yield json.dumps({**old, "item": item, "live": False, "index_state": row["index_state"]}, sort_keys=True)


def _unmined(row: str) -> str:
    """An item's row but for whether its claims were compared yet, which comes after it."""
    return json.dumps({**json.loads(row), "mined": None}, sort_keys=True)


def _judged(command: str, code: int, told: str) -> list[str]:
    """A command that was hit may be killed, do its work all the same, or say on a line why not."""
    if "Traceback" in told or code not in (0, 1, 2, -signal.SIGKILL):
        return [f"`{command}` exits with {code}: {told[-2000:]}"]
    return []


def _kill(control: Path, victims: tuple[str, ...]) -> None:
    (control / "fired").touch()
    for role in victims:
        with suppress(FileNotFoundError, ProcessLookupError, ValueError):
            os.kill(int((control / f"{role}.pid").read_text()), signal.SIGKILL)


def _copy(old: Path, new: Path) -> None:
    # The engine's files are mostly holes.
    subprocess.run(["cp", "-a", "--sparse=always", str(old), str(new)], check=True)


def _rows(engine: Any) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    with reading(engine) as connection:
        there = set(inspect(connection).get_table_names())
        for table in metadata.sorted_tables:
            if table.name in LEFT_OUT or table.name not in there:
                continue
            skipped = VOLATILE_COLUMNS.get(table.name, set())
            columns = [each for each in table.columns if each.name not in skipped and not isinstance(each.type, Moment)]
            found = connection.execute(select(*columns))
            rows[table.name] = sorted(
                json.dumps(_steady(dict(row._mapping)), sort_keys=True, default=repr) for row in found
            )
    return rows


def _steady(value: Any) -> Any:
    """A value without what differs from run to run; that a volatile key is set counts, and which files have stamps."""
    if isinstance(value, dict):
        steady = {key: bool(part) if key in VOLATILE_KEYS else _steady(part) for key, part in value.items()}
        return {**steady, "stamps": sorted(value["stamps"])} if "stamps" in value else steady
    return MOMENT.sub("MOMENT", value) if isinstance(value, str) else value


def _points(folder: Path) -> dict[str, str]:
    if not (folder / "CURRENT.json").exists() or any(
        path.read_bytes() == b"broken" for path in folder.rglob("segment.json")
    ):
        return {}
    index = EdgeIndex(folder, DIMENSION, wait_seconds=20)
    found: dict[str, str] = {}
    offset = None
    try:
        while True:
            records, offset = index.shard.scroll(ScrollRequest(offset, 1000, None, with_payload=True, with_vector=True))
            for record in records:
                assert record.id not in found, f"point {record.id} is there twice"
                found[str(record.id)] = json.dumps([record.payload, _vectors(record.vector)], sort_keys=True)
            if offset is None:
                return found
    finally:
        index.close()


def _vectors(given: Any) -> dict[str, Any]:
    shown = {}
    for name, vector in given.items():
        if hasattr(vector, "indices"):
            shown[name] = sorted(zip(vector.indices, (round(value, 5) for value in vector.values), strict=True))
        else:
            shown[name] = [round(value, 5) for value in vector]
    return shown


def start_launcher() -> subprocess.Popen:
    """The process that starts the commands."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CONCORD_", "CRASH_"))}
    return subprocess.Popen(
        [sys.executable, str(HERE / "launcher.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=kept
    )
