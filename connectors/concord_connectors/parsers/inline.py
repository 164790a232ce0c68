"""Inline cleaning of Markdown prose: images become their alternative text, HTML tags go and their text stays."""

from __future__ import annotations

import re

# Every repetition is bounded and stays on its line, so that no input makes these patterns slow.
_IMAGE = re.compile(
    r"!\[(?P<alt>[^\[\]\n]{0,1000})\]"
    r"(?:\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)|\[[^\[\]\n]{0,200}\])"
)
_IMAGE_TAG = re.compile(r"<img\b[^<>]{0,2000}>", re.IGNORECASE)
_ALT = re.compile(r"\balt\s{0,5}=\s{0,5}(?:\"([^\"<>]{0,1000})\"|'([^'<>]{0,1000})')", re.IGNORECASE)
_ANCHOR = re.compile(
    r"<a\b[^<>]{0,1000}?\bhref\s?=\s?[\"'](?P<url>(?:https?:|mailto:|/|#)[^\"'<>\s]{0,1000})[\"'][^<>]{0,500}>"
    r"(?P<label>[^<>\n]{1,500})</a>",
    re.IGNORECASE,
)
_TAGS = (
    "a|abbr|address|article|aside|b|blockquote|body|br|button|caption|center|cite|code|col|colgroup|dd|del|details|dfn|"
    "div|dl|dt|em|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|"
    "link|main|mark|meta|nav|noscript|ol|p|path|picture|pre|q|s|samp|section|small|source|span|strong|sub|summary|sup|"
    "table|tbody|td|template|tfoot|th|thead|title|tr|tt|u|ul|var|video"
)
_TAG = re.compile(rf"</?(?P<name>{_TAGS})(?=[\s/>])[^<>]{{0,2000}}>", re.IGNORECASE)
_PLACEHOLDERS = frozenset({"address", "input", "label", "link", "path", "source", "template", "title"})
"""Without attributes these are more often what a reader has to fill in: `cd <path>`."""
_BLOCK_TAG = frozenset(["br", "td", "th", "li", "p", "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt"])
_ATTRIBUTE_LIST = re.compile(r"(?m)^[ \t]*\{:[^{}\n]{0,500}\}[ \t]*$")
_BASE_URL = re.compile(r"\{\{-?[ \t]{0,5}[\w.]{0,80}(?:base_?url|siteroot)[ \t]{0,5}-?\}\}", re.IGNORECASE)


def clean_inline(text: str) -> str:
    """`text` (prose without code) cleaned; line ends stay."""
    if "!" in text:
        text = _IMAGE.sub(lambda image: image["alt"].strip(), text)
    if "{" in text:
        text = _BASE_URL.sub("", _ATTRIBUTE_LIST.sub("", text))
    if "<" in text:
        text = _IMAGE_TAG.sub(_image_text, text)
        text = _ANCHOR.sub(r"[\g<label>](\g<url>)", text)
        text = _TAG.sub(_tag_text, text)
    return text


def _image_text(image: re.Match[str]) -> str:
    alt = _ALT.search(image[0])
    return (alt[1] or alt[2] or "") + "\n" * image[0].count("\n") if alt else "\n" * image[0].count("\n")


def _tag_text(tag: re.Match[str]) -> str:
    """A block's tag parts words, an inline one does not; line ends inside a tag stay."""
    if tag[0][1:-1].lower() in _PLACEHOLDERS:
        return tag[0]
    if tag["name"].lower() == "sup":  # "27 days<sup>1</sup>" must not read as another number
        return "" if tag[0][1] == "/" else "^"
    return (" " if tag["name"].lower() in _BLOCK_TAG else "") + "\n" * tag[0].count("\n")
