"""HTML pages: the main part as Markdown, `<title>`, `<meta>` names and language as metadata."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

from concord_connectors.errors import Unparsable
from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.html_main import main_markdown
from concord_connectors.parsers.html_markdown import to_markdown
from concord_connectors.parsers.limits import Limits
from concord_connectors.parsers.markdown_lines import first_heading
from concord_connectors.parsers.text import GUESSED_ENCODING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

NO_MAIN_PART = "no_main_part"
"""Warning of a page with navigation that marks no main part, so that the two were told apart by tags and names."""

_ENTITIES = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*)?<!DOCTYPE[^>\[]*\[[^<]*<!ENTITY", re.IGNORECASE)
_NEVER_TEXT = ["script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "head", "dialog"]
_STRUCK_OUT = ["del", "s", "strike"]
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def parse(content: bytes, limits: Limits) -> ParsedDocument:
    """The page's `main` (or only `article`, or body) without navigation, scripts and what is hidden or struck out."""
    if _ENTITIES.match(content):
        # No browser reads them; what a parser makes of them is not what anybody wrote.
        raise Unparsable("unsafe", "its document type declares entities; take them out")
    soup = _soup(content)
    warnings: tuple[str, ...] = (
        (GUESSED_ENCODING,) if (soup.original_encoding or "").lower() in ("windows-1252", "cp1252") else ()
    )
    if _declares_encoding(content):
        warnings = ()
    metadata = _metadata(soup)
    _drop_unseen(soup)
    markdown, told_apart = main_markdown(soup)
    if told_apart:
        warnings += (NO_MAIN_PART,)
    lines = markdown.split("\n")
    title = first_heading(lines, ()) or metadata.get("title")
    return ParsedDocument(markdown, title, metadata, warnings=warnings)


def fragment(markup: str) -> str:
    """Markup without a page around it, such as a message's, as Markdown without what is hidden from readers."""
    soup = _soup(markup)
    _drop_unseen(soup)
    return to_markdown(soup)


def _soup(markup: bytes | str) -> BeautifulSoup:
    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

    with catch_warnings():
        simplefilter("ignore", XMLParsedAsHTMLWarning)  # XHTML is read as browsers read it
        return BeautifulSoup(markup, "lxml")


def _metadata(soup: BeautifulSoup) -> dict[str, Any]:
    """`<meta name>` (names in lower case; a repeated one becomes a list), then `title` and `lang` of the page."""
    found: dict[str, list[str]] = {}
    for tag in soup.find_all("meta", attrs={"name": True, "content": True}, limit=200):
        found.setdefault(str(tag["name"]).strip().lower(), []).append(str(tag["content"]).strip())
    metadata: dict[str, Any] = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
    if soup.title is not None and (title := " ".join(soup.title.get_text().split())):
        metadata["title"] = title
    if soup.html is not None and (language := str(soup.html.get("lang") or "").strip()):
        metadata["lang"] = language
    return metadata


def _drop_unseen(soup: BeautifulSoup) -> None:
    """Remove what no reader sees, and what is struck out; hidden text is a common carrier of planted instructions."""
    from bs4 import Comment

    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for tag in soup.find_all(_NEVER_TEXT + _STRUCK_OUT):
        tag.extract()
    for tag in soup.find_all(lambda each: _is_hidden(each)):
        tag.extract()


def _is_hidden(tag: Tag) -> bool:
    if tag.has_attr("hidden") or tag.get("aria-hidden") == "true":
        return True
    return tag.has_attr("style") and _HIDDEN_STYLE.search(str(tag["style"])) is not None


def _declares_encoding(content: bytes) -> bool:
    return b"charset=" in content[:2048].lower()
