"""YAML front matter: the mapping between two `---` lines at the top of a text."""

from __future__ import annotations

import re
from typing import Any

from concord_connectors.errors import Unparsable
from concord_connectors.safe_yaml import MetadataError, load_yaml_mapping

_OPEN = re.compile(r"---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"^[^\s#:][^:\n]*:(?:[ \t]|$)", re.MULTILINE)


def split_front_matter(text: str) -> tuple[dict[str, Any], str, int]:
    """Metadata, the text behind it, and the line at which that begins.

    A text that merely starts with a rule (`---`) has none. Raises `Unparsable("bad_front_matter")` for metadata that
    cannot be read: a page must not lose its status or its readers to a typing error.
    """
    lead = len(text) - len(text.lstrip("\n"))
    opening = _OPEN.match(text, lead)
    closing = _CLOSE.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return {}, text, 0
    block = text[opening.end() : closing.start()]
    if block.strip() and not _KEY.search(block):
        return {}, text, 0
    try:
        metadata = load_yaml_mapping(block)
    except MetadataError as error:
        raise Unparsable("bad_front_matter", f"its front matter cannot be used: {error}; correct it") from error
    end = closing.end() + 1
    return metadata, text[end:], text.count("\n", 0, end)
