"""An index's collections on a server: `NAME-1`, `NAME-2`, …, and the alias `NAME`, which points to the one in use.

A new collection is filled beside the one in use and the alias is switched over in one step, so that searches never meet
a half-built index. Everything here may be repeated: after a crash, or by two processes at once.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from concord.index import sparse
from concord.index.errors import IndexMismatch
from concord.index.schema import DAYS, DENSE, FORMAT, FULL_SCAN_THRESHOLD, GRAPH_EFFORT, GRAPH_LINKS, KEYWORDS
from concord.index.server.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Iterable

# Older servers compute document frequencies over all points, which tells what the asker may not read.
OLDEST = (1, 19)
_REMEDY = "delete it on the server and `concord sync` builds it anew, or name another server in index.url"


class Collections:
    """The collections of one index on one server."""

    def __init__(self, connection: Connection, name: str, dimension: int) -> None:
        self._connection = connection
        self.name = name
        self.dimension = dimension

    def check_server(self) -> None:
        """Raise `IndexMismatch` for a server that cannot keep frequencies apart."""
        version = self._connection.call(lambda client: client.info().version)
        found = re.match(r"(\d+)\.(\d+)", version)
        if found is None or (int(found[1]), int(found[2])) < OLDEST:
            needed = ".".join(map(str, OLDEST))
            raise IndexMismatch(
                self._connection.place, f"the server is Qdrant {version}, at least {needed} is needed", "upgrade it"
            )

    def in_use(self) -> str | None:
        """The collection that the alias points to."""
        aliases = self._connection.call(lambda client: client.get_aliases().aliases)
        return next((each.collection_name for each in aliases if each.alias_name == self.name), None)

    def ensure(self) -> str:
        """The collection in use, made where there is none."""
        current = self.in_use()
        if current is None:
            current = f"{self.name}-1"
            self._make(current)
            self.switch(current)
        self._check(current)
        return current

    def ensure_next(self) -> str:
        """A collection beside the one in use, made where there is none; one left half filled is taken up again."""
        current = self.in_use()
        number = (_number(current) or 0) if current else 0
        waiting = sorted(each for each in map(_number, self._all()) if each is not None and each > number)
        name = f"{self.name}-{waiting[-1] if waiting else number + 1}"
        self._make(name)
        self._check(name)
        return name

    def switch(self, collection: str) -> None:
        """Point the alias to `collection`, in one step, and delete the one that it pointed to before."""
        before = self.in_use()
        if before == collection:
            return
        create = models.CreateAlias(collection_name=collection, alias_name=self.name)
        actions: list[Any] = [models.CreateAliasOperation(create_alias=create)]
        if before is not None:
            actions.insert(0, models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=self.name)))
        self._connection.call(lambda client: client.update_collection_aliases(actions))
        if before is not None:
            self._connection.call(lambda client: client.delete_collection(before))

    def drop(self) -> None:
        """Delete every collection of this index, with its alias."""
        for each in self._all():
            self._connection.call(partial(QdrantClient.delete_collection, collection_name=each))

    def _all(self) -> Iterable[str]:
        """The names of this index's collections."""
        found = self._connection.call(lambda client: client.get_collections().collections)
        return [each.name for each in found if each.name.rpartition("-")[0] == self.name and _number(each.name)]

    def _make(self, collection: str) -> None:
        """Create a collection and its payload indexes, whatever of it is there already."""
        self._connection.call(lambda client: _create(client, collection, self.dimension))
        indexes: dict[str, Any] = {
            name: models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, enable_hnsw=False)
            for name in KEYWORDS
        }
        for name in DAYS:
            indexes[name] = models.IntegerIndexParams(
                type=models.IntegerIndexType.INTEGER, lookup=False, range=True, enable_hnsw=False
            )
        for name, schema in indexes.items():
            make = partial(
                QdrantClient.create_payload_index, collection_name=collection, field_name=name, field_schema=schema
            )
            self._connection.call(make)

    def _check(self, collection: str) -> None:
        """Raise `IndexMismatch` where a collection is not laid out as ours are."""
        found = self._connection.call(lambda client: client.get_collection(collection)).config
        format_ = (found.metadata or {}).get("concord_format")
        dense = found.params.vectors.get(DENSE) if isinstance(found.params.vectors, dict) else None
        words = found.params.sparse_vectors or {}
        reason = None
        if format_ != FORMAT or dense is None:
            reason = f"it has format {format_}, this program writes {FORMAT}"
        elif dense.size != self.dimension:
            reason = f"its vectors have {dense.size} dimensions, the embedding model gives {self.dimension}"
        elif dense.distance != models.Distance.COSINE or any(
            name not in words or words[name].modifier != models.Modifier.IDF for name in (sparse.TEXT, sparse.LABEL)
        ):
            reason = "its vectors are compared in another way"
        if reason:
            raise IndexMismatch(f"{self._connection.place}/{collection}", reason, _REMEDY)


def _create(client: QdrantClient, collection: str, dimension: int) -> None:
    if client.collection_exists(collection):
        return
    idf = models.SparseVectorParams(modifier=models.Modifier.IDF)
    graph = models.HnswConfigDiff(m=GRAPH_LINKS, ef_construct=GRAPH_EFFORT, full_scan_threshold=FULL_SCAN_THRESHOLD)
    try:
        client.create_collection(
            collection,
            vectors_config={DENSE: models.VectorParams(size=dimension, distance=models.Distance.COSINE)},
            sparse_vectors_config={sparse.TEXT: idf, sparse.LABEL: idf},
            hnsw_config=graph,
            metadata={"concord_format": FORMAT},
        )
    except UnexpectedResponse:
        # Another process may just have made it.
        if not client.collection_exists(collection):
            raise


def _number(collection: str) -> int | None:
    """The number at the end of a collection's name."""
    digits = collection.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else None
