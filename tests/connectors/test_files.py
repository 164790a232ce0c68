from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concord_connectors import files
from concord_connectors._files.reading import open_below
from concord_connectors.conformance import crawl, entries_of, tombstones_of, versions
from concord_connectors.contract import Checkpoint, Failure, SourceRecord
from concord_connectors.errors import OptionError, SourceError
from concord_connectors.files import FilesConnector


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content = tmp_path / "content"
    content.mkdir()
    return content


def connect(folder: Path, **options: object) -> FilesConnector:
    return FilesConnector(base=folder.parent, path=folder.name, **options)  # type: ignore[arg-type]


def by_id(connector: FilesConnector) -> dict[str, SourceRecord | Failure]:
    return {entry.native_id: entry for entry in entries_of(crawl(connector))}  # type: ignore[misc]


def reasons(connector: FilesConnector) -> dict[str, str]:
    return {key: entry.reason for key, entry in by_id(connector).items() if isinstance(entry, Failure)}


def test_takes_what_a_parser_knows_in_order_of_path(folder: Path) -> None:
    for name in ("z.md", "a/b.docx", "a.html", "a/x.exe", ".hidden.md", ".git/c.md", "UPPER.MD", "guide.html.md.erb"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("text")
    entries = by_id(connect(folder))
    assert list(entries) == ["UPPER.MD", "a.html", "a/b.docx", "guide.html.md.erb", "z.md"]
    record = entries["guide.html.md.erb"]
    assert isinstance(record, SourceRecord)
    assert record.media_type == "text/markdown"
    assert record.history.modified is not None and record.history.modified.tzinfo is not None


def test_include_and_exclude_are_gitignore_patterns(folder: Path) -> None:
    for name in ("a.md", "drafts/b.md", "x/drafts/c.md", "x/d.md", "x/d.dat"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("text")
    assert list(by_id(connect(folder, exclude=["drafts/"]))) == ["a.md", "x/d.md"]
    assert list(by_id(connect(folder, exclude=["**/drafts/**"]))) == ["a.md", "x/d.md"]
    assert list(by_id(connect(folder, include=["/x/**", "!*.md"]))) == ["x/d.dat"]


def test_sidecar_is_metadata_and_part_of_the_version(folder: Path) -> None:
    (folder / "a.md").write_text("text")
    bare = versions(entries_of(crawl(connect(folder))))["a.md"]
    (folder / "a.md.meta.yaml").write_text("owner: Ann\nversion: 1.10\nlast_reviewed: 2024-07-23\n")
    record = by_id(connect(folder))["a.md"]
    assert isinstance(record, SourceRecord)
    assert record.metadata == {"owner": "Ann", "version": "1.10", "last_reviewed": "2024-07-23"}
    assert record.version != bare
    (folder / "a.md.meta.yaml").rename(folder / "a.md.meta.json")
    assert reasons(connect(folder)) == {"a.md": "bad_sidecar"}
    (folder / "a.md.meta.json").write_text('{"owner": "Ann"}')
    assert by_id(connect(folder))["a.md"].metadata == {"owner": "Ann"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "sidecar",
    ["a: [1", "- a list", "a: &x 1\nb: *x", "a: " + "[" * 30 + "]" * 30, "!!python/object:os.system {}", "a: \xff"],
)
def test_a_broken_sidecar_fails_its_item_alone(folder: Path, sidecar: str) -> None:
    (folder / "a.md").write_text("text")
    (folder / "b.md").write_text("text")
    (folder / "a.md.meta.yaml").write_bytes(sidecar.encode("latin-1"))
    assert reasons(connect(folder)) == {"a.md": "bad_sidecar"}
    before = by_id(connect(folder))["a.md"].version
    (folder / "a.md.meta.yaml").write_text("owner: Ann")
    assert by_id(connect(folder))["a.md"].version != before


def test_two_sidecars_are_refused(folder: Path) -> None:
    (folder / "a.md").write_text("text")
    (folder / "a.md.meta.yaml").write_text("a: 1")
    (folder / "a.md.meta.json").write_text("{}")
    failure = by_id(connect(folder))["a.md"]
    assert isinstance(failure, Failure)
    assert failure.detail == "a.md: side-car: there are several (a.md.meta.yaml and a.md.meta.json); keep one"


def test_a_big_file_is_a_failure_without_being_read(folder: Path) -> None:
    with (folder / "big.pdf").open("wb") as file:
        file.truncate(10 * 1024**4)  # sparse: reading it would never end
    assert reasons(connect(folder)) == {"big.pdf": "too_large"}
    (folder / "big.pdf").unlink()
    (folder / "a.md").write_text("12345")
    assert reasons(connect(folder, max_bytes=4)) == {"a.md": "too_large"}
    assert reasons(connect(folder, max_bytes=5)) == {}


def test_links_are_followed_only_to_content_of_the_folder(folder: Path) -> None:
    (folder / ".secret").mkdir()
    (folder / ".secret" / "s.md").write_text("secret")
    (folder / "drafts").mkdir()
    (folder / "drafts" / "d.md").write_text("draft")
    (folder / "a.md").write_text("text")
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "o.md").write_text("outside")
    (folder / "in.md").symlink_to("a.md")
    (folder / "out.md").symlink_to(outside / "o.md")
    (folder / "up.md").symlink_to("../outside/o.md")
    (folder / "hidden.md").symlink_to(".secret/s.md")
    (folder / "excluded.md").symlink_to("drafts/d.md")
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "dangling.md").symlink_to("missing.md")
    (folder / "away").symlink_to(outside)
    (folder / "inside").symlink_to(folder)
    connector = connect(folder, exclude=["drafts/"])
    names = ("away", "dangling.md", "excluded.md", "hidden.md", "loop.md", "out.md", "up.md")
    assert reasons(connector) == dict.fromkeys(names, "symlink")
    read = [entry for entry in by_id(connector).values() if isinstance(entry, SourceRecord)]
    assert [(entry.native_id, entry.content) for entry in read] == [("a.md", b"text"), ("in.md", b"text")]


def test_special_files_and_bad_names_are_failures(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "pipe.md")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.md")
    (folder / "new\nline.md").write_text("text")
    Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff.md")).write_text("text")
    assert reasons(connect(folder)) == {
        "bad\\xff.md": "bad_name",
        "new\\x0aline.md": "bad_name",
        "pipe.md": "special_file",
        "socket.md": "special_file",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_below_an_unreadable_folder_nothing_is_taken_for_removed(folder: Path) -> None:
    (folder / "locked").mkdir()
    (folder / "locked" / "a.md").write_text("text")
    (folder / "b.md").write_text("text")
    known = versions(entries_of(crawl(connect(folder))))
    (folder / "locked").chmod(0)
    try:
        after = crawl(connect(folder), None, known)
    finally:
        (folder / "locked").chmod(0o700)
    assert [(entry.native_id, entry.reason) for entry in entries_of(after)] == [("locked", "unreadable")]  # type: ignore[union-attr]


def test_a_touched_file_is_not_a_changed_one(folder: Path) -> None:
    (folder / "a.md").write_text("text")
    known = versions(entries_of(crawl(connect(folder))))
    os.utime(folder / "a.md", (1, 1))
    assert entries_of(crawl(connect(folder), None, known)) == []


def test_an_emptied_folder_is_taken_for_a_lost_mount(folder: Path) -> None:
    assert entries_of(crawl(connect(folder))) == []
    with pytest.raises(SourceError, match="holds no content, but 1 items came from it before; restore it"):
        crawl(connect(folder), None, {"a.md": "1"})
    gone = tombstones_of(crawl(connect(folder, allow_empty=True), None, {"a.md": "1"}))
    assert [entry.native_id for entry in gone] == ["a.md"]


def test_what_is_no_longer_included_becomes_a_tombstone(folder: Path) -> None:
    (folder / "a.md").write_text("text")
    (folder / "b.md").write_text("text")
    known = versions(entries_of(crawl(connect(folder))))
    gone = tombstones_of(crawl(connect(folder, exclude=["b.md"]), None, known))
    assert [entry.native_id for entry in gone] == ["b.md"]


def test_other_options_begin_another_crawl(folder: Path) -> None:
    for name in ("a.txt", "b.md", "c.md", "d.md"):
        (folder / name).write_text("text")
    first = crawl(connect(folder, include=["*.md"], batch_size=1))[1]
    assert first.checkpoint.state["after"] == "c.md"
    rest = crawl(connect(folder, batch_size=1), first.checkpoint)
    assert [entry.native_id for entry in entries_of(rest)] == ["a.txt", "b.md", "c.md", "d.md"]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"path": ""}, "path"),
        ({"path": "a\0b"}, "path"),
        ({"include": []}, "include"),
        ({"include": "*.md"}, "include"),
        ({"exclude": [""]}, "exclude"),
        ({"max_bytes": 0}, "max_bytes"),
        ({"batch_size": True}, "batch_size"),
    ],
)
def test_a_bad_option_is_named(tmp_path: Path, options: dict[str, object], named: str) -> None:
    with pytest.raises(OptionError) as caught:
        FilesConnector(base=tmp_path, **({"path": "x"} | options))  # type: ignore[arg-type]
    assert caught.value.option == named


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the folder does not exist; correct the option path"):
        crawl(FilesConnector(base=tmp_path, path="nowhere"))
    (tmp_path / "file").write_text("text")
    with pytest.raises(SourceError, match="it is not a folder"):
        crawl(FilesConnector(base=tmp_path, path="file"))


NAMES = st.lists(st.sampled_from(["a.md", "a/b.md", "a-b.md", "a.b/c.md", "b/a/c.txt", "é.md", "z"]), unique=True)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=NAMES, stop=st.integers(0, 5), size=st.integers(1, 4))
def test_stopping_anywhere_loses_and_repeats_nothing(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], stop: int, size: int
) -> None:
    folder = tmp_path_factory.mktemp("content")
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    whole = crawl(connect(folder, batch_size=size))
    stored = whole[: min(stop, len(whole) - 1)]
    at = stored[-1].checkpoint if stored else None
    rest = crawl(connect(folder, batch_size=size), at, versions(entries_of(stored)))
    assert [*entries_of(stored), *entries_of(rest)] == entries_of(whole)
    assert {entry.native_id for entry in entries_of(whole)} == {name for name in names if name != "z"}


def test_a_folder_or_file_swapped_for_a_link_while_it_is_read_is_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.md").write_text("secret")
    (folder / "sub").mkdir()
    (folder / "sub" / "a.md").write_text("text")
    os.close(open_below(folder, "sub/a.md"))
    (folder / "sub" / "a.md").unlink()
    (folder / "sub" / "a.md").symlink_to(outside / "a.md")
    with pytest.raises(OSError, match="symbolic links"):
        open_below(folder, "sub/a.md")
    (folder / "sub" / "a.md").unlink()
    (folder / "sub").rmdir()
    (folder / "sub").symlink_to(outside)
    with pytest.raises(NotADirectoryError):
        open_below(folder, "sub/a.md")


def crawled(connector: FilesConnector) -> tuple[Checkpoint, dict[str, str]]:
    """The checkpoint behind a whole crawl, and the versions that it gave."""
    batches = crawl(connector)
    return batches[-1].checkpoint, versions(entries_of(batches))


def test_what_was_not_written_to_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.md", "b.md", "b.md.meta.yaml", "c.md"):
        (folder / name).write_text("text: 1")
    connector = connect(folder)
    checkpoint, known = crawled(connector)
    read: list[str] = []
    original = files.read_inside

    def reading(root: Path, path: str, *rest: Any, **more: Any) -> Any:
        read.append(path)
        return original(root, path, *rest, **more)

    monkeypatch.setattr(files, "read_inside", reading)
    assert not entries_of(list(connector.pull(checkpoint, known))) and not read
    (folder / "b.md.meta.yaml").write_text("text: 2")
    kept = (folder / "c.md").stat()
    (folder / "c.md").write_text("text; 1")  # of the same length, and its time put back
    os.utime(folder / "c.md", ns=(kept.st_atime_ns, kept.st_mtime_ns))
    given = entries_of(list(connector.pull(checkpoint, known)))
    assert [entry.native_id for entry in given] == ["b.md", "c.md"]
    assert read == ["b.md", "b.md.meta.yaml", "c.md"]


def test_without_a_stamp_to_trust_a_file_is_read(folder: Path) -> None:
    (folder / "a.md").write_text("text")
    connector = connect(folder)
    checkpoint, known = crawled(connector)
    assert not entries_of(list(connector.pull(checkpoint, known)))
    # Forgotten by the catalog, or to be read by new parsers: the stamp says nothing then.
    assert [entry.native_id for entry in entries_of(list(connector.pull(checkpoint, {})))] == ["a.md"]
    assert [entry.native_id for entry in entries_of(list(connector.pull(None, {"a.md": ""})))] == ["a.md"]
    (folder / "b.md").symlink_to(folder / "a.md")
    checkpoint, known = crawled(connector)
    assert set(checkpoint.state["stamps"]) == {"a.md"}
