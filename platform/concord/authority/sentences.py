"""Sentences of a passage, each with its span and what leads up to it.

Cut as everywhere (`concord_taxonomy.markdown`), so that spans agree with those of quotes; beyond that a list item knows
the sentence that opens its list, and a table's cell the names of its row and column.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

from concord_taxonomy.markdown import Block, BlockKind, blocks, plain, sentences


@dataclass(frozen=True, slots=True)
class StatedSentence:
    """A sentence in plain words, its span in the passage, what leads up to it, and the line on which it begins.

    `lead` is the sentence that opens a list. Of a table's cell `text` is "row, column: cell", the span is the row's,
    `body` is where the cell begins in `text`, and `case` is the row's name: what the cell says holds in that case.
    """

    text: str
    start: int
    end: int
    lead: str = ""
    line: int = 0
    body: int = 0
    case: str = ""


def stated_sentences(text: str) -> Iterator[StatedSentence]:
    """Yield the sentences of a Markdown passage in order; headings and code give none."""
    whole = sentences(text)
    lead = ""
    for block in blocks(text):
        inside = [each for each in whole if block.start <= each.start < block.end]
        if block.kind is BlockKind.TABLE:
            yield from _cells(text, block)
        elif block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST):
            for each in inside:
                line = text.count("\n", 0, each.start)
                opening = lead if block.kind is BlockKind.LIST else ""
                yield StatedSentence(html.unescape(each.text), each.start, each.end, opening, line)
        if block.kind is BlockKind.PARAGRAPH and inside:
            lead = inside[-1].text
        elif block.kind is not BlockKind.LIST:
            lead = ""


def _cells(text: str, block: Block) -> Iterator[StatedSentence]:
    header: tuple[str, ...] = ()
    start = block.start
    for row in text[block.start : block.end].split("\n"):
        cells = tuple(plain(cell) for cell in row.strip().strip("|").split("|"))
        if not header:
            header = cells
        elif any(cell.strip("-: ") for cell in cells):
            line = text.count("\n", 0, start)
            for column, cell in enumerate(cells[1:], 1):
                if cell:
                    name = f", {header[column]}" if column < len(header) and header[column] else ""
                    before = html.unescape(f"{cells[0]}{name}: ")
                    whole = before + html.unescape(cell)
                    yield StatedSentence(whole, start, start + len(row), "", line, len(before), html.unescape(cells[0]))
        start += len(row) + 1
