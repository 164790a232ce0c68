"""PDF: Markdown page by page through liteparse, properties through PDFium."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from concord_connectors.errors import Unparsable
from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.limits import Limits
from concord_connectors.parsers.markdown_lines import first_heading
from concord_connectors.parsers.quality import warning

_PROPERTIES = {
    "Title": "title",
    "Author": "author",
    "Subject": "subject",
    "Keywords": "keywords",
    "Creator": "creator_tool",
    "Producer": "producer",
    "CreationDate": "created",
    "ModDate": "modified",
}
_DATE = re.compile(
    r"D:(?P<date>\d{4}(?:\d{2}){0,5})(?P<zone>Z|[+-])?(?P<hours>\d{2})?'?(?P<minutes>\d{2})?'?", re.ASCII
)
_DATE_FORMS = {4: "%Y", 6: "%Y%m", 8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_EMPTY_BLOCK = re.compile(r"```\w*\s*```")
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD


def parse(content: bytes, limits: Limits) -> ParsedDocument:
    """The text layer of a PDF; `page_starts` gives the offset of each page, also of one without text.

    A PDF that opens without a password is read, whatever its owner restricts; one that needs a password is
    `encrypted`.
    """
    properties, pages = _open(content)
    if pages > limits.pages:
        raise Unparsable("too_large", f"it has {pages} pages, more than {limits.pages}; split it")
    texts = _pages(content)
    if not any(texts):
        raise Unparsable("no_text", "its pages are images without text; run it through OCR first")
    markdown, starts = "", []
    for text in texts:
        if markdown and text:
            markdown += "\n\n"
        starts.append(len(markdown))
        markdown += text
    title = first_heading(markdown.split("\n"), ()) or properties.get("title")
    return ParsedDocument(markdown, title, properties=properties, page_starts=tuple(starts), warnings=_warnings(texts))


def _warnings(texts: list[str]) -> tuple[str, ...]:
    missing = sum(1 for text in texts if not text)
    if not missing:
        return ()
    word = "most_pages_without_text" if 2 * missing > len(texts) else "pages_without_text"
    return (warning(word, f"{missing} of {len(texts)}"),)


def pdf_date(text: str) -> str | None:
    """A PDF date (`D:20240131120000+01'00'`, ISO 32000-1 section 7.9.4) as ISO 8601; None for what is none."""
    match = _DATE.match(text)
    if match is None:
        return None
    try:
        moment = datetime.strptime(match["date"], _DATE_FORMS[len(match["date"])])
        offset = timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0))
        zone = timezone(-offset if match["zone"] == "-" else offset)
    except ValueError:
        return None
    return moment.replace(tzinfo=zone).isoformat()


def _open(content: bytes) -> tuple[dict[str, Any], int]:
    """Properties and number of pages; raises `Unparsable` for a file that does not open."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR:
            raise Unparsable("encrypted", "it needs a password; store it without one") from error
        raise Unparsable("corrupt", f"it does not open as a PDF ({error}); export it again") from error
    try:
        properties: dict[str, Any] = {}
        for name, value in document.get_metadata_dict(skip_empty=True).items():
            if (key := _PROPERTIES.get(name)) is not None:
                properties[key] = (pdf_date(value) or value) if key in ("created", "modified") else value
        return properties, len(document)
    finally:
        document.close()


def _pages(content: bytes) -> list[str]:
    from liteparse.parser import LiteParse
    from liteparse.types import ParseError

    try:
        with LiteParse(
            output_format="markdown",
            ocr_enabled=False,
            image_mode="off",
            keep_headers_footers=True,
            quiet=True,
        ) as parser:
            result = parser.parse(content)
    except ParseError as error:
        raise Unparsable("corrupt", f"its pages cannot be read ({error}); export it again") from error
    return [_EMPTY_BLOCK.sub("", page.markdown or "").strip() for page in result.pages]
