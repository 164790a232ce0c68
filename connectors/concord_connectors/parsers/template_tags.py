"""What is left of a template tag when nothing runs it: the words that a reader of the page would see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LITERAL = r"(?:\"(?P<double>[^\"]{0,2000})\"|'(?P<single>[^']{0,2000})')"
_CALL = re.compile(rf"^(?P<name>[A-Za-z_][\w.]{{0,100}})\s{{0,20}}\(?\s{{0,20}}{_LITERAL}(?P<rest>.*)", re.DOTALL)
_STRING = re.compile(rf"^{_LITERAL}\s*$")
_PAGE_DATA = re.compile(r"^(?:current_page\.data|current_page\.metadata\[:page\]|data|page)\.(?P<field>\w{1,100})\s*$")
_URL = re.compile(r"^\s*,\s*[\"'](?P<url>(?:https?:|mailto:|/|#)[^\"'\s()]{0,1000})[\"']")
_UNSEEN = frozenset(
    {"partial", "render", "include", "include_relative", "include_html", "layout", "extends", "import"}
    | {"image", "image_tag", "uswds_icon", "stylesheet_link_tag", "javascript_include_tag"}
    | {"content_for", "block", "set", "raw", "comment"}
)
"""Helpers whose text argument names a file or a slot and is never shown."""

_LIQUID = re.compile(r"^\{%-?\s*(?P<name>\w+)\s*(?P<argument>.*?)-?%\}$", re.DOTALL)
_LIQUID_LITERAL = re.compile(rf"^{_LITERAL}")


def erb_text(tag: str, metadata: Mapping[str, Any]) -> str:
    """The text of an ERB tag (`<% … %>` with its marks): page data from `metadata`, labels and literals; else none."""
    if tag.startswith("<%%"):
        return "<%" + tag[3:]
    if not tag.startswith(("<%=", "<%==")):
        return ""
    code = tag[3:-2].lstrip("=").rstrip("-=").strip()
    if page_data := _PAGE_DATA.match(code):
        value = metadata.get(page_data["field"])
        return str(value) if isinstance(value, str | int) else ""
    if literal := _STRING.match(code):
        return _literal(literal)
    if (call := _CALL.match(code)) is None or call["name"] in _UNSEEN:
        return ""
    url = _URL.match(call["rest"]) if call["name"] == "link_to" else None
    return f"[{_literal(call)}]({url['url']})" if url else _literal(call)


def liquid_text(tag: str) -> str:
    """The text of a Liquid or Nunjucks tag (`{% … %}`): the literal it is given, unless that names a file."""
    parsed = _LIQUID.match(tag)
    literal = _LIQUID_LITERAL.match(parsed["argument"]) if parsed else None
    if parsed is None or literal is None:
        return ""
    if parsed["name"].startswith("image"):  # the file, then its alternative text
        alternative = _LIQUID_LITERAL.match(parsed["argument"][literal.end() :].lstrip(" \t\n,"))
        return _literal(alternative) if alternative else ""
    if parsed["name"] in _UNSEEN:
        return ""
    return ("#" if parsed["name"].endswith("channel") else "") + _literal(literal)


def _literal(match: re.Match[str]) -> str:
    return match["double"] if match["double"] is not None else match["single"]
