"""`FilesConnector`: a folder of documents, with the side-cars that describe them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from concord_connectors._files.reading import Problem, read_inside
from concord_connectors._files.stamps import Stamps
from concord_connectors._files.walk import Found, Listing, walk
from concord_connectors.batching import DEFAULT_BATCH_SIZE, in_batches, spread
from concord_connectors.containers import Opener, Unpacker, clashing, may_hold_others, open_here, position, sampled
from concord_connectors.contract import Batch, Checkpoint, Failure, History, SourceRecord, Tombstone
from concord_connectors.errors import SourceError
from concord_connectors.options import count_option, text_option
from concord_connectors.parsers.formats import media_type_of
from concord_connectors.safe_yaml import MetadataError
from concord_connectors.selection import Selection
from concord_connectors.sidecar import MAX_SIDECAR_BYTES, find_sidecar, read_sidecar

DEFAULT_MAX_BYTES = 50 * 1024 * 1024


class FilesConnector:
    """A folder tree, crawled in the order of its paths.

    A native id is a path inside `path` with `/`. `include` and `exclude` are gitignore-like globs; without `include`
    every file that a parser knows is taken. The version is the hash of content and side-car, so a touched file is not
    a changed one; `history.modified` is the file's modification time. The checkpoint of a whole crawl keeps a stamp of
    each file (inode, size, times), and what still has its stamp is not read again. A symbolic link is followed only to
    content of the same folder; folders behind links are not entered.

    `allow_empty` accepts that everything known has gone: without it, an empty folder is taken for a lost mount.

        FilesConnector(base=workspace, path="content/handbook", exclude=["drafts/"])
    """

    name: ClassVar[str] = "files"

    def __init__(
        self,
        *,
        base: Path,
        path: str,
        include: Sequence[str] | None = None,
        exclude: Sequence[str] | None = None,
        max_bytes: int = DEFAULT_MAX_BYTES,
        batch_size: int = DEFAULT_BATCH_SIZE,
        allow_empty: bool = False,
        opener: Opener = open_here,
    ) -> None:
        """Check the options (raises `OptionError`); nothing is read before `pull` or `sample`.

        `opener` opens archives, mailboxes and messages.
        """
        self._path = text_option("path", path)
        self._root = Path(base) / self._path
        self._selection = Selection(include, exclude)
        self._max_bytes = count_option("max_bytes", max_bytes)
        self._batch_size = count_option("batch_size", batch_size)
        self._allow_empty = bool(allow_empty)
        self._opener = opener
        options = [self._path, list(include) if include is not None else None, list(exclude or ()), max_bytes]
        self._options = hashlib.sha256(json.dumps(options).encode()).hexdigest()[:16]

    def pull(self, checkpoint: Checkpoint | None, known: Mapping[str, str]) -> Iterator[Batch]:
        """Crawl the folder, from behind the last entry given when `checkpoint` is that of an interrupted crawl."""
        listing = self._list()
        if known and not listing.found and not self._allow_empty:
            problem = f"the folder holds no content, but {len(known)} items came from it before"
            raise SourceError(str(self._root), problem, "restore it, or set the option allow_empty: true")
        after = self._resume_point(checkpoint)
        unpacker = self._unpacker(listing, known)
        stamps = Stamps(listing, known, self._stamped(checkpoint))
        yield from in_batches(
            self._entries(listing, unpacker, after, stamps),
            lambda: (Tombstone(gone) for gone in sorted(known) if not (unpacker.holds(gone) or listing.may_hold(gone))),
            size=self._batch_size,
            after=lambda entry: self._checkpoint(entry.native_id),
            start=self._checkpoint(after),
            # The stamps are all there by the time that the last batch is given.
            done=Checkpoint({"options": self._options, "stamps": stamps.found}, complete=True),
            total=len(listing.found),
        )

    def sample(self, limit: int) -> Iterator[SourceRecord | Failure]:
        """Up to `limit` records spread over the folder."""
        listing = self._list()
        unpacker = self._unpacker(listing, {})
        files = (self._read(listing.found[index], listing) for index in spread(len(listing.found), limit))
        yield from sampled((file for file in files if file is not None), unpacker, limit, len(listing.found))

    def _unpacker(self, listing: Listing, known: Mapping[str, str]) -> Unpacker:
        clashes = clashing(found.native_id for found in listing.found)
        return Unpacker(self._selection.takes_member, known, clashes, opener=self._opener)

    def _entries(
        self, listing: Listing, unpacker: Unpacker, after: str, stamps: Stamps
    ) -> Iterator[SourceRecord | Failure]:
        """What is not known, behind `after`; containers before it are looked into for what they no longer hold."""
        begin = position(after) if after else ""
        for found in listing.found:
            passed = position(found.native_id) <= begin and not may_hold_others(found.native_id)
            if passed or (found.problem is None and stamps.unchanged(found.native_id)):
                unpacker.keep(found.native_id)
            elif (entry := self._read(found, listing)) is not None:
                yield from (each for each in unpacker.entries(entry) if position(each.native_id) > begin)
            else:
                unpacker.keep(found.native_id)  # gone since the walk: the next crawl tells

    def _list(self) -> Listing:
        try:
            root = self._root.resolve(strict=True)
            return walk(root, self._selection)
        except FileNotFoundError as error:
            raise SourceError(str(self._root), "the folder does not exist", "correct the option path") from error
        except NotADirectoryError as error:
            raise SourceError(str(self._root), "it is not a folder", "name a folder in the option path") from error
        except (OSError, RuntimeError) as error:
            raise SourceError(
                str(self._root), f"the folder cannot be read ({error})", "grant access to it or mount it again"
            ) from error

    def _resume_point(self, checkpoint: Checkpoint | None) -> str:
        """The native id behind which to go on; other options than the checkpoint's mean another crawl."""
        if checkpoint is None or checkpoint.complete or checkpoint.state.get("options") != self._options:
            return ""
        return str(checkpoint.state.get("after", ""))

    def _stamped(self, checkpoint: Checkpoint | None) -> Mapping[str, str]:
        """The stamps of the last whole crawl with these options."""
        if checkpoint is None or not checkpoint.complete or checkpoint.state.get("options") != self._options:
            return {}
        stamps: Mapping[str, str] = checkpoint.state.get("stamps", {})
        return stamps

    def _checkpoint(self, after: str) -> Checkpoint:
        return Checkpoint({"options": self._options, "after": after})

    def _read(self, found: Found, listing: Listing) -> SourceRecord | Failure | None:
        """The entry of a found path; None when it went away since it was found."""
        if found.problem is not None:
            return found.problem
        try:
            file = read_inside(listing.root, found.native_id, self._max_bytes, follow=self._selection.takes)
        except FileNotFoundError:
            return None
        if isinstance(file, Problem):
            return Failure(found.native_id, f"{file.reason}:{file.stamp}", file.reason, file.detail)
        version = hashlib.sha256(file.content).hexdigest()
        try:
            beside = self._sidecar(found.native_id, listing)
            metadata = read_sidecar(*beside) if beside else {}
        except MetadataError as error:
            beside_hash = hashlib.sha256(str(error).encode()).hexdigest()[:16]
            detail = f"{found.native_id}: side-car: {error}"
            return Failure(found.native_id, f"{version}+{beside_hash}", "bad_sidecar", detail)
        if beside:
            version = f"{version}+{hashlib.sha256(beside[1]).hexdigest()[:16]}"
        return SourceRecord(
            native_id=found.native_id,
            version=version,
            media_type=media_type_of(found.native_id),
            content=file.content,
            metadata=metadata,
            history=History(modified=file.modified),
        )

    def _sidecar(self, native_id: str, listing: Listing) -> tuple[str, bytes] | None:
        """Path and content of the side-car of a file, if it has one; raises `MetadataError`."""
        path = find_sidecar(native_id, listing.sidecars)
        if path is None:
            return None
        try:
            file = read_inside(listing.root, path, MAX_SIDECAR_BYTES)
        except FileNotFoundError:
            return None
        if isinstance(file, Problem):
            raise MetadataError(f"cannot be read: {file.detail}")
        return path, file.content
