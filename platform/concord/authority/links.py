"""Which `replaces` links take effect, and which items they supersede on a date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from concord.authority.facts import Facts
from concord.authority.policy import Policy


class LinkBasis(StrEnum):
    """Why a link takes effect; `PROPOSAL` is a link that does not."""

    SUPERSEDED_ITEM = "stated by the superseded item"
    SAME_SOURCE = "stated by the same source"
    SAME_OWNER = "stated by a source of at least equal rank with the same owner"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class ReplacesLink:
    """One item said to replace another, and whether that takes effect."""

    newer: str
    older: str
    basis: LinkBasis

    @property
    def effective(self) -> bool:
        """Whether the link counts; otherwise it waits for the older item's owner."""
        return self.basis is not LinkBasis.PROPOSAL


def replaces_links(items: Iterable[Facts], policy: Policy) -> tuple[ReplacesLink, ...]:
    """The links between the given items. An item that is not given neither supersedes nor is superseded.

    Give only what the asker may read: a replacement they may not read then leaves the older item as it is.
    """
    known = {each.identifier: each for each in items}
    pairs = {(newer.identifier, older) for newer in known.values() for older in newer.replaces if older in known}
    pairs |= {(newer, older.identifier) for older in known.values() for newer in older.is_replaced_by if newer in known}
    return tuple(
        ReplacesLink(newer, older, _basis(known[newer], known[older], policy)) for newer, older in sorted(pairs)
    )


def superseded(items: Iterable[Facts], policy: Policy, at: date) -> Mapping[str, str]:
    """Superseded item to the item that supersedes it on a date: one in force then, of a status no worse.

    Items that replace each other in a circle do not supersede each other: which of them holds is for the other rules.
    """
    result: dict[str, str] = {}
    for link in _in_effect(items, policy, at):
        result.setdefault(link.older, link.newer)
    return result


def frontier(items: Iterable[Facts], policy: Policy, at: date) -> Mapping[str, tuple[str, ...]]:
    """Superseded item to the items that stand in its place on a date: the ends of its chains."""
    newer: dict[str, list[str]] = {}
    for link in _in_effect(items, policy, at):
        newer.setdefault(link.older, []).append(link.newer)
    edges = {older: set(ends) for older, ends in newer.items()}
    return {older: tuple(sorted(_reached(edges, older) - newer.keys())) for older in newer}


def _in_effect(items: Iterable[Facts], policy: Policy, at: date) -> list[ReplacesLink]:
    """The links that supersede something on a date, in order."""
    known = {each.identifier: each for each in items}
    standing = [link for link in replaces_links(known.values(), policy) if _stands(link, known, policy, at)]
    circular = {each: number for number, ring in enumerate(cycles(standing)) for each in ring}
    return [link for link in standing if link.older not in circular or circular[link.older] != circular.get(link.newer)]


def _stands(link: ReplacesLink, known: Mapping[str, Facts], policy: Policy, at: date) -> bool:
    newer, older = known[link.newer], known[link.older]
    no_worse = policy.status_rank(newer.status) <= policy.status_rank(older.status)
    return link.effective and newer.in_force(at) and no_worse


def cycles(links: Iterable[ReplacesLink]) -> tuple[tuple[str, ...], ...]:
    """The items that replace each other in a circle, each circle sorted; none where the chains are in order."""
    newer: dict[str, set[str]] = {}
    for link in links:
        newer.setdefault(link.older, set()).add(link.newer)
    while True:  # whatever leads nowhere, or is led to from nowhere, stands in no circle
        led_to = {each for ends in newer.values() for each in ends}
        kept = {older: ends & newer.keys() for older, ends in newer.items() if older in led_to and ends & newer.keys()}
        if kept == newer:
            break
        newer = kept
    rings: dict[tuple[str, ...], None] = {}
    for start in sorted(newer):
        ring = {each for each in _reached(newer, start) if start in _reached(newer, each)}
        if start in ring:
            rings.setdefault(tuple(sorted(ring)))
    return tuple(rings)


def _reached(newer: Mapping[str, set[str]], start: str) -> set[str]:
    """What replaces an item, directly or in several steps."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for each in newer.get(waiting.pop(), ()):
            if each not in reached:
                reached.add(each)
                waiting.append(each)
    return reached


def _basis(newer: Facts, older: Facts, policy: Policy) -> LinkBasis:
    if newer.identifier in older.is_replaced_by:
        return LinkBasis.SUPERSEDED_ITEM
    if newer.source == older.source:
        return LinkBasis.SAME_SOURCE
    equal_rank = policy.tier_rank(newer.tier) <= policy.tier_rank(older.tier)
    if equal_rank and newer.owner is not None and newer.owner == older.owner:
        return LinkBasis.SAME_OWNER
    return LinkBasis.PROPOSAL
