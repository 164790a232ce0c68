"""One value for what an index holds, in whatever order its points come."""

from __future__ import annotations

import hashlib
import json

from concord.index.points import payload_to_engine
from concord.index.protocol import Payload

_BITS = 256


class Digest:
    """The sum of every point's SHA-256 over its id and payload: equal contents give equal values."""

    def __init__(self) -> None:
        self._sum = 0

    def add(self, point_id: str, payload: Payload) -> None:
        """Take in a point."""
        text = json.dumps([point_id, payload_to_engine(payload)], sort_keys=True)
        self._sum += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")

    @property
    def value(self) -> str:
        """64 hexadecimal digits."""
        return f"{self._sum % 2**_BITS:064x}"
