"""A page of a commit, and reading pages into records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from concord_connectors._git.blame import line_dates
from concord_connectors._git.command import Git
from concord_connectors._git.history import PathHistory
from concord_connectors._git.tree import TreeEntry, read_blobs
from concord_connectors.contract import Failure, History, SourceRecord
from concord_connectors.parsers.formats import format_of_name, media_type_of
from concord_connectors.safe_yaml import MetadataError
from concord_connectors.sidecar import MAX_SIDECAR_BYTES, read_sidecar

_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_LFS_MAX_BYTES = 1024
MAX_GROUP_BYTES = 64 * 1024 * 1024


@dataclass(slots=True)
class Page:
    """A path of a tree on its way to a record; `former` are its past native ids, newest first.

    `since` is the moment from which the branch has shown it. A `past` page is an earlier version: it goes without the
    dates of its lines, which would take a blame of its own.
    """

    native_id: str
    entry: TreeEntry
    history: PathHistory | None
    former: tuple[str, ...]
    version: str = ""
    url: str | None = None
    sidecar: tuple[str, TreeEntry] | None = None
    problem: Failure | None = None
    previous_id: str | None = None
    since: datetime | None = None
    past: bool = False


class PageReader:
    """Reads pages of one commit, blobs by the group."""

    def __init__(self, git: Git, source: str, commit: str, max_bytes: int) -> None:
        self._git = git
        self._source = source
        self._commit = commit
        self._max_bytes = max_bytes

    def read(self, pages: Sequence[Page]) -> Iterator[SourceRecord | Failure]:
        """The entry of each page, in order; contents are held for at most 64 MiB of pages at a time."""
        group: list[Page] = []
        weight = 0
        for page in pages:
            page.problem = page.problem or self._size_problem(page)
            if group and weight + page.entry.size > MAX_GROUP_BYTES:
                yield from self._read_group(group)
                group, weight = [], 0
            group.append(page)
            weight += page.entry.size if page.problem is None else 0
        yield from self._read_group(group)

    def _read_group(self, pages: Sequence[Page]) -> Iterator[SourceRecord | Failure]:
        wanted: dict[str, None] = {}
        for page in pages:
            if page.problem is None:
                wanted[page.entry.object_id] = None
                if page.sidecar is not None:
                    wanted[page.sidecar[1].object_id] = None
        blobs = read_blobs(self._git, self._source, list(wanted))
        for page in pages:
            if page.problem is not None:
                yield replace(page.problem, version=page.version)
            else:
                yield self._record(page, blobs)

    def _record(self, page: Page, blobs: dict[str, bytes]) -> SourceRecord | Failure:
        content = blobs[page.entry.object_id]
        if len(content) < _LFS_MAX_BYTES and content.startswith(_LFS_POINTER):
            detail = (
                f"{page.native_id}: only a pointer to Git LFS is stored here; crawl a folder with the files fetched"
            )
            return Failure(page.native_id, page.version, "lfs_pointer", detail)
        try:
            metadata = read_sidecar(page.sidecar[0], blobs[page.sidecar[1].object_id]) if page.sidecar else {}
        except MetadataError as error:
            return Failure(page.native_id, page.version, "bad_sidecar", f"{page.native_id}: side-car: {error}")
        return SourceRecord(
            native_id=page.native_id,
            version=page.version,
            media_type=media_type_of(page.entry.path.decode("utf-8", "replace")),
            content=content,
            metadata=metadata,
            history=self._history(page),
            url=page.url,
            previous_id=page.previous_id,
        )

    def _history(self, page: Page) -> History:
        past = page.history
        if past is None:
            return History()
        known = format_of_name(page.native_id)
        dated = known is not None and known.is_text and not page.past
        lines = line_dates(self._git, self._commit, page.entry.path) if dated else ()
        return History(past.created, past.modified, past.author or None, past.commit, page.since, lines)

    def _size_problem(self, page: Page) -> Failure | None:
        if page.entry.size > self._max_bytes:
            detail = f"{page.native_id}: {page.entry.size} bytes are more than {self._max_bytes}; raise max_bytes"
            return Failure(page.native_id, page.version, "too_large", detail)
        if page.sidecar is not None and page.sidecar[1].size > MAX_SIDECAR_BYTES:
            detail = f"{page.native_id}: side-car: it is longer than {MAX_SIDECAR_BYTES} bytes"
            return Failure(page.native_id, page.version, "bad_sidecar", detail)
        return None
