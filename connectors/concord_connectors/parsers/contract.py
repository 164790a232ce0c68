"""What a parser gives: Markdown that keeps headings, lists, tables and pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as Markdown.

    `metadata` is its front matter or `<meta>` names, `properties` those of its container (PDF, DOCX).
    `first_line` is the 0-based source line at which `markdown` begins, for formats whose lines are the source's own
    (None elsewhere). `page_starts` gives the offset in `markdown` of each page. `warnings` are parse-quality flags.
    """

    markdown: str
    title: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    first_line: int | None = None
    page_starts: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
