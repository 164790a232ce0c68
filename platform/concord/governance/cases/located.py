"""Where the catalog has what is right, whoever may read it: for diagnosis, and never shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from concord.answering.overlap import Wanted
from concord.catalog import chunks, items
from concord.catalog.chunks import Chunk
from concord.governance.cases.rightness import Right
from concord_taxonomy.markdown import sentences
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
    """A passage that tells what is right, or part of it, and the share of the question's words that it has.

    `share` is of its whole `section`, `said` of the sentences that tell it; title and headings count for both.
    """

    item: ContentItem
    chunk: Chunk
    share: float = 1.0
    said: float = 1.0
    section: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """Item and ordinal."""
        return self.item.identifier, self.chunk.ordinal


def locate(
    connection: Connection,
    right: Right,
    wanted: Wanted,
    named: Sequence[str],
    near: Iterable[str] = (),
    least: float = LEAST,
) -> tuple[At, ...]:
    """The passages that tell it: of the items that the report names, else of those that have the question's words.

    Items `near` the question are looked at in any case: what is right may be stated by very many.
    """
    held = items.live(connection, named) if named else {}
    passages = chunks.current_chunks(connection, sorted(held)) if held else {}
    places = [At(held[key], each) for key, of in passages.items() for each in of]
    told_there = tuple(each for each in places if not right.parts or right.told(each.chunk.text))
    if told_there or not right.parts:
        return told_there
    stating = chunks.stating(connection, right.parts, LIMIT) + chunks.stating(connection, _needles(right), LIMIT)
    stating += [(key, each) for key, of in chunks.current_chunks(connection, sorted(set(near))).items() for each in of]
    told = {(key, each.ordinal): (key, each) for key, each in stating if right.told(each.text)}
    found = list(told.values())
    if right.worded:  # a sentence is told by any that is like it: its very words come first
        found = [each for each in found if right.literally(each[1].text)] or found
    wanted_items = sorted({identifier for identifier, _ in found})
    live = items.live(connection, wanted_items) if found else {}
    whole = chunks.current_chunks(connection, wanted_items) if found else {}
    places = [_at(live[key], each, whole.get(key, ()), right, wanted) for key, each in found if key in live]
    best = max((each.share for each in places), default=0.0)
    return tuple(each for each in places if each.share >= max(least, best - _NEAR))


def gone(connection: Connection, right: Right, wanted: Wanted, named: Iterable[str]) -> dict[str, float]:
    """Items that told it while they were live, with the share of the question's words; or that the report names."""
    lost = items.gone(connection, LIMIT)
    told = {key: share_of(title, body, right, wanted) for key, (title, body) in lost.items() if right.parts}
    named_ones = {each: 1.0 for each in named if each in lost}
    return {key: share for key, share in told.items() if share} | named_ones


def share_of(title: str, body: str, right: Right, wanted: Wanted) -> float:
    """The share of the question's words where a text tells it best; 0 where it does not."""
    return max((wanted.share(f"{title}\n{part}") for part in _parts(body) if right.told(part)), default=0.0)


def telling(text: str, right: Right) -> list[str]:
    """The sentences of a text that tell it, else the whole text."""
    said = (text[each.start : each.end] for each in sentences(text))
    return [each for each in said if right.told(each)] or [text]


def _at(item: ContentItem, chunk: Chunk, passages: Sequence[Chunk], right: Right, wanted: Wanted) -> At:
    """A place with its shares; a section may have been cut into several passages."""
    head = "\n".join([item.title, *chunk.heading_path])
    section = "\n".join(each.text for each in passages if each.heading_path == chunk.heading_path)
    said = max(wanted.share(f"{head}\n{each}") for each in telling(chunk.text, right))
    return At(item, chunk, wanted.share(f"{head}\n{section}"), said, section)


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
