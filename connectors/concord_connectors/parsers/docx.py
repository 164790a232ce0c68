"""DOCX: through mammoth's HTML to Markdown, properties from the package's core part."""

from __future__ import annotations

import io
import re
from typing import Any

from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.html_markdown import to_markdown
from concord_connectors.parsers.limits import Limits
from concord_connectors.parsers.markdown_lines import first_heading
from concord_connectors.parsers.office_zip import check_office, core_properties

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
r[style-name='Strong'] => strong
"""
LOST_CONTENT = "elements_not_converted"
"""Warning of a document that holds elements which have no text form, such as embedded objects."""
_LOSS = re.compile(r"unrecognised element was ignored: (?:w:object|o:|w:altChunk)")


def parse(content: bytes, limits: Limits) -> ParsedDocument:
    """Headings, lists and tables of a Word document; pictures become their alternative text, comments are dropped."""
    check_office(content, limits, "word/document.xml", "a Word document", "DOCX")
    properties = core_properties(content)
    html, warnings = _html(content)
    markdown = _markdown(html)
    title = first_heading(markdown.split("\n"), ()) or properties.get("title")
    return ParsedDocument(markdown, title, properties=properties, warnings=warnings)


def _html(content: bytes) -> tuple[str, tuple[str, ...]]:
    import mammoth

    def no_picture(image: Any) -> dict[str, str]:
        return {"src": ""}

    result = mammoth.convert_to_html(
        io.BytesIO(content),
        style_map=_STYLES,
        convert_image=mammoth.images.img_element(no_picture),
        ignore_empty_paragraphs=True,
        external_file_access=False,
    )
    lost = any(_LOSS.search(message.message) for message in result.messages)
    return result.value, (LOST_CONTENT,) if lost else ()


def _markdown(html: str) -> str:
    from bs4 import BeautifulSoup

    return to_markdown(BeautifulSoup(html, "lxml"))
