"""Groups the entries of a crawl into batches, each with the checkpoint from which the crawl can go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from concord_connectors.contract import Batch, Checkpoint, Entry, Failure, PastVersion, SourceRecord, Tombstone

DEFAULT_BATCH_SIZE = 50
MAX_BATCH_BYTES = 64 * 1024 * 1024
"""A batch ends early once its contents weigh this much, so that big files do not pile up in memory."""


def in_batches(
    entries: Iterable[SourceRecord | Failure | PastVersion],
    tombstones: Callable[[], Iterable[Tombstone]],
    *,
    size: int,
    after: Callable[[SourceRecord | Failure | PastVersion], Checkpoint],
    start: Checkpoint,
    done: Checkpoint,
    total: int,
) -> Iterator[Batch]:
    """Give `entries`, then what `tombstones` gives once they are through, in batches of at most `size` entries.

    `after(entry)` is the checkpoint behind an entry, `start` the one before any, `done` the last batch's. The last
    batch is always given, be it empty, so that every crawl that came to its end says so.
    """
    held: list[Entry] = []
    weight = 0
    position = start
    for entry in entries:
        held.append(entry)
        position = after(entry)
        record = entry.content if isinstance(entry, PastVersion) else entry
        weight += len(record.content) if isinstance(record, SourceRecord) else 0
        if len(held) >= size or weight >= MAX_BATCH_BYTES:
            yield Batch(tuple(held), position, total)
            held, weight = [], 0
    for tombstone in tombstones():
        if len(held) >= size:
            yield Batch(tuple(held), position, total)
            held = []
        held.append(tombstone)
    yield Batch(tuple(held), done, total)


def spread(count: int, limit: int) -> list[int]:
    """Up to `limit` indices of a list of `count`, evenly spread and in order."""
    if limit <= 0 or count <= 0:
        return []
    if limit >= count:
        return list(range(count))
    return [index * count // limit for index in range(limit)]
