"""Whom a conflict is for: the owners of its items, where each of them may read all of it; else stewards who may."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from concord_taxonomy.standard.item import ContentItem

MayRead = Callable[[str, Sequence[str]], bool]
"""Whether a person or a group (a token) may read what these readers may; `Directory.may_read` is one."""


def recipients(items: Sequence[ContentItem], may_read: MayRead) -> tuple[str, ...]:
    """The tokens of whom a conflict between items is for, sorted; nobody where no owner and no steward may read it all.

    Where one of the owners may not read an item of it, or an item has none, it is for stewards alone: an owner who was
    told of a conflict with what they may not read would learn that it exists.
    """

    def reads_all(holder: str) -> bool:
        return all(may_read(holder, item.readers) for item in items)

    owners = {item.contact_point for item in items}
    if None not in owners and all(owner is not None and reads_all(owner) for owner in owners):
        return tuple(sorted(owner for owner in owners if owner is not None))
    return tuple(sorted({item.steward for item in items if item.steward is not None and reads_all(item.steward)}))
