"""A member of a container, before its content is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from concord_connectors.contract import JsonObject


@dataclass(frozen=True, slots=True)
class Member:
    """`name` is its path inside the container, `stamp` changes when its content does.

    `read` gives its bytes and raises `Unparsable`. `problem` (reason and sentence) says why it is not to be read.
    """

    name: str
    stamp: str
    read: Callable[[], bytes] = field(repr=False)
    media_type: str
    modified: datetime | None = None
    author: str | None = None
    metadata: JsonObject = field(default_factory=dict)
    problem: tuple[str, str] | None = None
