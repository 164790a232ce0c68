"""`GitConnector`: the documents of a git repository at a revision, with their history."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import ClassVar

from concord_connectors._git.command import Git
from concord_connectors._git.pages import Page, PageReader
from concord_connectors._git.repository import open_commit
from concord_connectors._git.snapshot import Snapshot, take_snapshot
from concord_connectors._git.urls import UrlTemplate
from concord_connectors.batching import DEFAULT_BATCH_SIZE, in_batches, spread
from concord_connectors.containers import Opener, Unpacker, clashing, may_hold_others, open_here, position, sampled
from concord_connectors.contract import Batch, Checkpoint, Failure, SourceRecord, Tombstone
from concord_connectors.errors import OptionError, SourceError
from concord_connectors.files import DEFAULT_MAX_BYTES
from concord_connectors.options import count_option, text_option
from concord_connectors.selection import Selection


class GitConnector:
    """A repository's tree at one revision; only local repositories and bundles, nothing is fetched.

    A native id is a path inside `subdirectory`. The version is the blob and the commit that last changed the path (with
    the side-car's blob), so a later commit gives only what it changed. A renamed path names its `previous_id`, and
    the `Tombstone` of the old one where it `moved_to`. Text files carry the date of each of their lines. A bundle is
    cloned into `cache`, and again when the bundle changes.

    `url_template` makes each record's URL from `{path}` (in the repository), `{native_id}`, `{stem}` (without the
    extension of its format), `{commit}` (that last changed it) and `{revision}`.

        GitConnector(base=workspace, repository="handbook.bundle", subdirectory="pages",
                     url_template="https://handbook.example.org/{stem}/")
    """

    name: ClassVar[str] = "git"

    def __init__(
        self,
        *,
        base: Path,
        repository: str,
        revision: str = "HEAD",
        include: Sequence[str] | None = None,
        exclude: Sequence[str] | None = None,
        subdirectory: str = "",
        url_template: str | None = None,
        max_bytes: int = DEFAULT_MAX_BYTES,
        batch_size: int = DEFAULT_BATCH_SIZE,
        allow_empty: bool = False,
        cache: str | Path | None = None,
        opener: Opener = open_here,
    ) -> None:
        """Check the options (raises `OptionError`); nothing is read before `pull` or `sample`.

        `opener` opens archives, mailboxes and messages.
        """
        self._repository = Path(base) / _local(text_option("repository", repository))
        self._revision = text_option("revision", revision)
        self._selection = Selection(include, exclude)
        self._prefix = _prefix(subdirectory)
        self._url = UrlTemplate(url_template)
        self._max_bytes = count_option("max_bytes", max_bytes)
        self._batch_size = count_option("batch_size", batch_size)
        self._allow_empty = bool(allow_empty)
        self._opener = opener
        self._cache = Path(base) / (cache if cache is not None else Path(".concord") / "cache" / "git")
        options: list[object] = [None if include is None else list(include), list(exclude or ())]
        options += [self._prefix, url_template, max_bytes]
        self._options = hashlib.sha256(json.dumps(options).encode()).hexdigest()[:16]

    def pull(self, checkpoint: Checkpoint | None, known: Mapping[str, str]) -> Iterator[Batch]:
        """Give what differs from `known` at the revision; nothing at all where a whole crawl of its commit was stored.

        An interrupted crawl goes on behind its last entry as long as the revision still names the same commit.
        """
        with open_commit(self._repository, self._cache, self._revision) as (git, commit):
            done = Checkpoint({"commit": commit, "options": self._options}, complete=True)
            state = checkpoint.state if checkpoint is not None else {}
            same = state.get("commit") == commit and state.get("options") == self._options
            if checkpoint is not None and checkpoint.complete and same:
                yield Batch((), done, 0)
                return
            snapshot = self._snapshot(git, commit)
            if known and not snapshot.pages and not self._allow_empty:
                problem = f"commit {commit[:12]} holds no content here, but {len(known)} items came from it before"
                raise SourceError(
                    str(self._repository), problem, "correct revision or subdirectory, or set allow_empty"
                )
            after = str(state.get("after", "")) if same else ""
            begin = position(after) if after else ""
            unpacker = self._unpacker(snapshot, known)
            files = self._entries(git, commit, _due(snapshot, known, begin, unpacker), known, snapshot)
            yield from in_batches(
                (each for file in files for each in unpacker.entries(file) if position(each.native_id) > begin),
                lambda: (
                    Tombstone(gone, snapshot.moves.get(gone)) for gone in sorted(known) if not unpacker.holds(gone)
                ),
                size=self._batch_size,
                after=lambda native_id: self._checkpoint(commit, native_id),
                start=self._checkpoint(commit, after),
                done=done,
                total=len(snapshot.pages),
            )

    def sample(self, limit: int) -> Iterator[SourceRecord | Failure]:
        """Up to `limit` records spread over the tree."""
        with open_commit(self._repository, self._cache, self._revision) as (git, commit):
            snapshot = self._snapshot(git, commit)
            chosen = (snapshot.pages[index] for index in spread(len(snapshot.pages), limit))
            files = self._entries(git, commit, chosen, {}, snapshot)
            yield from sampled(files, self._unpacker(snapshot, {}), limit, len(snapshot.pages))

    def _unpacker(self, snapshot: Snapshot, known: Mapping[str, str]) -> Unpacker:
        clashes = clashing(snapshot.native_ids)
        return Unpacker(self._selection.takes_member, known, clashes, opener=self._opener)

    def _entries(
        self, git: Git, commit: str, pages: Iterator[Page], known: Mapping[str, str], snapshot: Snapshot
    ) -> Iterator[SourceRecord | Failure]:
        reader = PageReader(git, str(self._repository), commit, self._max_bytes)
        while group := list(islice(pages, self._batch_size)):
            for page in group:
                gone = (former for former in page.former if former not in snapshot.native_ids)
                held = [former for former in page.former if former in known and former not in snapshot.native_ids]
                page.previous_id = held[0] if held else next(gone, None)
            yield from reader.read(group)

    def _snapshot(self, git: Git, commit: str) -> Snapshot:
        snapshot = take_snapshot(git, commit, self._prefix, self._selection, self._url, self._revision)
        if self._prefix and not snapshot.prefix_exists:
            problem = f"commit {commit[:12]} has no folder {self._prefix.rstrip('/')}"
            raise SourceError(str(self._repository), problem, "correct the option subdirectory or revision")
        return snapshot

    def _checkpoint(self, commit: str, after: str) -> Checkpoint:
        return Checkpoint({"commit": commit, "options": self._options, "after": after})


def _due(snapshot: Snapshot, known: Mapping[str, str], begin: str, unpacker: Unpacker) -> Iterator[Page]:
    """The pages to read: not known, and behind `begin` unless they may hold others, which are looked into again."""
    for page in snapshot.pages:
        passed = position(page.native_id) <= begin and not may_hold_others(page.native_id)
        if passed or known.get(page.native_id) == page.version:
            unpacker.keep(page.native_id)
        else:
            yield page


def _local(repository: str) -> str:
    if "://" in repository or "::" in repository:
        raise OptionError("repository", "must be a path on this machine: clone a remote repository first")
    return repository


def _prefix(subdirectory: str) -> str:
    """`subdirectory` as the prefix of its paths: empty, or ending in `/`."""
    if not isinstance(subdirectory, str) or "\0" in subdirectory:
        raise OptionError("subdirectory", "must be a folder inside the repository")
    parts = [part for part in subdirectory.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise OptionError("subdirectory", "must not lead out of the repository")
    return "".join(f"{part}/" for part in parts)
