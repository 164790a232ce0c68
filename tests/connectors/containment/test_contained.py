"""Documents parsed in another process: the same as in this one, within limits, and no process stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from concord_connectors.containment import ContainedParser, Containment
from concord_connectors.contract import Failure, SourceRecord
from concord_connectors.errors import NoContainment
from concord_connectors.parsers import Limits, ParsedDocument, parse

GOOD = SourceRecord(
    "a.md", "1", "text/markdown", b'---\nowner: Ann\nodd: "\\uD800 x"\n---\n# Title\n\nText \xc3\xa9.\n'
)
SLOW = SourceRecord("slow.html", "7", "text/html", b"<p>x</p>" * 1_000_000)
"""Takes minutes, and a gigabyte and more."""


@pytest.fixture
def parser() -> Iterator[ContainedParser]:
    with ContainedParser(Containment(timeout_seconds=60)) as made:
        yield made


def children() -> set[int]:
    """The living children of this process."""
    found = set()
    for held in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (held / "stat").read_text().rpartition(")")[2].split()[:2]
            words = (held / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == os.getpid() and state != "Z" and b"containment.child" in words:
            found.add(int(held.name))
    return found


def gone(pid: int, within: float = 10.0) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def test_a_document_is_what_it_is_in_this_process(parser: ContainedParser) -> None:
    records = [
        GOOD,
        SourceRecord("b.html", "1", "text/html", b"<title>T</title><main><h1>H</h1><p>P</p></main>"),
        SourceRecord("c.txt", "1", "text/plain", "caf\xe9".encode("cp1252")),
        SourceRecord("d.md", "3", "text/markdown", b""),
        SourceRecord("e.exe", "4", "application/octet-stream", b"x"),
        SourceRecord("f.pdf", "5", "application/pdf", b"not a pdf"),
    ]
    assert list(parser.map(records)) == [parse(record) for record in records]
    assert len(children()) == 1


def test_every_part_of_a_document_crosses() -> None:
    from concord_connectors.containment import wire

    whole = ParsedDocument("x", "t", {"a": [1, None]}, {"b": "c"}, 3, (0, 1), ("w",))
    assert all(getattr(whole, each.name) for each in fields(ParsedDocument)), "a new field needs a value here"
    assert wire.unpack_result(*wire.pack_result(whole), "n", "v") == whole


def test_what_takes_too_long_is_a_failure_and_the_next_is_read() -> None:
    with ContainedParser(Containment(timeout_seconds=1, memory_mb=4096)) as parser:
        assert isinstance(parser(GOOD), ParsedDocument)
        [first] = children()
        began = time.monotonic()
        failure = parser(SLOW)
        assert time.monotonic() - began < 10
        assert isinstance(failure, Failure)
        assert (failure.native_id, failure.version, failure.reason) == ("slow.html", "7", "timeout")
        assert "1 s" in failure.detail and "parsing.timeout_seconds" in failure.detail
        assert first not in children()
        assert isinstance(parser(GOOD), ParsedDocument)
    assert children() == set()


def test_what_takes_too_much_memory_is_a_failure_and_the_next_is_read() -> None:
    with ContainedParser(Containment(memory_mb=128)) as parser:
        failure = parser(SLOW)
        assert isinstance(failure, Failure) and failure.reason == "memory"
        assert "128 MiB" in failure.detail and "parsing.memory_mb" in failure.detail
        assert isinstance(parser(GOOD), ParsedDocument)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_over_a_document_is_its_failure(number: signal.Signals) -> None:
    with ContainedParser(Containment(memory_mb=4096)) as parser:

        def crash() -> None:
            while not children():
                time.sleep(0.01)
            time.sleep(1)
            for pid in children():
                os.kill(pid, number)

        killer = threading.Thread(target=crash)
        killer.start()
        failure = parser(SLOW)
        killer.join()
        assert isinstance(failure, Failure) and failure.reason == "crashed" and number.name in failure.detail
        assert isinstance(parser(GOOD), ParsedDocument)


def test_a_process_that_died_between_documents_fails_none(parser: ContainedParser) -> None:
    assert isinstance(parser(GOOD), ParsedDocument)
    [pid] = children()
    os.kill(pid, signal.SIGKILL)
    assert isinstance(parser(GOOD), ParsedDocument)
    assert pid not in children()


def test_one_process_parses_many_documents(parser: ContainedParser) -> None:
    for _ in range(3):
        parser(GOOD)
        [pid] = children()
    assert children() == {pid}


def test_several_processes_keep_the_order() -> None:
    records = [SourceRecord(f"{n}.md", "1", "text/markdown", f"# {n}".encode()) for n in range(40)]
    with ContainedParser(Containment(processes=2)) as parser:
        titles = [each.title for each in parser.map(records) if isinstance(each, ParsedDocument)]
        assert titles == [str(n) for n in range(40)]
        assert 1 <= len(children()) <= 2
    assert children() == set()


def test_leaving_in_the_middle_ends_everything() -> None:
    with ContainedParser(Containment(processes=2)) as parser, pytest.raises(KeyboardInterrupt):
        for _ in parser.map([GOOD] * 20):
            raise KeyboardInterrupt
    assert children() == set()


def test_a_text_beyond_its_bound_is_a_failure() -> None:
    with ContainedParser(limits=Limits(characters=100)) as parser:
        failure = parser(SourceRecord("a.txt", "1", "text/plain", b"x" * 1_000))
        assert isinstance(failure, Failure) and failure.reason == "too_large"


def test_the_process_has_no_secrets_no_files_and_no_core_dumps(
    parser: ContainedParser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CONCORD_CATALOG__URL", "postgresql://user:secret@host/db")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with (tmp_path / "open").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        parser(GOOD)
        [pid] = children()
        held = Path(f"/proc/{pid}")
        environment = (held / "environ").read_bytes()
        assert b"secret" not in environment and b"CONCORD" not in environment
        targets = {str(each.readlink()) for each in (held / "fd").iterdir()}
    assert not any(str(tmp_path) in target for target in targets) and len(targets) <= 6
    limits = (held / "limits").read_text()
    for name, value in (("Max core file size", "0"), ("Max file size", "0"), ("Max address space", str(1024 << 20))):
        [line] = [line for line in limits.splitlines() if line.startswith(name)]
        assert line.split(name)[1].split()[0] == value
    assert "NoNewPrivs:\t1" in (held / "status").read_text()
    assert (held / "cwd").readlink() == Path("/")


STARTER = """
import sys
from concord_connectors.containment import ContainedParser, Containment
from concord_connectors.contract import SourceRecord
parser = ContainedParser(Containment(memory_mb=8192))
parser(SourceRecord("a.md", "1", "text/markdown", b"# x"))
print(next(iter(parser._children._all)).pid, flush=True)
if sys.argv[1] == "busy":
    parser(SourceRecord("slow.html", "1", "text/html", b"<p>x</p>" * 1_000_000))
sys.stdin.read()
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_the_death_of_its_starter_ends_it(state: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        time.sleep(1 if state == "busy" else 0)
        assert not gone(pid, 0)  # still there
        starter.kill()
    assert gone(pid, 3)


def test_where_no_process_starts_the_problem_is_not_the_document_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with ContainedParser() as parser, pytest.raises(NoContainment, match="no process to parse in"):
        parser(GOOD)
    assert children() == set()
