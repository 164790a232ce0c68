"""Where the catalog has what is right, whoever may read it: for diagnosis, and never shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from concord.answering.overlap import Wanted
from concord.catalog import chunks, items
from concord.catalog.chunks import Chunk
from concord.governance.cases.rightness import Right
from concord_taxonomy.standard import ContentItem

_NEAR = 0.15
"""How much less of the question's words than the best a further place may have."""
_LENGTH = 900
LEAST = 0.45
"""Share of the question's words that a passage has to have to be about it, title and headings counted."""
LIMIT = 500
"""Passages with the words of a right answer that are looked at."""


@dataclass(frozen=True, slots=True)
class At:
    """A passage that tells what is right, or part of it, and the share of the question's words that it has."""

    item: ContentItem
    chunk: Chunk
    share: float = 1.0

    @property
    def key(self) -> tuple[str, int]:
        """Item and ordinal."""
        return self.item.identifier, self.chunk.ordinal


def locate(
    connection: Connection, right: Right, wanted: Wanted, named: Sequence[str], least: float = LEAST
) -> tuple[At, ...]:
    """The passages that tell it: of the items that the report names, else of those that have the question's words."""
    held = items.live(connection, named) if named else {}
    passages = chunks.current_chunks(connection, sorted(held)) if held else {}
    places = [At(held[key], each) for key, of in passages.items() for each in of]
    telling = [each for each in places if not right.parts or right.told(each.chunk.text)]
    if telling or not right.parts:
        return tuple(telling)
    found = [each for each in chunks.stating(connection, _needles(right), LIMIT) if right.told(each[1].text)]
    wanted_items = sorted({identifier for identifier, _ in found})
    live = items.live(connection, wanted_items) if found else {}
    whole = chunks.current_chunks(connection, wanted_items) if found else {}
    stating = [
        At(live[key], each, wanted.share(f"{live[key].title}\n{_section(each, whole.get(key, ()))}"))
        for key, each in found
        if key in live
    ]
    best = max((each.share for each in stating), default=0.0)
    return tuple(each for each in stating if each.share >= max(least, best - _NEAR))


def gone(connection: Connection, right: Right, wanted: Wanted, named: Iterable[str]) -> dict[str, float]:
    """Items that are live no more and told it when they were, with that share; or that the report names."""
    lost = items.gone(connection, LIMIT)
    told = {
        identifier: max((wanted.share(f"{title}\n{part}") for part in _parts(body) if right.told(part)), default=0.0)
        for identifier, (title, body) in lost.items()
        if right.parts
    }
    named_ones = {each: 1.0 for each in named if each in lost}
    return named_ones | {key: share for key, share in told.items() if share >= LEAST and key not in named_ones}


def _section(chunk: Chunk, passages: Sequence[Chunk]) -> str:
    """All that stands under the heading of a passage: a section may have been cut."""
    return "\n".join(
        [*chunk.heading_path, *(each.text for each in passages if each.heading_path == chunk.heading_path)]
    )


def _parts(body: str) -> list[str]:
    """A text in pieces of about a passage's length, between empty lines."""
    found = [""]
    for part in body.split("\n\n"):
        if len(found[-1]) + len(part) > _LENGTH and found[-1]:
            found.append("")
        found[-1] += f"\n\n{part}"
    return found


def _needles(right: Right) -> list[str]:
    """Texts one of which stands in every passage that can tell it: numbers as written, else its longest word."""
    found: list[str] = []
    for part in right.parts:
        numbers = ["".join(each for each in word if each.isalnum() or each in ".,:") for word in part.split()]
        numbers = [each.strip(".,:") for each in numbers if any(letter.isdigit() for letter in each)]
        found.append(max(numbers or part.split(), key=len))
    return found
