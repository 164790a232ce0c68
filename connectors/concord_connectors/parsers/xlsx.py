"""XLSX: each visible sheet a section, its cells as a reader sees them, read row by row through openpyxl."""

from __future__ import annotations

import io
import re
import warnings as python_warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.limits import Limits
from concord_connectors.parsers.number_format import shown
from concord_connectors.parsers.office_zip import check_office, core_properties
from concord_connectors.parsers.quality import warning
from concord_connectors.parsers.tables import grid_markdown

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_MERGED = re.compile(rb'<mergeCell\b[^>]{0,200}?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_FORMULA = re.compile(rb"<f\b[^>]{0,500}(?:/>|>[^<]{0,10000}</f>)(?:<v\s{0,5}/>|<v></v>)?</c>")
_MAX_MERGED = 10_000


@dataclass(slots=True)
class _Budget:
    """The cells that may still be read, and the warnings so far."""

    cells: int
    warnings: list[str] = field(default_factory=list)

    def cut(self, what: str) -> None:
        self.warnings.append(warning("rows_cut", what))


def parse(content: bytes, limits: Limits) -> ParsedDocument:
    """Sheets with headings and tables; formulas give the value that was last computed, hidden sheets are left out."""
    check_office(content, limits, "xl/workbook.xml", "a workbook", "XLSX")
    from openpyxl import load_workbook

    budget = _Budget(limits.cells)
    parts: list[str] = []
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")  # what openpyxl does not keep, such as drop-down lists, has no text
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        hidden = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state != "visible"]
        missing = 0
        for sheet in workbook.worksheets:
            if sheet.sheet_state != "visible":
                continue
            xml = _part(content, sheet)
            missing += sum(1 for _ in _FORMULA.finditer(xml))
            body = grid_markdown(_spread(_rows(sheet, limits, budget), xml))
            if body:
                parts.append(f"## {' '.join(sheet.title.split())}\n\n{body}")
    finally:
        workbook.close()
    if hidden:
        budget.warnings.append(warning("hidden_sheets", ", ".join(hidden)))
    if missing:
        budget.warnings.append(warning("formulas_without_values", missing))
    properties = core_properties(content)
    return ParsedDocument(
        "\n\n".join(parts), properties.get("title"), properties=properties, warnings=tuple(budget.warnings)
    )


def _rows(sheet: ReadOnlyWorksheet, limits: Limits, budget: _Budget) -> list[list[str]]:
    """The sheet's rows as text; what is behind a limit is cut, and said so."""
    rows: list[list[str]] = []
    sheet.reset_dimensions()  # what the file says of its own size is not to be trusted
    for number, cells in enumerate(_cells(sheet), 1):
        if number > limits.rows:
            budget.cut(f"{sheet.title}: rows behind the first {limits.rows:,}")
            break
        if len(cells) > budget.cells:
            budget.cut(f"{sheet.title}: rows behind row {number - 1:,} ({limits.cells:,} cells in all)")
            break
        budget.cells -= len(cells)
        rows.append([shown(cell.value, getattr(cell, "number_format", "General")) for cell in cells])
    if any(any(text for text in row[limits.columns :]) for row in rows):
        budget.cut(f"{sheet.title}: columns behind the first {limits.columns:,}")
        rows = [row[: limits.columns] for row in rows]
    return rows


def _cells(sheet: ReadOnlyWorksheet) -> Iterator[tuple[Any, ...]]:
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        yield from sheet.iter_rows()


def _part(content: bytes, sheet: Any) -> bytes:
    """The XML of a sheet, for what reading row by row does not give."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(sheet._worksheet_path)


def _spread(rows: list[list[str]], xml: bytes) -> list[list[str]]:
    """Rows in which the value of merged cells stands in each of them: so it reads in every row of a table.

    A merged title across the columns stays where it is.
    """
    from openpyxl.utils import column_index_from_string

    for count, found in enumerate(_MERGED.finditer(xml)):
        if count >= _MAX_MERGED:
            break
        left = column_index_from_string(found[1].decode()) - 1
        top, bottom = int(found[2]) - 1, int(found[4]) - 1
        if top >= len(rows) or left >= len(rows[top]) or not rows[top][left] or bottom == top:
            continue
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row):
                row[left] = rows[top][left]
    return rows
