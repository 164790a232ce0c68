"""`GitConnector`: the documents of a git repository at a revision, with their history."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from concord_connectors._git.command import Git
from concord_connectors._git.pages import Page, PageReader
from concord_connectors._git.repository import open_commit
from concord_connectors._git.snapshot import Snapshot, take_snapshot
from concord_connectors._git.urls import UrlTemplate
from concord_connectors._git.versions import Past, Step, commits_after, past_pages, read_versions
from concord_connectors.batching import DEFAULT_BATCH_SIZE, in_batches, spread
from concord_connectors.containers import Opener, Unpacker, clashing, may_hold_others, open_here, position, sampled
from concord_connectors.contract import Batch, Checkpoint, Failure, PastVersion, SourceRecord, Tombstone
from concord_connectors.errors import OptionError, SourceError
from concord_connectors.files import DEFAULT_MAX_BYTES
from concord_connectors.options import count_option, day_option, switch_option, text_option
from concord_connectors.selection import Selection


class GitConnector:
    """A repository's tree at one revision; only local repositories and bundles, nothing is fetched.

    A native id is a path inside `subdirectory`. The version is the blob and the commit that last changed the path (with
    the side-car's blob), so a later commit gives only what it changed. A renamed path names its `previous_id`, and
    the `Tombstone` of the old one where it `moved_to`. Text files carry the date of each of their lines. A bundle is
    cloned into `cache`, and again when the bundle changes.

    With `history`, a record comes with its past versions: every step of the branch that changed it, since the file was
    added or since `history_since`; a later crawl gives the steps that were new. A merge is one step, at its own time.

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
        history: bool = False,
        history_since: str | date | None = None,
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
        self._history = switch_option("history", history)
        self._history_since = day_option("history_since", history_since)
        if self._history_since is not None and not self._history:
            raise OptionError("history_since", "says how far back to go, and needs history: true")
        if self._history:
            options.append(str(self._history_since))
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
            snapshot, past = self._snapshot(git, commit)
            if known and not snapshot.pages and not self._allow_empty:
                problem = f"commit {commit[:12]} holds no content here, but {len(known)} items came from it before"
                raise SourceError(
                    str(self._repository), problem, "correct revision or subdirectory, or set allow_empty"
                )
            place = _Place.read(state, commit if same else None, self._options)
            unpacker = self._unpacker(snapshot, known)
            due = list(_due(snapshot, known, place, unpacker))
            recent = commits_after(git, place.base, commit) if past and due else None
            steps = {
                page.native_id: past.before(page, recent if known.get(page.native_id) else None)
                for page in due
                if past and not may_hold_others(page.native_id)
            }
            yield from in_batches(
                self._with_past(git, commit, due, known, snapshot, steps, place, unpacker),
                lambda: (
                    Tombstone(gone, snapshot.moves.get(gone)) for gone in sorted(known) if not unpacker.holds(gone)
                ),
                size=self._batch_size,
                after=lambda entry: self._checkpoint(commit, place.behind(entry)),
                start=self._checkpoint(commit, place),
                done=done,
                total=len(snapshot.pages) + sum(len(before) for before, _ in steps.values()),
            )

    def sample(self, limit: int) -> Iterator[SourceRecord | Failure]:
        """Up to `limit` records spread over the tree."""
        with open_commit(self._repository, self._cache, self._revision) as (git, commit):
            snapshot, _ = self._snapshot(git, commit)
            chosen = (snapshot.pages[index] for index in spread(len(snapshot.pages), limit))
            files = self._entries(git, commit, chosen, {}, snapshot)
            yield from sampled(files, self._unpacker(snapshot, {}), limit, len(snapshot.pages))

    def _unpacker(self, snapshot: Snapshot, known: Mapping[str, str]) -> Unpacker:
        clashes = clashing(snapshot.native_ids)
        return Unpacker(self._selection.takes_member, known, clashes, opener=self._opener)

    def _with_past(
        self,
        git: Git,
        commit: str,
        pages: Sequence[Page],
        known: Mapping[str, str],
        snapshot: Snapshot,
        steps: Mapping[str, tuple[list[Step], bool]],
        place: _Place,
        unpacker: Unpacker,
    ) -> Iterator[SourceRecord | Failure | PastVersion]:
        """The entries of pages, each behind its past versions; what a container held in the past is not given."""
        for page, file in zip(pages, self._entries(git, commit, iter(pages), known, snapshot), strict=True):
            before, first = steps.get(page.native_id, ([], False))
            given = place.given(page, before)
            for start in range(given, len(before), self._batch_size):
                part = before[start : start + self._batch_size]
                read = PageReader(git, str(self._repository), commit, self._max_bytes).read(
                    list(past_pages(git, page, part, self._prefix, self._url, self._revision))
                )
                for number, (step, content) in enumerate(zip(part, read, strict=True), start=start):
                    yield PastVersion(content, step.at.time, first and number == 0)
            yield from (each for each in unpacker.entries(file) if not place.passed(each.native_id))

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

    def _snapshot(self, git: Git, commit: str) -> tuple[Snapshot, Past | None]:
        """What the commit holds, and its past where the source is asked for it."""
        snapshot = take_snapshot(git, commit, self._prefix, self._selection, self._url, self._revision)
        if self._prefix and not snapshot.prefix_exists:
            problem = f"commit {commit[:12]} has no folder {self._prefix.rstrip('/')}"
            raise SourceError(str(self._repository), problem, "correct the option subdirectory or revision")
        return snapshot, self._past(git, commit, snapshot.pages) if self._history else None

    def _past(self, git: Git, commit: str, pages: Sequence[Page]) -> Past:
        paths = {entry.path for page in pages for entry in (page.entry, page.sidecar and page.sidecar[1]) if entry}
        past = Past(read_versions(git, commit, paths), self._history_since)
        for page in pages:
            # A page that fails before it is read keeps a version that changes with what is wrong.
            newest = next(iter(past.steps(page)), None) if page.problem is None else None
            if newest is not None:
                newest.describe(page, self._prefix, self._url, self._revision)
        return past

    def _checkpoint(self, commit: str, place: _Place) -> Checkpoint:
        return Checkpoint({"commit": commit, "options": self._options, **place.state()})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a crawl stands: behind the record `after`, or behind the version `past` of its past.

    `base` is the commit of the last whole crawl: what the branch has gained since then is new.
    """

    after: str = ""
    past: str | None = None
    base: str | None = None

    @classmethod
    def read(cls, state: Mapping[str, Any], same_commit: str | None, options: str) -> _Place:
        """The place that a stored checkpoint names; only the base is left where the commit is another by now."""
        if state.get("options") != options:
            return cls()
        base = state.get("base") if "after" in state else state.get("commit")
        if same_commit is None or "after" not in state:
            return cls(base=base)
        return cls(str(state["after"]), state.get("past"), base)

    def state(self) -> dict[str, Any]:
        """The place as a checkpoint keeps it."""
        kept = {"after": self.after, "past": self.past, "base": self.base}
        return {name: value for name, value in kept.items() if value is not None}

    def passed(self, native_id: str) -> bool:
        """Whether a record has been given already."""
        here, stands = position(native_id), position(self.after) if self.after else ""
        return here < stands or (here == stands and self.past is None)

    def behind(self, entry: SourceRecord | Failure | PastVersion) -> _Place:
        """The place behind an entry."""
        past = entry.version if isinstance(entry, PastVersion) else None
        return _Place(entry.native_id, past, self.base)

    def given(self, page: Page, before: Sequence[Step]) -> int:
        """How many of a page's past versions have been given already."""
        if self.past is None or page.native_id != self.after:
            return 0
        given = (number for number, step in enumerate(before, start=1) if self.past.startswith(step.version))
        return next(given, 0)


def _due(snapshot: Snapshot, known: Mapping[str, str], place: _Place, unpacker: Unpacker) -> Iterator[Page]:
    """The pages to read: not known, and not passed unless they may hold others, which are looked into again."""
    for page in snapshot.pages:
        passed = place.passed(page.native_id) and not may_hold_others(page.native_id)
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
