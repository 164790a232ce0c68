"""HTML elements as Markdown: ATX headings, `-` lists, pipe tables, images as their alternative text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bs4 import Tag

_SAFE_LINK = re.compile(r"(?:https?:|mailto:|tel:|[/#.?]|[^:/?#]*(?:[/?#]|$))", re.IGNORECASE)
_HEADING = re.compile("h[1-6]")
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

        def convert_sup(self, el: Any, text: str, parent_tags: set[str]) -> str:
            return f"^{text.strip()}" if text.strip() else ""

        def convert_td(self, el: Any, text: str, parent_tags: set[str]) -> str:
            columns = max(1, int(el.get("colspan") or 1))
            return " " + " ".join(text.replace("|", "\\|").split()) + " |" * columns

        convert_th = convert_td

    for heading in element.find_all(_HEADING):  # empty ones only make space
        if not heading.get_text(strip=True) and heading.find("img") is None:
            heading.extract()
    for caption in element.find_all("caption"):  # inside the table it would read as its first row
        table = caption.find_parent("table")
        if table is not None:
            caption.name = "p"
            table.insert_before(caption.extract())
    for cell in element.find_all(["td", "th"], colspan=True):
        span = str(cell["colspan"])
        cell["colspan"] = str(min(MAX_SPAN, int(span)) if span.isdecimal() and len(span) < 10 else 1)
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
