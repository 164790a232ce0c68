"""Opening the index that the settings name."""

from __future__ import annotations

from pathlib import Path

from concord.index.protocol import Index


def open_index(directory: Path, dimension: int, *, shared: bool = True, idle_seconds: float = 300.0) -> Index:
    """Return the index in `directory` for vectors of `dimension`, made when the directory holds none.

    Shared (the default), it goes through the directory's index process, which starts at the first call and ends after
    `idle_seconds` without one. Not shared, the engine runs in this process and owns the directory until `close`.

        index = open_index(Path(".concord/index"), dimension=384)
    """
    if shared:
        from concord.index.edge.client import EdgeClient

        return EdgeClient(directory, dimension, idle_seconds=idle_seconds)
    from concord.index.edge.shard import EdgeIndex

    return EdgeIndex(directory, dimension)
