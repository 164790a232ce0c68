"""What an index can refuse or fail at.

    VectorIndexError
    ├── InvalidPoint        a point that would be lost or found wrongly (NaN, zero or wrongly sized vector, bad id)
    ├── InvalidRequest      a search that cannot be run as asked (limit, vector, too many values)
    ├── IndexMismatch       what lies there is an index of another dimension or format, or a server too old
    ├── IndexBusy           another process owns the directory
    └── IndexUnavailable    the engine or its process cannot be reached, or died
        ├── WritesLost      it died after a write and before its flush: write again
        ├── IndexDamaged    its files cannot be used: build it anew from the catalog
        └── IndexDiskFull   there is no space for a write, which was not acknowledged

Every error keeps its arguments as attributes and can be rebuilt from them, so that the index process can send it.
"""

from __future__ import annotations


class VectorIndexError(Exception):
    """Anything that an index raises."""


class InvalidPoint(VectorIndexError):
    """A point that the engine would accept and then lose; nothing of its batch was written."""

    def __init__(self, point_id: str, reason: str) -> None:
        super().__init__(point_id, reason)
        self.point_id = point_id
        self.reason = reason

    def __str__(self) -> str:
        return f"point {self.point_id!r} cannot be indexed: {self.reason}"


class InvalidRequest(VectorIndexError):
    """A search or call that cannot be run as asked; nothing was searched."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class IndexMismatch(VectorIndexError):
    """The directory or the server holds an index that this program or this embedding model cannot use."""

    def __init__(self, place: str, reason: str, remedy: str = "run `concord doctor --repair`") -> None:
        super().__init__(place, reason, remedy)
        self.place = place
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return f"the index in {self.place} does not fit: {self.reason}; {self.remedy}"


class IndexBusy(VectorIndexError):
    """Another process has the directory open; the engine allows one owner."""

    def __init__(self, directory: str) -> None:
        super().__init__(directory)
        self.directory = directory

    def __str__(self) -> str:
        return f"another process owns the index in {self.directory}: stop it, or go through its index process"


class IndexUnavailable(VectorIndexError):
    """The engine, its process or its server cannot be reached; a later call may succeed."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return f"the index in {self.place} is unavailable: {self.reason}"


class WritesLost(IndexUnavailable):
    """The index process died between a write and its flush, so the write may be gone: write it again, then flush."""

    def __init__(self, place: str, reason: str = "its process died before a flush; write again") -> None:
        super().__init__(place, reason)


class IndexDamaged(IndexUnavailable):
    """The index's files cannot be used. Nothing is lost: everything in it comes from the catalog."""

    def __str__(self) -> str:
        return (
            f"the index in {self.place} is damaged ({self.reason}): "
            "`concord doctor --repair` builds it anew from the catalog"
        )


class IndexDiskFull(IndexUnavailable):
    """There is no space left for the index. What was not flushed is not acknowledged and is written again."""

    def __str__(self) -> str:
        return (
            f"the disk that holds the index in {self.place} is full ({self.reason}): free space, then run "
            "`concord sync`, which writes what is missing"
        )


ERRORS: dict[str, type[VectorIndexError]] = {
    kind.__name__: kind
    for kind in (
        InvalidPoint,
        InvalidRequest,
        IndexMismatch,
        IndexBusy,
        IndexUnavailable,
        WritesLost,
        IndexDamaged,
        IndexDiskFull,
    )
}
"""By name, as they travel between the index process and its clients."""
