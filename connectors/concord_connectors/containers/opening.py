"""Opening a container: what it says of itself and what it holds, before any of that is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from email import message_from_bytes

from concord_connectors.containers import archive, mailbox, message
from concord_connectors.containers.limits import ContainerLimits
from concord_connectors.containers.member import Member
from concord_connectors.contract import JsonObject
from concord_connectors.errors import Unparsable
from concord_connectors.parsers.mail import metadata_of

_MEMBERS: dict[str, Callable[[bytes, ContainerLimits], Iterator[Member]]] = {
    "application/zip": archive.members,
    "application/mbox": mailbox.members,
    mailbox.MEDIA_TYPE: message.members,
}

KINDS = frozenset(_MEMBERS)
"""Media types of containers."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A container that is open: the headers of a message (nothing for others), and the members."""

    metadata: JsonObject
    members: tuple[Member, ...]


Opener = Callable[[str, bytes, ContainerLimits], AbstractContextManager[Opened]]
"""Opens a container of a media type for as long as the context lasts; raises `Unparsable`."""


@contextmanager
def open_here(media_type: str, content: bytes, limits: ContainerLimits) -> Iterator[Opened]:
    """Open it in this process; `containment` does so in another, which is the place for what strangers have made."""
    yield load(media_type, content, limits)


def load(media_type: str, content: bytes, limits: ContainerLimits) -> Opened:
    """Open a container; raises `Unparsable`."""
    try:
        members = tuple(_MEMBERS[media_type](content, limits))
        metadata = metadata_of(message_from_bytes(content)) if media_type == mailbox.MEDIA_TYPE else {}
    except Unparsable:
        raise
    except RecursionError as error:
        raise Unparsable("too_large", "it is nested too deeply; simplify it") from error
    except MemoryError as error:
        raise Unparsable("memory", "it needs more memory than there is; split it") from error
    except Exception as error:  # whatever a broken file makes of the standard library: it must not end the crawl
        raise Unparsable("corrupt", f"it cannot be read ({type(error).__name__}: {error}); make it again") from error
    return Opened(metadata, members)


def read(member: Member) -> bytes:
    """The bytes of a member; raises `Unparsable`."""
    try:
        return member.read()
    except MemoryError as error:
        raise Unparsable("memory", "it needs more memory than there is; split it") from error
