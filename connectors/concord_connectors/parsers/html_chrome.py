"""What surrounds a page's content: navigation, banners, footers, forms; told by tags, roles and telling names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

_TAGS = {"nav", "footer", "aside", "button", "select"}
_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SECTIONS = {"main", "article", "section"}
_NAMED = {"div", "ul", "ol", "section", "table", "td", "p"}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LINKS_NAME = re.compile(r"(?:^|[-_])(?:nav|navbar|navigation|menu|sidebar|footer|breadcrumbs?|cookie)(?:$|[-_])")
"""Names of what is chrome when it is made of links: a canteen's `menu` of dishes is not."""
_SURE_NAME = re.compile(
    r"(?:(?:site|page|global|main)[-_]?)?footer|(?:[a-z]+[-_])?breadcrumbs?|cookies?"
    r"|(?:[a-z]+[-_])*cookies?[-_]?(?:banner|bar|consent|law|message|modal|notice|overlay|popup)(?:[-_][a-z]+)*"
    r"|onetrust[-_].{0,40}"
)
_MOSTLY = 0.5
"""Share of its text in links from which a named part is navigation, and of the page's text from which a form wraps it.

Some servers put a whole page into one form.
"""


@dataclass(frozen=True, slots=True)
class _Held:
    """What a tag holds, in characters and tags, without what was dropped from it; `whole` is the page's text."""

    text: int
    linked: int
    titles: int
    headings: int
    whole: int


def carries_navigation(body: Tag) -> bool:
    """Whether the body carries navigation, by its tags, roles, classes or ids."""
    return body.find(["nav", "aside"]) is not None or any(
        _LINKS_NAME.search(name) or name in _ROLES for tag in body.find_all(list(_NAMED)) for name in _names(tag)
    )


def drop_chrome(part: Tag) -> None:
    """Remove navigation, footers, asides, forms and site headers from `part`.

    A header inside an article, a section or the main part holds its title and stays. That of the site goes, but for
    the only `h1` of the page.
    """
    _drop(part, lambda tag, held: tag.name in _TAGS or (tag.get("role") in _ROLES and tag.name != "header"))
    if part.name not in _SECTIONS and part.get("role") != "main":
        for header in _site_headers(part):
            titles = header.find_all("h1")
            if len(titles) == 1 and len(part.find_all("h1", limit=2)) == 1:
                header.insert_before(titles[0].extract())
            header.extract()
    _drop(part, lambda tag, held: tag.name == "header" and not held.headings)
    _drop(part, lambda tag, held: tag.name == "form" and not held.titles and held.text <= _MOSTLY * held.whole)


def drop_named_chrome(body: Tag) -> None:
    """Remove what classes and ids call navigation, footer or cookie banner; never the page's title or all its text."""
    _drop(body, _is_named_chrome)


def _site_headers(body: Tag) -> list[Tag]:
    """The outermost headers that are in no section."""
    from bs4 import Tag

    headers: list[Tag] = []
    below: set[int] = set()
    for node in body.descendants:
        if isinstance(node, Tag) and (id(node.parent) in below or node.name in (*_SECTIONS, "header")):
            if node.name == "header" and id(node.parent) not in below:
                headers.append(node)
            below.add(id(node))
    return headers


def _is_named_chrome(tag: Tag, held: _Held) -> bool:
    if tag.name not in _NAMED or held.titles or held.text == held.whole:
        return False
    names = _names(tag)
    if tag.name != "td" and any(_SURE_NAME.fullmatch(name) for name in names):
        return True
    return held.linked >= _MOSTLY * held.text and any(_LINKS_NAME.search(name) for name in names)


def _names(tag: Tag) -> list[str]:
    values = [tag.get("id"), tag.get("role"), *tag.get_attribute_list("class")]
    return [_CAMEL.sub("-", name).lower() for value in values if value for name in str(value).split()]


def _drop(part: Tag, is_chrome: Callable[[Tag, _Held], bool]) -> None:
    """Remove the tags below `part` that `is_chrome` picks, inner ones first, in one pass over the tree."""
    from bs4.element import NavigableString, Tag

    nodes = list(part.descendants)
    whole = sum(len(node.strip()) for node in nodes if isinstance(node, NavigableString))
    text: Counter[int] = Counter()
    linked: Counter[int] = Counter()
    titles: Counter[int] = Counter()
    headings: Counter[int] = Counter()
    for node in reversed(nodes):  # children come before their parents
        above = id(node.parent)
        if isinstance(node, NavigableString):
            text[above] += len(node.strip())
        elif isinstance(node, Tag):
            here = id(node)
            if is_chrome(node, _Held(text[here], linked[here], titles[here], headings[here], whole)):
                whole -= text[here]
                node.extract()
                continue
            text[above] += text[here]
            linked[above] += text[here] if node.name == "a" else linked[here]
            titles[above] += 1 if node.name == "h1" else titles[here]
            headings[above] += 1 if node.name in _HEADINGS else headings[here]
