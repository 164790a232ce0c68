"""Tables as files that spreadsheets read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from fastapi import Response

from concord.service.web.guard import HEADERS

EXPORTED = 10_000
"""Rows of a file at most."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file; a cell that a spreadsheet would compute (CWE-1236) is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_cell(each) for each in row] for row in rows)
    file = f"concord-{name}-{datetime.now(UTC):%Y-%m-%d}.csv"
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{file}"'}
    return Response(out.getvalue().encode("utf-8"), headers=headers, media_type="text/csv; charset=utf-8")


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
