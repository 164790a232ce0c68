from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from concord_connectors.conformance import crawl, entries_of, tombstones_of, versions
from concord_connectors.contract import Failure, SourceRecord
from concord_connectors.errors import OptionError, SourceError
from concord_connectors.git import GitConnector

LONG = "".join(f"Line {number} of a page that stays what it is.\n" for number in range(20))


def connect(path: Path, **options: Any) -> GitConnector:
    return GitConnector(base=path.parent, repository=path.name, **options)


def by_id(connector: GitConnector) -> dict[str, Any]:
    return {entry.native_id: entry for entry in entries_of(crawl(connector))}


def day(number: int) -> datetime:
    """The time of the repository's n-th commit."""
    return datetime.fromtimestamp(1_700_000_000 + number * 86_400, UTC)


def test_history_comes_from_the_commits_that_touched_the_path(repository: Any) -> None:
    repository.write("a.md", "one\ntwo\n")
    repository.write("b.md", "b\n")
    first = repository.commit("Ann")
    repository.write("a.md", "one\n2\n")
    second = repository.commit("Bea")
    records = by_id(connect(repository.path))
    assert records["a.md"].history.created == day(1)
    assert records["a.md"].history.modified == day(2)
    assert records["a.md"].history.author == "Bea"
    assert records["a.md"].history.revision == second
    assert records["a.md"].history.line_dates == (date(2023, 11, 15), date(2023, 11, 16))
    assert records["b.md"].history.revision == first
    assert records["b.md"].version.endswith(first)


def test_a_rename_keeps_the_history_and_names_both_ids(repository: Any) -> None:
    repository.write("old.md", LONG)
    repository.write("stays.md", "stays\n")
    repository.commit()
    before = crawl(connect(repository.path))
    repository.git("mv", "old.md", "middle.md")
    repository.commit()
    (repository.path / "new").mkdir()
    repository.git("mv", "middle.md", "new/name.md")
    repository.commit()
    after = crawl(connect(repository.path), before[-1].checkpoint, versions(entries_of(before)))
    record, gone = entries_of(after)
    assert isinstance(record, SourceRecord)
    assert (record.native_id, record.previous_id) == ("new/name.md", "old.md")
    assert record.history.created == day(1) and record.history.modified == day(3)
    assert (gone.native_id, gone.moved_to) == ("old.md", "new/name.md")  # type: ignore[union-attr]
    assert by_id(connect(repository.path))["new/name.md"].previous_id == "middle.md"


def test_swapped_names_and_reused_names_are_told_apart(repository: Any) -> None:
    repository.write("a.md", LONG)
    repository.write("b.md", LONG.replace("page", "quite different thing").replace("Line", "Verse"))
    repository.commit()
    repository.git("mv", "a.md", "t.md")
    repository.git("mv", "b.md", "a.md")
    repository.git("mv", "t.md", "b.md")
    repository.commit()
    repository.git("mv", "a.md", "c.md")
    repository.commit()
    repository.write("a.md", "a new page\n")
    repository.commit()
    records = by_id(connect(repository.path))
    assert records["a.md"].history.created == day(4) and records["a.md"].previous_id is None
    assert records["b.md"].history.created == day(1)
    assert records["c.md"].history.created == day(1)


def test_what_a_merge_itself_changed_counts(repository: Any) -> None:
    repository.write("a.md", "base\n")
    repository.commit()
    repository.git("checkout", "-q", "-b", "side")
    repository.write("a.md", "side\n")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.write("a.md", "main\n")
    repository.commit()
    merge = ["-c", "user.name=M", "-c", "user.email=m@example.org", "merge", "-q", "-s", "ours", "--no-commit", "side"]
    repository.git(*merge)
    repository.write("a.md", "both\n")
    merged = repository.commit("Merger")
    record = by_id(connect(repository.path))["a.md"]
    assert record.content == b"both\n"
    assert record.history.revision == merged and record.history.author == "Merger"
    assert record.history.created == day(1)


def test_the_same_commit_reads_nothing_and_a_new_one_reads_what_changed(repository: Any) -> None:
    for number in range(5):
        repository.write(f"{number}.md", f"page {number}\n")
    repository.commit()
    before = crawl(connect(repository.path))
    for blob in (repository.path / ".git" / "objects").glob("??/*"):
        # With the blobs gone, reading any of them would raise.
        if repository.git("cat-file", "-t", blob.parent.name + blob.name) == "blob":
            blob.unlink()
    again = crawl(connect(repository.path), before[-1].checkpoint, {})
    assert entries_of(again) == [] and again[-1].checkpoint == before[-1].checkpoint
    other = crawl(connect(repository.path, exclude=["0.md"]), before[-1].checkpoint, versions(entries_of(before)))
    assert [entry.native_id for entry in tombstones_of(other)] == ["0.md"]


def test_sidecars_links_submodules_and_pointers(repository: Any, tmp_path: Path) -> None:
    repository.write("a.md", "text\n")
    repository.write("a.md.meta.yaml", "owner: Ann\n")
    repository.write("b.md", "text\n")
    repository.write("b.md.meta.json", "{")
    repository.write("c.pdf", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n")
    (repository.path / "d.md").symlink_to("a.md")
    repository.write(".github/e.md", "hidden\n")
    repository.write("f.md", "x" * 100)
    commit = repository.commit()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{commit},vendor/lib")
    repository.git("-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "-m", "submodule")
    entries = by_id(connect(repository.path, max_bytes=99))
    assert entries["a.md"].metadata == {"owner": "Ann"}
    assert {key: entry.reason for key, entry in entries.items() if isinstance(entry, Failure)} == {
        "b.md": "bad_sidecar",
        "c.pdf": "lfs_pointer",
        "d.md": "symlink",
        "f.md": "too_large",
        "vendor/lib": "submodule",
    }
    known = versions(entries.values())
    repository.write("a.md.meta.yaml", "owner: Bea\n")
    repository.git("checkout", "-q", "--", "vendor") if (repository.path / "vendor").exists() else None
    repository.git("add", "a.md.meta.yaml")
    repository.git("-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "-m", "sidecar")
    changed = entries_of(crawl(connect(repository.path, max_bytes=99), None, known))
    assert [entry.native_id for entry in changed] == ["a.md"]


def test_subdirectory_revision_and_urls(repository: Any) -> None:
    repository.write("docs/guide/leave & pay.html.md.erb", "text\n")
    repository.write("README.md", "text\n")
    repository.commit()
    repository.git("tag", "v1")
    repository.write("docs/b.md", "text\n")
    commit = repository.commit()
    template = "https://example.org/{stem}?p={path}&r={revision}"
    record = by_id(connect(repository.path, subdirectory="/docs/", revision="v1", url_template=template))
    assert list(record) == ["guide/leave & pay.html.md.erb"]
    url = "https://example.org/guide/leave%20%26%20pay.html?p=docs/guide/leave%20%26%20pay.html.md.erb&r=v1"
    assert record["guide/leave & pay.html.md.erb"].url == url
    record = by_id(connect(repository.path, subdirectory="docs", url_template="{commit}"))["b.md"]
    assert record.url == commit
    with pytest.raises(SourceError, match="has no folder nowhere"):
        crawl(connect(repository.path, subdirectory="nowhere"))
    with pytest.raises(SourceError, match="there is no commit '--output=x'"):
        crawl(connect(repository.path, revision="--output=x"))


def test_nothing_of_the_repository_is_run(repository: Any, tmp_path: Path) -> None:
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    repository.write("a.md", "text\n")
    repository.write(".gitattributes", "*.md diff=trap filter=trap\n")
    repository.commit()
    settings = ("core.fsmonitor", "core.pager", "diff.external", "gpg.program", "diff.trap.textconv")
    for setting in (*settings, "diff.trap.command", "filter.trap.smudge", "core.sshCommand"):
        repository.git("config", setting, str(trap))
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "blame.ignoreRevsFile", "/nowhere")
    repository.git("config", "diff.orderFile", "/nowhere")
    hook = repository.path / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.symlink_to(trap)
    (tmp_path / "sprung").unlink(missing_ok=True)
    record = by_id(connect(repository.path))["a.md"]
    assert record.content == b"text\n" and record.history.line_dates
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_a_killed_process_left_is_removed_by_the_next(
    repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    repository.write("a.md", "# A\n")
    repository.commit()
    places = tmp_path / "places"
    places.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(places))
    code = (
        "from concord_connectors._git.repository import open_commit; from pathlib import Path; import sys, time\n"
        "with open_commit(Path(sys.argv[1]), Path(sys.argv[2]), 'HEAD'): print('open', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(repository.path), str(tmp_path / "cache")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(places)}) as process:
        assert process.stdout is not None and process.stdout.readline() == b"open\n"
        [folder] = places.iterdir()
        (places / "concord-git-link").symlink_to(tmp_path / "repository")
        os.utime(folder, (0, 0))
        assert by_id(connect(repository.path))
        assert folder.is_dir()  # as old as it is, somebody is at work in it
        process.send_signal(number)
    os.utime(folder, None)
    assert by_id(connect(repository.path))
    assert folder.is_dir()  # it could be about to be locked
    os.utime(folder, (0, 0))
    assert by_id(connect(repository.path))
    assert [each.name for each in places.iterdir()] == ["concord-git-link"]
    assert (repository.path / "a.md").exists()


def test_variables_of_the_user_do_not_matter(repository: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write("a.md", "text\n")
    repository.commit()
    expected = crawl(connect(repository.path))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "/bin/false")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "nonsense")
    assert crawl(connect(repository.path)) == expected


def test_a_bundle_is_cloned_once_and_again_when_it_changes(repository: Any, tmp_path: Path) -> None:
    repository.write("a.md", "text\n")
    repository.commit()
    bundle, cache = tmp_path / "pages.bundle", tmp_path / "cache"
    repository.git("bundle", "create", "-q", str(bundle), "HEAD", "main")
    connector = GitConnector(base=tmp_path, repository="pages.bundle", cache=cache)
    before = crawl(connector)
    assert entries_of(before) == entries_of(crawl(connect(repository.path)))
    clones = list(cache.glob("*/*.git"))
    assert entries_of(crawl(connector, None, versions(entries_of(before)))) == []
    assert list(cache.glob("*/*.git")) == clones
    repository.write("b.md", "text\n")
    repository.commit()
    repository.git("bundle", "create", "-q", str(bundle), "HEAD", "main")
    after = crawl(connector, before[-1].checkpoint, versions(entries_of(before)))
    assert [entry.native_id for entry in entries_of(after)] == ["b.md"]
    assert len(list(cache.glob("*/*.git"))) == 1
    bundle.write_bytes(bundle.read_bytes()[:-30])
    with pytest.raises(SourceError, match=r"the bundle cannot be cloned .*; make it anew"):
        crawl(connector)
    bundle.write_text("no bundle")
    with pytest.raises(SourceError, match="the file is no git bundle"):
        crawl(connector)


def test_shallow_broken_and_missing_repositories(repository: Any, tmp_path: Path) -> None:
    repository.write("a.md", "text\n")
    repository.commit()
    repository.write("a.md", "text 2\n")
    repository.commit()
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.path}", str(tmp_path / "shallow"))
    with pytest.raises(SourceError, match=r"shallow.*; run git fetch --unshallow"):
        crawl(connect(tmp_path / "shallow"))
    with pytest.raises(SourceError, match="there is no repository or bundle"):
        crawl(connect(tmp_path / "nowhere"))
    (tmp_path / "plain").mkdir()
    with pytest.raises(SourceError, match="it is no git repository"):
        crawl(connect(tmp_path / "plain"))
    (repository.path / "folder").mkdir()
    with pytest.raises(SourceError, match="it is no git repository"):
        crawl(connect(repository.path / "folder"))
    for stored in (repository.path / ".git" / "objects").glob("??/*"):
        stored.chmod(0o600)
        stored.write_bytes(b"rubbish")
    with pytest.raises(SourceError):
        crawl(connect(repository.path))


def test_an_empty_repository_has_no_commit(repository: Any) -> None:
    with pytest.raises(SourceError, match="there is no commit 'HEAD'"):
        crawl(connect(repository.path))


def test_a_machine_without_git_is_told_so(repository: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(SourceError, match="install git"):
        crawl(connect(repository.path))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"repository": "https://example.org/x.git"}, "repository"),
        ({"repository": "ext::sh -c touch% x"}, "repository"),
        ({"revision": ""}, "revision"),
        ({"subdirectory": "a/../../b"}, "subdirectory"),
        ({"url_template": "{path.__class__}"}, "url_template"),
        ({"url_template": "{"}, "url_template"),
    ],
)
def test_a_bad_option_is_named(tmp_path: Path, options: dict[str, Any], named: str) -> None:
    merged: dict[str, Any] = {"repository": "x"} | options
    with pytest.raises(OptionError) as caught:
        GitConnector(base=tmp_path, **merged)
    assert caught.value.option == named
