"""Bounds on what a parser takes and gives; beyond one, a document becomes the failure `too_large`."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one document.

    `bytes` of the source, `characters` of the Markdown, `pages` of a PDF or slides of a presentation; for zip
    containers such as DOCX the number of `members` and their `unpacked_bytes` together. Tables are cut, with a warning,
    behind `rows` and `columns` of a sheet and `cells` of a workbook. Time and memory are bounded by the process that
    parses (`containment`).
    """

    bytes: int = 50 * _MIB
    characters: int = 5_000_000
    pages: int = 2_000
    members: int = 5_000
    unpacked_bytes: int = 200 * _MIB
    rows: int = 20_000
    columns: int = 200
    cells: int = 500_000


DEFAULT_LIMITS = Limits()
