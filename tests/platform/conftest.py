"""A small workspace: two departments, a document that few may read, one that cannot be read at all.

Whatever is restricted holds the word `zanzibar` (title, path, text), so that a test can look for it everywhere. The
encoder is the shipped stand-in, and folders lie in memory where they can: both keep these tests quick.

Tests of what `ON_BOTH` names run twice: with the catalog in SQLite, and on a real PostgreSQL.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import Engine, select

from concord.answering.model import Answer
from concord.bootstrap import Concord
from concord.catalog.engine import create_catalog_engine, reading
from concord.catalog.history import readable_history
from concord.catalog.migrate import migrate
from concord.catalog.schema import metadata
from concord.catalog.testing import Server, binaries
from concord.cli.main import run
from concord.embedding.hashing_encoder import HashingEncoder
from concord.index import open_index
from concord.ingestion.run import SyncOutcome
from concord.retrieval.question import Question
from concord_taxonomy.standard import Principal

SECRET = "zanzibar"
"""Stands in every restricted document, and nowhere else."""

_SMALL = Path(__file__).parents[1] / "workspaces/small"

FILES = {
    path.relative_to(_SMALL).as_posix(): path.read_text("utf-8") for path in sorted(_SMALL.rglob("*")) if path.is_file()
}
"""The files of the small workspace: path in it → text."""


@dataclass(frozen=True)
class Workspace:
    """A workspace's folder, and the commands that a test runs on it."""

    folder: Path
    catalog: str | None = None
    """The URL of its catalog; None: SQLite in the folder."""

    def write(self, path: str, text: str) -> Path:
        """Write one of its files; its settings name its catalog, unless the text names one."""
        if path == "concord.yaml" and self.catalog and "catalog:" not in text:
            text += f"catalog: {{url: '{self.catalog}'}}\n"
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a text in one of its files."""
        text = (self.folder / path).read_text("utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def remove(self, path: str) -> None:
        """Delete one of its files."""
        (self.folder / path).unlink()

    def run(self, *arguments: str) -> "Result":
        """Run a command as its entry point does."""
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(["--workspace", str(self.folder), *arguments])
        return Result(code, out.getvalue(), err.getvalue())

    def json(self, *arguments: str) -> Any:
        """What a command that has to succeed prints with `--json`."""
        done = self.run(*arguments, "--json")
        assert done.code == 0, done.err
        return json.loads(done.out)

    def ready(self) -> "Workspace":
        """Apply its files and sync its sources."""
        for command in ("apply", "sync"):
            done = self.run(command)
            assert done.code == 0, done.err
        return self


@dataclass(frozen=True)
class Result:
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def everything(self) -> str:
        """All that was printed, in lower case."""
        return f"{self.out}\n{self.err}".lower()


@dataclass
class Repository:
    """A git repository whose commits are made on given days."""

    path: Path

    def commit(self, moment: str, files: dict[str, str | None] | None = None) -> None:
        """Write files (None removes one) and commit them at a moment in ISO form (a day: at noon, UTC)."""
        when = f"{moment}T12:00:00+00:00" if len(moment) == 10 else moment
        if not self.path.exists():
            self.path.mkdir(parents=True)
            self.git("init", "--quiet", "--initial-branch=main", when=when)
        for name, text in (files or {}).items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink() if text is None else file.write_text(text, "utf-8")
        self.git("add", "--all", when=when)
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change", when=when)

    def git(self, *arguments: str, when: str) -> None:
        """Run git without anyone's configuration."""
        who = ["-c", "user.name=Ann", "-c", "user.email=ann@small.example"]
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        plain = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", *who, *arguments], cwd=self.path, env=plain | dates, check=True, capture_output=True)


HANDBOOK = """\
connector: git
options: {repository: repository, history: true}
mapping:
  fields:
    publisher: {const: People}
    status: {path: metadata.status, default: approved}
    valid_from: {path: metadata.valid_from, date: true}
    replaces: {path: metadata.replaces}
    readers: {const: ["group:staff"]}
  rules:
    - match: {path: "restricted/**"}
      set: {readers: ["group:people-leads"]}
"""


def days_of_leave(days: int, metadata: str = "") -> str:
    """A page that states a number of days."""
    head = f"---\n{metadata}\n---\n" if metadata else ""
    return f"{head}# Annual leave\n\nEveryone receives {days} days of annual leave a year.\n\nAsk your manager.\n"


def memory_folder() -> Path | None:
    """Where files are quick to sync to disk, if there is such a place."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() else None


def build(folder: Path, changes: dict[str, str | None], catalog: str | None = None) -> Workspace:
    """A workspace of `FILES`, with `changes` (None leaves a file out)."""
    made = Workspace(folder, catalog)
    for path, text in {**FILES, **changes}.items():
        if text is not None:
            made.write(path, text)
    return made


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CONCORD_")]:
        monkeypatch.delenv(name)


_ALIKE = {
    "supports_statement_cache": True,
    "__eq__": lambda one, other: type(one) is type(other),
    "__hash__": lambda one: hash(type(one)),
}
"""A dialect that is the same as any other of its kind, where a compiled statement is looked up."""


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Statements are compiled once for all catalogs of a kind: each command opens its own, as a process does."""
    kinds: dict[type, type] = {}
    compiled: dict[type, Any] = {}

    def created(url: str) -> Engine:
        engine = create_catalog_engine(url)
        kind = type(engine.dialect)
        engine.dialect.__class__ = kinds.setdefault(kind, type(kind.__name__, (kind,), _ALIKE))
        engine._compiled_cache = compiled.setdefault(kind, engine._compiled_cache)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("concord.bootstrap.concord.create_catalog_engine", created)
        yield


_POSTGRES_REQUIRED = os.environ.get("CONCORD_TEST_POSTGRES") == "required"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for all tests; they are skipped where none is installed, unless it is required."""
    if binaries() is None and not _POSTGRES_REQUIRED:
        pytest.skip("PostgreSQL is not installed here (`apt-get install postgresql`)")
    with TemporaryDirectory(prefix="concord-", dir=memory_folder()) as folder:
        Path(folder).chmod(0o755)  # the server runs as another account where the tests run as root
        with Server.started(Path(folder) / "postgres") as server:
            yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    """A database with this version's schema, to be copied."""
    name = postgres.create()
    engine = create_catalog_engine(postgres.url(name))
    migrate(engine)
    engine.dispose()
    return name


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Where the catalogs of a test lie."""
    return getattr(request, "param", "sqlite")


ON_BOTH = (
    "catalog",
    "ingestion",
    "governance/test_activation.py",
    "governance/test_blast.py",
    "governance/test_deciding.py",
    *(f"cli/test_{name}.py" for name in ("apply", "ask", "item", "search", "status", "sync")),
)
"""Folders and modules beside this file whose tests use a catalog and are run on both databases."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests on both databases, unless they name theirs or ask for the PostgreSQL server itself."""
    place = metafunc.definition.path.relative_to(Path(__file__).parent).as_posix()
    named = any("database" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "database" in metafunc.fixturenames and place.startswith(ON_BOTH) and not named:
        databases = ["postgresql"] if "postgres" in metafunc.fixturenames else ["sqlite", "postgresql"]
        metafunc.parametrize("database", databases, indirect=True)


@pytest.fixture
def new_catalog(database: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., str | None]]:
    """Make catalogs: the URL of a new one (a copy of a PostgreSQL database, if one is named); None for SQLite."""
    if database == "sqlite":
        yield lambda template=None: None
        return
    server: Server = request.getfixturevalue("postgres")
    template = request.getfixturevalue("postgres_template")
    made: list[str] = []

    def make(copied: str | None = None) -> str:
        made.append(server.create(copied or template))
        return server.url(made[-1])

    yield make
    for name in made:
        server.drop(name)


@pytest.fixture
def make_workspace(new_catalog: Callable[..., str | None]) -> Iterator[Callable[..., Workspace]]:
    """Make workspaces: `make_workspace()`, or with files changed: `make_workspace({"concord.yaml": "…"})`."""
    # An index process that ends may still write while its folder is deleted.
    with TemporaryDirectory(prefix="concord-", dir=memory_folder(), ignore_cleanup_errors=True) as folder:
        count = iter(range(1000))

        def make(changes: dict[str, str | None] | None = None) -> Workspace:
            return build(Path(folder) / f"workspace-{next(count)}", changes or {}, new_catalog())

        yield make


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace]) -> Workspace:
    """A workspace of one's own, nothing applied yet."""
    return make_workspace()


@dataclass(frozen=True)
class Synced:
    """A synced workspace, and the PostgreSQL database to copy its catalog from."""

    workspace: Workspace
    template: str | None = None


@pytest.fixture(scope="session")
def _synced_on() -> Iterator[Callable[[str, pytest.FixtureRequest], Synced]]:
    made: dict[str, Synced] = {}
    with TemporaryDirectory(prefix="concord-", dir=memory_folder()) as folder:

        def on(database: str, request: pytest.FixtureRequest) -> Synced:
            if database not in made:
                workspace, template = Workspace(Path(folder) / database), None
                if database == "postgresql":
                    server: Server = request.getfixturevalue("postgres")
                    name = server.create(request.getfixturevalue("postgres_template"))
                    workspace = replace(workspace, catalog=server.url(name))
                build(workspace.folder, {}, workspace.catalog).ready()
                if database == "postgresql":
                    template = server.create(name)
                made[database] = Synced(workspace, template)
            return made[database]

        yield on


@pytest.fixture
def _synced(_synced_on: Callable[..., Synced], database: str, request: pytest.FixtureRequest) -> Synced:
    return _synced_on(database, request)


@pytest.fixture
def synced(_synced: Synced) -> Workspace:
    """The workspace applied and synced, shared by all tests: for reading only."""
    return _synced.workspace


@pytest.fixture
def synced_copy(
    _synced: Synced, new_catalog: Callable[..., str | None], make_workspace: Callable[..., Workspace]
) -> Workspace:
    """A copy of the synced workspace to change as one likes; its index is its own."""
    copy = make_workspace()
    shutil.rmtree(copy.folder)
    source = _synced.workspace.folder
    shutil.copytree(source, copy.folder, ignore=lambda _folder, names: {"index"} & set(names), symlinks=True)
    if _synced.template:
        copy = replace(copy, catalog=new_catalog(_synced.template))
        copy.write("concord.yaml", FILES["concord.yaml"])
    return copy


@dataclass
class AtWork:
    """A workspace with its index in this very process, so that a test can look at every part."""

    workspace: Workspace
    _concord: Concord | None = None

    @property
    def concord(self) -> Concord:
        """The workspace at work; opened anew after `apply` and `close`."""
        if self._concord is None:
            self._concord = Concord.open(self.workspace.folder)
            folder = self._concord.index_folder
            folder.mkdir(parents=True, exist_ok=True)
            vars(self._concord)["index"] = open_index(folder, self._concord.encoder.dimension, shared=False)
        return self._concord

    def principal(self, who: str) -> Principal:
        """A person with the tokens that they hold now."""
        return self.concord.foundation.directory.principal(who)

    def apply(self) -> None:
        """Put the files in force."""
        self.close()
        done = self.workspace.run("apply")
        assert done.code == 0, done.err

    def sync(self) -> tuple[SyncOutcome, int]:
        """Sync every source: what it did, and how many texts went through the encoder."""
        encoder = self.concord.encoder
        assert isinstance(encoder, HashingEncoder)
        before = encoder.encoded
        outcome = self.concord.sync_sources(self.concord.foundation.sources.values())
        return outcome, encoder.encoded - before

    def search(self, question: str, who: str, use_case: str | None = None) -> list[str]:
        """The identifiers that a search gives a person, best first."""
        found = self.concord.search(question, self.principal(who), use_case).passages
        return list(dict.fromkeys(passage.item.identifier for passage in found))

    def ask(self, question: str, who: str, at: date | None = None) -> Answer:
        """An answer to a person, however sure: the stand-in for a model knows nothing of meaning."""
        asked = Question(question, self.principal(who), at or datetime.now(UTC).date())
        return self.concord.answerer.answer(asked, min_confidence=0.0)

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table of the catalog."""
        with reading(self.concord.engine) as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }

    def close(self) -> None:
        """Let go of everything, the index included."""
        if self._concord is not None:
            self._concord.close()
            self._concord = None


@pytest.fixture
def at_work() -> Iterator[Callable[[Workspace], AtWork]]:
    """Open workspaces without a process for the index; they are closed when the test ends."""
    opened: list[AtWork] = []

    def open_(workspace: Workspace) -> AtWork:
        opened.append(AtWork(workspace))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


@pytest.fixture
def house(synced_copy: Workspace, at_work: Callable[[Workspace], AtWork]) -> AtWork:
    """A synced workspace of one's own at work, its index built."""
    made = at_work(synced_copy)
    made.sync()
    return made


@dataclass
class PastHouse(AtWork):
    """A workspace with one source, a git repository of which three wordings of a page are known."""

    declared = HANDBOOK
    page = staticmethod(days_of_leave)

    @property
    def repository(self) -> Repository:
        """The repository."""
        return Repository(self.workspace.folder / "repository")

    def revisions(self, identifier: str = "handbook/leave.md", who: str = "pat") -> list[tuple[int, str, str | None]]:
        """What is known of an item's past: number, first day, and the day on which it held no longer."""
        with reading(self.concord.engine) as connection:
            found = readable_history(connection, self.principal(who), identifier)
        return [
            (each.revision, str(each.period.start), str(each.period.end) if each.period.end else None)
            for each in found or ()
            if not each.reread
        ]

    def says(self, day: str, question: str = "How many days of annual leave are there?", who: str = "pat") -> set[str]:
        """The texts that a search finds as of a day."""
        found = self.concord.search(question, self.principal(who), at=date.fromisoformat(day)).passages
        return {f"{each.item.identifier}@{each.item.revision}: {each.chunk.text.split(' of ')[0]}" for each in found}


@pytest.fixture
def past(make_workspace: Callable[..., Workspace]) -> Iterator[PastHouse]:
    """A page of which the past is known: 25 days in 2020, 26 from 2022, 27 from 2024 on."""
    sources = {"sources/people-handbook.yaml": None, "sources/finance-policies.yaml": None}
    plain = {"usecases/ask-people.yaml": None, "authority.yaml": None, "ownership.yaml": "rules: []\n"}
    house = PastHouse(make_workspace({**sources, **plain, "sources/handbook.yaml": HANDBOOK}))
    for day, days in (("2020-03-01", 25), ("2022-05-01", 26), ("2024-01-01", 27)):
        house.repository.commit(day, {"leave.md": days_of_leave(days)})
    house.apply()
    house.sync()
    yield house
    house.close()
