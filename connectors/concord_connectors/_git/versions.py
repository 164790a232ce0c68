"""Every version of a page that the branch has shown: one walk over its first parents, from the newest to the oldest.

A merge counts as one step, at the merge's own time: that is when the branch began to show what it brought. A path is
followed through its renames, as in `history`, and no further back than where it was added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime

from concord_connectors._git.command import Git
from concord_connectors._git.history import PathHistory, followed, read_commits
from concord_connectors._git.pages import Page
from concord_connectors._git.tree import Kind, TreeEntry, read_sizes
from concord_connectors._git.urls import UrlTemplate, url_mark
from concord_connectors.contract import Failure
from concord_connectors.parsers.formats import stem_of

_LOG = ("log", "--first-parent", "-m", "--format=%x01%H%x00%ct%x00%an", "--raw", "--no-abbrev", "-M", "-l1000", "-z")
_FILE_MODES = (b"100644", b"100755")


@dataclass(frozen=True, slots=True)
class Version:
    """What a path became at a commit; `place` counts commits from the newest, 0."""

    place: int
    commit: str
    time: datetime
    author: str
    path: bytes
    blob: str
    mode: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """A version of a page together with the version of its side-car that stood beside it."""

    at: Version
    page: Version
    sidecar: Version | None

    def describe(self, page: Page, prefix: str, url: UrlTemplate, revision: str) -> None:
        """Give `page` the version, the URL and the moment of this step: the same whether it is past or present."""
        path = self.page.path.decode("utf-8", "backslashreplace")
        native_id = path.removeprefix(prefix)
        commit = self.at.commit
        page.url = url.fill(path=path, native_id=native_id, stem=stem_of(native_id), commit=commit, revision=revision)
        page.version = ":".join([self.version, *url_mark(page.url)])
        page.since = self.at.time

    @property
    def version(self) -> str:
        """What a page was at this step, and when it became so."""
        return ":".join([self.page.blob, self.at.commit, *([self.sidecar.blob] if self.sidecar else [])])


def read_versions(git: Git, commit: str, paths: Collection[bytes]) -> dict[bytes, list[Version]]:
    """The versions of each of `paths` (all of them in the tree of `commit`), newest first."""
    present = {path: path for path in paths}
    versions: dict[bytes, list[Version]] = {path: [] for path in paths}
    with closing(git.stream(*_LOG, commit, "--")) as tokens, closing(read_commits(tokens)) as commits:
        for place, each in enumerate(commits):
            for path, change in followed(each, present):
                if change.blob and change.blob.strip("0"):
                    made = Version(place, each.id, each.time, each.author, change.path, change.blob, change.mode)
                    versions[path].append(made)
            if not present:
                break
    return versions


def commits_after(git: Git, base: str | None, commit: str) -> frozenset[str] | None:
    """The commits that the branch gained since `base`; None where that is not known any more."""
    if base is None:
        return None
    command = ("rev-list", "--first-parent", "--end-of-options", f"{base}..{commit}")
    code, out, _ = git.attempt(*command)
    return frozenset(out.decode("ascii").split()) if code == 0 else None


@dataclass(frozen=True, slots=True)
class Past:
    """The past of pages, as far back as `since` (all of it without)."""

    versions: dict[bytes, list[Version]]
    since: date | None

    def steps(self, page: Page) -> list[Step]:
        """The versions of a page, newest (the page itself) first."""
        own = self.versions.get(page.entry.path, [])
        beside = self.versions.get(page.sidecar[1].path, []) if page.sidecar is not None else []
        if not own:
            return []
        changes = {each.place: each for each in (*own, *beside) if each.place <= own[-1].place}
        return [
            Step(at, next(each for each in own if each.place >= place), _first(beside, place))
            for place, at in sorted(changes.items())
        ]

    def before(self, page: Page, recent: frozenset[str] | None) -> tuple[list[Step], bool]:
        """What came before a page, oldest first, and whether it is given from its beginning.

        With `recent`, only what came by these commits: the page's past up to them is known.
        """
        steps = self.steps(page)
        if recent is not None:
            return [step for step in steps[:0:-1] if step.at.commit in recent], False
        if self.since is not None:
            # The version that stood when the time asked for began is part of it.
            steps = steps[: sum(step.at.time.date() > self.since for step in steps) + 1]
        return steps[:0:-1], True


def _first(versions: Sequence[Version], place: int) -> Version | None:
    return next((each for each in versions if each.place >= place), None)


def past_pages(git: Git, page: Page, steps: Sequence[Step], prefix: str, url: UrlTemplate, name: str) -> Iterator[Page]:
    """Earlier versions of a page as pages to be read; `name` is the revision that the source names."""
    parts = [each for step in steps for each in (step.page, step.sidecar) if each is not None]
    sizes = read_sizes(git, list(dict.fromkeys(each.blob for each in parts)))
    for step in steps:
        created = page.history.created if page.history else step.at.time
        history = PathHistory(step.at.commit, step.at.time, step.at.author, created)
        made = Page(page.native_id, _entry(step.page, sizes), history, (), past=True)
        step.describe(made, prefix, url, name)
        if step.sidecar is not None and page.sidecar is not None:
            made.sidecar = (page.sidecar[0], _entry(step.sidecar, sizes))
        if step.page.mode not in _FILE_MODES:
            detail = f"{page.native_id}: it was no file then"
            made.problem = Failure(page.native_id, made.version, "no_file", detail)
        yield made


def _entry(version: Version, sizes: dict[str, int]) -> TreeEntry:
    return TreeEntry(version.path, Kind.FILE, version.blob, sizes.get(version.blob, 0))
