"""How often one person may ask: a bucket each, which fills again over a minute."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from concord.service.errors import TooManyRequests

MAX_KNOWN = 10_000
"""Buckets kept; beyond it the one that was used least lately is forgotten, and is full again."""


class Rates:
    """Lets each key through `per_minute` times a minute; so many may come at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._clock = per_minute, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count a request; raises `TooManyRequests` with the seconds until one is let through again."""
        now = self._clock()
        with self._lock:
            held, at = self._buckets.pop(key, (float(self._size), now))
            held = min(self._size, held + (now - at) * self._size / 60)
            enough = held >= 1
            self._buckets[key] = (held - 1 if enough else held, now)
            if len(self._buckets) > MAX_KNOWN:
                self._buckets.popitem(last=False)
        if not enough:
            raise TooManyRequests(math.ceil((1 - held) * 60 / self._size))
