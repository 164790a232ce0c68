"""A stand-in for a Qdrant server, for tests: its REST interface on this machine, over the client's local mode.

    with StandIn() as server:
        index = open_server(server.url, "handbook", dimension=8)

What `qdrant-client` sends and reads is what a server gets and gives; behind it is brute force, so nothing here says how
a server's graph, optimisers or disks behave. It can refuse a key and fail on purpose, and it keeps what was asked.
"""

from __future__ import annotations

import json
import re
import threading
import warnings
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import BaseModel, TypeAdapter
from qdrant_client import QdrantClient, models

Answer = tuple[int, Any]


class StandIn:
    """A server on a free port of 127.0.0.1.

    `failures` are taken one a request: a status to answer with, or 0 to hang up. `asked` holds method, path and query
    of every request.
    """

    def __init__(self, *, api_key: str | None = None, version: str = "1.20.0") -> None:
        self.api_key = api_key
        self.version = version
        self.failures: list[int] = []
        self.asked: list[tuple[str, str, dict[str, list[str]]]] = []
        self.client = QdrantClient(":memory:", force_disable_check_same_thread=True)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.05), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> StandIn:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.client.close()

    def answer(self, method: str, target: str, key: str | None, body: bytes) -> Answer | None:
        """Status and result of a request; None to hang up."""
        parts = urlsplit(target)
        with self._lock:
            self.asked.append((method, parts.path, parse_qs(parts.query)))
            failure = self.failures.pop(0) if self.failures else None
            if failure is not None:
                return (failure, "on purpose") if failure else None
            if self.api_key is not None and key != self.api_key:
                return 401, "Must provide an API key or an Authorization bearer token"
            return self._routed(method, parts.path, body)

    def _routed(self, method: str, path: str, body: bytes) -> Answer:
        if path == "/":
            return 200, {"title": "stand-in", "version": self.version}
        for wanted, pattern, call in _ROUTES:
            found = re.fullmatch(pattern, path)
            if found and wanted == method:
                name = unquote(found.groupdict().get("name") or "")
                makes = path.endswith("/exists") or (method, pattern) == ("PUT", _COLLECTION)
                if name and not makes and not self.client.collection_exists(name):
                    return 404, f"Not found: Collection `{name}` doesn't exist!"
                try:
                    with warnings.catch_warnings():
                        # Local mode warns of what it ignores: payload indexes, exactness.
                        warnings.simplefilter("ignore")
                        return 200, call(self.client, name, json.loads(body or b"null"))
                except ValueError as error:
                    return 400, str(error)
        return 404, f"no {method} {path}"


def _read(kind: Any, data: Any) -> Any:
    return TypeAdapter(kind).validate_python(data)


def _create(client: QdrantClient, name: str, data: Any) -> bool:
    wanted = _read(models.CreateCollection, data)
    return client.create_collection(
        name, vectors_config=wanted.vectors, sparse_vectors_config=wanted.sparse_vectors, metadata=wanted.metadata
    )


def _scroll(client: QdrantClient, name: str, data: Any) -> dict[str, Any]:
    wanted = _read(models.ScrollRequest, data)
    points, after = client.scroll(
        name,
        scroll_filter=wanted.filter,
        limit=wanted.limit or 10,
        offset=wanted.offset,
        with_payload=wanted.with_payload,
        with_vectors=wanted.with_vector,
    )
    return {"points": points, "next_page_offset": after}


def _facet(client: QdrantClient, name: str, data: Any) -> Any:
    wanted = _read(models.FacetRequest, data)
    return client.facet(name, wanted.key, facet_filter=wanted.filter, limit=wanted.limit or 10)


def _aliases(client: QdrantClient, _name: str, data: Any) -> bool:
    return client.update_collection_aliases(_read(models.ChangeAliasesOperation, data).actions)


def _index(client: QdrantClient, name: str, data: Any) -> Any:
    return client.create_payload_index(name, field_name=_read(models.CreateFieldIndex, data).field_name)


_COLLECTION = r"/collections/(?P<name>[^/]+)"
_ROUTES: tuple[tuple[str, str, Callable[[QdrantClient, str, Any], Any]], ...] = (
    ("GET", "/aliases", lambda client, _name, _data: client.get_aliases()),
    ("POST", "/collections/aliases", _aliases),
    ("GET", "/collections", lambda client, _name, _data: client.get_collections()),
    ("GET", _COLLECTION, lambda client, name, _data: client.get_collection(name)),
    ("PUT", _COLLECTION, _create),
    ("DELETE", _COLLECTION, lambda client, name, _data: client.delete_collection(name)),
    ("GET", f"{_COLLECTION}/exists", lambda client, name, _data: {"exists": client.collection_exists(name)}),
    ("PUT", f"{_COLLECTION}/index", _index),
    (
        "PUT",
        f"{_COLLECTION}/points",
        lambda client, name, data: client.upsert(name, points=_read(models.PointsList, data).points),
    ),
    (
        "POST",
        f"{_COLLECTION}/points/delete",
        lambda client, name, data: client.delete(name, points_selector=_read(models.PointsSelector, data)),
    ),
    (
        "POST",
        f"{_COLLECTION}/points/query/batch",
        lambda client, name, data: client.query_batch_points(
            name, requests=_read(models.QueryRequestBatch, data).searches
        ),
    ),
    ("POST", f"{_COLLECTION}/points/scroll", _scroll),
    (
        "POST",
        f"{_COLLECTION}/points/count",
        lambda client, name, data: client.count(name, count_filter=_read(models.CountRequest, data).filter),
    ),
    ("POST", f"{_COLLECTION}/facet", _facet),
)


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answered = stand_in.answer(self.command, self.path, self.headers.get("api-key"), body)
            if answered is None:
                self.close_connection = True
                return
            status, result = answered
            if self.path == "/" and status == 200:
                told: Any = result
            elif status == 200:
                told = {"result": result, "status": "ok", "time": 0.0}
            else:
                told = {"result": None, "status": {"error": result}, "time": 0.0}
            data = json.dumps(told, default=_plain).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = do_DELETE = _reply  # the names that http.server looks for

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    return Handler


def _plain(value: object) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} cannot be sent")
