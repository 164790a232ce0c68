"""Talking to a server: bounded retries of what may pass, and every failure as one of ours, without the key."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import httpx
from qdrant_client import QdrantClient
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from concord.index.errors import IndexUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_T = TypeVar("_T")
KEY_VARIABLE = "CONCORD_INDEX__API_KEY"
TIMEOUT_SECONDS = 60.0
_PAUSES = (0.2, 1.0)
_LONGEST_PAUSE = 5.0
_PASSING = frozenset({429, 502, 503, 504})


def connect(url: str, api_key: str | None, timeout_seconds: float) -> QdrantClient:
    """Return a client of the server at `url` (port 6333 where it names none); nothing is sent yet."""
    # The key travels as a header: as an argument, each use over http prints a warning, inside one's own network too.
    headers = {"api-key": api_key} if api_key else None
    return QdrantClient(url=url, timeout=int(timeout_seconds), headers=headers, check_compatibility=False)


class Connection:
    """A client that is opened at the first call; calls may come from many threads.

    Every call that goes through here is idempotent, so one that failed on the way is sent again, three times at most.
    """

    def __init__(self, place: str, open_client: Callable[[], QdrantClient]) -> None:
        self.place = place
        self._open_client = open_client
        self._client: QdrantClient | None = None
        self._lock = threading.Lock()
        self._closed = False

    def call(self, ask: Callable[[QdrantClient], _T]) -> _T:
        """Return what `ask` gets from the client; raise `IndexUnavailable` where it gets nothing."""
        pauses = iter(_PAUSES)
        while True:
            try:
                return ask(self._opened())
            except ResourceExhaustedResponse as error:
                self._pause(pauses, error, float(error.retry_after_s))
            except UnexpectedResponse as error:
                if error.status_code not in _PASSING:
                    raise IndexUnavailable(self.place, _told(error)) from None
                self._pause(pauses, error)
            except ResponseHandlingException as error:
                if isinstance(error.source, httpx.TimeoutException) or not isinstance(
                    error.source, httpx.TransportError
                ):
                    raise IndexUnavailable(self.place, self._why(error)) from None
                self._pause(pauses, error)
            except json.JSONDecodeError:
                raise IndexUnavailable(self.place, _NO_QDRANT) from None

    def close(self) -> None:
        """Let go of the client; later calls raise `IndexUnavailable`."""
        with self._lock:
            self._closed = True
            if self._client is not None:
                self._client.close()
                self._client = None

    def _opened(self) -> QdrantClient:
        with self._lock:
            if self._closed:
                raise IndexUnavailable(self.place, "it was closed: open it again")
            if self._client is None:
                self._client = self._open_client()
            return self._client

    def _pause(self, pauses: Iterator[float], error: Exception, seconds: float = 0.0) -> None:
        """Wait before the next attempt, or raise where there is none."""
        pause = next(pauses, None)
        if pause is None:
            raise IndexUnavailable(self.place, self._why(error)) from None
        time.sleep(min(max(pause, seconds), _LONGEST_PAUSE))

    def _why(self, error: Exception) -> str:
        if isinstance(error, UnexpectedResponse):
            return _told(error)
        source = error.source if isinstance(error, ResponseHandlingException) else error
        if isinstance(source, httpx.ConnectTimeout):
            return "no connection in time: check index.url and that the server runs"
        if isinstance(source, httpx.TimeoutException):
            return "no answer in time: try again, or look at the server's load"
        if isinstance(source, httpx.TransportError):
            return f"no connection ({source}): check index.url and that the server runs"
        if isinstance(source, ResourceExhaustedResponse):
            return f"the server is too busy ({source}): try again later"
        return _NO_QDRANT


_NO_QDRANT = "what answers there is no Qdrant server: check index.url"


def _told(error: UnexpectedResponse) -> str:
    """What an unexpected response means, and what to do."""
    if error.status_code in {401, 403}:
        return f"the server refuses the key: set {KEY_VARIABLE} to one that may read and write"
    try:
        reason = error.structured()["status"]["error"]
    except (ValueError, KeyError, TypeError):
        return _NO_QDRANT if error.status_code == 404 else f"the server says {error.status_code} {error.reason_phrase}"
    return f"the server says: {' '.join(str(reason).split())[:300]}"


def shown(url: str) -> str:
    """The URL as it may be shown: scheme, host, port and path, never a user, password or query."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path.rstrip('/')}"
