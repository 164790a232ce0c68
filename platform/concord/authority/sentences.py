"""Sentences of a passage of Markdown, each with its span and what leads up to it.

Sentences end at full stops and at the ends of list items, headings and table rows. A list item knows the sentence that
opens its list; a table cell the names of its row and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ITEM = re.compile(r"^(?P<indent>\s*)(?:[-*+•]|\d{1,3}[.)])\s+")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
_END = re.compile(r"(?<=[.!?])[\"”’)\]*_]*\s+(?=[\"“‘(\[*_]*[A-Z0-9£$€])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|no|mr|mrs|ms|dr|st|inc|ltd|dept|sec|fig|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_MARKUP = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"&(?:rsquo|lsquo|#39|apos);"), "'"),
    (re.compile(r"&(?:nbsp|#160);"), " "),
    (re.compile(r"&(?:mdash|ndash);"), "–"),
    (re.compile(r"\*\*|__|`|<[^>]{1,80}>"), ""),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its text on one line without markup, its span in the passage, what leads up to it, its line."""

    text: str
    start: int
    end: int
    lead: str = ""
    line: int = 0


def split_sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a Markdown passage in order; headings give none."""
    lead, header = "", ()
    for block in _blocks(text):
        if block.kind == "heading":
            lead = ""
        elif block.kind == "row":
            cells = _cells(block.text)
            if not header:
                header = cells
            elif not _RULE.match(block.text):
                yield from _row(block, cells, header)
        else:
            sentences = list(_split(block, lead if block.kind == "item" else ""))
            yield from sentences
            if block.kind == "text" and sentences:
                lead = sentences[-1].text
        if block.kind != "row":
            header = ()


@dataclass(frozen=True, slots=True)
class _Block:
    kind: str
    text: str
    start: int
    line: int


def _blocks(text: str) -> Iterator[_Block]:
    """Lines joined to paragraphs and list items; headings and table rows are blocks of their own."""
    pending: list[str] = []
    kind, start, first, position = "text", 0, 0, 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        starts = (
            "heading" if _HEADING.match(line) else "row" if _ROW.match(line) else "item" if _ITEM.match(line) else ""
        )
        if pending and (starts or not line.strip()):
            yield _Block(kind, "".join(pending), start, first)
            pending = []
        if starts in ("heading", "row"):
            yield _Block(starts, line, position, number)
        elif line.strip():
            if not pending:
                kind, start, first = starts or "text", position, number
            pending.append(line)
        position += len(line)
    if pending:
        yield _Block(kind, "".join(pending), start, first)


def _split(block: _Block, lead: str) -> Iterator[Sentence]:
    opening = _ITEM.match(block.text)
    begin = opening.end() if opening else 0
    ends = [
        match.start() for match in _END.finditer(block.text) if not _ABBREVIATION.search(block.text[: match.start()])
    ]
    for end in [*ends, len(block.text)]:
        raw = block.text[begin:end]
        if raw.strip():
            left = begin + len(raw) - len(raw.lstrip())
            line = block.line + block.text.count("\n", 0, left)
            yield Sentence(clean(raw), block.start + left, block.start + begin + len(raw.rstrip()), lead, line)
        begin = end


def _cells(row: str) -> tuple[str, ...]:
    return tuple(clean(cell) for cell in row.strip().strip("|").split("|"))


def _row(block: _Block, cells: tuple[str, ...], header: tuple[str, ...]) -> Iterator[Sentence]:
    """Each cell after the first as "row name, column name: cell"; the quote's span is the whole row."""
    start = block.start + len(block.text) - len(block.text.lstrip())
    end = block.start + len(block.text.rstrip())
    for index, cell in enumerate(cells[1:], 1):
        if cell:
            column = header[index] if index < len(header) else ""
            yield Sentence(
                f"{cells[0]}, {column}: {cell}" if column else f"{cells[0]}: {cell}", start, end, "", block.line
            )


def clean(text: str) -> str:
    """A text on one line, without Markdown's and HTML's markup."""
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())
