"""Bounds on what is taken out of a container."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ContainerLimits:
    """Bounds of one file of a source that holds others.

    `members` of an archive, `messages` of a mailbox and `attachments` of a message: beyond them nothing of it is read.
    `member_bytes` is the size of one member, `ratio` how much smaller it may be packed (from 1 MiB on), `total_bytes`
    what is unpacked of one file in all, `seconds` how long that may take, `depth` how many containers may stand in one
    another: beyond these the member fails alone. `entries` bounds what the containers in one file list in all: beyond
    it no further one is opened.
    """

    members: int = 10_000
    messages: int = 100_000
    attachments: int = 200
    member_bytes: int = 50 * _MIB
    total_bytes: int = 1024 * _MIB
    ratio: int = 200
    depth: int = 4
    entries: int = 200_000
    seconds: float = 600.0


DEFAULT_CONTAINER_LIMITS = ContainerLimits()
