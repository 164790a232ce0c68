"""Grids of cells as Markdown: header row found, empty edges trimmed, wide tables split with their first column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

COLUMNS_AT_ONCE = 20
"""Columns of one Markdown table; a wider one goes on in another that repeats the first column."""

_HEADER_ROWS = 5
_NUMBER = re.compile(r"[-+(]?[£$€¥]?\s?\d[\d,.\s]*%?\)?|\d{4}-\d\d-\d\d.*|\d{1,2}[:/.]\d{1,2}.*", re.ASCII)

Row = Sequence[str]


def cell_text(text: str) -> str:
    """The text of a cell on one line, as a Markdown table can hold it."""
    return " ".join(text.split()).replace("|", "\\|")


def table(rows: Sequence[Row]) -> str:
    """Rows, the first of which is the header, as one or, where they are wide, several Markdown tables."""
    width = max(len(row) for row in rows)
    full = [[cell_text(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    if width <= COLUMNS_AT_ONCE:
        return _table(full)
    step = COLUMNS_AT_ONCE - 1
    parts = [[[row[0], *row[start : start + step]] for row in full] for start in range(1, width, step)]
    return "\n\n".join(_table(part) for part in parts)


def _table(rows: Sequence[Row]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "| " + " | ".join("---" for _ in rows[0]) + " |", *lines[1:]])


def grid_markdown(rows: Sequence[Row]) -> str:
    """A sheet's cells as its reader sees them: blocks between empty rows, each a table or, in one column, paragraphs.

    What stands alone in the rows above a table, such as its title, becomes paragraphs.
    """
    return "\n\n".join(part for block in _blocks(rows) for part in _block_markdown(block))


def _blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Runs of rows with content, without the columns that are empty in all of a run's rows."""
    run: list[Row] = []
    for row in [*rows, []]:
        if any(cell.strip() for cell in row):
            run.append(row)
        elif run:
            width = max(len(each) for each in run)
            used = [index for index in range(width) if any(index < len(each) and each[index].strip() for each in run)]
            yield [[each[index] if index < len(each) else "" for index in used] for each in run]
            run = []


def _block_markdown(block: Sequence[Row]) -> Iterator[str]:
    start = 0
    while start < len(block) and _filled(block[start]) == 1 and len(block[start]) > 1 and _title_above(block, start):
        yield " ".join(next(cell for cell in block[start] if cell.strip()).split())
        start += 1
    rest = block[start:]
    if not rest:
        return
    if len(rest[0]) == 1:
        yield from (" ".join(row[0].split()) for row in rest)
        return
    header, body = _headed(rest)
    yield table([header, *body])


def _title_above(block: Sequence[Row], index: int) -> bool:
    """Whether the row stands above a table rather than being its first row: a fuller row follows soon."""
    return any(_filled(row) > 1 for row in block[index + 1 : index + 1 + _HEADER_ROWS])


def _headed(rows: Sequence[Row]) -> tuple[Row, Sequence[Row]]:
    """The header of a table, and its other rows; letters name the columns of one that has no header."""
    first = rows[0]
    if len(rows) == 1 or any(_NUMBER.fullmatch(cell.strip()) for cell in first[1:] if cell.strip()):
        if _looks_like_years(first) and len(rows) > 1:
            return first, rows[1:]
        return [_letter(index) for index in range(len(first))], rows
    return first, rows[1:]


def _looks_like_years(row: Row) -> bool:
    """A first row such as `Grade | 2024 | 2025`: its numbers are names of columns."""
    cells = [cell.strip() for cell in row[1:] if cell.strip()]
    names = all(re.fullmatch(r"(?:19|20)\d\d|[A-Za-z].*", cell) for cell in cells)
    return bool(cells) and names and not _NUMBER.fullmatch(row[0].strip() or "x")


def _filled(row: Row) -> int:
    return sum(1 for cell in row if cell.strip())


def _letter(index: int) -> str:
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return f"Column {name}"
