"""`Unpacker`: turns a file of a source into its entries, be it a document or something that holds documents."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import chain, islice

from concord_connectors.containers import mailbox
from concord_connectors.containers.limits import DEFAULT_CONTAINER_LIMITS, ContainerLimits
from concord_connectors.containers.member import Member
from concord_connectors.containers.opening import KINDS, Opened, Opener, open_here, read
from concord_connectors.containers.paths import holders, inside, position
from concord_connectors.contract import Container, Failure, History, SourceRecord
from concord_connectors.errors import Unparsable
from concord_connectors.names import MAX_NAME_BYTES, plain
from concord_connectors.parsers.formats import CONTAINERS, OCTET_STREAM, container_of_name, format_of_name

_ROOM = 150
"""Bytes that the name of a container leaves for those of its members."""
_HOLDS_ONLY = frozenset(each.media_type for each in CONTAINERS)


def may_hold_others(native_id: str) -> bool:
    """Whether a file is a container by its name."""
    known = format_of_name(native_id)
    return container_of_name(native_id) is not None or (known is not None and known.media_type in KINDS)


class Unpacker:
    """The entries of a crawl's files, and afterwards what was met of them.

    `takes` says of a member's native id if it is content; `known` maps native ids to versions already held, which are
    not given again and, where the version can be told without it, not unpacked. `clashes` are native ids that folders
    of the source use up (`archive.zip!/` beside `archive.zip`). `opener` opens what strangers have made.
    """

    def __init__(
        self,
        takes: Callable[[str], bool],
        known: Mapping[str, str],
        clashes: Collection[str] = (),
        limits: ContainerLimits = DEFAULT_CONTAINER_LIMITS,
        opener: Opener = open_here,
    ) -> None:
        self._takes = takes
        self._known = known
        self._clashes = clashes
        self._limits = limits
        self._opener = opener
        self._met: set[str] = set()
        self._whole: set[str] = set()
        self._left = 0
        self._entries_left = 0
        self._seconds_left = 0.0

    def entries(self, file: SourceRecord | Failure) -> Iterator[SourceRecord | Failure]:
        """What `file` comes to, in the order of `position`, what is known left out."""
        self._left = self._limits.total_bytes
        self._entries_left = self._limits.entries
        self._seconds_left = self._limits.seconds
        yield from self._entries(file, 1)

    def keep(self, native_id: str) -> None:
        """Note a file that is known to be as it was, with all that it holds."""
        self._met.add(native_id)
        self._whole.add(native_id)

    def holds(self, native_id: str) -> bool:
        """Whether the source still holds this, as far as it was looked at."""
        return native_id in self._met or any(each in self._whole for each in holders(native_id))

    def _entries(self, file: SourceRecord | Failure, depth: int) -> Iterator[SourceRecord | Failure]:
        if isinstance(file, Failure) or file.media_type not in KINDS:
            yield from self._given(file)
        elif file.media_type not in _HOLDS_ONLY and self._known.get(file.native_id) == file.version:
            self.keep(file.native_id)
        else:
            yield from self._opened(file, depth)

    def _given(self, entry: SourceRecord | Failure) -> Iterator[SourceRecord | Failure]:
        self._met.add(entry.native_id)
        if self._known.get(entry.native_id) != entry.version:
            yield entry

    def _opened(self, file: SourceRecord, depth: int) -> Iterator[SourceRecord | Failure]:
        """What a container holds, then the container itself where it is a document or cannot be opened."""
        with ExitStack() as held:
            try:
                found, container = self._look_into(held, file)
            except Unparsable as problem:
                yield from self._given(_failure(file.native_id, file.version, problem))
                return
            for native_id in sorted(found, key=position):
                yield from self._member(native_id, found[native_id], file, container, depth)
        if file.media_type not in _HOLDS_ONLY:
            yield from self._given(file)
        elif not found:
            nothing = Unparsable("empty", "it holds no document that a parser knows; exclude it")
            yield from self._given(_failure(file.native_id, file.version, nothing))

    def _look_into(self, held: ExitStack, file: SourceRecord) -> tuple[dict[str, Member], Container]:
        """The members to take by native id, and what they stand in; open as long as `held`. Raises `Unparsable`."""
        if file.native_id in self._clashes:
            raise Unparsable("bad_name", f"a folder is named {file.native_id}!; rename the folder")
        if len(file.native_id.encode()) > MAX_NAME_BYTES - _ROOM:
            raise Unparsable("bad_name", "its name leaves no room for the names of what it holds; shorten it")
        with self._clock():
            opened: Opened = held.enter_context(self._opener(file.media_type, file.content, self._limits))
        self._entries_left -= len(opened.members)
        if self._entries_left < 0:
            most = f"{self._limits.entries:,}"
            raise Unparsable(
                "too_large", f"the containers in the source's file list more than {most} entries; split it"
            )
        found = {}
        for member in opened.members:
            native_id = plain(name := inside(file.native_id, member.name))
            if native_id != name and member.problem is None:
                problem = ("bad_name", f"its name is longer than {MAX_NAME_BYTES:,} bytes; shorten it")
                member = replace(member, problem=problem)
            if member.media_type != OCTET_STREAM and self._takes_member(native_id, member):
                found[native_id] = member
        return found, Container(file.native_id, file.media_type, opened.metadata, file.container)

    @contextmanager
    def _clock(self) -> Iterator[None]:
        """Count the time of unpacking; raises `Unparsable` where none is left."""
        if self._seconds_left <= 0:
            most = f"{self._limits.seconds:g}"
            raise Unparsable("timeout", f"unpacking the file that holds it takes more than {most} s in all; split it")
        began = time.monotonic()
        try:
            yield
        finally:
            self._seconds_left -= time.monotonic() - began

    def _takes_member(self, native_id: str, member: Member) -> bool:
        """Whether a member is content; one whose name cannot be trusted is looked at for its problem."""
        return self._takes(native_id) or (member.problem is not None and member.problem[0] in ("unsafe", "bad_name"))

    def _member(
        self, native_id: str, member: Member, file: SourceRecord, container: Container, depth: int
    ) -> Iterator[SourceRecord | Failure]:
        version = member.stamp + _context(file)
        opens = member.media_type in KINDS
        if not (opens and member.media_type in _HOLDS_ONLY) and self._known.get(native_id) == version:
            self.keep(native_id)
            return
        try:
            if opens and depth >= self._limits.depth and member.problem is None:
                raise Unparsable("too_large", f"it stands in {depth} others, the most that are opened; unpack it")
            content = self._content(member)
        except Unparsable as problem:
            yield from self._given(_failure(native_id, version, problem))
            return
        record = SourceRecord(
            native_id=native_id,
            version=version,
            media_type=member.media_type,
            content=content,
            # Side-cars that somebody sent along say nothing: only those of the source describe it.
            metadata=file.metadata if _is_sent(container) else {**file.metadata, **member.metadata},
            history=History(created=member.modified, modified=member.modified, author=member.author),
            url=file.url,
            readers=file.readers,
            container=container,
        )
        yield from self._entries(record, depth + 1)

    def _content(self, member: Member) -> bytes:
        if member.problem is not None:
            raise Unparsable(*member.problem)
        with self._clock():
            content = read(member)
        self._left -= len(content)
        if self._left < 0:
            most = self._limits.total_bytes // (1024 * 1024)
            raise Unparsable("too_large", f"the file that holds it unpacks to more than {most} MiB; split it")
        return content


def sampled(
    files: Iterable[SourceRecord | Failure], unpacker: Unpacker, limit: int, total: int
) -> Iterator[SourceRecord | Failure]:
    """Up to `limit` entries of some of a source's `total` files, so many of each that a lone mailbox fills it."""
    each = limit // max(1, total) + (limit < sys.maxsize)
    yield from islice(chain.from_iterable(islice(unpacker.entries(file), each) for file in files), limit)


def _is_sent(container: Container | None) -> bool:
    """Whether a message is among what holds a record."""
    while container is not None and container.media_type != mailbox.MEDIA_TYPE:
        container = container.container
    return container is not None


def _failure(native_id: str, version: str, problem: Unparsable) -> Failure:
    return Failure(native_id, f"{version}!{problem.reason}", problem.reason, f"{native_id}: {problem.detail}")


def _context(file: SourceRecord) -> str:
    """What a member takes over from its container changes its version too."""
    if not file.metadata and file.url is None and file.readers is None:
        return ""
    parts = json.dumps([file.metadata, file.url, file.readers], sort_keys=True, default=str)
    return "+" + hashlib.sha256(parts.encode()).hexdigest()[:16]
