"""HTML pages: the main part as Markdown, `<title>`, `<meta>` names and language as metadata."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.html_markdown import to_markdown
from concord_connectors.parsers.limits import Limits
from concord_connectors.parsers.markdown_lines import first_heading
from concord_connectors.parsers.text import GUESSED_ENCODING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

NO_MAIN_PART = "no_main_part"
"""Warning of a page whose main part was guessed from its text."""

_NEVER_TEXT = ["script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "head", "dialog"]
_CHROME = ["nav", "footer", "aside", "form", "button", "select"]
_CHROME_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "menu", "menubar"}
_CHROME_WORDS = re.compile(r"(?:^|[-_\s])(?:nav|navbar|navigation|menu|sidebar|footer|breadcrumbs?|cookie)(?:$|[-_\s])")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_ENOUGH = 0.4
"""Share of the body's text that the guessed main part must keep; below it, the guess threw away content."""


def parse(content: bytes, limits: Limits) -> ParsedDocument:
    """The page's `main` (or only `article`, or body) without navigation, scripts and whatever is hidden from readers.

    A body that carries navigation without marking its main part is left to trafilatura's judgement.
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(content, "lxml")
    warnings: tuple[str, ...] = (
        (GUESSED_ENCODING,) if (soup.original_encoding or "").lower() in ("windows-1252", "cp1252") else ()
    )
    if _declares_encoding(content):
        warnings = ()
    metadata = _metadata(soup)
    _drop_unseen(soup)
    part = _main_part(soup)
    if part is None:
        body = soup.body or soup
        guessed = _has_chrome(body)
        _drop_chrome(body, keep_header=False)
        markdown = to_markdown(body)
        if guessed and (main := _guess(content, markdown)) is not None:
            markdown = main
            warnings += (NO_MAIN_PART,)
    else:
        _drop_chrome(part, keep_header=True)
        markdown = to_markdown(part)
    lines = markdown.split("\n")
    title = first_heading(lines, ()) or metadata.get("title")
    return ParsedDocument(markdown, title, metadata, warnings=warnings)


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
    """Remove what no reader sees; hidden text is a common carrier of planted instructions."""
    from bs4 import Comment

    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for tag in soup.find_all(_NEVER_TEXT):
        tag.extract()
    for tag in soup.find_all(lambda each: _is_hidden(each)):
        tag.extract()


def _is_hidden(tag: Tag) -> bool:
    if tag.has_attr("hidden") or tag.get("aria-hidden") == "true":
        return True
    return tag.has_attr("style") and _HIDDEN_STYLE.search(str(tag["style"])) is not None


def _main_part(soup: BeautifulSoup) -> Tag | None:
    mains = soup.find_all("main") or soup.find_all(role="main")
    candidates = mains or soup.find_all("article")
    return candidates[0] if len(candidates) == 1 else None


def _has_chrome(body: Tag) -> bool:
    """Whether the body carries navigation, by its tags, roles, classes or ids."""
    if body.find(["nav", "aside"]) is not None:
        return True
    for tag in body.find_all(["div", "ul", "section", "table", "td"]):
        words = [str(tag.get("id") or ""), str(tag.get("role") or ""), *(tag.get_attribute_list("class"))]
        if any(word and _CHROME_WORDS.search(str(word).lower()) for word in words):
            return True
    return False


def _drop_chrome(part: Tag, *, keep_header: bool) -> None:
    for tag in part.find_all(_CHROME):
        tag.extract()
    for tag in part.find_all(lambda each: each.get("role") in _CHROME_ROLES):
        tag.extract()
    for tag in part.find_all("header"):
        # The header of an article holds its title; that of a site holds its name and menu.
        if not (keep_header and tag.find(_HEADINGS)):
            tag.extract()


def _guess(content: bytes, whole: str) -> str | None:
    """The main text by trafilatura; None where it finds none, or too little of the body."""
    from trafilatura import extract

    text = extract(
        content,
        output_format="markdown",
        include_comments=False,
        include_tables=True,
        include_links=True,
        include_formatting=True,
        include_images=False,
        favor_recall=True,
        deduplicate=False,
    )
    return text if text and len(text) >= _ENOUGH * len(whole) else None


def _declares_encoding(content: bytes) -> bool:
    return b"charset=" in content[:2048].lower()
