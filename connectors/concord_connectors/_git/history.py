"""One walk over a repository's history: when each present path was created, last changed, by whom, and its past names.

The walk runs from the newest commit to the oldest, follows a path through its renames (git's own detection, 50 %
similar) and leaves it where it was added; it ends early once every path's beginning has been found.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from concord_connectors._git.command import Git

_COMMIT = b"\x01"
# Combined diffs (`-c`) show what a merge itself changed, such as a conflict's resolution, and nothing it took over.
_LOG = ("log", "--format=%x01%H%x00%ct%x00%an", "-c", "--name-status", "-M", "-l1000", "-z", "--date-order")


@dataclass(slots=True)
class PathHistory:
    """What the history tells of one path; times are those of the commits (committer's), former names newest first."""

    commit: str
    modified: datetime
    author: str
    created: datetime
    former: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Change:
    """A path that a commit changed; `old` is its name before a rename, `added` whether it began there.

    `blob` and `mode` are what it became there, where the log was asked for them.
    """

    path: bytes
    added: bool
    old: bytes | None = None
    blob: str | None = None
    mode: bytes = b""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the walk, with its changes."""

    id: str
    time: datetime
    author: str
    changes: tuple[Change, ...]


def read_history(git: Git, commit: str, paths: Collection[bytes]) -> dict[bytes, PathHistory]:
    """The history of each of `paths` (all of them in the tree of `commit`)."""
    present = {path: path for path in paths}  # a path's name at the commit looked at -> its name in the tree
    histories: dict[bytes, PathHistory] = {}
    with closing(git.stream(*_LOG, commit, "--")) as tokens, closing(read_commits(tokens)) as commits:
        for each in commits:
            _apply(each, present, histories)
            if not present:
                break
    return histories


def _apply(commit: Commit, present: dict[bytes, bytes], histories: dict[bytes, PathHistory]) -> None:
    for path, change in followed(commit, present):
        history = histories.get(path)
        if history is None:
            history = histories[path] = PathHistory(commit.id, commit.time, commit.author, commit.time)
        history.created = commit.time
        if change.old is not None:
            history.former.append(change.old)


def followed(commit: Commit, present: dict[bytes, bytes]) -> list[tuple[bytes, Change]]:
    """The changes of a commit to the paths that are `present`, each with its name in the tree.

    `present` maps a path's name at this commit to that in the tree; it becomes what holds before the commit.
    """
    found = [(path, change) for change in commit.changes if (path := present.get(change.path)) is not None]
    for _, change in found:
        if change.added or change.old is not None:
            present.pop(change.path, None)
    # After the loop: two paths may have swapped their names in one commit.
    for path, change in found:
        if change.old is not None:
            present.setdefault(change.old, path)
    return found


def read_commits(tokens: Iterator[bytes]) -> Generator[Commit, None, None]:
    """Read the log's tokens: a commit's three, then a status and one or two paths for each change."""
    head: tuple[str, datetime, str] | None = None
    changes: list[Change] = []
    for token in tokens:
        word = token.removeprefix(b"\n")
        if word.startswith(_COMMIT):
            if head is not None:
                yield Commit(*head, tuple(changes))
            time, author = next(tokens, b"0"), next(tokens, b"")
            when = datetime.fromtimestamp(int(time), UTC)
            head, changes = (word[1:].decode("ascii"), when, author.decode("utf-8", "replace")), []
        elif word:
            changes.append(_change(word, tokens))
    if head is not None:
        yield Commit(*head, tuple(changes))


def _change(status: bytes, tokens: Iterator[bytes]) -> Change:
    if status.startswith(b":"):
        _, mode, _, blob, status = status.split()
        return replace(_change(status, tokens), blob=blob.decode("ascii"), mode=mode)
    path = next(tokens, b"")
    if status[:1] in (b"R", b"C") and status[1:].isdigit():
        return Change(next(tokens, b""), added=status[:1] == b"C", old=path if status[:1] == b"R" else None)
    return Change(path, added=set(status) == {ord("A")})
