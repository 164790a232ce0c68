"""Markdown as blocks and sentences with offsets: what chunking, tagging and quoting all read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, zip_longest

# Every repetition that a document fills is bounded or cannot be matched in two ways, so that no text takes long.
_HEADING = re.compile(r"(#{1,6})[ \t]")
_UNDERLINE = re.compile(r"(=+|-+)[ \t]*$")
_FENCE = re.compile(r"[ \t]{0,3}(```+|~~~+)")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_LEAD = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]?)*")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,1000})\](?:\([^)\n]{0,1000}\)|\[[^\]\n]{0,1000}\])")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)(?=\S)(.{1,500}?)(?<=\S)\1")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)\]*_]*\s+(?=[\"“‘(\[*_]*[A-Z0-9£$€])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|no|mr|mrs|ms|dr|st|inc|ltd|dept|sec|fig"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_RULE = re.compile(r"\|?[\s:|-]+\|?")
_TAG = re.compile(r"</?[A-Za-z][^>\n]{0,300}>")


SENTENCES_VERSION = 2
"""Raised when `sentences` finds others in the same text; vectors of sentences are kept under it."""


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a document: its kind and offsets (end exclusive), and the headings above it, outermost first."""

    kind: BlockKind
    start: int
    end: int
    heading_path: tuple[str, ...]


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a Markdown text, in order; a heading's own path ends with itself."""
    path: list[tuple[int, str]] = []
    for kind, start, end, level in _runs(text):
        if kind is BlockKind.HEADING:
            title = plain(text[start:end].split("\n")[0].strip().lstrip("#").rstrip("#").strip())
            path = [entry for entry in path if entry[0] < level]
            if title:
                path.append((level, title))
        yield Block(kind, start, end, tuple(title for _, title in path))


def _runs(text: str) -> Iterator[tuple[BlockKind, int, int, int]]:
    """Group lines into blocks: kind, start, end, heading level."""
    lines = _lines(text)
    number = 0
    while number < len(lines):
        start, line = lines[number]
        if not line.strip():
            number += 1
            continue
        first = number
        level = _heading_level(lines, number)
        if level:
            number += 1 if _HEADING.match(line) else 2
            kind = BlockKind.HEADING
        elif fence := _FENCE.match(line):
            number = _past_fence(lines, number + 1, fence[1])
            kind = BlockKind.CODE
        elif line.lstrip().startswith("|"):
            kind = BlockKind.TABLE
            while number < len(lines) and lines[number][1].lstrip().startswith("|"):
                number += 1
        else:
            kind = BlockKind.LIST if _LIST_ITEM.match(line) else BlockKind.PARAGRAPH
            number = _past_text(lines, number + 1, kind)
        last_start, last = lines[number - 1]
        yield kind, start, last_start + len(last.rstrip()), level
        number = max(number, first + 1)


def _lines(text: str) -> list[tuple[int, str]]:
    found, position = [], 0
    for line in text.split("\n"):
        found.append((position, line))
        position += len(line) + 1
    return found


def _heading_level(lines: list[tuple[int, str]], number: int) -> int:
    line = lines[number][1]
    if match := _HEADING.match(line):
        return len(match[1])
    below = lines[number + 1][1] if number + 1 < len(lines) else ""
    underlined = _UNDERLINE.match(below) and not _LIST_ITEM.match(line) and not line.lstrip().startswith(("|", ">"))
    if underlined and (len(below.strip()) > 1):
        return 1 if below.startswith("=") else 2
    return 0


def _past_fence(lines: list[tuple[int, str]], number: int, fence: str) -> int:
    while number < len(lines) and not lines[number][1].strip().startswith(fence):
        number += 1
    return min(number + 1, len(lines))


def _past_text(lines: list[tuple[int, str]], number: int, kind: BlockKind) -> int:
    """Go past the lines of a paragraph or a list; blank lines between the items of one list belong to it."""
    while number < len(lines):
        line = lines[number][1]
        if not line.strip():
            after = lines[number + 1][1] if number + 1 < len(lines) else ""
            if kind is BlockKind.LIST and (_LIST_ITEM.match(after) or after.startswith("  ")) and after.strip():
                number += 1
                continue
            break
        if _HEADING.match(line) or _FENCE.match(line) or line.lstrip().startswith("|"):
            break
        if kind is BlockKind.PARAGRAPH and (_LIST_ITEM.match(line) or _heading_level(lines, number)):
            break
        number += 1
    return number


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, a list item's sentence, or a table row: offsets into the text (end exclusive) and its plain words."""

    start: int
    end: int
    text: str


def sentences(text: str) -> list[Sentence]:
    """The sentences of a Markdown text: list items and table rows stand alone, headings are left out.

    A row reads "Grade: B; Days: 27", for a row without the names of its columns says nothing.
    """
    found: list[Sentence] = []
    for block in blocks(text):
        if block.kind is BlockKind.TABLE:
            found.extend(_rows(text, block))
        elif block.kind is BlockKind.CODE:
            inside = " ".join(text[block.start : block.end].split("\n")[1:-1])
            found.append(Sentence(block.start, block.end, " ".join(inside.split())))
        elif block.kind is not BlockKind.HEADING:
            for start, end in _paragraphs(text, block):
                found.extend(_split(text, start, end))
    return found


def _rows(text: str, block: Block) -> Iterator[Sentence]:
    header: list[str] = []
    start = block.start
    for number, line in enumerate(text[block.start : block.end].split("\n")):
        cells = [plain(cell) for cell in line.strip().strip("|").split("|")]
        if number == 0 and "\n" in text[block.start : block.end]:
            header = cells
        elif not _RULE.fullmatch(line.strip()):
            named = [
                f"{name}: {cell}" if name else cell for name, cell in zip_longest(header, cells, fillvalue="") if cell
            ]
            if named:
                yield Sentence(start, start + len(line.rstrip()), "; ".join(named))
        start += len(line) + 1


def _paragraphs(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Stretches inside which sentences are looked for: a list's items, a paragraph."""
    start = position = block.start
    for line in text[block.start : block.end].split("\n"):
        item = block.kind is BlockKind.LIST and _LIST_ITEM.match(line)
        if (item or not line.strip()) and position > start:
            yield start, position - 1
            start = position
        position += len(line) + 1
    yield start, block.end


def _split(text: str, start: int, end: int) -> Iterator[Sentence]:
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    edges = [start, *(start + cut for cut in sentence_starts(text[start:end])), end]
    for first, last in pairwise(edges):
        yield from _sentence(text, first, last)


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    stretch = text[start:end].rstrip()
    words = plain(stretch)
    if re.search(r"\w", words):
        yield Sentence(start, start + len(stretch), words)


def sentence_starts(text: str) -> Iterator[int]:
    """Offsets at which the second and every later sentence of a paragraph begins; abbreviations end none."""
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[max(0, match.start() - 12) : match.start()]):
            yield match.end()


def plain(text: str) -> str:
    """The words of inline Markdown: links become their labels, emphasis and tags go, white space is folded."""
    text = _LINK.sub(r"\1", text)
    for _ in range(3):
        text, found = _EMPHASIS.subn(r"\2", text)
        if not found:
            break
    return " ".join(_TAG.sub(" ", text).split())
