"""Reachability over concept relations; every walk terminates on cyclic vocabularies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


def reachable(start: str, following: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """`start` and everything that repeated steps of `following` lead to, each visited once."""
    seen = {start}
    pending = [start]
    while pending:
        for iri in following(pending.pop()):
            if iri not in seen:
                seen.add(iri)
                pending.append(iri)
    return frozenset(seen)


def layers(
    start: Iterable[str], following: Callable[[str], Iterable[str]], limit: int | None = None
) -> Iterator[tuple[str, ...]]:
    """Yield the sorted set at distance 0, 1, 2, … of `start`, each node once, at most `limit` steps far."""
    current = tuple(sorted(set(start)))
    seen = set(current)
    while current:
        yield current
        if limit is not None:
            limit -= 1
            if limit < 0:
                return
        ahead = {iri for node in current for iri in following(node)} - seen
        seen |= ahead
        current = tuple(sorted(ahead))
