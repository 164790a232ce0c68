"""Tables as files that spreadsheets read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from fastapi import Response
from starlette.concurrency import run_in_threadpool

from concord.service.web.guard import HEADERS

EXPORTED = 10_000
"""Rows of a file at most."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file, written off the event loop; a cell that a spreadsheet would compute (CWE-1236) is marked as text."""
    written = await run_in_threadpool(_written, head, rows)
    file = f"concord-{name}-{datetime.now(UTC):%Y-%m-%d}.csv"
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{file}"'}
    return Response(written, headers=headers, media_type="text/csv; charset=utf-8")


def _written(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_cell(each) for each in row] for row in rows)
    return out.getvalue().encode("utf-8")


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
