"""A page's Markdown as HTML that is safe to show, with one passage of it marked.

HTML in the text is shown as the text that it is, images as their description, and only links to the web or to an
address of mail are links: what a document says can load nothing and run nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Any
from urllib.parse import urlsplit

from lxml import html
from lxml.html import HtmlElement
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

LONGEST = 400_000
"""Characters of a text that are shown."""
_SCHEMES = frozenset({"http", "https", "mailto"})
_BREAK = re.compile(r"&lt;br\s{0,3}/?&gt;", re.IGNORECASE)
_UNSHOWABLE = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no HTML can hold: control characters and halves of characters."""
_BLOCKS = ("p", "li", "tr", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_ENOUGH = 0.6
"""Share of a passage's words that a block must hold to be taken for it."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text as HTML. `headings` are those above the marked passage; `cut` says that its end is left out."""

    html: Markup
    marked: bool = False
    headings: tuple[str, ...] = ()
    cut: bool = False


def document(text: str, title: str = "", passage: str = "") -> Document:
    """Render a Markdown text; a first heading that repeats `title` is left out, and `passage` is marked."""
    shown = _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text[:LONGEST])
    tree: HtmlElement = html.fragment_fromstring(f"<div>{_markdown().render(shown)}</div>")
    first = next(iter(tree), None)
    if first is not None and first.tag in _HEADINGS and _letters(first.text_content()) == _letters(title):
        tree.remove(first)
    for table in list(tree.iter("table")):
        _scrollable(table)
    mark = _mark(tree, passage) if passage.strip() else None
    headings = tuple(_above(tree, mark)) if mark is not None else ()
    inner = html_escaped(tree.text or "") + "".join(str(html.tostring(each, encoding="unicode")) for each in tree)
    return Document(Markup(inner), mark is not None, headings, len(text) > LONGEST)  # noqa: S704


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.validateLink = lambda url: True  # type: ignore[method-assign]  # _only_safe decides
    made.core.ruler.push("only_safe", lambda state: _only_safe(state.tokens))
    made.add_render_rule("image", _image)
    made.add_render_rule("text", _text)
    return made


def _only_safe(tokens: Sequence[Token]) -> None:
    """Take the links out that lead anywhere but to the web or to mail, and let headings start below the page's own."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
        if token.children:
            token.children[:] = _linked(token.children)


def _linked(tokens: Sequence[Token]) -> Iterator[Token]:
    dropped: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            dropped.append(not _leads_out(str(token.attrGet("href") or "")))
            if not dropped[-1]:
                token.attrs = {"href": token.attrs["href"], "rel": "noopener noreferrer nofollow", "target": "_blank"}
        if token.type in ("link_open", "link_close") and dropped and dropped[-1]:
            if token.type == "link_close":
                dropped.pop()
            continue
        if token.type == "link_close" and dropped:
            dropped.pop()
        yield token


def _leads_out(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES and bool(parts.netloc or parts.scheme.lower() == "mailto")


def _image(self: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    said = self.renderInlineAsText(tokens[at].children or [], options, env).strip()
    return f'<span class="image-left-out">{html_escaped(f"Image: {said}" if said else "Image")}</span>'


def _text(self: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return _BREAK.sub("<br>", html_escaped(tokens[at].content))


def html_escaped(text: str) -> str:
    """A text in which nothing is markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _scrollable(table: HtmlElement) -> None:
    """Put a table into a box that scrolls by itself, by keyboard too."""
    box = html.Element("div", {"class": "table", "tabindex": "0", "role": "region", "aria-label": "Table"})
    table.getparent().replace(table, box)
    box.tail, table.tail = table.tail, None
    box.append(table)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _mark(tree: HtmlElement, passage: str) -> HtmlElement | None:
    """Mark the passage, letter by letter where it stands so, as a row, else the block that holds most of its words."""
    wanted = _letters(passage)
    mark = _mark_letters(tree, wanted)
    if mark is None:
        row = _row(tree, wanted)
        block = row if row is not None else _block(tree, passage)
        mark = _marked(block) if block is not None else None
    return mark


def _row(tree: HtmlElement, wanted: str) -> HtmlElement | None:
    """The row that is quoted with the names of its columns (`Grade: B; Days: 27`), or by a cell (`B, Days: 27`)."""
    for table in tree.iter("table"):
        header: list[str] = []
        for row in table.iter("tr"):
            cells = [_letters(each.text_content()) for each in row.iter("th", "td")]
            if not header:
                header = cells
                continue
            named = [name + cell for name, cell in zip_longest(header, cells, fillvalue="") if cell]
            if wanted and wanted in ("".join(named), *(cells[0] + each for each in named)):
                return row
    return None


def _mark_letters(tree: HtmlElement, wanted: str) -> HtmlElement | None:
    places: list[tuple[int, int]] = []  # of each letter: the text it stands in, and where there
    letters: list[str] = []
    texts = list(_texts(tree))
    for number, (owner, kind) in enumerate(texts):
        for offset, character in enumerate(getattr(owner, kind)):
            for letter in filter(str.isalnum, character.casefold()):
                letters.append(letter)
                places.append((number, offset))
    at = "".join(letters).find(wanted) if len(wanted) > 3 else -1
    if at < 0:
        return None
    spans: dict[int, tuple[int, int]] = {}
    for number, offset in places[at : at + len(wanted)]:
        start, _ = spans.get(number, (offset, offset))
        spans[number] = (start, offset + 1)
    first, last = min(spans), max(spans)
    for number, (start, end) in spans.items():  # what lies between two texts is marked too
        whole = len(getattr(*texts[number]))
        spans[number] = (start if number == first else 0, end if number == last else whole)
    marks = [_wrap(*texts[number], *span) for number, span in sorted(spans.items(), reverse=True)]
    marks[-1].set("id", "passage")
    return marks[-1]


def _texts(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Every text of the tree in order, as the element and attribute that hold it."""
    if tree.text:
        yield tree, "text"
    for each in tree:
        yield from _texts(each)
        if each.tail:
            yield each, "tail"


def _wrap(owner: HtmlElement, kind: str, start: int, end: int) -> HtmlElement:
    text = getattr(owner, kind)
    while start > 0 and _joined(text[start - 1]):
        start -= 1
    while end < len(text) and _joined(text[end]):
        end += 1
    mark = html.Element("mark")
    mark.text, mark.tail = text[start:end], text[end:]
    setattr(owner, kind, text[:start])
    if kind == "text":
        owner.insert(0, mark)
    else:
        owner.addnext(mark)
        owner.tail = text[:start]
    return mark


def _joined(character: str) -> bool:
    """Whether it is a sign that belongs to the letters beside it: a full stop, a currency."""
    return not character.isalnum() and not character.isspace()


def _block(tree: HtmlElement, passage: str) -> HtmlElement | None:
    words = set(re.findall(r"\w+", passage.casefold()))
    best, share = None, _ENOUGH
    for block in tree.iter(*_BLOCKS):
        held = words & set(re.findall(r"\w+", block.text_content().casefold()))
        if words and len(held) / len(words) > share:
            best, share = block, len(held) / len(words)
    return best


def _marked(block: HtmlElement) -> HtmlElement:
    block.set("id", "passage")
    block.set("class", "passage")
    return block


def _above(tree: HtmlElement, mark: HtmlElement) -> Iterator[str]:
    """The headings that a place of the tree stands under, outermost first."""
    path: list[tuple[str, str]] = []
    for each in tree.iter():
        if each is mark:
            break
        if each.tag in _HEADINGS and mark not in each.iter():
            path = [entry for entry in path if entry[0] < each.tag] + [(each.tag, each.text_content().strip())]
    return iter(text for _, text in path if text)
