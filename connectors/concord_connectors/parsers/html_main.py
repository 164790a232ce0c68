"""The content of a page as Markdown: the part that it marks as main, else its body without what surrounds it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from concord_connectors.parsers.html_chrome import carries_navigation, drop_chrome, drop_named_chrome
from concord_connectors.parsers.html_markdown import to_markdown
from concord_connectors.parsers.markdown_lines import plain_text

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_PROSE = ["p", "li", "dd", "pre", "blockquote"]
_ROW_PARTS = ["tr", "tbody", "thead", "tfoot", "caption", "td", "th"]
_STRUCTURED = 0.5
"""Share of the body's text in paragraphs and lists from which a body without headings can be relied on."""
_ENOUGH = 0.8
"""Share of the body's text outside of links that a guess must keep; below it, the guess threw away content."""
_BLOCK = re.compile(r"[ >]*(?:(?P<heading>#{1,6}) |(?P<item>[-*+]|\d{1,9}[.)]) |(?P<row>\|))")
_NOT_WORD = re.compile(r"[\W_]+")


def main_markdown(soup: BeautifulSoup) -> tuple[str, bool]:
    """The content's Markdown, and whether navigation had to be told from it without a marked main part.

    `soup` is used up. The text of a body made of nothing but `div` is left to trafilatura's judgement, unless that
    loses a heading, a list item, a table row or much of the text, or doubles some of it.
    """
    body = soup.body or soup
    main = _only(soup.find_all("main") or soup.find_all(role="main"))
    if main is not None:
        drop_chrome(main)
        _unwrap_layout(main)
        return to_markdown(main), False
    navigation = carries_navigation(body)
    drop_chrome(body)
    article = _only(soup.find_all("article"))
    if article is not None and _is_the_page(article, body):
        _unwrap_layout(article)
        return to_markdown(article), False
    drop_named_chrome(body)
    _unwrap_layout(body)
    html, prose = str(body), _letters_outside_links(body)
    structured = _is_structured(body)
    markdown = to_markdown(body)
    if navigation and not structured and (guess := _guess(html)) is not None:
        lost = _blocks(markdown) - _blocks(guess)
        doubled = _words(guess) - _words(markdown)
        if not lost and not doubled and _letters(guess) >= _ENOUGH * prose:
            markdown = guess
    return markdown, navigation


def _only(tags: list[Tag]) -> Tag | None:
    return tags[0] if len(tags) == 1 else None


def _is_the_page(article: Tag, body: Tag) -> bool:
    """Whether a lone article is the page's content: not a teaser, and the page's title is not above it."""
    if len(article.find_all("h1")) < len(body.find_all("h1")):
        return False
    return _letters(article.get_text()) >= _STRUCTURED * _letters_outside_links(body)


def _unwrap_layout(part: Tag) -> None:
    """Tables that only place things on the page become plain blocks, so that headings and lists in them survive."""
    from bs4 import Tag

    tags = [node for node in part.descendants if isinstance(node, Tag)]
    titled: set[int] = set()
    for tag in reversed(tags):  # children come before their parents
        if tag.name in ("h1", "h2") or (id(tag) in titled and tag.name not in ("th", "caption")):
            titled.add(id(tag.parent))
    table_of: dict[int, Tag | None] = {}
    layout: list[Tag] = []
    for tag in tags:
        table = tag if tag.name == "table" else table_of.get(id(tag.parent))
        table_of[id(tag)] = table
        if table is not None and (id(table) in titled or table.get("role") in ("presentation", "none")):
            layout.append(tag)
    for tag in layout:
        if tag.name == "table" or tag.name in _ROW_PARTS:
            tag.name = "div"


def _is_structured(body: Tag) -> bool:
    if any(heading.get_text(strip=True) for heading in body.find_all(_HEADINGS)):
        return True
    return _letters_within(body, _PROSE) >= _STRUCTURED * _letters(body.get_text())


def _letters_outside_links(body: Tag) -> int:
    return _letters(body.get_text()) - _letters_within(body, ["a"])


def _letters_within(body: Tag, names: list[str]) -> int:
    """The letters below tags of these names, in one pass over the tree."""
    from bs4 import Tag

    within: set[int] = set()
    letters = 0
    for node in body.descendants:
        below = id(node.parent) in within
        if isinstance(node, Tag):
            if below or node.name in names:
                within.add(id(node))
        elif below:
            letters += _letters(str(node))
    return letters


def _letters(text: str) -> int:
    return len(_NOT_WORD.sub("", text))


def _blocks(markdown: str) -> Counter[tuple[str, str]]:
    """The headings, list items and table rows, by kind and words."""
    found: Counter[tuple[str, str]] = Counter()
    for line in markdown.split("\n"):
        if (block := _BLOCK.match(line)) and (words := _NOT_WORD.sub(" ", plain_text(line[block.end() :])).strip()):
            found[str(block.lastgroup), words] += 1
    return found


def _words(markdown: str) -> Counter[str]:
    return Counter(_NOT_WORD.sub(" ", markdown).split())


def _guess(html: str) -> str | None:
    """The main text by trafilatura, of a page from which chrome and hidden text are gone; None where it finds none."""
    from trafilatura import extract

    text = extract(
        html,
        output_format="markdown",
        include_comments=False,
        include_tables=True,
        include_links=True,
        include_formatting=True,
        include_images=False,
        favor_recall=True,
        deduplicate=False,
    )
    return text or None
