"""Native ids of what a container holds: `archive.zip!/folder/doc.docx`, `mail.eml!/rates.xlsx`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

INSIDE = "!/"


def inside(container: str, name: str) -> str:
    """The native id of the member `name` of a container."""
    return f"{container}{INSIDE}{name}"


def holders(native_id: str) -> Iterator[str]:
    """The native ids of the containers that may hold `native_id`, outermost first."""
    start = native_id.find(INSIDE)
    while start >= 0:
        yield native_id[:start]
        start = native_id.find(INSIDE, start + 1)


def position(native_id: str) -> str:
    """A key that sorts native ids so that all of a container comes together and its own record last.

    A message that is known is therefore known with all its attachments, wherever a crawl was interrupted. Native ids
    hold no control characters, which makes the two below safe.
    """
    return native_id.replace(INSIDE, "\0") + "\1"


def clashing(native_ids: Iterable[str]) -> frozenset[str]:
    """Names of containers that the folders of a source use up: `archive.zip` where there is a folder `archive.zip!`."""
    return frozenset(holder for each in native_ids if INSIDE in each for holder in holders(each))
