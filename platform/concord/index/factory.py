"""Opening an index: Qdrant Edge in a directory, or a collection of a Qdrant server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from concord.index.protocol import Index

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

    from concord.index.server.index import ServerIndex


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


def open_server(
    url: str, collection: str, dimension: int, *, api_key: str | None = None, beside: bool = False
) -> ServerIndex:
    """Return the index `collection` on the Qdrant server at `url`, made at the first call where there is none.

    `beside` gives a new collection next to the one in use, to be filled and then put in its place with `switch`.

        index = open_server("https://qdrant.example:6333", "handbook", dimension=384, api_key=key)
    """
    from concord.index.server.connection import TIMEOUT_SECONDS, connect, shown
    from concord.index.server.index import ServerIndex

    def client() -> QdrantClient:
        return connect(url, api_key, TIMEOUT_SECONDS)

    return ServerIndex(client, shown(url), collection, dimension, beside=beside)


@contextmanager
def replacing_index(directory: Path, dimension: int) -> Iterator[Index]:
    """Give an empty index to fill; it takes the place of the one in `directory` when the block ends without an error.

    The old one goes on answering until then. The caller holds the right to write to the index.
    """
    from concord.index.edge.replace import replacing

    with replacing(directory, dimension) as index:
        yield index
