"""CSV and TSV: one table; encoding and delimiter are found out."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice

from concord_connectors.errors import Unparsable
from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.limits import Limits
from concord_connectors.parsers.quality import warning
from concord_connectors.parsers.tables import grid_markdown
from concord_connectors.parsers.text import decode

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 50
_NAMED = re.compile(r"sep=(.)\n", re.IGNORECASE)


def parse_csv(content: bytes, limits: Limits) -> ParsedDocument:
    """A table of values parted by commas, semicolons, tabs or bars, whichever makes the most even columns."""
    decoded = decode(content)
    text, delimiter = decoded.text, ""
    if named := _NAMED.match(text):
        text, delimiter = text[named.end() :], named[1]
    return _document(text, delimiter or _delimiter(text), decoded.warnings, limits)


def parse_tsv(content: bytes, limits: Limits) -> ParsedDocument:
    """A table of values parted by tabs."""
    decoded = decode(content)
    return _document(decoded.text, "\t", decoded.warnings, limits)


def _document(text: str, delimiter: str, warnings: tuple[str, ...], limits: Limits) -> ParsedDocument:
    try:
        rows = _rows(text, delimiter, limits)
    except csv.Error as error:
        raise Unparsable("corrupt", f"its rows cannot be told apart ({error}); export it again") from error
    kept = [row[: limits.columns] for row in rows[: limits.rows]]
    if len(rows) > limits.rows:
        warnings += (warning("rows_cut", f"rows behind the first {limits.rows:,}"),)
    if any(len(row) > limits.columns for row in rows):
        warnings += (warning("rows_cut", f"columns behind the first {limits.columns:,}"),)
    return ParsedDocument(grid_markdown(kept), warnings=warnings)


def _rows(text: str, delimiter: str, limits: Limits) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    # One row more than is kept tells that there are more; bounded by cells, so that many short files stay cheap.
    return list(islice(reader, limits.rows + 1))


def _delimiter(text: str) -> str:
    """The delimiter under which most of the first rows have the same number of columns, more than one."""
    head = text[:100_000]

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), _SAMPLE_ROWS))
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in rows if row)
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        return (count, width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=evenness)
