"""The connector contract: what a source gives, and how a crawl is resumed.

A connector turns a source into batches of records, failures and tombstones. Each batch carries the checkpoint that
may be stored once the batch is safe; a crawl begun from a stored checkpoint gives what came after it. What cannot be
read is a `Failure` (data, never an exception); only a source as a whole that cannot be reached raises `SourceError`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Protocol, runtime_checkable

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """What the source knows of a record's past; `line_dates` gives, per source line, the date it last changed.

    `since` is the moment from which the source has shown this version, where it keeps more of the past than dates.
    """

    created: datetime | None = None
    modified: datetime | None = None
    author: str | None = None
    revision: str | None = None
    since: datetime | None = None
    line_dates: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Container:
    """What holds a record: an archive, a mailbox or a message, whose headers are its `metadata`; `container` holds it.

    What a message holds, at any depth, is for the readers of the message and nobody else.
    """

    native_id: str
    media_type: str
    metadata: JsonObject = field(default_factory=dict)
    container: Container | None = None


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One document as its source holds it.

    `native_id` is stable inside the source; `version` is opaque and changes when anything that the record yields
    changes. `metadata` is what stands beside the content (a side-car, API fields), nested as the source has it.
    `readers` are reader tokens where the source knows its grants, None where the mapping has to say. `container` is
    what holds the record, where that is a file of the source.
    """

    native_id: str
    version: str
    media_type: str
    content: bytes = field(repr=False)
    metadata: JsonObject = field(default_factory=dict)
    history: History = History()
    url: str | None = None
    readers: tuple[str, ...] | None = None
    previous_id: str | None = None
    container: Container | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that could not be read or parsed: `reason` is a stable word, `detail` a sentence for a person."""

    native_id: str
    version: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class PastVersion:
    """What a record was from `since` until its next version took over; `content` is a failure where it cannot be read.

    A record's past versions stand right before it, oldest first, under its present native id. `first` marks the oldest
    of a record whose past is given from its beginning, and not only what came after the version that was known.
    """

    content: SourceRecord | Failure
    since: datetime
    first: bool = False

    @property
    def native_id(self) -> str:
        """The record's."""
        return self.content.native_id

    @property
    def version(self) -> str:
        """The version that it was."""
        return self.content.version


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A record that the source no longer has; `moved_to` names its new native id where the source knows it."""

    native_id: str
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a crawl stands: JSON that only its connector understands. `complete` marks the end of a crawl."""

    state: JsonObject
    complete: bool = False


Entry = SourceRecord | Failure | Tombstone | PastVersion


@dataclass(frozen=True, slots=True)
class Batch:
    """Some entries and the checkpoint to store once they are safe; `total` estimates the crawl's records."""

    entries: tuple[Entry, ...]
    checkpoint: Checkpoint
    total: int | None = None


@runtime_checkable
class Connector(Protocol):
    """A content source. Construct it with the keyword options of `sources/*.yaml` and the workspace folder (`base`).

    A constructor that takes `opener` is given what opens archives and mail outside of this process (`containers`).
    `known` maps each native id already held (quarantined ones too) to its version: an entry whose version is known
    is not given again, and a native id that a complete crawl did not meet becomes a `Tombstone`. A connector that knows
    its source's past may give `PastVersion`s before a record; those that were given with a known version are left out.
    """

    name: ClassVar[str]

    def pull(self, checkpoint: Checkpoint | None, known: Mapping[str, str]) -> Iterator[Batch]:
        """Crawl from `checkpoint` (None: from the start); raises `SourceError` when the source cannot be reached."""
        ...

    def sample(self, limit: int) -> Iterator[SourceRecord | Failure]:
        """Up to `limit` records spread over the source, to try a mapping on."""
        ...
