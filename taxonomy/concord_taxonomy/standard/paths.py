"""Paths into a record: `metadata.last_updated`, `metadata.authors[0].name`, `metadata.authors.*.name`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

RECORD_ROOTS = (
    "native_id", "name", "folder", "url", "media_type", "metadata", "front_matter", "sidecar", "document", "history",
    "container", "text",
)  # fmt: skip
"""What a record holds at its top; see the table in the guide to the workspace's files."""

_INDEX = re.compile(r"\[(-?\d{1,6}|\*)\]")
_NUMBER = re.compile(r"-?\d{1,6}")


@lru_cache(maxsize=4096)
def split_path(path: str) -> tuple[str, ...]:
    """Return the steps of a path; raise `ValueError` where it is none."""
    steps = tuple(_INDEX.sub(r".\1", path.strip()).split("."))
    if not all(steps) or len(steps) > 32:
        raise ValueError(f"{path!r} is no path: write names with dots between them, as in metadata.title")
    if steps[0] not in RECORD_ROOTS:
        raise ValueError(f"a record has no {steps[0]!r}: a path begins with one of {', '.join(RECORD_ROOTS)}")
    return steps


def look_up(record: Mapping[str, Any], path: str) -> Any:
    """Return what stands at `path`, None where nothing does; with a `*`, the list of everything that does."""
    steps = split_path(path)
    found = [value for value in _walk(record, steps) if value is not None]
    if "*" in steps:
        return found or None
    return found[0] if found else None


def _walk(value: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    if not steps:
        yield value
        return
    step, rest = steps[0], steps[1:]
    if step == "*":
        # A field that is a list in one document and a single value in another is common in front matter.
        for element in value if isinstance(value, list | tuple) else [value]:
            yield from _walk(element, rest)
    elif isinstance(value, Mapping):
        yield from _member(value, steps)
    elif isinstance(value, list | tuple) and _NUMBER.fullmatch(step) and -len(value) <= int(step) < len(value):
        yield from _walk(value[int(step)], rest)


def _member(value: Mapping[str, Any], steps: tuple[str, ...]) -> Iterator[Any]:
    # Names with dots of their own (`dc.title` among HTML's <meta> names): the longest name that exists is meant.
    for length in range(len(steps), 0, -1):
        name = ".".join(steps[:length])
        if name in value:
            yield from _walk(value[name], steps[length:])
            return
