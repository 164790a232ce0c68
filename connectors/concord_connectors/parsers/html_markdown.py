"""HTML elements as Markdown: ATX headings, `-` lists, pipe tables, images as their alternative text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bs4 import Tag

_SAFE_LINK = re.compile(r"(?:https?:|mailto:|tel:|[/#.?]|[^:/?#]*(?:[/?#]|$))", re.IGNORECASE)
_MANY_BLANK_LINES = re.compile(r"\n{3,}")
MAX_SPAN = 50
"""Columns that one cell may span: the attribute is the author's, the memory ours."""


def to_markdown(element: Tag) -> str:
    """The Markdown of `element`; text is not escaped, so that a quote from it reads as the page does."""
    from markdownify import MarkdownConverter

    class Converter(MarkdownConverter):
        def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
            return " ".join(str(el.get("alt") or "").split())

        def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
            label = " ".join(text.split())
            target = str(el.get("href") or "").strip()
            if not label or not target or not _SAFE_LINK.match(target):
                return label
            return f"[{label}]({target.replace(' ', '%20').replace(')', '%29')})"

        def convert_hN(self, n: int, el: Any, text: str, parent_tags: set[str]) -> str:
            return str(super().convert_hN(n, el, text, parent_tags)) if text.strip() else ""

        def convert_sup(self, el: Any, text: str, parent_tags: set[str]) -> str:
            return f"^{text.strip()}" if text.strip() else ""

        def convert_td(self, el: Any, text: str, parent_tags: set[str]) -> str:
            span = str(el.get("colspan") or "1")
            columns = min(MAX_SPAN, max(1, int(span))) if span.isdecimal() and len(span) < 6 else 1
            return " " + " ".join(text.replace("|", "\\|").split()) + " |" * columns

        convert_th = convert_td

    converter = Converter(
        heading_style="ATX",
        bullets="-",
        autolinks=False,
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        table_infer_header=True,
        newline_style="BACKSLASH",
    )
    markdown = str(converter.convert_soup(element)).replace("\\\n", "\n").replace("\xa0", " ")
    lines = (line.rstrip() for line in markdown.split("\n"))
    return _MANY_BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
