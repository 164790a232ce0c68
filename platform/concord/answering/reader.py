"""Whoever reads an answer while it is made: whether they are still there, and how much of it has reached them."""

from __future__ import annotations

import threading
from contextvars import ContextVar
from dataclasses import dataclass, field


class ReaderLeft(Exception):
    """Nobody reads any more what is being made."""


@dataclass(slots=True)
class Reader:
    """A reader; `given` counts the events of the answer that were passed on to them."""

    left: threading.Event = field(default_factory=threading.Event)
    given: int = 0


READER: ContextVar[Reader | None] = ContextVar("reader", default=None)
"""Who reads what is made in this context; None where it is made as a whole, or to its end whoever leaves."""


def look() -> None:
    """Raise `ReaderLeft` where they have left: whatever waits for long looks now and then."""
    reader = READER.get()
    if reader is not None and reader.left.is_set():
        raise ReaderLeft
